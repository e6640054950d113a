"""Packages: the same bytes whoever packs where, and nothing in them that cannot be unpacked again."""

from __future__ import annotations

import gzip
import locale
import os
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from packages.making import put_app

from soarkit.errors import ArchiveError, SurroundingsError, UsageError
from soarkit.manifest.loader import load
from soarkit.packages import contents
from soarkit.packages.archive import unpack
from soarkit.packages.building import build, file_name, top_folder
from soarkit.packages.selection import Chosen, Selection, select

FILES: dict[str, str | bytes] = {
    "README.md": "x" * 1000,
    "lib/a-b.py": "1",
    "lib/a/c.py": "2",
    "Zebra.txt": "",
    "räume/grün.txt": "3",
    "deep/" + "n" * 90 + "/" + "m" * 90: "4",
    "tool.sh": "#!/bin/sh\n",
}


def package(app: Path, output: Path) -> bytes:
    build(select(str(app)), str(output))
    return output.read_bytes()


def test_the_same_files_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = put_app(tmp_path / "first", files=FILES)
    (first / "tool.sh").chmod(0o700)
    one = package(first, tmp_path / "one.tgz")
    second = tmp_path / "elsewhere" / "Second Checkout"
    for path in sorted(first.rglob("*"), reverse=True):  # made in another order, at other times, with other modes
        if path.is_file():
            copy = second / path.relative_to(first)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            copy.chmod(0o755 if path.name == "tool.sh" else 0o600)
            os.utime(copy, (1, 1))
    mask = os.umask(0o077)
    try:
        assert package(second, tmp_path / "two.tgz") == one
    finally:
        os.umask(mask)


@pytest.mark.parametrize("language", ["C", "de_DE.UTF-8", "tr_TR.UTF-8", "C.UTF-8"])
def test_the_same_bytes_in_every_language_and_order(tmp_path: Path, language: str) -> None:
    app = put_app(tmp_path / "app", files=FILES)
    one = package(app, tmp_path / "one.tgz")
    code = (
        "import os, random, sys\n"
        "real = os.listdir\n"
        "from soarkit.packages import building, selection\n"
        "chosen = selection.select(sys.argv[1])\n"
        "files = list(chosen.files); random.shuffle(files)\n"
        "import dataclasses\n"
        "building.build(dataclasses.replace(chosen, files=tuple(files)), sys.argv[2])\n"
    )
    environment = {**os.environ, "LC_ALL": language, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"}
    subprocess.run(
        [sys.executable, "-c", code, str(app), str(tmp_path / "two.tgz")], env=environment, check=True, cwd=tmp_path
    )
    assert (tmp_path / "two.tgz").read_bytes() == one
    assert locale.getlocale()  # and this process was not touched


def test_what_the_entries_say(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"tool.sh": "x", "lib/a.py": ""})
    (app / "tool.sh").chmod(0o4711)
    data = package(app, tmp_path / "a.tgz")
    assert data[3:10] == b"\0\0\0\0\0\x02\xff"  # no name, no time, best compression, no system
    with tarfile.open(tmp_path / "a.tgz") as tar:
        members = tar.getmembers()
    assert [one.name for one in members] == [
        "phantom_sample",
        "phantom_sample/lib",
        "phantom_sample/lib/a.py",
        "phantom_sample/logo.svg",
        "phantom_sample/sample.json",
        "phantom_sample/sample_connector.py",
        "phantom_sample/tool.sh",
    ]
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in members} == {(0, 0, "", "", 315532800)}
    assert {one.name: one.mode for one in members}["phantom_sample/tool.sh"] == 0o755
    assert {one.mode for one in members} == {0o755, 0o644}


def test_source_date_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = put_app(tmp_path / "app")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    package(app, tmp_path / "a.tgz")
    with tarfile.open(tmp_path / "a.tgz") as tar:
        assert {one.mtime for one in tar.getmembers()} == {1700000000}
    for wrong in ("yesterday", "-1", "9" * 20):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
            package(app, tmp_path / "b.tgz")


