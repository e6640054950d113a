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
    assert "1 more artifacts: soarkit artifacts list --container 1" in few and "cond" not in few


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
