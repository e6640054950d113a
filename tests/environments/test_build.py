"""Environments, built for real from a folder of tiny wheels."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments.interpreters import own
from soarkit.environments.known import known

from .building import INSTALLERS, pins, stamp


@pytest.mark.parametrize("installer", INSTALLERS)
def test_wheels_requirements_and_baseline(
    installer: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(builder.folder / "wheels", "shipped-thing", "1.5", requires=["needed"])
    wheel(builder.folder / "wheels", "foreign", "2.0", tag="cp27-none-any")
    wheel(index, "needed", "0.1")
    wheel(index, "foreign", "2.0")
    wheel(index, "foreign", "3.0")
    wheel(index, "asked", "4.0")
    manifest = builder.manifest(
        pypi=["asked", "requests==2.20.0"],
        wheels=["wheels/shipped_thing-1.5-py3-none-any.whl", "wheels/foreign-2.0-cp27-none-any.whl"],
    )
    wheel(index, "requests", "2.20.0")
    environment = builder(manifest)
    assert builder.said[0] == (
        f"building the app's environment (once): Python {own().full_version}, 2 wheels, 2 requirements, baseline"
    )
    assert f"({installer}, " in builder.said[-1]
    assert "foreign-2.0-cp27-none-any.whl does not fit" in environment.warnings[0]
    assert len(environment.warnings) == 1
    noted = stamp(environment)
    expected = {
        **pins(), "shipped-thing": "1.5", "needed": "0.1", "foreign": "2.0", "asked": "4.0", "requests": "2.20.0"
    }  # fmt: skip
    assert noted["installed"] == expected  # and neither pip nor setuptools
    assert [(one["origin"], one["problem"]) for one in noted["wheels"]] == [
        ("app", None),
        ("index", f"does not fit Python {sys.version_info[0]}.{sys.version_info[1]}"),
    ]
    assert imported(environment, "shipped_thing", "requests") == {"shipped_thing": "1.5", "requests": "2.20.0"}
    assert list(Path(environment.path).rglob("__pycache__/shipped_thing.*.pyc"))

    again = builder(manifest)
    assert environment.built
    assert again == environment._replace(built=False)
    assert builder.said == []
    assert known(manifest, str(builder.folder), builder.home) == environment.python


def test_apps_with_the_same_set_share_one_environment(
    builder: Any, index: Path, wheel: Callable[..., Path], tmp_path: Path
) -> None:
    path = wheel(builder.folder, "tiny", "1.0")
    manifest = builder.manifest(wheels=[path.name])
    first = builder(manifest)
    other = tmp_path / "other"
    (other / "deeper").mkdir(parents=True)
    shutil.copy(path, other / "deeper")
    builder.folder = other
    second = builder({**manifest, **builder.manifest(wheels=[f"deeper/{path.name}"])})
    assert (second.path, builder.said) == (first.path, [])
    wheel(other / "deeper", "tiny", "1.0", code="# changed\n")
    third = builder(builder.manifest(wheels=[f"deeper/{path.name}"]))
    assert third.path != first.path


@pytest.mark.parametrize("installer", INSTALLERS)
def test_the_baseline_steps_back_for_the_apps_pins(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "requests", "2.20.0", requires=["urllib3<1.25", "chardet<3.1"])
    wheel(index, "urllib3", "1.24")
    wheel(index, "chardet", "3.0")
    environment = builder(builder.manifest(pypi=["requests==2.20.0"]))
    installed = stamp(environment)["installed"]
    assert (installed["requests"], installed["urllib3"], installed["chardet"]) == ("2.20.0", "1.24", "3.0")
    assert installed["six"] == pins()["six"]
    assert "other versions than usual" in environment.warnings[0]


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_that_contradicts_another_is_installed_as_it_is(
    installer: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What else it requires counts, and so does what others require of it."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "urllib3", "1.26", requires=["more"])
    wheel(index, "more", "1.0")
    names = [
        wheel(builder.folder, "upper", "1.0", requires=["lower>=2", "urllib3<1.27"]).name,
        wheel(builder.folder, "lower", "1.0").name,
        wheel(builder.folder, "top", "1.0", requires=["upper<2"]).name,
        wheel(builder.folder, "backport", "1.0", python="<3").name,
    ]
    environment = builder(builder.manifest(wheels=names))
    own_set = {"upper": "1.0", "lower": "1.0", "top": "1.0", "backport": "1.0"}
    assert stamp(environment)["installed"] == {**pins(), **own_set, "urllib3": "1.26", "more": "1.0"}
    assert imported(environment, *own_set) == own_set
    assert environment.warnings == (
        "parts of the baseline have other versions than usual, to go with the app's dependencies",
        "upper 1.0 wants lower>=2, the app has lower 1.0: installed all the same",
        f"backport 1.0 is for Python <3, the app runs on Python {own().full_version}: installed all the same",
    )


@pytest.mark.parametrize("installer", INSTALLERS)
def test_one_wheel_without_a_requirement_that_is_nowhere_to_be_had(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "urllib3", "1.26")
    wheel(index, "more", "1.0")
    names = [
        wheel(builder.folder, "upper", "1.0", requires=["nowhere-to-be-had>=1", "more", "urllib3<1.27"]).name,
        wheel(builder.folder, "idna", "1.20").name,
    ]
    environment = builder(builder.manifest(wheels=names))
    installed = stamp(environment)["installed"]
    assert installed == {**pins(), "upper": "1.0", "more": "1.0", "idna": "1.20", "urllib3": "1.26"}
    assert environment.warnings[-1] == (
        "the app's wheels were installed without all that they require: "
        "upper 1.0 wants nowhere-to-be-had>=1, which the package index does not have"
    )


@pytest.mark.parametrize("installer", INSTALLERS)
def test_wheels_that_cannot_agree_on_the_baseline(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "urllib3", "1.26")
    wheel(index, "idna", "2.0")
    names = [
        wheel(builder.folder, "first", "1.0", requires=["urllib3<1.27", "idna<3"]).name,
        wheel(builder.folder, "second", "1.0", requires=["urllib3>=2"]).name,
    ]
    environment = builder(builder.manifest(wheels=names))
    installed = stamp(environment)["installed"]
    assert installed == {**pins(), "first": "1.0", "second": "1.0", "urllib3": "1.26", "idna": "2.0"}
    assert environment.warnings[1:] == (
        "second 1.0 wants urllib3>=2, first 1.0 wants urllib3<1.27: installed all the same",
    )


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_from_the_index_that_contradicts_the_others(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the others require still counts."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    for name, version in (("urllib3", "1.26"), ("more", "1.0"), ("lower", "2.0")):
        wheel(index, name, version)
    wheel(index, "foreign", "1.0", requires=["lower>=2"])
    names = [
        "foreign-1.0-py3-none-any.whl",
        wheel(builder.folder, "lower", "1.0").name,
        wheel(builder.folder, "fine", "1.0", requires=["urllib3<1.27", "more"]).name,
    ]
    environment = builder(builder.manifest(wheels=names))
    installed = stamp(environment)["installed"]
    own_set = {"foreign": "1.0", "lower": "1.0", "fine": "1.0"}
    assert installed == {**pins(), **own_set, "urllib3": "1.26", "more": "1.0"}
    said = environment.warnings[-1]
    reasons = {
        "uv": "only lower<2 is available and all versions of foreign depend on lower>=2",
        "pip": "foreign 1.0 depends on lower>=2, the app has lower 1.0",
    }
    assert said == f"the app's wheels were installed without all that they require: {reasons[installer]}"
