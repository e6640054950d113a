"""The environment of an enrichment bundle: the baseline of the guide, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import baseline, dependencies
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.known import known

from .building import INSTALLERS, stamp

VERSIONS = [(3, minor) for minor in range(9, 15)]
MANIFEST: dict[str, Any] = {"main_module": "metadata.json", "python_version": "3", "enrichment": {"title": "x"}}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_python_has_a_pinned_set(version: tuple[int, int]) -> None:
    assert Path(baseline.path_for(version, baseline.ENRICHMENT)).name == f"py3{version[1]}.txt"
    pins = baseline.pins(version, baseline.ENRICHMENT)
    members = baseline.members(baseline.ENRICHMENT)
    assert set(members) == {"requests", "python-dateutil", "xmljson"}
    assert set(pins) == {*members, "certifi", "charset-normalizer", "idna", "six", "urllib3"}
    assert all("==" in pin for pin in pins.values())
    assert baseline.revision(version, baseline.ENRICHMENT) != baseline.revision(version)


@pytest.mark.parametrize("installer", INSTALLERS)
def test_only_the_baseline_is_installed(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    pins = baseline.pins(sys.version_info[:2], baseline.ENRICHMENT)
    for pin in pins.values():
        name, _, version = pin.partition("==")
        wheel(index, name, version)
    # Whatever lies in its folder, or its metadata says, it gets nothing else.
    (builder.folder / f"soarkit-py{sys.version_info[0]}{sys.version_info[1]}.lock").write_text("no lock")
    environment = builder(MANIFEST)
    assert stamp(environment)["installed"] == {name: pin.partition("==")[2] for name, pin in pins.items()}
    assert builder(MANIFEST).built is False
    assert builder({**MANIFEST, "enrichment": {"title": "another"}}).path == environment.path
    assert known(MANIFEST, str(builder.folder), builder.home, str(environment.python)) is None


@pytest.mark.parametrize("installer", INSTALLERS)
def test_nothing_is_built_from_source(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    for name, pin in baseline.pins(sys.version_info[:2], baseline.ENRICHMENT).items():
        if name != "xmljson":
            wheel(index, name, pin.partition("==")[2])
        else:
            (index / f"xmljson-{pin.partition('==')[2]}.tar.gz").write_bytes(b"its setup.py would run")
    with pytest.raises(Exception, match="xmljson"):
        builder(MANIFEST)


def test_the_interpreter_has_what_the_scripts_import(tmp_path: Path) -> None:
    found = [Interpreter((3, minor, 0), f"/python3.{minor}") for minor in (13, 11)]
    chosen = dependencies.choose(MANIFEST, str(tmp_path), found)
    assert (chosen.interpreter, chosen.kind, chosen.pypi) == (found[0], baseline.ENRICHMENT, ())
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "script.py").write_text("import cgi\n")
    assert dependencies.choose(MANIFEST, str(tmp_path), found).interpreter == found[1]
