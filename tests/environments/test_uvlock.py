"""uv.lock: what of it an app's environment holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from soarkit.environments.interpreters import Interpreter
from soarkit.environments.uvlock import read_lock
from soarkit.errors import ManifestError

HERE = Interpreter((3, 13, 1), "/python3.13")
INDEX = 'source = { registry = "https://index.example/simple" }'


def package(name: str, version: str = "1.0", *, more: str = "", files: str | None = None) -> str:
    files = f'[{{ url = "https://index.example/{name}.whl", hash = "sha256:{"ab" * 32}" }}]' if files is None else files
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\n{INDEX}\nwheels = {files}\n{more}\n'


def project(folder: Path, dependencies: str, *packages: str, head: str = "version = 1\n") -> str:
    (folder / "pyproject.toml").write_text('[project]\nname = "My_App"\n[tool.soar.app]\n')
    root = (
        f'[[package]]\nname = "my-app"\nversion = "1"\nsource = {{ virtual = "." }}\ndependencies = [{dependencies}]\n'
    )
    root += '[package.dev-dependencies]\ndev = [{ name = "only-for-development" }]\n'
    (folder / "uv.lock").write_text(head + root + "".join(packages))
    return str(folder)


def names(lines: tuple[str, ...]) -> list[str]:
    return [line.partition(" --hash=")[0] for line in lines]


def test_what_the_app_needs_and_what_that_needs_with_hashes(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        '{ name = "one" }',
        package("one", more='dependencies = [{ name = "two" }]'),
        package("two", "2.5"),
        package("unneeded"),
        package("only-for-development"),
    )
    lock = read_lock(folder, HERE)
    assert names(lock.lines) == ["one==1.0", "two==2.5"]
    assert all(line.endswith(f" --hash=sha256:{'ab' * 32}") for line in lock.lines)
    assert lock.name == "uv.lock" and lock.has("two", "2.5")


def test_extras_and_circles(tmp_path: Path) -> None:
    one = 'dependencies = [{ name = "two" }]\n[package.optional-dependencies]\nmail = [{ name = "three" }]'
    folder = project(
        tmp_path,
        '{ name = "one", extra = ["mail"] }',
        package("one", more=one),
        package("two", more='dependencies = [{ name = "one" }]'),
        package("three"),
    )
    assert names(read_lock(folder, HERE).lines) == ["one==1.0", "three==1.0", "two==1.0"]


def test_markers_are_for_the_interpreter(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        """{ name = "old", marker = "python_full_version < '3.14'" },"""
        """{ name = "new", marker = "python_version >= '3.14'" }""",
        package("old"),
        package("new"),
    )
    assert names(read_lock(folder, HERE).lines) == ["old==1.0"]
    assert names(read_lock(folder, Interpreter((3, 14, 0), "/python3.14")).lines) == ["new==1.0"]


def test_of_several_versions_the_one_that_is_meant(tmp_path: Path) -> None:
    older = "resolution-markers = [\"python_full_version < '3.14'\"]"
    newer = "resolution-markers = [\"python_full_version >= '3.14'\"]"
    folder = project(tmp_path, '{ name = "one" }', package("one", "1.0", more=older), package("one", "2.0", more=newer))
    assert names(read_lock(folder, HERE).lines) == ["one==1.0"]
    folder = project(tmp_path, '{ name = "one", version = "2.0" }', package("one", "1.0"), package("one", "2.0"))
    assert names(read_lock(folder, HERE).lines) == ["one==2.0"]


def test_the_digest_is_that_of_what_is_needed(tmp_path: Path) -> None:
    first = read_lock(project(tmp_path, '{ name = "one" }', package("one")), HERE)
    second = read_lock(project(tmp_path, '{ name = "one" }', package("one"), package("unneeded")), HERE)
    third = read_lock(project(tmp_path, '{ name = "one" }', package("one", "1.1")), HERE)
    assert first.digest == second.digest != third.digest


@pytest.mark.parametrize(
    ("dependencies", "packages", "head", "problem"),
    [
        ("", "", "version = 2\n", "format 2"),
        ("", "", "version = \n", "not valid TOML"),
        ('{ name = "absent" }', "", "version = 1\n", "no package absent"),
        ('{ name = "one", marker = "nonsense" }', package("one"), "version = 1\n", "damaged"),
        ('{ name = "one" }', package("one", files="[]"), "version = 1\n", "no hash of one"),
        ('{ name = "one" }', package("one").replace("registry", "git"), "version = 1\n", "place that has no hash"),
        ('{ name = "one" }', package("one").replace("registry", "directory"), "version = 1\n", "directory"),
    ],
)
def test_what_cannot_be_used_is_said_with_a_next_step(
    tmp_path: Path, dependencies: str, packages: str, head: str, problem: str
) -> None:
    with pytest.raises(ManifestError, match=problem) as raised:
        read_lock(project(tmp_path, dependencies, packages, head=head), HERE)
    assert raised.value.where == str(tmp_path / "uv.lock")
    assert raised.value.hint or "TOML" in problem


def test_without_a_lock(tmp_path: Path) -> None:
    folder = project(tmp_path, "")
    (tmp_path / "uv.lock").unlink()
    with pytest.raises(ManifestError, match=r"no uv\.lock") as raised:
        read_lock(folder, HERE)
    assert raised.value.hint == f"Make it: uv lock --project {tmp_path}"
