"""``soarkit vault`` as people use it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from jsonschema import Draft202012Validator
from terminal_session import Terminal

from soarkit.store import open_store

HELLO = "f572d396fae9206628714fb2ce00f72e94f2258f"
ENVELOPE = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas" / "envelope.schema.json").read_text())
)


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    path = tmp_path / "hello.txt"
    path.write_text("hello\n")
    return path


@pytest.fixture
def vault(soarkit: Callable[..., Finished]) -> Callable[..., Finished]:
    return lambda *arguments, **options: soarkit("vault", *arguments, **options)


@pytest.fixture
def as_json(vault: Callable[..., Finished]) -> Callable[..., Any]:
    """What a command says as JSON, which its schema allows."""

    def run(*arguments: str | os.PathLike[str]) -> Any:
        document = vault(*arguments, "-f", "json").json()
        ENVELOPE.validate(document)
        return document

    return run


def kept(home: Path) -> list[str]:
    vault = home / "phantom" / "vault"
    return [path.name for path in vault.rglob("*") if path.is_file()]


def test_files_come_and_go(vault: Callable[..., Finished], hello: Path, tmp_path: Path, home: Path) -> None:
    (tmp_path / "b.dat").write_bytes(b"%PDF-1.4")
    added = vault("add", hello, "b.dat", "--contains", "pdf")
    assert (added.code, added.stderr) == (0, "")
    assert added.stdout.splitlines()[0] == f"{HELLO}  hello.txt"
    again = vault("add", "hello.txt")
    assert again.stdout == f"{HELLO}  hello.txt\n" and "was there already" in again.stderr
    listed = vault("list").stdout.splitlines()
    assert re.fullmatch(rf"{HELLO}  hello.txt +6 B +text/plain +- +\d{{4}}-.*", listed[2])
    info = vault("info", HELLO[:6].upper()).stdout
    assert f"vault id     {HELLO}\n" in info and "name         hello.txt (no container; added " in info
    hello.unlink()
    got = vault("get", HELLO[:8])
    assert (got.code, got.stdout) == (0, "hello.txt\n")
    assert hello.read_text() == "hello\n" and hello.stat().st_mode & 0o400
    assert vault("get", HELLO, "-o", "-").stdout == "hello\n"
    assert vault("delete", HELLO).code == 2
    deleted = vault("delete", HELLO[:6], "-y")
    assert deleted.stdout == f"deleted hello.txt ({HELLO[:12]}, no container)\n"
    assert HELLO not in kept(home)
    assert "there are no such files" in vault("list", "--name", "hello.txt").stderr


def test_as_json(as_json: Callable[..., Any], hello: Path, home: Path, tmp_path: Path) -> None:
    [file] = as_json("add", hello, "--name", "n", "--contains", "a", "--contains", "b c")["files"]
    assert (file["name"], file["contains"], file["created_via"]) == ("n", ["vault id", "a", "b c"], "upload")
    assert as_json("list")["files"] == [file] == as_json("info", HELLO)["files"]
    assert as_json("list", "--container", "0", "--limit", "1")["files"] == [file]
    got = as_json("get", HELLO, "-o", "copy")
    assert (got["file"], got["size"]) == (str(tmp_path / "copy"), 6)
    (home / "phantom" / "vault" / ".incoming" / "half").write_text("ha")
    swept = as_json("sweep")
    assert (swept["removed"], swept["leftovers"]) == ([], 1)
    removed = as_json("delete", HELLO, "--yes")["removed"]
    assert removed == [{key: file[key] for key in ("id", "vault_id", "name", "container_id")}]
    wrong = as_json("info", HELLO)
    assert wrong["ok"] is False and wrong["error"]["code"] == "request"


def test_files_of_containers(vault: Callable[..., Finished], hello: Path, home: Path) -> None:
    with open_store(str(home)) as store:
        one, two = (
            store.containers.save({"name": name}, asset_id=1, appid=None, label="incident", run=None).id
            for name in ("Mail", "Other")
        )
    for number in (one, two):
        assert vault("add", hello, "--container", str(number)).code == 0
    assert len(vault("list", "--container", str(one)).stdout.splitlines()) == 2
    assert f"(container {two}, Other; " in vault("info", HELLO).stdout
    assert vault("delete", HELLO, "--container", str(one), "-y").code == 0
    assert kept(home) == [HELLO]
    refused = vault("delete", HELLO, "--container", str(one), "-y")
    assert refused.code == 2 and f"container {one} does not have the file" in refused.stderr
    absent = vault("add", hello, "--container", "99")
    assert absent.code == 2 and "there is no container 99" in absent.stderr
    assert vault("delete", HELLO, "-y").code == 0 and kept(home) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "hello.txt", "absent"], "absent: the file cannot be read: No such file or directory"),
        (["add", "hello.txt", "."], "this is a folder"),
        (["add", "/dev/null"], "no file that could be copied"),
        (["add", "hello.txt", "hello.txt", "--name", "n"], "one name cannot do"),
        (["add", "-"], "needs a name"),
        (["info", "f572d"], "too short"),
        (["get", "f572d3"], "has no file"),
        (["delete", "f572d3", "-y"], "has no file"),
    ],
)
def test_what_cannot_be_done(
    vault: Callable[..., Finished], hello: Path, home: Path, arguments: list[str], words: str
) -> None:
    finished = vault(*arguments)
    assert finished.code == 2 and words in finished.stderr and "Traceback" not in finished.stderr
    assert kept(home) == []


def test_nothing_is_overwritten_unasked(vault: Callable[..., Finished], hello: Path, tmp_path: Path) -> None:
    vault("add", hello)
    there = tmp_path / "there"
    there.write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link"):
        refused = vault("get", HELLO, "-o", name)
        assert refused.code == 2 and "this is there already" in refused.stderr
    assert there.read_text() == "mine"
    assert vault("get", HELLO, "-o", "there", "--force").code == 0
    assert there.read_text() == "hello\n"
    failed = vault("get", HELLO, "-o", "no/such/folder")
    assert failed.code == 3 and "cannot be written" in failed.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hello.txt", "home", "link", "there"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("../../escaped", "escaped"),
        ("/etc/passwd", "passwd"),
        ("C:\\Windows\\x.dll", "x.dll"),
        (".bashrc", "_bashrc"),
        ("..", "_."),
        ("a\nb\x1b[2J", "a_b_[2J"),
        ("folder/", HELLO),
        ("long" * 100, "long" * 50),
    ],
)
def test_hostile_names_stay_in_the_folder(
    vault: Callable[..., Finished], hello: Path, tmp_path: Path, name: str, written: str
) -> None:
    vault("add", hello, "--name", name)
    folder = tmp_path / "inner"
    folder.mkdir()
    got = vault("get", HELLO, "-o", folder)
    assert got.code == 0, got.stderr
    assert [path.name for path in folder.iterdir()] == [written]
    assert "\x1b" not in vault("list").stdout + vault("info", HELLO).stdout


def test_an_altered_file_is_not_handed_out(vault: Callable[..., Finished], hello: Path, home: Path) -> None:
    vault("add", hello)
    path = home / "phantom" / "vault" / "f5" / "72" / HELLO
    path.chmod(0o600)
    path.write_text("jello\n")
    got = vault("get", HELLO, "-o", "copy")
    assert got.code == 3 and "was altered" in got.stderr and "soarkit vault add FILE" in got.stderr
    assert not (hello.parent / "copy").exists()
    path.unlink()
    assert "cannot be read: No such file" in vault("get", HELLO, "-o", "copy").stderr


def test_doctor_and_store_check_know_the_vault(
    soarkit: Callable[..., Finished], vault: Callable[..., Finished], hello: Path, home: Path
) -> None:
    vault("add", hello)
    (home / "phantom" / "vault" / "f5" / "72" / HELLO).unlink()
    message = f"1 file of the vault is missing: hello.txt ({HELLO[:12]})"
    checked = soarkit("store", "check")
    assert checked.code == 1 and f"vault: {message}" in checked.stdout
    assert message in soarkit("doctor").stdout
    vault("add", hello)
    assert soarkit("store", "check").code == 0


def test_from_standard_input(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "soarkit", "vault", "add", "-", "--name", "n"]
    done = subprocess.run(command, input=b"hello\n", capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.decode() == f"{HELLO}  n\n"


def test_from_a_pipe_whose_owner_does_not_wait(home: Path, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    command = [sys.executable, "-m", "soarkit", "vault", "add", "-", "--name", "n"]
    process = subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE, cwd=tmp_path)
    for piece in (b"hel", b"lo\n"):
        time.sleep(0.8)  # so that there is nothing to read when it asks
        os.write(writing, piece)
    os.close(writing)
    assert process.communicate(timeout=30)[0].decode() == f"{HELLO}  n\n"
    assert not os.get_blocking(reading)
    os.close(reading)


def test_interrupted(home: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "soarkit", "vault", "add", pipe], stderr=subprocess.PIPE, cwd=tmp_path
    )
    with pipe.open("wb") as file:
        file.write(b"x" * (9 << 20))
        file.flush()
        deadline = time.monotonic() + 30
        while not kept(home) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(kept(home)) == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert process.stderr is not None and b"cancelled" in process.stderr.read()
    process.stderr.close()
    assert kept(home) == []
    with open_store(str(home)) as store:
        assert store.vault.find() == []


def test_a_person_sees_how_far_a_big_file_is(home: Path, tmp_path: Path) -> None:
    with (tmp_path / "big").open("wb") as file:
        file.truncate(80 << 20)
    terminal = Terminal("vault", "add", "big", folder=tmp_path)
    assert terminal.finish() == 0
    assert "100%" in terminal.text


def test_deleting_asks(vault: Callable[..., Finished], hello: Path, home: Path) -> None:
    vault("add", hello)
    terminal = Terminal("vault", "delete", HELLO[:6], folder=hello.parent)
    terminal.wait_for("Delete this?")
    terminal.type("y\n")
    assert terminal.finish() == 0
    assert kept(home) == []


def test_ids_are_completed(soarkit: Callable[..., Finished], vault: Callable[..., Finished], hello: Path) -> None:
    words = {"_SOARKIT_COMPLETE": "zsh_complete", "COMP_CWORD": "3"}
    assert soarkit(COMP_WORDS="soarkit vault info f5", **words).stdout.strip() == ""
    vault("add", hello)
    offered = soarkit(COMP_WORDS="soarkit vault info f5", **words)
    assert offered.stdout == f"plain\n{HELLO}\nhello.txt\n"
    assert soarkit(COMP_WORDS="soarkit vault info 00", **words).stdout.strip() == ""


def test_a_narrow_terminal(vault: Callable[..., Finished], hello: Path, tmp_path: Path) -> None:
    vault("add", hello)
    for columns, shows_type in ((80, False), (100, True)):
        terminal = Terminal("vault", "list", folder=tmp_path, columns=columns)
        assert terminal.finish() == 0
        assert ("text/plain" in terminal.text) is shows_type
        assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", terminal.text)


def test_what_cannot_be_read_is_named(vault: Callable[..., Finished]) -> None:
    refused = vault("add", "/proc/self/mem")
    assert refused.code == 3 and "/proc/self/mem: the file cannot be copied: Input/output error" in refused.stderr
