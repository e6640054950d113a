"""``soarkit enrich``: one transform, all of a bundle, and what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_bundle, transform
from conftest import Finished
from jsonschema import Draft202012Validator
from terminal_session import Terminal

from soarkit.manifest.schema_files import read_schema

Soarkit = Callable[..., Finished]

SCRIPT = """\
import os, sys, time
from AnomaliEnrichment import *

ae = AnomaliEnrichment()
ae.parseArguments()
name = ae.getTransformName()
ae.addMessage("DEBUG", f"asked {name}")
ae.addWidget(TextWidget(ItemInWidget(itemValue=f"{name} of {ae.getEntityValue()}")))
if name == "fails":
    ae.addException("the source said no")
if name == "both":
    ae.addException("an exception")
    ae.addMessage("ERROR", "an error message")
if name == "crashes":
    os._exit(3)
if name == "sleeps":
    open(ae.getFieldValue("sign"), "w").close()
    time.sleep(60)
if name == "table":
    table = TableWidget("Rows", ["Number"])
    for number in range(60):
        table.addRowOfItems([ItemInWidget(itemValue=number)])
    ae.addWidget(table)
if name == "told":
    ae.addWidget(TextWidget(ItemInWidget(itemValue=f"key {ae.getCredentialValue('api_key')}")))
    ae.addWidget(TextWidget(ItemInWidget(itemValue=f"field {ae.getFieldValue('seen')}")))
    ae.addMessage("INFO", f"the key is {ae.getCredentialValue('api_key')}")
if name == "chart":
    ae.addWidget(ChartWidget("Map", '{"series": [{"type": "map"}]}'))
