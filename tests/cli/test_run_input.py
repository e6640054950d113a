"""What ``soarkit run`` is given: parameters, configuration, files; and what it refuses before any app code runs."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import APPS, Finished

Run = Callable[..., Finished]
CONFIG = ("--config", "server=one.example")


def echoed(finished: Finished) -> dict[str, object]:
    assert finished.code == 0, finished
    return finished.data[0]["parameters"]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("text=plain text", "plain text"),
        ("text=", None),
        ("text==@literal", "@literal"),
        ("text===x", "=x"),
        ('text:="json"', "json"),
        ("text=@value.txt", "from\na file"),
        ("text=env:SOME_VALUE", "from the environment"),
        ("text==env:SOME_VALUE", "env:SOME_VALUE"),
    ],
)
def test_forms_of_values(run: Run, tmp_path: Path, given: str, value: str | None) -> None:
    (tmp_path / "value.txt").write_text("from\na file\n")
    finished = run("echo", "echo", "-p", given, *CONFIG, SOME_VALUE="from the environment")
    if value is None:
        assert finished.code == 2  # required, and empty is not given
    else:
        assert echoed(finished)["text"] == value


def test_values_are_coerced_by_their_data_type(run: Run) -> None:
    given = ["text:=5", "count=5", "flag=TRUE"]
    assert echoed(run("echo", "echo", *CONFIG, *(word for one in given for word in ("-p", one)))) == {
        "text": "5",
        "count": 5,
        "flag": True,
    }


def test_configuration_defaults_are_filled(run: Run) -> None:
    finished = run("echo", "echo", "-p", "text=x", *CONFIG)
    config = finished.data[0]["config"]
    assert (config["retries"], config["verify"], config["mode"]) == (3, True, "fast")


def test_everything_missing_is_refused_in_one_message(run: Run) -> None:
    finished = run("echo", "echo")
    assert finished.code == 2
    assert "'server'" in finished.stderr
    assert "'text'" in finished.stderr
    assert finished.json()["error"]["code"] == "input"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["echo", "-p", "txt=x", *CONFIG], ["unknown parameter 'txt'", "did you mean 'text'"]),
        (["echo", "-p", "text=x", "-c", "sever=x"], ["unknown configuration 'sever'", "did you mean 'server'"]),
        (["eco", "-p", "text=x", *CONFIG], ["'eco'", "did you mean 'echo'"]),
        (["echo", "-p", "text=x", "-p", "count=many", *CONFIG], ["'count'"]),
        (["echo", "-p", "text=x", "-c", "server=s", "-c", "retries=few"], ["'retries'"]),
        (["echo", "-p", "text=x", "-p", "flag=maybe", *CONFIG], ["'flag' takes true or false"]),
        (["echo", "-p", "tex=x", "-c", "sever=x"], ["unknown parameter 'tex'", "unknown configuration 'sever'"]),
        (["echo", "-p", "text", *CONFIG], ["'text' has no value"]),
        (["echo", "-p", "text=@absent", *CONFIG], ["absent", "No such file"]),
        (["echo", "-p", "text=env:ABSENT", *CONFIG], ["ABSENT is not set"]),
        (["echo", "-p", "text=run:1:x", *CONFIG], ["--param text", 'unknown root "x"']),
        (["echo", "-p", "text=<text>", *CONFIG], ["only there to be replaced", "--param 'text==<text>'"]),
        (["echo", "--params", "absent.json", *CONFIG], ["absent.json"]),
        (["echo", "--input", "absent.json"], ["absent.json"]),
        (["echo", "--asset-file", "absent.json"], ["absent.json"]),
        ([], ["name an action", "echo"]),
        (["echo", "--timeout", "0"], ["--timeout"]),
        (["echo", "-p", "text=x", *CONFIG, "--timeout", "nan"], ["time limit"]),
        (["echo", "--select", "nowhere.x", "-p", "text=x", *CONFIG], ["nowhere"]),
        (["echo", "--record", "a", "--replay", "b", "-p", "text=x", *CONFIG], ["either records or replays"]),
        (["echo", "--replay", "absent", "-p", "text=x", *CONFIG], ["no such recording"]),
        (["echo", "--ca-bundle", "absent", "-p", "text=x", *CONFIG], ["--ca-bundle absent"]),
        (["echo", "--nonsense"], ["--nonsense"]),
    ],
)
def test_wrong_requests(run: Run, home: Path, arguments: list[str], words: list[str]) -> None:
    finished = run("echo", *arguments, "--format", "json")
    assert finished.code == 2, finished
    assert all(word in finished.stderr for word in words), finished.stderr
    assert json.loads(finished.stdout)["error"]["message"]
    assert "Traceback" not in finished.stderr


def test_an_interpreter_that_does_not_exist(soarkit: Run) -> None:
    finished = soarkit("run", APPS / "echo", "echo", "-p", "text=x", *CONFIG, "--python", "/nowhere/python")
    assert finished.code in (2, 3)
    assert "/nowhere/python" in finished.stderr


def test_an_app_that_does_not_exist(soarkit: Run) -> None:
    finished = soarkit("run", "nowhere", "echo")
    assert finished.code == 2
    assert "nowhere" in finished.stderr


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("ON", True), ("1", True), ("no", False), ("0", False)])
def test_booleans_are_read_as_people_write_them(run: Run, text: str, value: bool) -> None:
    assert echoed(run("echo", "echo", "-p", "text=x", "-p", f"flag={text}", *CONFIG))["flag"] is value


def test_an_input_for_another_action_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text(json.dumps({"identifier": "rows", "config": {"server": "s"}}))
    finished = run("echo", "echo", "--input", "input.json")
    assert finished.code == 2
    assert "'rows'" in finished.stderr


def test_a_wrong_data_path_is_refused_before_the_action_runs(run: Run, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    finished = run("takes_a_lock", "no lock", "-p", f"journal={journal}", "-p", "name=x", "--select", "nonsense")
    assert finished.code == 2
    assert not journal.exists()


def test_a_full_disk_behind_a_redirection(app: Callable[[str], str], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "soarkit", "run", app("echo"), "refuse", *CONFIG, "--python", sys.executable]
    with open("/dev/full", "w") as full:
        process = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path)
    assert process.returncode == 3
    assert "standard output" in process.stderr
    assert "Traceback" not in process.stderr


def test_nobody_reads_on(app: Callable[[str], str], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "soarkit", "run", app("echo"), "rows", "-p", "count=20000", *CONFIG]
    process = subprocess.Popen([*words, "--python", sys.executable], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    _, error = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Traceback" not in error


def test_value_lists_warn_and_do_not_refuse(run: Run) -> None:
    finished = run("echo", "echo", "-p", "text=x", "-p", "kind=three", *CONFIG)
    assert echoed(finished)["kind"] == "three"
    assert "kind" in finished.stderr


@pytest.mark.parametrize("limit", ["inf", "1e12"])
def test_a_time_limit_may_be_as_long_as_one_likes(run: Run, limit: str) -> None:
    assert echoed(run("echo", "echo", "-p", "text=x", *CONFIG, "--timeout", limit)) == {"text": "x"}


def test_several_parameter_sets_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sets.json").write_text('[{"text": "a"}, {"text": "b"}]')
    finished = run("echo", "echo", "--params", "sets.json", "-p", "count=2", *CONFIG)
    assert [data["parameters"] for data in finished.data] == [{"text": "a", "count": 2}, {"text": "b", "count": 2}]


def test_a_raw_action_json(run: Run, tmp_path: Path) -> None:
    given = {
        "identifier": "echo",
        "asset_id": 17,
        "config": {"server": "s"},
        "parameters": [{"text": "a", "context": {"guid": "g"}}, {"text": "b", "unknown": 1}],
    }
    (tmp_path / "input.json").write_text(json.dumps(given))
    finished = run("echo", "--input", "input.json")
    assert finished.code == 0, finished
    assert [data["asset_id"] for data in finished.data] == ["17", "17"]
    assert finished.data[1]["parameters"] == {"text": "b", "unknown": 1}


def test_an_asset_file_in_either_shape(run: Run, tmp_path: Path) -> None:
    for shape in ({"server": "s"}, {"id": 5, "name": "n", "configuration": {"server": "s"}}):
        (tmp_path / "asset.json").write_text(json.dumps(shape))
        finished = run("echo", "echo", "-p", "text=x", "--asset-file", "asset.json")
        assert finished.data[0]["config"]["server"] == "s"
    assert finished.data[0]["asset_id"] == "5"


def test_without_an_asset_the_id_is_a_stable_integer(run: Run) -> None:
    ids = [run("echo", "echo", "-p", "text=x", "-c", f"server={server}").data[0]["asset_id"] for server in "aab"]
    assert ids[0] == ids[1] != ids[2]
    assert int(ids[0]) >= 0


def test_the_app_as_folder_json_and_tarball(soarkit: Run, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "echo.tgz", "w:gz") as tarball:
        tarball.add(APPS / "echo", "echo", filter=lambda member: None if "pycache" in member.name else member)
    for path in (APPS / "echo", APPS / "echo" / "app.json", tmp_path / "echo.tgz"):
        finished = soarkit("run", path, "echo", "-p", "text=x", *CONFIG, "--python", sys.executable)
        assert echoed(finished) == {"text": "x"}


def test_the_identifier_names_an_action_too(run: Run) -> None:
    assert run("hangs", "hang_stubbornly", "-p", "marker=m", "--timeout", "0.5").code == 3


@pytest.mark.parametrize(
    ("version", "identifier"),
    [
        ("12.4.1", "lookup_1241"),
        ("12.5", "lookup_12"),
        ("14", "lookup_not_13"),
        ("13", "lookup_any"),
        (None, "lookup_not_13"),
    ],
)
def test_the_most_specific_fitting_entry_runs(run: Run, version: str | None, identifier: str) -> None:
    options = [] if version is None else ["--product-version", version]
    assert run("has_versions", "lookup", *options).data == [{"identifier": identifier}]


def test_no_fitting_entry_names_the_expressions(run: Run) -> None:
    finished = run("has_versions", "only 12", "--product-version", "9")
    assert finished.code == 2
    assert "EQ(12.*)" in finished.stderr
    assert "IN(11.*, 10.*)" in finished.stderr


def test_select_one_path_prints_a_value_a_line(run: Run) -> None:
    finished = run("echo", "rows", "-p", "count=3", *CONFIG, "--select", "action_result.data.*.text")
    assert finished.stdout == "row 0\nrow 1\nrow 2\n"


def test_select_several_paths_as_json_gives_aligned_rows(run: Run) -> None:
    finished = run(
        "echo", "rows", "-p", "count=2", *CONFIG, "--format", "json",
        "--select", "action_result.data.*.number", "--select", "action_result.data.*.tags.*",
    )  # fmt: skip
    assert finished.json() == [[0, "a"], [0, "b"], [1, "a"], [1, "b"]]


def test_a_failed_action_is_exit_code_1(run: Run) -> None:
    finished = run("echo", "refuse", *CONFIG)
    assert finished.code == 1
    assert finished.json()["result_data"][0]["message"] == "the product said no"


def test_the_table_shows_columns_summary_and_message(run: Run) -> None:
    finished = run("echo", "echo", "-p", "text=hello", *CONFIG, "--format", "table")
    assert "Text" in finished.stdout
    assert "hello" in finished.stdout
    assert "Parameter count: 1" in finished.stdout
    assert "success" in finished.stdout


def test_progress_goes_to_standard_error_as_it_comes(run: Run) -> None:
    assert "Working on echo" in run("echo", "echo", "-p", "text=x", *CONFIG).stderr


def test_a_container_is_handed_to_the_app(run: Run) -> None:
    assert run("echo", "echo", "-p", "text=x", *CONFIG, "--container", "12").json()["container_id"] == 12
    refused = run("echo", "echo", "-p", "text=x", *CONFIG, "--container", "twelve")
    assert refused.code == 2
    assert "--container" in refused.stderr
