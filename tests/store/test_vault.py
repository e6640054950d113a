"""The vault: contents kept once, rows and files together, whatever happens on the way."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT

from soarkit.errors import RequestError
from soarkit.store.vault_files import Altered

if TYPE_CHECKING:
    from soarkit.store.opened import Store

HELLO = "f572d396fae9206628714fb2ce00f72e94f2258f"


def container(store: Store, name: str = "Mail") -> int:
    given = {"name": name}
    return store.containers.save(given, asset_id=1, appid=None, label="incident", run=None).id


@pytest.fixture
def hello(tmp_path: Path) -> str:
    path = tmp_path / "hello.txt"
    path.write_text("hello\n")
    return str(path)


def files(home: Path) -> list[str]:
    """All files of the vault, half-copied ones too."""
    vault = home / "phantom" / "vault"
    return sorted(str(path.relative_to(vault)) for path in vault.rglob("*") if path.is_file())


def test_a_file_is_added(store: Store, home: Path, hello: str) -> None:
    saved = store.vault.add(hello, metadata={"contains": ["txt"], "own": {"a": 1}, "sha1": "lie"}, author="somebody")
    assert (saved.vault_id, saved.size, saved.name, saved.container_id, saved.added) == (
        HELLO,
        6,
        "hello.txt",
        None,
        True,
    )
    [entry] = store.vault.find(vault_id=HELLO.upper())
    path = home / "phantom" / "vault" / "f5" / "72" / HELLO
    created = entry.pop("create_time")
    assert created.endswith("Z")
    assert entry == {
        "id": saved.id,
        "vault_id": HELLO,
        "hash": HELLO,
        "name": "hello.txt",
        "path": str(path),
        "size": 6,
        "mime_type": "text/plain",
        "container_id": 0,
        "container": "",
        "created_via": "automation",
        "user": "somebody",
        "task": "",
        "vault_document": entry["vault_document"],
        "es_attachment_id": None,
        "aka": [],
        "contains": ["vault id", "txt"],
        "metadata": {
            "own": {"a": 1},
            "contains": ["txt"],
            "sha1": HELLO,
            "sha256": hashlib.sha256(b"hello\n").hexdigest(),
            "md5": hashlib.md5(b"hello\n").hexdigest(),
            "size": 6,
        },
    }
    assert path.read_text() == "hello\n"
    assert path.stat().st_mode & 0o777 == 0o400
    assert Path(hello).read_text() == "hello\n"


def test_the_copy_is_its_own(store: Store, hello: str) -> None:
    saved = store.vault.add(hello)
    with open(hello, "a") as file:
        file.write("more")
    assert b"".join(store.vault.files.pieces(saved.vault_id)) == b"hello\n"
    assert store.vault.add(hello).vault_id != saved.vault_id


def test_the_same_contents_are_kept_once(store: Store, home: Path, hello: str) -> None:
    one, two = container(store), container(store, "Other")
    first = store.vault.add(hello, container_id=one, metadata={"a": 1})
    assert store.vault.add(hello, container_id=two).id != first.id
    again = store.vault.add(hello, container_id=one, metadata={"b": 2})
    assert (again.id, again.added) == (first.id, False)
    renamed = store.vault.add(hello, container_id=one, name="other.bin")
    assert files(home) == [f"f5/72/{HELLO}"]
    entries = store.vault.find(vault_id=HELLO)
    assert len({entry["vault_document"] for entry in entries}) == 1
    assert [entry["name"] for entry in entries] == ["hello.txt", "hello.txt", "other.bin"]
    assert [entry["aka"] for entry in entries] == [["other.bin"], ["other.bin"], ["hello.txt"]]
    assert entries[0]["metadata"].items() >= {"a": 1, "b": 2}.items()
    assert [entry["container"] for entry in entries] == ["Mail", "Other", "Mail"]
    assert [entry["id"] for entry in store.vault.find(container_id=one)] == [first.id, renamed.id]
    assert store.vault.find(container_id=0) == []
    assert [entry["id"] for entry in store.vault.find(file_name="other.bin", container_id=two)] == []
    assert [entry["id"] for entry in store.vault.find(newest_first=True, limit=1)] == [renamed.id]


def test_what_cannot_be_added_leaves_nothing(store: Store, home: Path, hello: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there is no container 99"):
        store.vault.add(hello, container_id=99)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (str(tmp_path), str(pipe), "/dev/null", str(tmp_path / "absent")):
        with pytest.raises(OSError):
            store.vault.add(path)

    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the disk is gone")
            return super().read(100)

    with pytest.raises(OSError, match="the disk is gone"):
        store.vault.add(Breaks(b"x" * 100), name="n")
    assert files(home) == [] and store.vault.find() == []


def test_big_and_empty_files(store: Store) -> None:
    told: list[int] = []
    big = b"0123456789abcdef" * (600 << 10)
    saved = store.vault.add(io.BytesIO(big), name="big.bin", watch=told.append)
    assert saved.vault_id == hashlib.sha1(big).hexdigest()
    assert told == [4 << 20, 8 << 20, len(big)]
    assert b"".join(store.vault.files.pieces(saved.vault_id)) == big
    empty = store.vault.add(io.BytesIO(b""), name="")
    assert (empty.size, empty.name) == (0, empty.vault_id)


def test_odd_names(store: Store, hello: str) -> None:
    for name in ("../../etc/passwd", "nul\0", "half \ud800", "x" * 3000):
        store.vault.add(hello, name=name)
    names = [entry["name"] for entry in store.vault.find()]
    assert names == ["../../etc/passwd", "nul\ufffd", "half ?", "x" * 3000]


def test_ids_by_their_beginning(store: Store, hello: str) -> None:
    store.vault.add(hello)
    assert store.vault.resolve("F572D3") == HELLO
    assert store.vault.resolve(HELLO) == HELLO
    for wrong, message in (("f572d", "too short"), ("ffffff", "has no file"), ("%%%%%%", "has no file")):
        with pytest.raises(RequestError, match=message):
            store.vault.resolve(wrong)
    first: dict[str, str] = {}
    for number in range(20000):  # two that begin alike
        text = str(number)
        begin = hashlib.sha1(text.encode()).hexdigest()[:6]
        if begin in first:
            break
        first[begin] = text
    for one in (first[begin], text):
        store.vault.add(io.BytesIO(one.encode()), name=one)
    with pytest.raises(RequestError, match="several files") as caught:
        store.vault.resolve(begin)
    assert hashlib.sha1(text.encode()).hexdigest() in str(caught.value)


def test_deleting(store: Store, home: Path, hello: str) -> None:
    one = container(store)
    ids = [store.vault.add(hello, container_id=number).id for number in (one, None)]
    assert store.vault.delete([ids[0], 12345]) == ["hello.txt"]
    assert files(home) == [f"f5/72/{HELLO}"]
    assert store.vault.delete(ids) == ["hello.txt"]
    assert files(home) == [] and store.vault.find() == []
    assert not (home / "phantom" / "vault" / "f5").exists()


def test_a_container_takes_its_files_along(store: Store, home: Path, hello: str) -> None:
    one, two = container(store), container(store, "Other")
    store.vault.add(hello, container_id=one)
    store.vault.add(io.BytesIO(b"own"), name="own", container_id=one)
    store.vault.add(hello, container_id=two)
    store.containers.delete(one)
    assert files(home) == [f"f5/72/{HELLO}"]


def test_a_sweep_removes_what_nothing_knows(store: Store, home: Path, hello: str) -> None:
    store.vault.add(hello)
    vault = home / "phantom" / "vault"
    stray = hashlib.sha1(b"stray").hexdigest()
    folder = vault / stray[:2] / stray[2:4]
    folder.mkdir(parents=True)
    (folder / stray).write_text("stray")
    (folder / "somebody's own").write_text("stays")
    (vault / ".incoming" / "half").write_text("ha")
    (vault / "tmp").mkdir()
    (vault / "tmp" / "an app's").write_text("stays")
    swept = store.vault.sweep()
    assert (swept.leftovers, swept.strays, swept.forgotten) == (1, (stray,), ())
    assert files(home) == sorted([f"f5/72/{HELLO}", f"{stray[:2]}/{stray[2:4]}/somebody's own", "tmp/an app's"])
    assert store.vault.sweep().strays == ()


def test_the_next_addition_removes_half_copied_files(store: Store, home: Path, hello: str) -> None:
    store.vault.add(hello)
    half = home / "phantom" / "vault" / ".incoming" / "half"
    half.write_text("ha")
    store.vault.add(hello)
    assert not half.exists()


def problems(store: Store, **how: Any) -> list[tuple[str, str]]:
    return [(one.severity, one.message) for one in store.check(**how) if one.subject == "vault"]


def test_what_is_wrong_is_found_and_mended(store: Store, home: Path, hello: str) -> None:
    store.vault.add(hello)
    other = store.vault.add(io.BytesIO(b"other"), name="other")
    assert problems(store) == []
    path = Path(store.vault.files.path(HELLO))
    path.chmod(0o600)
    path.write_text("jello\n")
    assert problems(store, contents=False) == []
    assert problems(store) == [("error", f"1 file of the vault is altered: hello.txt ({HELLO[:12]})")]
    with pytest.raises(Altered):
        list(store.vault.files.pieces(HELLO))
    path.write_text("longer than it was")
    assert len(problems(store, contents=False)) == 1
    Path(store.vault.files.path(other.vault_id)).unlink()
    assert "is missing: other" in problems(store)[0][1]
    [finding] = [one for one in store.check() if "missing" in one.message]
    assert f"soarkit vault delete {other.vault_id}" in (finding.hint or "")
    (home / "phantom" / "vault" / ".incoming" / "half").write_text("ha")
    assert problems(store)[-1] == ("warning", "1 file in the vault that nothing knows of")
    # Adding it anew puts the right contents back.
    store.vault.add(hello)
    store.vault.add(io.BytesIO(b"other"), name="other")
    assert problems(store) == []


_ADDS = """
import sys
from soarkit.store import open_store
with open_store(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for path in sys.argv[2:]:
        print(store.vault.add(path, name="n").id, flush=True)
"""


def adds(home: Path, *paths: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _ADDS, str(home), *paths],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_several_hosts_add_the_same_file(opened: Callable[[], Store], home: Path, tmp_path: Path) -> None:
    store = opened()
    paths = []
    for number in range(10):
        (tmp_path / str(number)).write_bytes(bytes([number]) * 100_000)
        paths.append(str(tmp_path / str(number)))
    hosts = [adds(home, *paths) for _ in range(3)]
    for host in hosts:
        assert host.stdout is not None and host.stdout.readline() == "ready\n"
    outputs = [host.communicate("go\n")[0] for host in hosts]
    assert len(set(outputs)) == 1 and len(set(outputs[0].split())) == 10
    assert len(files(home)) == 10 and problems(store) == []


def test_a_killed_host_leaves_no_row_without_its_file(opened: Callable[[], Store], home: Path, tmp_path: Path) -> None:
    store = opened()
    paths = []
    for number in range(40):
        (tmp_path / str(number)).write_bytes(number.to_bytes(2, "big") * (200 << 10))
        paths.append(str(tmp_path / str(number)))
    for delay in (0.0, 0.02, 0.07, 0.15, 0.3):
        host = adds(home, *paths)
        assert host.stdin is not None and host.stdout is not None and host.stdout.readline() == "ready\n"
        host.stdin.write("go\n")
        host.stdin.flush()
        time.sleep(delay)
        host.send_signal(signal.SIGKILL)
        said = host.communicate()[0].split()
        entries = store.vault.find()
        assert {str(entry["id"]) for entry in entries} >= set(said)  # what was answered is there
        assert [kind for kind, _ in problems(store) if kind == "error"] == []
        store.vault.sweep()
        assert problems(store) == []
        store.vault.delete(entry["id"] for entry in entries)


def test_a_container_deleted_while_its_file_is_copied(store: Store, home: Path) -> None:
    number = container(store)

    class Deletes(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if not self.tell():
                store.containers.delete(number)
            return super().read(size)

    with pytest.raises(RequestError, match=f"there is no container {number}"):
        store.vault.add(Deletes(b"x"), name="n", container_id=number)
    assert files(home) == [] and store.vault.find() == []


def test_a_source_that_does_not_wait_is_not_cut_short(store: Store, home: Path) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.write(writing, b"begun")
    with open(reading, "rb", buffering=0) as source, pytest.raises(OSError, match="nothing can be read yet"):
        store.vault.add(source, name="n")
    os.close(writing)
    assert files(home) == [] and store.vault.find() == []


def test_what_apps_have_left_goes_after_a_week(store: Store, home: Path, hello: str) -> None:
    temporary = home / "phantom" / "vault" / "tmp"
    (temporary / "folder").mkdir(parents=True)
    for name in ("old", "new", "folder/inside"):
        (temporary / name).write_text("x")
    (temporary / "link").symlink_to(hello)
    eight_days_ago = time.time() - 8 * 86400
    for name in ("old", "folder", "link"):
        os.utime(temporary / name, (eight_days_ago, eight_days_ago), follow_symlinks=False)
    store.vault.add(hello)
    assert [path.name for path in temporary.iterdir()] == ["new"]
    assert Path(hello).exists()