ae.returnOutput()
"""


def domain(name: str, **more: Any) -> dict[str, Any]:
    return transform(name, script="script.py", **more)


def bundle(tmp_path: Path, *transforms: dict[str, Any], **more: Any) -> str:
    return str(make_bundle(tmp_path, transforms=transforms, scripts={"script.py": SCRIPT}, **more))


@pytest.fixture
def enrich(soarkit: Soarkit) -> Soarkit:
    """Run ``soarkit enrich ARGUMENTS`` with the interpreter of the tests."""

    def run(*arguments: str, **options: Any) -> Finished:
        return soarkit("enrich", *arguments, "--python", sys.executable, **options)

    return run


def checked(finished: Finished) -> Any:
    """The envelope that was printed, which is as the schema says."""
    document = finished.json()
    Draft202012Validator(read_schema("envelope")).validate(document)
    return document


def test_one_transform_is_the_run_of_its_action(enrich: Soarkit, soarkit: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told"))
    mine = enrich(path, "told", "example.com", "--field", "seen=2020-01-01").json()
    same = soarkit(
        *("run", path, "told", "--param", "value=example.com", "--param", 'fields={"seen": "2020-01-01"}'),
        *("--python", sys.executable, "--format", "json"),
    ).json()
    differ = ("action_run_id", "connector_run_id")
    assert {k: v for k, v in mine.items() if k not in differ} == {k: v for k, v in same.items() if k not in differ}
    assert mine["status"] == "success"
    texts = [one["item"]["itemValue"] for one in mine["result_data"][0]["data"][0]["widgets"]]
    assert texts == ["told of example.com", "key None", "field 2020-01-01"]
    records = soarkit("runs", "--format", "json").json()["runs"]
    assert [one["action"] for one in records] == ["told", "told"]


@pytest.mark.acceptance("A14")
def test_a_table_for_people_says_what_failed_and_shows_the_rest(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("fails"), domain("both"))
    failed = enrich(path, "fails", "example.com", "--format", "table")
    assert failed.code == 1
    assert "✗ failed" in failed.stdout
    assert "the source said no" in failed.stdout
    assert "fails of example.com" in failed.stdout
    assert "DEBUG" not in failed.stdout + failed.stderr
    assert "asked fails" not in failed.stdout + failed.stderr
    both = enrich(path, "both", "example.com", "--format", "table")
    assert "an error message" in both.stdout
    assert "an exception" not in both.stdout
    assert "asked fails" in enrich(path, "fails", "example.com", "--format", "table", "-v").stderr


@pytest.mark.acceptance("A19")
def test_fifty_rows_are_shown_and_all_are_stored(enrich: Soarkit, soarkit: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("table"))
    shown = enrich(path, "table", "example.com", "--format", "table").stdout
    assert "50 of 60 rows" in shown
    assert "\n49" in shown
    assert "\n50\n" not in shown
    [widget] = soarkit("runs", "show", "last").json()["result_data"][0]["data"][0]["widgets"][1:]
    assert len(widget["rows"]) == 60


def test_run_shows_a_transform_as_enrich_does(enrich: Soarkit, soarkit: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("table"))
    mine = enrich(path, "table", "example.com", "--format", "table").stdout.splitlines()
    same = soarkit(
        "run", path, "table", "--param", "value=example.com", "--python", sys.executable, "--format", "table"
    ).stdout.splitlines()
    assert mine[3:] == same[3:]
    assert mine[0] == same[0] == "Example Source · table shown"


def test_earlier_runs_and_several_values_are_shown_alike(enrich: Soarkit, soarkit: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told"))
    shown = enrich(path, "told", "example.com", "--format", "table").stdout
    again = soarkit("runs", "show", "last", "--format", "table").stdout
    assert shown.strip() in again
    (tmp_path / "sets.json").write_text('[{"value": "a.example"}, {"value": "b.example"}]')
    both = soarkit("run", path, "told", "--params", "sets.json", "--python", sys.executable, "--format", "table").stdout
    assert "a.example (domain)" in both
    assert "told of b.example" in both


def test_all_of_a_bundle_run_in_rank_order(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(
        tmp_path,
        domain("told", rank=3),
        domain("fails", rank=1),
        domain("crashes", rank=2),
        domain("other", entity_type="anomali.IPv4Address"),
        transform("pivot", pivoting=True),
    )
    finished = enrich(path, "--all", "example.com")
    assert finished.code == 1
    document = checked(finished)
    assert document["observable"] == {"value": "example.com", "type": "anomali.Domain"}
    assert [(one["transform"], one["status"]) for one in document["runs"]] == [
        ("fails", "failed"),
        ("crashes", "failed"),
        ("told", "success"),
    ]
    assert document["runs"][0]["message"] == "the source said no"
    assert document["runs"][0]["output"]["widgets"]
    assert not document["ok"]
    assert "3 of 3 done: Example Source · told shown" in finished.stderr
    shown = enrich(path, "--all", "example.com", "--format", "table").stdout
    assert shown.startswith("example.com\ndomain\n")
    assert shown.index("fails shown") < shown.index("crashes shown") < shown.index("told shown")
    assert "told of example.com" in shown


def test_one_that_takes_too_long_leaves_the_others(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("sleeps"), domain("told"))
    finished = enrich(path, "--all", "example.com", "--timeout", "3", "--field", f"sign={tmp_path}/sign")
    slow, quick = checked(finished)["runs"]
    assert finished.code == 1
    assert (slow["status"], quick["status"]) == ("failed", "success")
    assert "3 s" in slow["message"]
    alone = enrich(path, "sleeps", "example.com", "--timeout", "2", "--field", f"sign={tmp_path}/sign")
    assert alone.code == 3
    assert checked(alone)["error"]["code"] == "app-timeout"


def test_nothing_but_broken_runs_is_a_broken_command(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("sleeps"))
    finished = enrich(path, "--all", "example.com", "--timeout", "1", "--field", f"sign={tmp_path}/sign")
    assert finished.code == 3
    assert checked(finished)["runs"][0]["error"]["code"] == "app-timeout"


def _wait_for(sign: Path) -> None:
    deadline = time.monotonic() + 30
    while not sign.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_interrupt_ends_it_all(tmp_path: Path, soarkit: Soarkit) -> None:
    path = bundle(tmp_path, domain("sleeps"))
    sign = tmp_path / "sign"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "soarkit", "enrich", path, "--all", "example.com", "--python", sys.executable),
            *("--field", f"sign={sign}", "--format", "json"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    _wait_for(sign)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    out, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert time.monotonic() - began < 10
    assert b"cancelled" in error
    assert json.loads(out)["error"]["code"] == "cancelled"
    assert [one["status"] for one in soarkit("runs", "--format", "json").json()["runs"]] == ["cancelled"]
    assert not _processes_with(str(sign))


def _processes_with(text: str) -> list[str]:
    """The command lines of processes that hold a text, as everybody on the machine can read them."""
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        try:
            line = Path("/proc", name, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line and int(name) != os.getpid():
            found.append(line)
    return found


@pytest.mark.acceptance("A34")
@pytest.mark.skipif(not os.path.isdir("/proc"), reason="no list of processes to look at")
def test_a_secret_is_in_no_list_of_processes(tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("sleeps"), credentials=[credential()])
    sign = tmp_path / "sign"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "soarkit", "enrich", path, "sleeps", "example.com", "--python", sys.executable),
            *("--credential", "api_key=env:THE_KEY", "--field", f"sign={sign}"),
        ],
        env={**os.environ, "THE_KEY": "very-secret-4711"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
    )
    try:
        _wait_for(sign)
        assert _processes_with("very-secret-4711") == []
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@pytest.mark.acceptance("A34")
@pytest.mark.parametrize("form", ["table", "json", "html"])
@pytest.mark.parametrize("every", [False, True])
def test_a_secret_that_a_script_repeats_is_masked(
    enrich: Soarkit, tmp_path: Path, home: Path, form: str, every: bool
) -> None:
    path = bundle(tmp_path, domain("told"), credentials=[credential()])
    what = ("--all",) if every else ("told",)
    out = tmp_path / "out"
    finished = enrich(
        *(path, *what, "example.com", "--credential", "api_key=env:THE_KEY", "-v", "--format", form),
        *(("-o", str(out)) if form == "html" else ()),
        THE_KEY="very-secret-4711",
    )
    assert finished.code == 0, finished.stderr
    shown = out.read_text() if form == "html" else finished.stdout
    assert "told of example.com" in shown
    assert "the key is ***" in finished.stderr
    for file in filter(Path.is_file, home.rglob("*")):
        assert b"very-secret-4711" not in file.read_bytes(), file
    assert "very-secret-4711" not in shown + finished.stdout + finished.stderr


def test_a_page_goes_to_a_file(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told", rank=2), domain("table", rank=1))
    for arguments in (("--all",), ("told",)):
        finished = enrich(path, *arguments, "example.com", "-o", "page.html")
        assert finished.code == 0, finished.stderr
        assert finished.stdout == ""
        assert "told of example.com" in (tmp_path / "page.html").read_text()
    finished = enrich(path, "--all", "example.com", "-o", str(tmp_path / "nowhere" / "page.html"))
    assert finished.code == 2
    assert "no such folder" in finished.stderr


def test_text_goes_to_a_file_without_colours(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told"))
    for arguments in (("--all",), ("told",)):
        finished = enrich(path, *arguments, "example.com", "--format", "table", "-o", "out.txt")
        assert finished.code == 0, finished.stderr
        text = (tmp_path / "out.txt").read_text()
        assert "told of example.com" in text
        assert "\x1b" not in text


def test_strictly_a_refused_chart_hides_everything(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("chart"))
    shown = enrich(path, "chart", "example.com", "--format", "table").stdout
    assert "chart of example.com" in shown
    assert "✗ H2" in shown
    strict = enrich(path, "chart", "example.com", "--format", "table", "--strict").stdout
    assert "chart of example.com" not in strict
    assert "H2" in strict


def test_a_value_made_harmless_is_made_whole(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told"))
    finished = enrich(path, "told", "example[.]com", "--format", "table")
    assert "told of example.com" in finished.stdout
    assert "taking example[.]com for example.com" in finished.stderr


def test_a_value_may_begin_with_a_dash(tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told", entity_type="anomali.Phrase"))
    start = sys.executable, "-m", "soarkit", "enrich", "--python", sys.executable, "--format", "table"
    for value in ("-x y", "--all", "a 'quoted' ü"):
        done = subprocess.run([*start, path, "told", "--", value], capture_output=True, cwd=tmp_path, check=False)
        assert f"told of {value}" in done.stdout.decode(), done.stderr


WRONG = [
    ((), "name a value"),
    (("{}", "example.com"), "name a transform between bundle and value"),
    (("{}", "told", "a", "b"), "put a value with spaces into quotes"),
    (("--all", "example.com"), "--all is for one bundle"),
    (("{}", "toldd", "example.com"), "did you mean 'told'"),
    (("{}", "told", "192.0.2.1"), "told is for a domain"),
    (("{}", "--all", "192.0.2.1"), "is for domain"),
    (("{}", "told", "example.com", "--type", "domian"), "did you mean domain"),
    (("{}", "told", "example.com", "--credential", "apikey=x"), "did you mean 'api_key'"),
    (("{}", "told", "example.com"), "--credential api_key=env:VARIABLE"),
    (("{}", "--all", "example.com"), "--credential api_key=env:VARIABLE"),
    (("{}", "--all", "example.com", "--record", "x"), "a recording is of one transform"),
    (("example.com", "--asset", "x"), "name the bundle that it is for"),
    (("{}", "told", ""), "the value is empty"),
    (("{}", "told", "example.com", "--asset", "none"), "there is no asset 'none'"),
    (("nowhere", "told", "example.com"), "no app of this name is installed"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_is_wrong_is_said_with_the_next_step(
    enrich: Soarkit, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    path = bundle(tmp_path, domain("told"), credentials=[credential()])
    finished = enrich(*(one.format(path) for one in arguments), "--format", "json")
    assert finished.code == 2
    assert said in finished.stderr
    assert "Traceback" not in finished.stderr
    error = checked(finished)["error"]
    assert said in f"{error['where']} {error['message']} {error['hint']}"


def test_an_output_is_no_table_of_values(enrich: Soarkit, tmp_path: Path) -> None:
    finished = enrich(bundle(tmp_path, domain("told")), "told", "example.com", "-o", "x.csv")
    assert finished.code == 2
    assert "soarkit runs show RUN -o FILE.csv" in finished.stderr


def test_a_connector_is_no_bundle(enrich: Soarkit, app: Callable[[str], str]) -> None:
    finished = enrich(app("echo"), "echo", "example.com")
    assert finished.code == 2
    assert "is a connector, not an enrichment bundle" in finished.stderr
    assert "soarkit run " in finished.stderr


def test_on_a_terminal_it_is_read_by_people(tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("table"))
    terminal = Terminal("enrich", path, "table", "example.com", "--python", sys.executable, folder=tmp_path, columns=60)
    assert terminal.finish() == 0
    assert "50 of 60 rows" in terminal.text
    assert "\x1b[1m" in terminal.text
    assert "\nrun " in re_plain(terminal.text)


def test_on_a_terminal_each_is_shown_as_it_comes(tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told", rank=1), domain("fails", rank=2))
    terminal = Terminal("enrich", path, "--all", "example.com", "--python", sys.executable, folder=tmp_path)
    assert terminal.finish() == 1
    assert "asking Example Source · told shown (1 of 2" in terminal.text
    shown = re_plain(terminal.text)
    assert shown.index("── Example Source · told shown") < shown.index("── Example Source · fails shown")


def test_a_secret_is_asked_for_on_a_terminal(tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told"), credentials=[credential()])
    terminal = Terminal("enrich", path, "told", "example.com", "--python", sys.executable, folder=tmp_path)
    terminal.wait_for("(api_key): ")
    terminal.type("hidden-key-99\n")
    assert terminal.finish() == 0
    assert "hidden-key-99" not in terminal.text
    assert "key ***" in re_plain(terminal.text)


def re_plain(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text).replace("\r", "")


def test_the_help_names_the_forms(soarkit: Soarkit) -> None:
    shown = soarkit("enrich", "--help").stdout
    assert "soarkit enrich BUNDLE --all VALUE" in shown


def test_one_transform_imports_nothing_for_many(enrich: Soarkit, tmp_path: Path) -> None:
    path = bundle(tmp_path, domain("told"))
    assert enrich(path, "told", "example.com").code == 0  # in a new home more is to be done
    program = (
        "import sys, atexit\n"
        "from soarkit.cli import output\n"
        "def leave(code):\n"
        "    print('\\n'.join(sys.modules), file=sys.stderr)\n"
        "    sys.exit(code)\n"
        "output.leave = leave\n"
        "from soarkit.cli.main import main\n"
        f"sys.argv = ['soarkit', 'enrich', {path!r}, 'told', 'example.com', '--python', sys.executable]\n"
        "main()\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=tmp_path, check=False)
    assert finished.returncode == 0, finished.stderr.decode()
    loaded = set(finished.stderr.decode().split())
    assert "soarkit.cli.enrich" in loaded
    assert not [one for one in loaded if one.startswith(("soarkit.enrichments.page", "soarkit.enriching"))]
