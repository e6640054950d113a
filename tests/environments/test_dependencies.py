"""Which interpreter and which list an app gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import baseline
from soarkit.environments.dependencies import Choice, choose
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, ManifestError

PY39 = Interpreter((3, 9, 18), "/py/3.9")
PY311 = Interpreter((3, 11, 7), "/py/3.11")
PY312 = Interpreter((3, 12, 1), "/py/3.12")
PY313 = Interpreter((3, 13, 0), "/py/3.13")


def pypi(*names: str) -> dict[str, Any]:
    return {"pypi": [{"module": name} for name in names]}


def pick(manifest: dict[str, Any], *interpreters: Interpreter, folder: str = "/nowhere") -> Choice:
    return choose({"main_module": "app.py", **manifest}, folder, interpreters)


BOTH = {"pip39_dependencies": pypi("a"), "pip313_dependencies": pypi("b")}


@pytest.mark.parametrize(
    ("manifest", "interpreters", "expected"),
    [
        # an interpreter with a list of its own comes before the host's, which is the first
        (BOTH, [PY311, PY313, PY39], (PY313, "pip313_dependencies")),
        (BOTH, [PY39, PY313, PY311], (PY39, "pip39_dependencies")),
        (BOTH, [PY311, PY39], (PY39, "pip39_dependencies")),
        ({**BOTH, "pip3_dependencies": pypi("c")}, [PY311, PY39], (PY39, "pip39_dependencies")),
        # then the guide's order, on the first interpreter
        ({**BOTH, "pip3_dependencies": pypi("c")}, [PY311, PY312], (PY311, "pip3_dependencies")),
        ({"pip_dependencies": pypi("d"), "pip3_dependencies": pypi("c")}, [PY311], (PY311, "pip3_dependencies")),
        ({"pip_dependencies": pypi("d"), "pip39_dependencies": pypi("a")}, [PY311], (PY311, "pip_dependencies")),
        # which needs an interpreter that python_version names, the newest of them
        (
            {"python_version": "3.9, 3.12", "pip3_dependencies": pypi("c")},
            [PY311, PY313, PY312, PY39],
            (PY312, "pip3_dependencies"),
        ),
        ({"python_version": ["3.9"], "pip_dependencies": pypi("d")}, [PY311, PY39], (PY39, "pip_dependencies")),
        ({"python_version": "3.10", "pip_dependencies": pypi("d")}, [PY311, PY39], (PY311, "pip_dependencies")),
        ({"python_version": "3", "pip_dependencies": pypi("d")}, [PY311, PY39], (PY311, "pip_dependencies")),
        # then the nearest
        (BOTH, [PY311, PY312], (PY312, "pip313_dependencies")),
        (BOTH, [PY311], (PY311, "pip313_dependencies")),
        ({"pip36_dependencies": pypi("e"), "pip39_dependencies": pypi("a")}, [PY312], (PY312, "pip39_dependencies")),
        # an empty list is one too
        ({"pip39_dependencies": {}}, [PY311, PY39], (PY39, "pip39_dependencies")),
        # nothing declared
        ({}, [PY311, PY313], (PY311, None)),
        ({"python_version": "3.9, 3.13"}, [PY311, PY313], (PY311, None)),
        ({"python_version": "3.9", "pip2_dependencies": pypi("z")}, [PY311], (PY311, None)),
        ({"python_version": "2.7", "pip3_dependencies": pypi("c")}, [PY311], (PY311, "pip3_dependencies")),
    ],
)
def test_interpreter_and_list_are_chosen_together(
    manifest: dict[str, Any], interpreters: list[Interpreter], expected: tuple[Interpreter, str | None]
) -> None:
    choice = pick(manifest, *interpreters)
    assert (choice.interpreter, choice.list_name) == expected


def test_a_list_for_another_version_is_said() -> None:
    (warning,) = pick(BOTH, PY312).warnings
    assert "3.9 and 3.13" in warning
    assert "pip313_dependencies is used on Python 3.12.1" in warning
    assert pick(BOTH, PY313).warnings == ()


@pytest.mark.parametrize("said", ["2.7", "2", 2.7, ["2.7"]])
def test_an_app_for_python_2_alone_is_refused(said: object) -> None:
    with pytest.raises(ManifestError, match=r"Python 2 alone.*python_version") as caught:
        pick({"python_version": said, "pip_dependencies": pypi("d")}, PY311)
    assert caught.value.where == "/python_version"


def test_an_app_with_nothing_but_a_list_for_python_2_is_refused() -> None:
    with pytest.raises(ManifestError, match="pip27_dependencies"):
        pick({"pip27_dependencies": pypi("d")}, PY311)


def test_an_app_that_was_ported_is_not_refused_for_what_its_json_says(tmp_path: Path) -> None:
    app = tmp_path / "app.py"
    declared = {"python_version": "2.7", "pip_dependencies": pypi("d")}
    app.write_text("print 'hello'\n")
    with pytest.raises(ManifestError, match="Python 2 alone"):
        pick(declared, PY311, folder=str(tmp_path))
    app.write_text("print('hello')\n")
    choice = pick(declared, PY311, folder=str(tmp_path))
    assert choice.pypi == ("d",)
    (warning,) = choice.warnings
    assert "for Python 2 alone (its python_version is '2.7')" in warning


@pytest.mark.parametrize(("name", "too_old", "fits"), [("setuptools", "65.5.1", "66.1.0"), ("six", "1.15.0", "1.16.0")])
def test_wheels_that_newer_pythons_cannot_import_give_way_to_the_baseline(
    tmp_path: Path, wheel: Callable[..., Path], name: str, too_old: str, fits: str
) -> None:
    def of(version: str, interpreter: Interpreter) -> Choice:
        file = wheel(tmp_path, name, version).name
        listed = {"pip3_dependencies": {"wheel": [{"module": name, "input_file": file}]}}
        return pick(listed, interpreter, folder=str(tmp_path))

    choice = of(too_old, PY313)
    assert choice.wheels == ()
    assert choice.pypi == (baseline.pins((3, 13))[name],)
    (warning,) = choice.warnings
    assert f"{name}-{too_old}" in warning
    assert f"{choice.pypi[0]} is taken instead" in warning
    assert [one.version for one in of(too_old, PY311).wheels] == [too_old]
    assert [one.version for one in of(fits, PY313).wheels] == [fits]


def test_sdk_sources_are_refused_with_the_reason() -> None:
    with pytest.raises(ManifestError, match="SDK"):
        choose({"main_module": "src.app:app"}, "/nowhere", [PY311])
    listed = choose({"main_module": "src.app:app", **BOTH}, "/nowhere", [PY313])
    assert listed.pypi == ("b",)


def test_no_interpreter_at_all() -> None:
    with pytest.raises(BuildError, match="no CPython"):
        pick({})


@pytest.mark.parametrize("text", ["requests", "requests==2.31.0", "requests[socks]<3,>=2", "a_b.c"])
def test_requirements_are_taken_as_written(text: str) -> None:
    assert pick({"pip3_dependencies": pypi(text)}, PY311).pypi == (text,)


@pytest.mark.parametrize(
    "text", ["--index-url=http://evil", "-r /etc/passwd", "x @ file:///etc", "../x", "", "a b", "git+https://h/x"]
)
def test_requirements_cannot_be_anything_else(text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        pick({"pip3_dependencies": pypi("fine", text)}, PY311)
    assert caught.value.where == "/pip3_dependencies/pypi/1/module"


@pytest.mark.parametrize(
    ("declared", "where"),
    [
        ([], "/pip3_dependencies"),
        ({"pypi": "requests"}, "/pip3_dependencies/pypi"),
        ({"pypi": ["requests"]}, "/pip3_dependencies/pypi"),
        ({"pypi": [{"module": 3}]}, "/pip3_dependencies/pypi/0/module"),
        ({"wheel": [{"module": "x"}]}, "/pip3_dependencies/wheel/0/input_file"),
    ],
)
def test_malformed_lists_are_pointed_at(declared: object, where: str) -> None:
    with pytest.raises(ManifestError) as caught:
        pick({"pip3_dependencies": declared}, PY311)
    assert caught.value.where == where


def wheel_list(*paths: str) -> dict[str, Any]:
    return {"pip3_dependencies": {"wheel": [{"module": "tiny", "input_file": path} for path in paths]}}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["py3-none-any"], PY39),
        (["cp36-cp36m-linux_x86_64", "py2.py3-none-any"], PY39),
        (["cp39-none-any", "py3-none-any"], PY39),
        (["cp312-none-any", "py3-none-any"], PY312),
        (["cp312-none-any", "cp39-none-any", "cp39-none-any"], PY39),
        (["cp312-none-any", "cp39-none-any", "cp313-none-any", "cp313-none-any"], PY313),
    ],
)
@pytest.mark.parametrize("name", ["pip3_dependencies", "pip_dependencies"])
def test_the_interpreter_that_most_wheels_of_an_unversioned_list_fit(
    name: str, tags: list[str], expected: Interpreter
) -> None:
    """Among equals the lowest version: such apps were written for Python 3.6 to 3.9."""
    paths = [f"tiny{number}-1.0-{tag}.whl" for number, tag in enumerate(tags)]
    manifest = {name: wheel_list(*paths)["pip3_dependencies"], "python_version": "3"}
    assert pick(manifest, PY311, PY313, PY312, PY39).interpreter == expected
    named = pick({**manifest, "python_version": "3.13"}, PY311, PY313, PY312, PY39)
    assert named.interpreter == PY313


def test_the_hosts_own_among_equal_versions() -> None:
    other = Interpreter((3, 9, 20), "/other/3.9")
    assert pick(wheel_list("tiny-1.0-py3-none-any.whl"), PY39, PY313, other).interpreter == PY39


def test_wheels_that_fit_are_used(tmp_path: Path, wheel: Callable[..., Path]) -> None:
    made = [
        wheel(tmp_path / "wheels", "tiny", "1.0"),
        wheel(tmp_path / "wheels", "tiny", "1.1", tag="py2.py3-none-any"),
        wheel(tmp_path / "wheels", "tiny", "1.2", tag="cp311-none-any"),
        wheel(tmp_path / "wheels", "tiny", "1.3", tag="py39-none-any"),
    ]
    choice = pick(wheel_list(*[f"wheels/{path.name}" for path in made]), PY311, folder=str(tmp_path))
    assert [one.problem for one in choice.wheels] == [None] * 4
    assert choice.warnings == ()


@pytest.mark.parametrize(
    "tag",
    [
        "cp39-cp39-manylinux2014_x86_64",
        "cp312-none-any",
        "py2-none-any",
        "cp311-cp311-win_amd64",
        "cp312-abi3-any",
        "py312-none-any",
    ],
)
def test_a_wheel_that_does_not_fit_is_replaced(tmp_path: Path, tag: str, wheel: Callable[..., Path]) -> None:
    path = wheel(tmp_path, "tiny", "1.0", tag=tag)
    choice = pick(wheel_list(path.name), PY311, folder=str(tmp_path))
    assert choice.wheels[0].problem == "does not fit Python 3.11"
    assert choice.wheels[0].pin == "tiny==1.0"
    assert choice.warnings == (
        f"{path.name} does not fit Python 3.11: tiny==1.0 is taken from the package index instead",
    )


def test_wheels_that_are_not_there_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "tiny-2.0-py3-none-any.whl").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    )
    (tmp_path / "tiny-3.0-py3-none-any.whl").write_bytes(b"PK half a wheel")
    names = [f"tiny-{number}.0-py3-none-any.whl" for number in (1, 2, 3)]
    problems = [one.problem for one in pick(wheel_list(*names), PY311, folder=str(tmp_path)).wheels]
    assert problems == [
        "is missing",
        "is missing (only its Git LFS pointer is there)",
        "is damaged (no zip archive)",
    ]


def test_source_archives_in_a_wheel_list(tmp_path: Path) -> None:
    (tmp_path / "my-tool-1.7.11.tar.gz").write_bytes(b"")
    choice = pick(wheel_list("my-tool-1.7.11.tar.gz", "other_tool-0.4.zip"), PY311, folder=str(tmp_path))
    assert [(one.pin, one.problem) for one in choice.wheels] == [
        ("my-tool==1.7.11", None),
        ("other-tool==0.4", "is missing"),
    ]


@pytest.mark.parametrize(
    "path", ["/etc/x-1-py3-none-any.whl", "../x-1-py3-none-any.whl", "a/../../x-1-py3-none-any.whl"]
)
def test_wheels_outside_the_folder_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ManifestError, match="outside the app's folder") as caught:
        pick(wheel_list(path), PY311, folder=str(tmp_path))
    assert caught.value.where == "/pip3_dependencies/wheel/0/input_file"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, wheel: Callable[..., Path]) -> None:
    outside = wheel(tmp_path / "outside", "tiny", "1.0")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / outside.name).symlink_to(outside)
    with pytest.raises(ManifestError, match="outside"):
        pick(wheel_list(outside.name), PY311, folder=str(tmp_path / "app"))


@pytest.mark.parametrize(
    ("machine", "expected"), [("x86_64", "a-1-py3-none-any.whl"), ("aarch64", "b-1-py3-none-any.whl")]
)
def test_what_the_sdk_builds_has_a_wheel_for_each_kind_of_machine(
    tmp_path: Path, machine: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    entry = {"module": "a", "input_file": "a-1-py3-none-any.whl", "input_file_aarch64": "b-1-py3-none-any.whl"}
    one_for_all = {"module": "c", "input_file": "c-1-py3-none-any.whl", "input_file_aarch64": None}
    manifest = {"main_module": "src.app:app", "pip311_dependencies": {"wheel": [entry, one_for_all]}}
    choice = pick(manifest, PY39, PY311, folder=str(tmp_path))
    assert [one.input_file for one in choice.wheels] == [expected, "c-1-py3-none-any.whl"]
    manifest["pip3_dependencies"] = manifest.pop("pip311_dependencies")
    assert pick(manifest, PY39, PY313, folder=str(tmp_path)).wheels == choice.wheels


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import imp\n", PY39),
        ("import os, imp\nimport sys\n", PY39),
        ("from cgi import escape\n", PY39),
        ("import os\n", PY313),
        ("try:\n    import imp\nexcept ImportError:\n    imp = None\n", PY313),
        ("import important\n", PY313),
    ],
)
@pytest.mark.parametrize("manifest", [BOTH, {"python_version": "3.9, 3.13", "pip_dependencies": pypi("a")}, {}])
def test_what_the_app_imports_of_the_standard_library_must_still_be_there(
    source: str, expected: Interpreter, manifest: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(source)
    assert pick(manifest, PY313, PY39, folder=str(tmp_path)).interpreter == expected


def test_an_app_that_has_a_list_for_one_version_only_stays_there(tmp_path: Path) -> None:
    """The list is what the app says itself; the import may be in a module that is never used."""
    (tmp_path / "app.py").write_text("import imp\n")
    manifest = {"pip313_dependencies": pypi("b")}
    assert pick(manifest, PY39, PY313, folder=str(tmp_path)).interpreter == PY313


@pytest.mark.parametrize(
    "entry",
    [
        {"module": "my module", "input_file": "w/foo.whl"},
        {"module": "-r /etc/hostname\n-i http://localhost/", "input_file": "w/foo.whl"},
        {"module": "six", "input_file": "six-1.0!bad-py3-none-any.whl"},
    ],
)
def test_what_the_index_may_be_asked_for_is_a_name_and_a_version(entry: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="names no distribution") as caught:
        pick({"pip3_dependencies": {"wheel": [entry]}}, PY311, folder=str(tmp_path))
    assert caught.value.where == "/pip3_dependencies/wheel/0"


def test_a_wheel_file_with_a_null_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="outside"):
        pick({"pip3_dependencies": {"wheel": [{"module": "a", "input_file": "a\0b.whl"}]}}, PY311, folder=str(tmp_path))
