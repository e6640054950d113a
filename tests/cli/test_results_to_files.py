"""Results as pages and as CSV: ``soarkit run -o``, ``soarkit report``, ``soarkit runs show -o``."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Finished
from jsonschema import validate
from terminal_session import Terminal

Run = Callable[..., Finished]
APP = "shows_results_in_every_way"
DATA = (
    '[{"name": "a<b>", "count": 12345678901234567890, "ip": "192.0.2.1"}, {"name": "c", "count": 2, "more": {"x": 1}}]'
)


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


def blocks(page: Path) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="([^"]+)">(.*?)</script>', page.read_text())
    return {name: json.loads(text) for name, text in found}


def widgets(page: Path) -> list[dict[str, Any]]:
    return blocks(page)["report"]["widgets"]


def kinds(widget: dict[str, Any]) -> list[str]:
    return [part["kind"] for part in widget["parts"]]


def test_a_run_becomes_a_page(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run(APP, "show table", "-p", f"data={DATA}", "-p", "secret=hunter2222", "--format", "html", "-o", str(page))
    assert (done.code, done.stdout) == (0, ""), done.stderr
    found = blocks(page)
    report = found["report"]
    (widget,) = report["widgets"]
    assert report["title"] == "Shows results in every way · show table"
    assert (widget["title"], widget["menu_name"]) == ("A table", "Table of things")
    assert (widget["width"], widget["height"], widget["status"]) == (12, 10, "success")
    assert widget["logo"]["light"].startswith("data:image/svg+xml;base64,")
    table, rest = widget["parts"]
    assert [one["name"] for one in table["columns"]] == ["Name", "Count", "Address", "Key"]
    assert table["columns"][2]["contains"] == ["ip"]
    assert found[table["rows"]] == [
        ["a<b>", {"$": "12345678901234567890"}, "192.0.2.1", "********"],
        ["c", 2, None, "********"],
    ]
    assert (rest["kind"], rest["folded"], rest["path"]) == ("json", True, "action_result.data")
    (ran,) = report["runs"]
    assert ran["parameters"][0]["secret"] == "********"
    assert ran["summary"] == {"found": 2}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", ran["started"])
    for secret in ("hunter2222", "tok-", "key-c"):
        assert secret not in page.read_text()
    assert os.stat(page).st_mode & 0o077 == 0


def test_a_custom_view_is_drawn_with_masked_values(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run(APP, "show view", "-p", f"data={DATA}", "-p", "secret=hunter2222", "-o", str(page))
    assert done.code == 0, done.stderr
    (widget,) = widgets(page)
    assert (widget["title"], widget["colors"]) == ("Drawn by hand", {"title": "#123456"})
    assert kinds(widget) == ["view", "json"]
    drawn = blocks(page)[widget["parts"][0]["html"]]
    assert "run of show view" in drawn
    assert "a&lt;b&gt;" in drawn
    for secret in ("hunter2222", "tok-"):
        assert secret not in page.read_text()


def test_a_view_that_fails_leaves_an_error_and_a_table(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run(APP, "show failing view", "-p", f"data={DATA}", "-o", str(page))
    assert done.code == 0
    (widget,) = widgets(page)
    assert kinds(widget) == ["error", "table", "json"]
    assert "ValueError: no such column" in widget["parts"][0]["what"]
    assert widget["parts"][0]["where"] == "views.py:13"
    assert widget["parts"][0]["hint"].startswith("the log: ")
    assert str(Path(widget["parts"][0]["hint"].removeprefix("the log: ")).parent) == "."  # a page may be handed on
    told = "show failing view: the custom view raised ValueError: no such column (views.py:13); its data is shown as"
    assert told in done.stderr
    assert Path(done.stderr.partition("the log: ")[2].splitlines()[0]).is_file()


def test_a_failed_action_is_a_page_too_and_its_exit_code_stays(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run(APP, "show table", "-p", "refuse=the product said no", "-o", str(page))
    assert done.code == 1
    (widget,) = widgets(page)
    assert (widget["status"], widget["parts"][0]["kind"]) == ("failed", "error")
    assert "the product said no" in widget["parts"][0]["what"]


def test_a_page_goes_to_standard_output_where_nobody_looks(run: Run) -> None:
    done = run(APP, "show table", "-p", f"data={DATA}", "--format", "html")
    assert done.code == 0
    assert done.stdout.startswith("<!doctype html>")


def test_a_page_is_not_printed_on_a_terminal(app: Callable[[str], str], tmp_path: Path) -> None:
    command = ["run", app(APP), "show table", "--python", sys.executable, "--format", "html"]
    terminal = Terminal(*command, folder=tmp_path)
    assert terminal.finish() == 2
    assert "-o FILE" in terminal.text
    terminal = Terminal(*command, "-o", "page.html", folder=tmp_path)
    assert terminal.finish() == 0
    assert "written: page.html" in terminal.text


@pytest.mark.parametrize("name", ["nowhere/page.html", ".", "page/", "locked/page.html", " "])
def test_nothing_runs_whose_result_could_not_be_kept(run: Run, home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(0o500)
    if name.startswith("locked") and os.access(tmp_path / "locked", os.W_OK):
        pytest.skip("nothing is locked for this user")
    done = run(APP, "show table", "--format", "html", "-o", f"{tmp_path}/{name}" if name.strip() else name)
    assert done.code == 2
    assert "-o" in done.stderr
    assert not list(home.rglob("*.run"))


def test_what_a_run_is_given_is_not_replaced_by_its_result(run: Run, home: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text("{}")
    (tmp_path / "link.json").symlink_to("given.json")
    for option in ("--params", "--input", "--asset-file", "--record"):
        done = run(APP, "show table", option, str(given), "-o", str(tmp_path / "link.json"))
        assert done.code == 2
        assert f"this is the file of {option}" in done.stderr
    assert given.read_text() == "{}"
    given.chmod(0o400)
    if not os.access(given, os.W_OK):
        assert "cannot be written" in run(APP, "show table", "-o", str(given)).stderr
    assert not list(home.rglob("*.run"))


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_by_name_keeps_what_is_there(app: Callable[[str], str], tmp_path: Path, name: str) -> None:
    log = tmp_path / "log"
    log.write_text("before\n")
    command = [sys.executable, "-m", "soarkit", "run", app(APP), "show table", "--python", sys.executable]
    with log.open("ab") as file:
        done = subprocess.run([*command, "--no-record", "-f", "csv", "-o", name], check=False, stdout=file, timeout=60)
    assert done.returncode == 0
    assert log.read_text() == "before\nName,Count,Address,Key\n"  # no data, no rows


def test_a_result_is_kept_where_its_page_cannot_be_made(run: Run, soarkit: Run, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    page = tmp_path / "there" / "page.html"
    done = run(APP, "replace folder", "-p", f"data={json.dumps(str(page.parent))}", "-o", str(page))
    assert done.code == 3
    assert "the action has been run" in done.stderr
    key = re.search(r"soarkit report (\w+) -o FILE", done.stderr)
    assert key is not None, done.stderr
    again = tmp_path / "again.html"
    assert soarkit("report", key[1], "-o", again, "--python", sys.executable).code == 0
    assert widgets(again)[0]["status"] == "success"
    page.parent.unlink()
    page.parent.mkdir()
    replaced = ("replace folder", "-p", f"data={json.dumps(str(page.parent))}", "-o", str(page), "--no-record")
    unkept = run(APP, *replaced)
    assert (unkept.code, unkept.json()["result"]["status"]) == (3, "success")
    page.parent.unlink()
    page.parent.mkdir()
    unkept = run(APP, *replaced, "--format", "html")
    assert (unkept.code, unkept.json()["status"]) == (3, "success")


def test_other_formats_go_to_a_file_too(run: Run, tmp_path: Path) -> None:
    for name, option, beginning in (
        ("r.json", [], '{"status":"success"'),
        ("r.csv", [], "Number,Text,Tag\r\n0,row 0,a\r\n"),
        ("r", ["--format", "table"], "echo 1.0.0 · rows"),
        ("r", ["--select", "action_result.data.*.number"], "0\n1\n2\n"),
        ("s.csv", ["--select", "action_result.data.*.number"], "action_result.data.*.number\r\n0\r\n1\r\n"),
    ):
        path = tmp_path / name
        done = run("echo", "rows", "-p", "count=3", "-c", "server=s", *option, "-o", str(path))
        assert (done.code, done.stdout) == (0, ""), done.stderr
        assert path.read_bytes().decode().startswith(beginning)
        path.unlink()


def test_a_link_stays_and_what_was_there_is_replaced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    assert run("echo", "rows", "-p", "count=1", "-c", "server=s", "-o", str(tmp_path / "link.json")).code == 0
    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["status"] == "success"
    assert run("echo", "rows", "-p", "count=1", "-c", "server=s", "-o", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_csv_on_standard_output(run: Run) -> None:
    done = run(APP, "show table", "-p", f"data={DATA}", "--format", "csv")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows == [
        ["Name", "Count", "Address", "Key"],
        ["a<b>", "12345678901234567890", "192.0.2.1", "********"],
        ["c", "2", "", "********"],
    ]
    nested = run(APP, "show anything", "-p", f"data={DATA}", "--format", "csv")
    names, _, second = csv.reader(io.StringIO(nested.stdout))
    assert names == ["name", "count", "ip", "token", "key", "more"]
    assert second == ["c", "2", "", "tok-c", "key-c", '{"x": 1}']
    failed = run(APP, "show table", "-p", "refuse=no", "--format", "csv")
    assert (failed.code, failed.stdout) == (1, "refuse,status,message\r\nno,failed,no\r\n")


def test_a_selection_is_no_page(run: Run) -> None:
    done = run(APP, "show table", "--format", "html", "--select", "action_result.status")
    assert (done.code, "--select" in done.stderr) == (2, True)


def test_a_report_of_stored_runs(run: Run, soarkit: Run, tmp_path: Path) -> None:
    first = run(APP, "show view", "-p", f"data={DATA}")
    second = run(APP, "show table", "-p", "refuse=no")
    third = run("raises_at_import", "do it")
    assert (first.code, second.code, third.code) == (0, 1, 3)
    keys = [one["key"] for one in soarkit("runs", "-f", "json").json()["runs"]]
    page = tmp_path / "all.html"
    done = soarkit("report", *reversed(keys), "last", "-o", page, "--python", sys.executable, "-f", "json")
    assert done.code == 0, done.stderr
    envelope = done.json()
    validate(envelope, json.loads((ROOT / "schemas" / "envelope.schema.json").read_text()))
    assert (envelope["runs"], envelope["file"], envelope["size"]) == (keys[::-1], str(page), page.stat().st_size)
    view, table, broken = widgets(page)
    assert kinds(view)[0] == "view"
    assert kinds(table) == ["error", "fields", "fields"]
    assert kinds(broken) == ["error"]
    assert blocks(page)["report"]["title"] == "3 runs"
    short = soarkit("report", keys[0][:6])
    assert (short.code, short.stdout[:15]) == (0, "<!doctype html>")
    nothing = soarkit("report", "zzzz", "-o", tmp_path / "none.html")
    assert (nothing.code, (tmp_path / "none.html").exists()) == (2, False)


def test_a_report_is_no_csv(soarkit: Run, tmp_path: Path) -> None:
    done = soarkit("report", "last", "-o", tmp_path / "report.csv")
    assert (done.code, "runs show" in done.stderr) == (2, True)


def test_runs_show_writes_files(run: Run, soarkit: Run, tmp_path: Path) -> None:
    assert run("echo", "rows", "-p", "count=2", "-c", "server=s").code == 0
    assert soarkit("runs", "show", "last", "--format", "csv").stdout.startswith("Number,Text,Tag\r\n")
    for name, beginning in (("r.html", "<!doctype html>"), ("r.json", '{"status":"success"'), ("r.csv", "Number,")):
        assert soarkit("runs", "show", "last", "-o", tmp_path / name).code == 0
        assert (tmp_path / name).read_text().startswith(beginning)


def test_an_app_that_is_gone_leaves_its_data(run: Run, soarkit: Run, tmp_path: Path) -> None:
    import shutil

    from conftest import APPS

    shutil.copytree(APPS / APP, tmp_path / "app")
    done = soarkit("run", tmp_path / "app", "show view", "-p", f"data={DATA}", "--python", sys.executable)
    assert done.code == 0
    shutil.rmtree(tmp_path / "app")
    page = tmp_path / "page.html"
    reported = soarkit("report", "last", "-o", page)
    assert reported.code == 0
    assert "not there any more" in reported.stderr
    assert kinds(widgets(page)[0]) == ["table", "json"]


def test_several_views_are_told_of_while_they_are_drawn(run: Run, soarkit: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run(APP, "show view", "-p", f"data={DATA}").code == 0
    keys = [one["key"] for one in soarkit("runs", "-f", "json").json()["runs"]]
    done = soarkit("report", *keys, "-o", tmp_path / "page.html", "--python", sys.executable)
    assert "drawing Shows results in every way, show view (2 of 2)" in done.stderr
    line = f"soarkit report {keys[0][:3]}"
    offered = soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="2").stdout.splitlines()
    assert f"plain,{keys[0]}" in offered
    assert (
        "plain,last" in soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS="soarkit report l", COMP_CWORD="2").stdout
    )


def test_csv_on_a_terminal_is_harmless(app: Callable[[str], str], tmp_path: Path) -> None:
    data = json.dumps([{"name": "red\x1b[31m", "count": 1}])
    command = ["run", app(APP), "show table", "--python", sys.executable, "-p", f"data={data}", "--format", "csv"]
    terminal = Terminal(*command, folder=tmp_path)
    assert terminal.finish() == 0
    assert "red\\x1b[31m,1" in terminal.text


def test_a_run_that_prints_json_loads_nothing_of_all_this(app: Callable[[str], str]) -> None:
    import subprocess

    command = [sys.executable, "-X", "importtime", "-m", "soarkit", "run", app("echo"), "rows", "-p", "count=1"]
    command += ["-c", "server=s", "--python", sys.executable, "--format", "json"]
    process = subprocess.run(command, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    loaded = set(re.findall(r"\| +(soarkit\.[\w.]+)$", process.stderr, re.MULTILINE))
    assert "soarkit.cli.run" in loaded or "soarkit.cli.given" in loaded
    assert {one for one in loaded if one.startswith(("soarkit.render.", "soarkit.reports"))} <= {"soarkit.render.text"}
    assert "soarkit.cli.saving" not in loaded


def test_the_json_of_a_source_folder_leads_back_to_it(home: Path, tmp_path: Path) -> None:
    from conftest import APPS

    from soarkit.packages.sdk_manifest import open_made

    place = home / "sdk" / "place"
    place.mkdir(parents=True)
    (place / "made.json").write_text((APPS / "echo" / "app.json").read_text())
    assert open_made(str(place / "made.json")) is None
    (place / "memo.json").write_text(json.dumps({"format": 1, "folder": str(tmp_path), "manifest": "made.json"}))
    opened = open_made(str(place / "made.json"))
    assert opened is not None
    assert (opened.folder, opened.name) == (str(tmp_path), "echo")
