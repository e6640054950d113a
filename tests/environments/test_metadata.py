"""What wheels say they require, and where an app's wheels contradict each other."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import metadata, wheels
from soarkit.environments.dependencies import Choice
from soarkit.environments.interpreters import Interpreter

PY39 = Interpreter((3, 9, 18), "/py/3.9")
PY313 = Interpreter((3, 13, 0), "/py/3.13")

Read = Callable[..., metadata.Demands]


@pytest.fixture
def read(tmp_path: Path, wheel: Callable[..., Path]) -> Read:
    """``read({name-version: requirements, ...}, interpreter, pypi=)`` reads wheels that say so."""

    def run(
        contents: dict[str, Iterable[str]], interpreter: Interpreter = PY39, pypi: Iterable[str] = (), **more: Any
    ) -> metadata.Demands:
        paths = [wheel(tmp_path, *one.split("="), requires=requires, **more) for one, requires in contents.items()]
        listed = tuple(wheels.examine(path.name, path.name, str(path), interpreter) for path in paths)
        return metadata.read(Choice(interpreter, "pip3_dependencies", tuple(pypi), listed, ()))

    return run


def unsound(demands: metadata.Demands) -> dict[str, str]:
    return {one.wheel.name: one.reason for one in demands.unsound}


def test_a_wheel_that_wants_another_version_of_a_declared_one(read: Read) -> None:
    demands = read({"upper=1.0": ["Lower_Part (<3,>=2)", "more"], "lower-part=1.0": [], "fine=1.0": ["lower.part"]})
    assert unsound(demands) == {"upper": "upper 1.0 wants lower-part<3,>=2, the app has lower-part 1.0"}


def test_a_requirement_with_an_exact_version_declares_one_too(read: Read) -> None:
    contents = {"upper=1.0": ["lower>=2"]}
    assert unsound(read(contents, pypi=["lower==1.5"])) == {"upper": "upper 1.0 wants lower>=2, the app has lower 1.5"}
    for other in ("lower", "lower<3", "lower==2.*", "lower==2.1", "lower==1; python_version < '3'"):
        assert unsound(read(contents, pypi=[other])) == {}
    for other in ("lower<2", "lower==1.*"):
        assert unsound(read(contents, pypi=[other])) == {"upper": f"upper 1.0 wants lower>=2, the app lists {other}"}


def test_wheels_that_want_what_no_version_can_be(read: Read) -> None:
    """The first one wins."""
    contents = {"a=1": ["more<2"], "b=1": ["more>=1"], "c=1": ["more>=2"], "d=1": ["more!=1,>=1,<=1"]}
    assert unsound(read(contents)) == {
        "c": "c 1 wants more>=2, a 1 wants more<2",
        "d": "d 1 wants more!=1,<=1,>=1, a 1 wants more<2",
    }


def test_a_missing_wheel_counts_by_its_name(read: Read, tmp_path: Path, wheel: Callable[..., Path]) -> None:
    upper = wheel(tmp_path, "upper", "1.0", requires=["lower>=2"])
    names = [upper.name, "lower-1.0-py3-none-any.whl"]
    listed = tuple(wheels.examine(name, name, str(tmp_path / name), PY39) for name in names)
    assert list(unsound(metadata.read(Choice(PY39, "x", (), listed, ())))) == ["upper"]


def test_pre_releases_count_as_what_they_are(read: Read) -> None:
    assert unsound(read({"upper=1.0": ["lower>=1"], "lower=2.0b1": []})) == {}


def test_markers_are_about_the_target(read: Read) -> None:
    contents = {"upper=1.0": ["lower>=2; python_version >= '3.10'"], "lower=1.0": []}
    assert unsound(read(contents, PY39)) == {}
    assert list(unsound(read(contents, PY313))) == ["upper"]


def test_extras_count_where_somebody_asks_for_them(read: Read) -> None:
    contents = {"upper=1.0": ["lower>=2; extra == 'big'", "rest; extra == 'big'"], "lower=1.0": []}
    assert unsound(read(contents)) == {}
    assert read(contents).combined() == {}
    contents["top=1.0"] = ["upper[big]"]
    assert list(unsound(read(contents))) == ["upper"]
    assert list(read(contents).combined()) == ["rest"]
    assert list(unsound(read({"upper=1.0": contents["upper=1.0"], "lower=1.0": []}, pypi=["upper[big]"]))) == ["upper"]


def test_a_wheel_for_other_versions_of_python(read: Read) -> None:
    assert unsound(read({"old=1.0": []}, PY39, python=">=3.6,<3.7")) == {
        "old": "old 1.0 is for Python <3.7,>=3.6, the app runs on Python 3.9.18"
    }
    assert unsound(read({"old=1.0": []}, PY39, python=">=3.6")) == {}
    assert unsound(read({"old=1.0": []}, PY39, python="as you like")) == {}


def test_what_cannot_be_read_requires_nothing(tmp_path: Path) -> None:
    path = tmp_path / "odd-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("odd.py", "")
    (tmp_path / "source-1.0.tar.gz").write_bytes(b"")
    listed = tuple(wheels.examine(name, name, str(tmp_path / name), PY39) for name in ("source-1.0.tar.gz", path.name))
    demands = metadata.read(Choice(PY39, "x", (), listed, ()))
    assert (demands.unsound, demands.combined()) == ((), {})


def test_damaged_wheels_require_what_can_be_read(tmp_path: Path, wheel: Callable[..., Path]) -> None:
    """Damage anywhere in a compressed file; the installers will say what is wrong."""
    path = wheel(tmp_path, "tiny", "1.0", requires=["more"])
    with zipfile.ZipFile(path) as archive:
        content = archive.read("tiny-1.0.dist-info/METADATA")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny-1.0.dist-info/METADATA", content)
    sound = path.read_bytes()
    found = wheels.Wheel("tiny", path.name, str(path), None)
    read_out = set()
    for position in range(len(sound)):
        path.write_bytes(sound[:position] + bytes([sound[position] ^ 0xFF]) + sound[position + 1 :])
        demands = metadata.read(Choice(PY39, "x", (), (found,), ()))
        assert demands.unsound == ()
        read_out.add(tuple(demands.combined()))
    assert read_out == {(), ("more",)}


def test_invalid_requirements_are_passed_over(read: Read) -> None:
    assert list(read({"upper=1.0": ["what is this?", "other>=1"]}).combined()) == ["other"]


def test_requirements_are_combined_as_far_as_they_agree(read: Read) -> None:
    demands = read(
        {"a=1": ["urllib3<1.27,>=1.21", "b"], "b=1": ["URLLIB3[socks]<1.26"], "c=1": ["urllib3>=2", "d[x]"]},
        pypi=["d"],
    )
    combined = {name: str(one) for name, one in demands.combined().items()}
    assert combined == {"urllib3": "urllib3[socks]<1.26,<1.27,>=1.21"}


def test_who_wants_what(read: Read) -> None:
    demands = read({"a=1": ["this"], "b=1": ["that>=2"]})
    assert demands.wanted("that") == "b 1 wants that>=2"
    assert demands.wanted("nothing") is None


def test_a_relaxed_copy_says_all_but_what_cannot_be_met(read: Read, tmp_path: Path) -> None:
    lines = ["lower>=2", "lower>=3; extra == 'big'", "more<5", "rest; extra == 'big'"]
    (one,) = read({"upper=1.0": lines, "lower=1.0": []}, PY39).unsound
    (tmp_path / "copies").mkdir()
    copy = Path(one.relaxed_copy(str(tmp_path / "copies")))
    assert copy.name == "upper-1.0-py3-none-any.whl"
    (again,) = [wheels.examine("upper", copy.name, str(copy), PY39)]
    demands = metadata.read(Choice(PY39, "x", ("upper[big]", "lower==1.0"), (again,), ()))
    assert demands.unsound == ()
    assert list(demands.combined()) == ["more", "rest"]
    assert copy.stat().st_size < 2000


def test_this_interpreter_is_the_default_of_nothing(read: Read) -> None:
    """Markers that the host would answer otherwise than the target."""
    here = f"more; python_full_version == '{sys.version.split()[0]}'"
    assert read({"upper=1.0": [here]}, PY39).combined() == {}