def test_what_is_unpacked_is_what_was_packed(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={**FILES, "empty": b"", "block": bytes(512), "big": os.urandom(1 << 20)})
    made = build(select(str(app)), str(tmp_path / "a.tgz"))
    folder = unpack(made.path, str(tmp_path / "out"))
    assert os.path.basename(folder) == "phantom_sample"
    assert contents.take_stock(folder) == contents.take_stock(str(app))
    assert contents.digest(contents.take_stock(folder)) == made.digest
    assert contents.examine(made.path).sha256 == made.sha256
    assert os.path.getsize(made.path) == made.size
    assert subprocess.run(["tar", "tzf", made.path], capture_output=True, check=True).stdout  # GNU tar takes it too
    assert len(gzip.decompress(Path(made.path).read_bytes())) % 10240 == 0


def test_packing_what_was_unpacked_gives_the_same(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files=FILES)
    one = package(app, tmp_path / "one.tgz")
    folder = unpack(str(tmp_path / "one.tgz"), str(tmp_path / "out"))
    assert package(Path(folder), tmp_path / "two.tgz") == one


@pytest.mark.parametrize(
    ("changes", "name", "top"),
    [
        ({}, "sample-app-1.0.0.tgz", "phantom_sample"),
        ({"directory": "sampledir"}, "sample-app-1.0.0.tgz", "sampledir"),
        ({"directory": "../x", "package_name": "a/b"}, "sample-app-1.0.0.tgz", "sample-app"),
        ({"app_version": "1.0/../x y"}, "sample-app-1.0_.._x_y.tgz", "phantom_sample"),
        ({"name": "Überwachung", "package_name": ""}, "berwachung-1.0.0.tgz", "berwachung"),
    ],
)
def test_names(tmp_path: Path, changes: dict[str, str], name: str, top: str) -> None:
    app = load(str(put_app(tmp_path / "app", **changes)))
    assert (file_name(app), top_folder(app)) == (name, top)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["A.txt", "a.txt"], "only in case"),
        (["bell\x07.txt"], "control characters"),
        (["d/" * 41 + "x"], "too deep"),
        (["other.json"], "second app manifest"),
    ],
)
def test_what_nobody_could_unpack_is_not_made(tmp_path: Path, names: list[str], words: str) -> None:
    app = put_app(tmp_path / "app")
    for name in names:
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_text('{"main_module": "x", "actions": []}')
    with pytest.raises(ArchiveError, match=words):
        build(select(str(app / "sample.json")), str(tmp_path / "a.tgz"))
    assert os.listdir(tmp_path) == ["app"]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    with open(os.fsencode(app) + b"/\xff.txt", "wb"):
        pass
    with pytest.raises(ArchiveError, match="not UTF-8"):
        build(select(str(app)), str(tmp_path / "a.tgz"))


@pytest.mark.parametrize("size", [3, 5])
def test_a_file_that_changes_meanwhile(tmp_path: Path, size: int) -> None:
    app = put_app(tmp_path / "app", files={"log.txt": "1234"})
    files = tuple(
        Chosen(one.path, one.source, size, one.mode) if one.path == "log.txt" else one for one in select(str(app)).files
    )
    with pytest.raises(SurroundingsError, match="changed while it was packed"):
        build(Selection(str(app), "sample.json", files, (), ()), str(tmp_path / "a.tgz"))
    assert os.listdir(tmp_path) == ["app"]


def test_an_earlier_package_is_replaced_as_a_whole(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    (tmp_path / "a.tgz").write_text("old")
    assert package(app, tmp_path / "a.tgz")[:2] == b"\x1f\x8b"
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a.tgz").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("name", ["sample.json", "sample_connector.py", "logo.svg"])
def test_a_package_never_replaces_a_file_of_the_app(tmp_path: Path, name: str) -> None:
    app = put_app(tmp_path / "app")
    before = (app / name).read_bytes()
    (tmp_path / "link").symlink_to(app / name)
    for output in (app / name, tmp_path / "link"):
        with pytest.raises(UsageError, match="a file of the app"):
            build(select(str(app)), str(output))
    assert (app / name).read_bytes() == before


def test_a_package_never_replaces_a_device(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(UsageError, match="no ordinary file"):
            build(select(str(app)), str(tmp_path / name))
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert sorted(os.listdir(tmp_path)) == ["app", "link", "pipe"]


def test_a_link_to_a_package_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.tgz").symlink_to("there/a.tgz")
    package(put_app(tmp_path / "app"), tmp_path / "link.tgz")
    assert (tmp_path / "link.tgz").is_symlink()
    assert (tmp_path / "there" / "a.tgz").is_file()
