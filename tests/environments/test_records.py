"""A wheel's files against what its RECORD says."""

from __future__ import annotations

import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from soarkit.environments.records import damage

INFO = "tiny-1.0.dist-info"


@pytest.fixture
def tiny(tmp_path: Path, wheel: Callable[..., Path]) -> Path:
    return wheel(tmp_path, "tiny", "1.0")


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def changed(path: Path, change: Callable[[dict[str, bytes]], None]) -> str | None:
    files = contents(path)
    change(files)
    write(path, files)
    return damage(str(path))


def test_a_whole_wheel(tiny: Path) -> None:
    assert damage(str(tiny)) is None


def record(edit: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        files[f"{INFO}/RECORD"] = edit(files[f"{INFO}/RECORD"])

    return change


@pytest.mark.parametrize(
    "change",
    [
        record(lambda text: text.replace(b"\n", b"\r\n")),
        record(lambda text: text.replace(b"/", b"\\")),
        record(lambda text: b"./" + text),
        record(lambda text: text + b"tiny/,,\n\n"),
        record(lambda text: text.replace(b"tiny.py,sha256=", b"tiny.py,md5=")),
        record(lambda text: text.replace(b"tiny.py", b'"tiny.py"')),
        record(lambda text: text.replace(f"{INFO}/RECORD,,\n".encode(), b"")),
        record(lambda text: text + f"{INFO}/RECORD.jws,,\n".encode()),
        lambda files: files.update({f"{INFO}/RECORD.jws": b"a signature", f"{INFO}/RECORD.p7s": b"another"}),
        lambda files: files.update({"tiny/": b""}),
    ],
)
def test_what_published_wheels_do_is_no_damage(tiny: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    assert changed(tiny, change) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda files: files.update({"tiny.py": b"VERSION = '1.1'\n"}), "tiny.py is not as its RECORD says"),
        (lambda files: files.update({"tiny.py": b"VERSION = '1.0'\r\n"}), "tiny.py is not as its RECORD says"),
        (lambda files: files.update({"more.py": b""}), "more.py is not in its RECORD"),
        (lambda files: files.pop("tiny.py"), "tiny.py is in its RECORD, but not there"),
        (lambda files: files.pop(f"{INFO}/RECORD"), "no RECORD"),
        (lambda files: files.update({"other-1.dist-info/RECORD": b""}), "more than one RECORD"),
        (lambda files: files.update({"../outside.py": b""}), "'../outside.py' would be written outside"),
        (lambda files: files.update({"/outside.py": b""}), "'/outside.py' would be written outside"),
        (record(lambda text: b'"' + b"x" * 200_000), "its RECORD cannot be read"),
    ],
)
def test_what_was_changed_is_named(tiny: Path, change: Callable[[dict[str, bytes]], None], problem: str) -> None:
    found = changed(tiny, change)
    assert found is not None
    assert found.startswith(f"is damaged ({problem}")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice(tiny: Path) -> None:
    with zipfile.ZipFile(tiny, "a") as archive:
        archive.writestr("tiny.py", "another")
    assert damage(str(tiny)) == "is damaged (tiny.py is in it twice)"


def test_a_kind_of_compression_that_installers_do_not_know(tiny: Path) -> None:
    write(tiny, contents(tiny), zipfile.ZIP_BZIP2)
    assert "packed in a way" in (damage(str(tiny)) or "")


def test_damage_anywhere_is_found_or_harmless(tiny: Path) -> None:
    """Whatever byte is turned over, nothing worse than a message comes of it, and no content that differs passes."""
    write(tiny, contents(tiny))
    sound, files = tiny.read_bytes(), contents(tiny)
    for position in range(len(sound)):
        tiny.write_bytes(sound[:position] + bytes([sound[position] ^ 0xFF]) + sound[position + 1 :])
        if damage(str(tiny)) is None:
            assert contents(tiny) == files
    for length in range(0, len(sound), 7):
        tiny.write_bytes(sound[:length])
        assert damage(str(tiny)) is not None


def test_a_bomb_is_not_unpacked(tiny: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tiny, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb", "w") as file:
        for _ in range(100):
            file.write(bytes(1 << 20))
    assert "bytes would unpack to 10485" in (damage(str(tiny)) or "")


def test_a_list_of_files_that_fills_the_memory_is_not_read(tiny: Path) -> None:
    sound = tiny.read_bytes()
    end = sound.rindex(b"PK\x05\x06")
    tiny.write_bytes(sound[: end + 12] + struct.pack("<L", 1 << 30) + sound[end + 16 :])
    assert damage(str(tiny)) == "is damaged (too many files)"


def test_nor_is_one_that_says_its_size_elsewhere(tiny: Path) -> None:
    sound = tiny.read_bytes()
    end = sound.rindex(b"PK\x05\x06")
    tiny.write_bytes(sound[:end] + b"PK\x06\x07" + bytes(16) + sound[end:])
    assert damage(str(tiny)) == "is damaged (too many files)"


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_memory_is_bounded(tiny: Path) -> None:
    import hashlib
    import os
    import subprocess
    from base64 import urlsafe_b64encode

    block = os.urandom(1 << 16) * 16
    digest = hashlib.sha256()
    with zipfile.ZipFile(tiny, "a") as archive:
        lines = archive.read(f"{INFO}/RECORD").decode()
    files = contents(tiny)
    with zipfile.ZipFile(tiny, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("large.bin", "w") as file:
            for _ in range(100):
                file.write(block)
                digest.update(block)
        hashed = urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()
        files[f"{INFO}/RECORD"] = f"{lines}large.bin,sha256={hashed},{100 << 20}\n".encode()
        for name, content in files.items():
            archive.writestr(name, content)
    code = (
        "import sys; from soarkit.environments.records import damage; print(damage(sys.argv[1])); "
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code, tiny], capture_output=True, text=True, check=True, cwd=root)
    found, memory = done.stdout.split()
    assert found == "None"
    assert int(memory) < 60_000  # KiB; ru_maxrss would count what this process was before it became the child
