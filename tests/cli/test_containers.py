"""``soarkit containers`` and ``soarkit artifacts``."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from installing import install
from jsonschema import Draft202012Validator
from terminal_session import Terminal

from soarkit.store import open_store

Soarkit = Callable[..., Finished]
SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[2] / "schemas" / "envelope.schema.json").read_text()))


def document(finished: Finished) -> dict[str, Any]:
    assert finished.code == 0, finished
    found: dict[str, Any] = finished.json()
    SCHEMA.validate(found)
    return found


@pytest.fixture(autouse=True)
def filled(home: Path, tmp_path: Path) -> None:
    """Two containers of an asset, one of nobody."""
    artifacts = [
        {"name": "first", "cef": {"sourceAddress": "10.0.0.1", "n": [1, "é"]}, "cef_types": {"sourceAddress": ["ip"]}},
        {"name": "se\x1b[31mcond", "label": "url", "severity": "high", "cef": {"requestURL": "https://a.example/"}},
    ]
    install(home, "echo")
    with open_store(str(home)) as store:
        store.assets.create("mail", app="echo", configuration={"server": "s"})
        given = {"asset_id": 1, "appid": "an-app", "label": "incident", "run": "r1"}
        store.containers.save(
            {"name": "Phishing\nmail", "artifacts": artifacts, "data": {"raw": 1}, "tags": "t"}, **given
        )
        store.containers.save({"name": "Other", "severity": "low", "label": "mail", "status": "open"}, **given)
        store.containers.save(
            {"name": "Alone", "artifacts": [{"cef": "text"}]}, **{**given, "asset_id": 0, "appid": "b"}
        )
        store.notes.add(1, title="Seen", content="by\nme")
        (tmp_path / "note.txt").write_text("x")
        store.vault.add(str(tmp_path / "note.txt"), container_id=1)


def names(finished: Finished, key: str = "containers") -> list[str]:
    return [one["name"] for one in document(finished)[key]]


def test_list(soarkit: Soarkit) -> None:
    text = soarkit("containers", "list").stdout.splitlines()
    assert text[0].split() == ["ID", "SAVED", "NAME", "LABEL", "SEVERITY", "STATUS", "ARTIFACTS", "ASSET"]
    assert len(text) == 4 and text[2].split()[3:] == ["Other", "mail", "low", "open", "0", "mail"]
    assert names(soarkit("containers", "list", "-f", "json")) == ["Alone", "Other", "Phishing\nmail"]
    for words, wanted in {
        "--asset mail --limit 1": ["Other"],
        "--asset 1 --severity MEDIUM": ["Phishing\nmail"],
        "--app b": ["Alone"],
        "--label MAIL": ["Other"],
        "--status open": ["Other"],
        "--since 2100-01-01": [],
        "--since 1h --label mail": ["Other"],
        "--asset 99": [],
    }.items():
        assert names(soarkit("containers", "list", "-f", "json", *words.split())) == wanted, words
    nothing = soarkit("containers", "list", "--label", "none")
    assert nothing.code == 0 and nothing.stdout == "" and "no such containers" in nothing.stderr


def test_show(soarkit: Soarkit) -> None:
    found = document(soarkit("containers", "show", "1", "-f", "json"))["container"]
    assert [one["name"] for one in found["artifacts"]] == ["first", "se\x1b[31mcond"]
    assert found["notes"][0]["title"] == "Seen" and found["files"][0]["name"] == "note.txt"
    text = soarkit("containers", "show", "1").stdout
    for part in (
        "Phishing mail",
        "asset        mail",
        "artifact 1 · first",
        "10.0.0.1  (ip)",
        '  [1, "é"]',
    ):
        assert part in text, text
    assert "note 1 · Seen" in text and "  by\n  me\n" in text and "note.txt · 1 bytes" in text and "\x1b" not in text
    few = soarkit("containers", "show", "1", "--artifacts", "1").stdout
    assert "1 more artifact: soarkit artifacts list --container 1" in few and "cond" not in few


def test_artifacts(soarkit: Soarkit) -> None:
    assert names(soarkit("artifacts", "list", "-f", "json"), "artifacts") == ["", "se\x1b[31mcond", "first"]
    for words, wanted in {
        "--container 1 --label URL": 1,
        "--severity high": 1,
        "--app an-app": 2,
        "--since 2100-01-01": 0,
    }.items():
        assert len(names(soarkit("artifacts", "list", "-f", "json", *words.split()), "artifacts")) == wanted, words
    text = soarkit("artifacts", "list", "--container", "1").stdout
    assert 'sourceAddress=10.0.0.1, n=[1, "é"]' in text and "\x1b" not in text
    assert document(soarkit("artifacts", "show", "1", "-f", "json"))["artifact"]["cef"]["n"] == [1, "é"]
    assert "sourceAddress  10.0.0.1  (ip)" in soarkit("artifacts", "show", "1").stdout
    assert "  text\n" in soarkit("artifacts", "show", "3").stdout


def test_empty_fields_are_left_out_for_people(soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    cef = {"bytesIn": 0, "fileName": "", "destinationPort": None, "tags": [], "more": {}, "deviceAction": False}
    with open_store(str(home)) as store:
        store.artifacts.save([{"cef": cef}, {"cef": {"fileName": ""}}], container_id=2, appid=None, run=None)
    listed = soarkit("artifacts", "list", "--container", "2").stdout.splitlines()
    assert "bytesIn=0, deviceAction=false" in listed[2] and "=" not in listed[1]
    shown = soarkit("artifacts", "show", "4").stdout
    assert "  … 4 empty fields\n" in shown and "fileName" not in shown and "bytesIn       0\n" in shown
    assert "  … 1 empty field\n" in soarkit("containers", "show", "2").stdout
    assert document(soarkit("artifacts", "show", "4", "-f", "json"))["artifact"]["cef"] == cef
    terminal = Terminal("artifacts", "show", "4", "--home", str(home), folder=tmp_path)
    assert terminal.finish() == 0 and "\x1b[2m  … 4 empty fields" in terminal.text, terminal.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("containers show 99", "there is no container 99"),
        ("containers show 0", "there is no container 0"),
        ("containers list --asset nothing", "nothing"),
        ("containers list --since yesterday", "is no time"),
        ("containers export 1 99", "there is no container 99"),
        ("containers export -o /nowhere/x.json", "no such folder"),
        ("containers delete 1", "needs a yes"),
        ("containers delete 1 99 --yes", "there is no container 99"),
        ("artifacts show 99", "there is no artifact 99"),
        ("artifacts list --container 99", "there is no container 99"),
        ("artifacts export --container 99", "there is no container 99"),
        ("artifacts show " + "9" * 40, "there is no artifact"),
    ],
)
def test_wrong_requests(soarkit: Soarkit, words: str, said: str) -> None:
    finished = soarkit(*words.split())
    assert finished.code == 2 and said in finished.stderr and "Traceback" not in finished.stderr, finished
    assert len(names(soarkit("containers", "list", "-f", "json"))) == 3


def test_delete(soarkit: Soarkit) -> None:
    removed = document(soarkit("containers", "delete", "1", "2", "--yes", "-f", "json"))["removed"]
    assert removed[0] == {"id": 1, "name": "Phishing\nmail", "artifact_count": 2}
    assert names(soarkit("containers", "list", "-f", "json")) == ["Alone"]
    assert soarkit("vault", "list").stdout == ""
    assert soarkit("containers", "delete", "3", "-y").stdout == "deleted container 3, Alone: 1 artifact\n"


def test_export_of_containers(soarkit: Soarkit, tmp_path: Path) -> None:
    found = soarkit("containers", "export").json()
    assert [one["id"] for one in found] == [1, 2, 3]
    assert [one["name"] for one in found[0]["artifacts"]] == ["first", "se\x1b[31mcond"]
    assert found[0]["notes"] and found[0]["files"] and found[1]["artifacts"] == []
    path = tmp_path / "some.jsonl"
    assert soarkit("containers", "export", "3", "2", "-o", path).stdout == ""
    assert path.stat().st_mode & 0o777 == 0o600
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [2, 3]
    again = soarkit("containers", "export", "-o", path)
    assert again.code == 2 and "--force overwrites" in again.stderr and len(path.read_text().splitlines()) == 2
    assert soarkit("containers", "export", "-o", path, "--force", "-f", "json", "--label", "mail").code == 0
    assert [one["id"] for one in json.loads(path.read_text())] == [2]
    assert soarkit("containers", "export", "--label", "none").json() == []
    assert [one for one in os.listdir(tmp_path) if one.startswith(".")] == []


def test_export_of_artifacts(soarkit: Soarkit, tmp_path: Path) -> None:
    assert [one["id"] for one in soarkit("artifacts", "export").json()] == [1, 2, 3]
    assert len(soarkit("artifacts", "export", "-f", "jsonl", "--container", "1").stdout.splitlines()) == 2
    path = tmp_path / "a.csv"
    assert soarkit("artifacts", "export", "-o", path).code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text(), newline="")))
    assert rows[0]["cef.sourceAddress"] == "10.0.0.1" and rows[0]["cef.n"] == '[1,"é"]'
    assert rows[1]["cef.requestURL"] == "https://a.example/" and rows[1]["cef.n"] == ""
    assert rows[1]["name"] == "se\x1b[31mcond" and len(rows) == 3


def test_csv_holds_no_formulas(soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    texts = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\uff1d1+1", "-5.5", "+4912345", "a=b", '"=1']
    with open_store(str(home)) as store:
        given = [{"name": text, "cef": {"=1+1": text}} for text in texts]
        store.artifacts.save(given, container_id=2, appid=None, run=None)
    assert soarkit("artifacts", "export", "--container", "2", "-o", tmp_path / "a.csv").code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(), newline="")))
    wanted = [f"'{text}" for text in texts[:6]] + texts[6:]
    assert [one["name"] for one in rows] == wanted
    assert [one["cef.=1+1"] for one in rows] == wanted


def test_exports_to_what_is_no_plain_file(soarkit: Soarkit, tmp_path: Path) -> None:
    assert soarkit("containers", "export", "-o", "/dev/null", "--force").code == 0
    assert not os.path.isfile("/dev/null")
    assert len(soarkit("containers", "export", "-o", "/dev/stdout").json()) == 3
    for words in (["-o", tmp_path], ["-o", tmp_path, "--force"], ["-o", ""]):
        finished = soarkit("containers", "export", *words)
        assert finished.code == 2 and "folder" in finished.stderr, finished
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    assert soarkit("containers", "export", "-o", link).code == 2
    assert soarkit("containers", "export", "-o", link, "--force").code == 0
    assert link.is_symlink() and len(json.loads(target.read_text())) == 3


def test_an_export_ends_when_nobody_reads_on(home: Path, tmp_path: Path) -> None:
    with open_store(str(home)) as store:
        artifacts = [{"name": str(number), "data": {"raw": "x" * 2000}} for number in range(20_000)]
        store.artifacts.save(artifacts, container_id=2, appid=None, run=None)
    command = f"{sys.executable} -m soarkit artifacts export | head -c 10; echo ${{PIPESTATUS[0]}}"
    process = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert process.stdout.startswith("[\n{") and process.stdout.endswith("0\n") and process.stderr == ""


def test_control_characters_do_not_reach_a_terminal(home: Path, tmp_path: Path) -> None:
    for words in (["artifacts", "export", "-f", "csv"], ["artifacts", "list"], ["containers", "show", "1"]):
        terminal = Terminal(*words, "--home", str(home), folder=tmp_path, columns=80)
        assert terminal.finish() == 0
        assert "se\\x1b[31" in terminal.text and "\x1b[31m" not in terminal.text, terminal.text


def test_long_lines_are_cut_on_a_terminal_only(soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    with open_store(str(home)) as store:
        store.containers.update(2, {"data": {"raw": "x" * 50_000}})
    assert "x" * 50_000 in soarkit("containers", "show", "2").stdout
    terminal = Terminal("containers", "show", "2", "--home", str(home), folder=tmp_path)
    assert terminal.finish() == 0
    assert "-f json shows all" in terminal.text and len(terminal.text) < 5000


def test_a_large_export_does_not_fill_the_memory(home: Path, tmp_path: Path) -> None:
    """The limit is on what the process may take beside what an empty export takes."""
    with open_store(str(home)) as store:
        artifacts = [{"name": str(number), "data": {"raw": "x" * 2000}} for number in range(30_000)]
        store.artifacts.save(artifacts, container_id=2, appid=None, run=None)
    path = tmp_path / "out.json"

    def peak(*words: str) -> int:
        script = (
            "import atexit\n"
            "def tell():\n"
            "    print(next(one.split()[1] for one in open('/proc/self/status') if one.startswith('VmHWM')))\n"
            "atexit.register(tell)\n"
            "from soarkit.cli.main import main\n"
            "main()"
        )
        command = [sys.executable, "-c", script, "containers", "export", *words, "-o", str(path), "--force"]
        process = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return int(process.stdout)

    empty = peak("--label", "none")
    whole = peak("2")
    assert path.stat().st_size > 60_000_000 and len(json.loads(path.read_text())[0]["artifacts"]) == 30_000
    assert whole - empty < 40_000, (empty, whole)  # kilobytes


def test_what_a_shell_is_offered(soarkit: Soarkit) -> None:
    def offered(line: str) -> set[str]:
        finished = soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(line.split(" ")) - 1))
        return {one.partition(",")[2] for one in finished.stdout.splitlines()}

    assert offered("soarkit containers show ") == {"1", "2", "3"}
    assert offered("soarkit containers list --label ") == {"incident", "mail", "artifact", "url"}
    assert offered("soarkit containers list --severity h") == {"high"}
    assert offered("soarkit containers list --status ") == {"new", "open", "closed"}
    assert offered("soarkit artifacts show 2") == {"2"}
    assert offered("soarkit artifacts list --container ") == {"1", "2", "3"}
