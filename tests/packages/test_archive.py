"""App tarballs: sound ones are unpacked, hostile ones refused before anything is written."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soarkit.errors import ArchiveError
from soarkit.packages import archive as archives
from soarkit.packages import streams, survey
from soarkit.packages.archive import cached_unpack, unpack

MANIFEST = json.dumps({"main_module": "sample.py", "actions": []}).encode()
SOUND = [("app/sample.json", MANIFEST), ("app/sample.py", b"print(1)\n"), ("app/lib/deep/x.txt", b"")]


def entry(name: str, content: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for key, value in fields.items():
        setattr(info, key, value)
    return info, content


def write(
    path: Path, *entries: tuple[tarfile.TarInfo, bytes], mode: str = "w:gz", form: int = tarfile.PAX_FORMAT
) -> str:
    with tarfile.open(path, mode, format=form, encoding="utf-8", errors="surrogateescape") as tar:  # type: ignore[call-overload]
        for info, content in entries:
            tar.addfile(info, io.BytesIO(content))
    return str(path)


def sound(path: Path, mode: str = "w:gz") -> str:
    return write(path, *[entry(name, content) for name, content in SOUND], mode=mode)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def assert_refused(archive: str, tmp_path: Path, *words: str) -> None:
    """Refused, with the words in the message, and nothing written beside the archive."""
    before = tree(tmp_path)
    with pytest.raises(ArchiveError) as caught:
        unpack(archive, str(tmp_path / "out"))
    assert tree(tmp_path) == before
    for word in words:
        assert word in caught.value.message
    assert caught.value.where == archive


@pytest.mark.parametrize(("mode", "suffix"), [("w", "tar"), ("w:gz", "tgz"), ("w:bz2", "tar.bz2"), ("w:xz", "tar.xz")])
def test_unpacks_every_compression(tmp_path: Path, mode: str, suffix: str) -> None:
    folder = unpack(sound(tmp_path / f"app.{suffix}", mode), str(tmp_path / "out"))
    assert folder == str(tmp_path / "out" / "app")
    assert Path(folder, "sample.json").read_bytes() == MANIFEST
    assert tree(Path(folder)) == ["lib", "lib/deep", "lib/deep/x.txt", "sample.json", "sample.py"]


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_unpacks_long_and_unusual_names(tmp_path: Path, form: int) -> None:
    long = "app/" + "d" * 120 + "/" + "f" * 150 + ".txt"
    accented = "app/" + "\u00e4\u00f6 b.txt"
    path = write(tmp_path / "app.tgz", entry(long, b"long"), entry(accented, b"other"), form=form)
    unpack(path, str(tmp_path / "out"))
    assert (tmp_path / "out" / long).read_bytes() == b"long"
    assert (tmp_path / "out" / accented).read_bytes() == b"other"


def test_a_flat_tarball_is_the_app_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tgz", entry("./sample.json", MANIFEST), entry("./sample.py", b""), entry("lib/x", b"1"))
    assert unpack(path, str(tmp_path / "out")) == str(tmp_path / "out")


def test_modes_times_and_links(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.tgz",
        entry("app", type=tarfile.DIRTYPE, mode=0o2775),
        entry("app/run.sh", b"#!/bin/sh\n", mode=0o777),
        entry("app/data", b"12", mode=0o200),
        entry("app/lib/near", type=tarfile.SYMTYPE, linkname="../data"),
        entry("app/same", type=tarfile.LNKTYPE, linkname="app/data"),
    )
    app = Path(unpack(path, str(tmp_path / "out")))
    assert os.access(app / "run.sh", os.X_OK)
    assert not os.access(app / "data", os.X_OK)
    assert (app / "lib" / "near").read_bytes() == b"12"
    assert (app / "same").read_bytes() == b"12"
    assert not (app / "run.sh").stat().st_mode & 0o022


HOSTILE = {
    "absolute": ([entry("/etc/evil", b"x")], "'/etc/evil'", "absolute"),
    "parent": ([entry("app/../../evil", b"x")], "'app/../../evil'", "'..'"),
    "link up": ([entry("app/l", type=tarfile.SYMTYPE, linkname="../../evil")], "'app/l'", "leaves"),
    "link out of the app": (
        [entry("app/a", b""), entry("app/l", type=tarfile.SYMTYPE, linkname="../b")], "'app/l'", "leaves"),
    "link absolute": ([entry("app/l", type=tarfile.SYMTYPE, linkname="/etc/passwd")], "'app/l'", "leaves"),
    "link over a link": (
        [
            entry("app/a/b/up", type=tarfile.SYMTYPE, linkname="../.."),
            entry("app/a/b/x", type=tarfile.SYMTYPE, linkname="up/../../evil"),
        ],
        "'app/a/b/x'", "leaves"),
    "link loop": (
        [
            entry("app/a", type=tarfile.SYMTYPE, linkname="b"),
            entry("app/b", type=tarfile.SYMTYPE, linkname="a"),
        ],
        "'app/", "nowhere"),
    "through a link": (
        [entry("app/l", type=tarfile.SYMTYPE, linkname="."), entry("app/l/evil", b"x")], "'app/l/evil'", "no folder"),
    "link over a folder": (
        [entry("app/l/x", b"x"), entry("app/l", type=tarfile.SYMTYPE, linkname="x")], "'app/l'", "twice"),
    "hard link out": (
        [entry("app/h", type=tarfile.LNKTYPE, linkname="../../etc/passwd")], "'app/h'", "'..'"),
    "hard link to nothing": (
        [entry("app/h", type=tarfile.LNKTYPE, linkname="app/later"), entry("app/later", b"")], "'app/h'", "no earlier"),
    "hard link to a link": (
        [
            entry("app/l", type=tarfile.SYMTYPE, linkname="x"),
            entry("app/h", type=tarfile.LNKTYPE, linkname="app/l"),
        ],
        "'app/h'", "no earlier"),
    "device": ([entry("app/d", type=tarfile.CHRTYPE)], "'app/d'", "device"),
    "block device": ([entry("app/d", type=tarfile.BLKTYPE)], "'app/d'", "device"),
    "pipe": ([entry("app/p", type=tarfile.FIFOTYPE)], "'app/p'", "pipe"),
    "unknown kind": ([entry("app/u", type=b"Z")], "'app/u'", "unknown"),
    "twice": ([entry("app/a", b"1"), entry("app/./a", b"2")], "'app/./a'", "twice"),
    "case": ([entry("app/Read.me", b"1"), entry("app/read.me", b"2")], "'app/read.me'", "case"),
    "case of a folder": ([entry("app/Lib/a", b"1"), entry("app/lib/b", b"2")], "'app/lib/b'", "case"),
    "accents": ([entry("app/\u00e9", b"1"), entry("app/e\u0301", b"2")], "accents"),
    "setuid": ([entry("app/s", b"x", mode=0o4755)], "'app/s'", "setuid"),
    "setgid": ([entry("app/s", b"x", mode=0o2755)], "'app/s'", "setgid"),
    "not UTF-8": ([entry("app/\udcff", b"x")], "UTF-8"),
    "control character": ([entry("app/a\x1b[31m", b"x")], "control"),
    "reversed text": ([entry("app/a\u202efdp.exe", b"x")], "control"),
    "newline in a link": ([entry("app/l", type=tarfile.SYMTYPE, linkname="a\nb")], "'app/l'"),
    "manifest twice": (
        [entry("app/one.json", MANIFEST), entry("app/two.json", MANIFEST)], "'app/two.json'", "'app/one.json'"),
    "long part": ([entry("app/" + "n" * 300, b"x")], "too long"),
    "too deep": ([entry("a/" * 100 + "x", b"x")], "deep"),
    "a file with the root's name": ([entry("./.", b"x")], "no name"),
    "not UTF-8 shows": ([entry("app/a\udcff", b"x")], r"'app/a\xff'"),
    "manifest at the top and in a folder": (
        [entry("a.json", MANIFEST), entry("app/b.json", MANIFEST)], "'app/b.json'", "'a.json'"),
    "nothing": ([entry("app", type=tarfile.DIRTYPE)], "refused: it holds no files"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_refuses_hostile_entries(tmp_path: Path, case: str) -> None:
    entries, *words = HOSTILE[case]
    # Behind sound entries, and at the end, where a careless unpacker has already written the rest.
    front = [entry("app/first.py", b"1")] if case != "nothing" else []
    assert_refused(write(tmp_path / "a.tgz", *front, *entries), tmp_path, *words)


def test_nothing_of_an_escape_is_visible_to_a_terminal(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tgz", entry("app/a\x1b]0;x\x07", b"x"))
    with pytest.raises(ArchiveError) as caught:
        unpack(path, str(tmp_path / "out"))
    assert "\x1b" not in str(caught.value)


def test_refuses_too_many_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "MAX_ENTRIES", 20)
    many = [entry(f"app/{number}", b"") for number in range(21)]
    assert_refused(write(tmp_path / "a.tgz", *many), tmp_path, "too many")
    implied = [entry(f"app/{number}/x/y", b"") for number in range(8)]
    assert_refused(write(tmp_path / "b.tgz", *implied), tmp_path, "too many")


def test_refuses_contents_that_are_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_SIZE", 1024**2)
    assert_refused(write(tmp_path / "a.tgz", entry("app/x", os.urandom(2 * 1024**2))), tmp_path, "1 MiB", "'app/x'")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_refuses_a_compression_bomb_in_bounded_memory(tmp_path: Path, compress: object) -> None:
    plain = Path(write(tmp_path / "plain.tar", entry("app/zeros", bytes(64 * 1024**2)), mode="w"))
    bomb = tmp_path / "bomb.tgz"
    bomb.write_bytes(compress(plain.read_bytes()))  # type: ignore[operator]
    plain.unlink()
    tracemalloc.start()
    try:
        assert_refused(str(bomb), tmp_path, "times its size", "'app/zeros'")
        assert tracemalloc.get_traced_memory()[1] < 24 * 1024**2
    finally:
        tracemalloc.stop()


def test_refuses_an_extended_header_that_claims_gigabytes(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 3 * 1024**3
    (tmp_path / "a.tar").write_bytes(header.tobuf(tarfile.GNU_FORMAT) + b"a" * 4096)
    assert_refused(str(tmp_path / "a.tar"), tmp_path, "extended header")


def test_refuses_endless_extended_headers(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@PaxHeader")
    header.type = tarfile.XHDTYPE
    record = b"11 a=abcde\n"
    header.size = len(record)
    one = header.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")
    (tmp_path / "a.tar").write_bytes(one * 5000 + bytes(1024))
    assert_refused(str(tmp_path / "a.tar"), tmp_path)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_refuses_every_truncation(tmp_path: Path, mode: str) -> None:
    whole = Path(sound(tmp_path / "whole", mode)).read_bytes()
    content = 512 * 6 if mode == "w" else len(whole)  # of a plain one's padding only the first block is needed
    for length in range(0, content, 97 if mode == "w" else 11):
        (tmp_path / "cut").write_bytes(whole[:length])
        assert_refused(str(tmp_path / "cut"), tmp_path)


def test_refuses_a_wrong_checksum_at_the_very_end(tmp_path: Path) -> None:
    damaged = bytearray(Path(sound(tmp_path / "a.tgz")).read_bytes())
    damaged[-6] ^= 1
    (tmp_path / "a.tgz").write_bytes(damaged)
    assert_refused(str(tmp_path / "a.tgz"), tmp_path, "damaged")


def test_accepts_several_gzip_members_and_padding(tmp_path: Path) -> None:
    plain = Path(sound(tmp_path / "a.tar", "w")).read_bytes()
    (tmp_path / "b.tgz").write_bytes(gzip.compress(plain[:700]) + gzip.compress(plain[700:]) + bytes(100))
    unpack(str(tmp_path / "b.tgz"), str(tmp_path / "out"))
    assert (tmp_path / "out" / "app" / "sample.py").read_bytes() == b"print(1)\n"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", b"\x1f\x8b", b"\x1f\x8b\x08\x00nonsense", b"x" * 2000])
def test_says_when_it_is_no_tarball(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tgz").write_bytes(content)
    assert_refused(str(tmp_path / "a.tgz"), tmp_path)


def test_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    assert_refused(str(tmp_path / "none.tgz"), tmp_path, "No such file")


def test_does_not_unpack_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("keep")
    with pytest.raises(ArchiveError, match="not empty"):
        unpack(sound(tmp_path / "a.tgz"), str(tmp_path / "out"))
    assert tree(tmp_path / "out") == ["mine"]


def test_large_files_pass_through_in_bounded_memory(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tgz", entry("app/noise", os.urandom(24 * 1024**2)))
    tracemalloc.start()
    try:
        app = unpack(path, str(tmp_path / "out"))
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024**2
    finally:
        tracemalloc.stop()
    assert Path(app, "noise").stat().st_size == 24 * 1024**2


def test_cached_unpack_is_done_once_for_the_same_content(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = sound(tmp_path / "a.tgz")
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: cached_unpack(path, str(home)), range(8)))
    (app,) = found
    Path(app, "state.json").write_text("written by the app")
    (tmp_path / "b.tgz").write_bytes(Path(path).read_bytes())
    assert cached_unpack(str(tmp_path / "b.tgz"), str(home)) == app
    assert Path(app, "state.json").exists()
    other = write(tmp_path / "c.tgz", entry("app/sample.json", MANIFEST), entry("app/other.py", b""))
    assert cached_unpack(other, str(home)) != app


def test_cached_unpack_of_a_flat_tarball(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tgz", entry("sample.json", MANIFEST), entry("sample.py", b""))
    app = cached_unpack(path, str(tmp_path / "home"))
    assert Path(app, "sample.py").exists()
    assert cached_unpack(path, str(tmp_path / "home")) == app


def test_a_refused_archive_is_refused_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tgz", entry("app/../x", b""))
    for _ in range(2):
        with pytest.raises(ArchiveError):
            cached_unpack(path, str(tmp_path / "home"))


_parts = st.sampled_from(["app", "..", ".", "", "a", "A", "l", "etc", "\x00", "\n", "\udc80", "\u00e9", "x" * 300])
_names = st.lists(_parts, min_size=1, max_size=5).map("/".join)
_kinds = st.sampled_from(
    [tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, b"Z"]
)
_entries = st.lists(st.tuples(_names, _kinds, _names, st.integers(0, 0o7777)), min_size=1, max_size=8)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_entries)
def test_random_archives_never_reach_outside(tmp_path_factory: pytest.TempPathFactory, entries: list) -> None:  # type: ignore[type-arg]
    room = tmp_path_factory.mktemp("room")
    made = []
    for name, kind, linkname, mode in entries:
        content = b"content" if kind == tarfile.REGTYPE else b""
        made.append(entry(name, content, type=kind, linkname=linkname, mode=mode))
    path = write(room / "a.tar", *made, mode="w", form=tarfile.GNU_FORMAT)
    try:
        app = unpack(path, str(room / "deep" / "out"))
    except ArchiveError:
        assert {one.name for one in room.rglob("*")} <= {"a.tar", "deep"}
        return
    root = (room / "deep" / "out").resolve()
    assert tree(room / "deep")[0] == "out"
    assert len(list((room / "deep").iterdir())) == 1
    for one in root.rglob("*"):
        assert one.resolve().is_relative_to(root)
        assert one.is_symlink() or one.is_dir() or one.read_bytes() == b"content"
        assert not one.lstat().st_mode & 0o6000
    assert Path(app).is_dir()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3000), st.integers(0, 3000), st.sampled_from(["w", "w:gz", "w:bz2", "w:xz"]))
def test_damaged_archives_end_in_one_kind_of_error(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, position: int, mode: str
) -> None:
    room = tmp_path_factory.mktemp("room")
    content = bytearray(Path(sound(room / "a", mode)).read_bytes())
    content[position : position + len(noise)] = noise
    (room / "a").write_bytes(content)
    try:
        unpack(str(room / "a"), str(room / "out"))
    except ArchiveError:
        assert not (room / "out").exists()


def test_limits_say_what_they_protect() -> None:
    # The largest real paths and headers are far below these; a change that lowers them would refuse real apps.
    assert streams.MAX_READ >= 64 * 1024
    assert survey.MAX_ENTRIES >= 10_000
