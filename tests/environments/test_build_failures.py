"""Builds that fail: what is said, and that nothing is left."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments.interpreters import Interpreter, own
from soarkit.errors import BuildError

from .building import INSTALLERS
from .conftest import assert_nothing_left


@pytest.mark.parametrize("installer", INSTALLERS)
def test_what_does_not_exist_is_named(installer: str, builder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", Path(builder.home).as_uri())  # an index that is there, and empty
    with pytest.raises(BuildError) as caught:
        builder(builder.manifest(pypi=["soarkit-test-no-such-thing==1"]))
    assert "soarkit-test-no-such-thing" in caught.value.message
    log = (caught.value.hint or "").split("\n")[0].partition(": ")[2]
    assert "soarkit-test-no-such-thing" in Path(log).read_text()
    assert_nothing_left(builder)


@pytest.mark.parametrize("installer", INSTALLERS)
def test_offline_it_names_the_wheel_the_interpreter_and_the_ways_out(
    installer: str, builder: Any, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    path = wheel(builder.folder, "tiny", "1.0", tag="cp27-none-any")
    with pytest.raises(BuildError) as caught:
        builder(builder.manifest(wheels=[path.name]))
    assert path.name in caught.value.message
    assert own().full_version in caught.value.message
    assert "switched off" in caught.value.message
    assert "PIP_INDEX_URL" in (caught.value.hint or "")
    assert "--python" in (caught.value.hint or "")
    assert_nothing_left(builder)


@pytest.mark.parametrize("lines", [1, 2000])
@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_that_does_not_fit_and_has_only_a_source_that_does_not_build(
    installer: str, lines: int, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said in a sentence and at once: no other set of packages would help."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    path = wheel(builder.folder, "foreign", "2.0", tag="cp27-none-any")
    content = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "made"\nbackend-path = ["."]\n',
        "made.py": f"""
import sys
def build_wheel(*_):
    sys.stderr.write("what a compiler says\\n" * {lines})
    sys.exit(1)
""",
        "PKG-INFO": "Metadata-Version: 2.1\nName: foreign\nVersion: 2.0\n",
    }
    with tarfile.open(index / "foreign-2.0.tar.gz", "w:gz") as archive:
        for name, text in content.items():
            member = tarfile.TarInfo(f"foreign-2.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", Path(builder.home).as_uri())
    with pytest.raises(BuildError) as caught:
        builder(builder.manifest(wheels=[path.name]))
    assert f"{path.name} does not fit" in caught.value.message
    assert "foreign==2.0 is needed, and the package index has only its source, which cannot be built" in (
        caught.value.message
    )
    assert not [one for one in builder.said if one.startswith("trying again")]
    assert_nothing_left(builder)


def test_an_index_that_does_not_answer(builder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", "pip")
    monkeypatch.setenv("PIP_RETRIES", "1")  # without any it does not say that it could not connect
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://user:geheim@127.0.0.1:9/simple")  # the discard port: nobody listens
    with pytest.raises(BuildError, match="cannot be reached") as caught:
        builder(builder.manifest(pypi=["anything==1"]))
    assert "geheim" not in str(caught.value)
    assert_nothing_left(builder)


def test_an_interpreter_without_a_working_venv(builder: Any, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'No module named venv' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(BuildError, match="No module named venv"):
        builder(builder.manifest(), found=[Interpreter(own().release, str(program))])
    with pytest.raises(BuildError, match="virtual environment"):
        builder(builder.manifest(), found=[Interpreter(own().release, str(tmp_path / "absent"))])
    assert_nothing_left(builder)
