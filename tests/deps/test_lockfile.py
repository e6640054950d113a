"""The form of lock files."""

from __future__ import annotations

import pytest

from soarkit.deps import lockfile
from soarkit.deps.lockfile import Lock, Pin
from soarkit.errors import InputError

A, B = "a" * 64, "b" * 64
LOCK = Lock(
    {
        "django": Pin("django", "5.2", "", (A, B), ("the app", "the baseline")),
        "colorama": Pin("colorama", "1.0", 'sys_platform == "win32"', (A,), ("click",)),
    },
    {"python": "3.13", "platform": "linux-x86_64", "input": "requirements.txt, 0123456789abcdef", "baseline": "ff"},
)


def test_what_is_written_is_what_is_read() -> None:
    read = lockfile.parse(LOCK.text())
    assert read == Lock(dict(sorted(LOCK.pins.items())), LOCK.facts)
    assert read.text() == LOCK.text()
    assert read.input_digest == "0123456789abcdef"


def test_it_is_a_requirements_file_with_hashes() -> None:
    assert (
        f"""
colorama==1.0 ; sys_platform == "win32" \\
    --hash=sha256:{A}
    # via click
django==5.2 \\
    --hash=sha256:{A} \\
    --hash=sha256:{B}
    # via the app, the baseline
""".lstrip()
        in LOCK.text()
    )


def test_environments_understand_it(tmp_path: object) -> None:
    from soarkit.environments import lockfiles

    path = f"{tmp_path}/{lockfile.lock_name((3, 13))}"
    with open(path, "w") as file:
        file.write(LOCK.text())
    read = lockfiles.read(str(tmp_path), (3, 13))
    assert read is not None
    assert [line.split()[0].split(";")[0] for line in read.lines] == ["colorama==1.0", "django==5.2"]


def test_pip_compiles_own_form_without_hashes() -> None:
    pins = lockfile.parse("Django==5.2        # via -r app.in, x\nx==1 ; python_version < '4'\n    # via django\n").pins
    assert pins["django"] == Pin("django", "5.2", "", (), ("-r app.in", "x"))
    assert pins["x"] == Pin("x", "1", "python_version < '4'", (), ("django",))


@pytest.mark.parametrize("line", ["django>=5", "--index-url https://x", "-e .", "<<<<<<< HEAD"])
def test_a_damaged_lock_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(InputError, match="damaged in line 2") as caught:
        lockfile.parse(f"# a lock\n{line}\n", "x/soarkit-py313.lock")
    assert "soarkit deps lock x" in str(caught.value)


def test_no_lock_is_none(tmp_path: object) -> None:
    assert lockfile.read(f"{tmp_path}/soarkit-py313.lock") is None


def test_hashes_can_be_added() -> None:
    pins = lockfile.with_hashes({"x": Pin("x", "1", "", (B,))}, {"x": [A], "y": [A]})
    assert pins == {"x": Pin("x", "1", "", (A, B))}
