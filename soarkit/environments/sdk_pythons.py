"""The interpreters that apps built with the SOAR SDK run on: Python 3.13 and newer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, ManifestError
from soarkit.manifest.keys import REQUIRES_PYTHON

#: What the SDK itself asks for.
OLDEST = (3, 13)


def able(
    manifest: dict[str, Any],
    listed: Collection[tuple[int, int]],
    interpreters: Sequence[Interpreter],
    *,
    forced: bool,
) -> list[Interpreter]:
    """Those that the app can run on, in order of preference.

    :param manifest: the app JSON
    :param listed: the Python versions that it lists dependencies for
    :param forced: whether a person named the one interpreter
    :raises BuildError: none of them will do
    :raises ManifestError: ``requires-python`` is no version specifier
    """
    if REQUIRES_PYTHON in manifest:
        fitting = _required(str(manifest[REQUIRES_PYTHON]), interpreters)
        wanted = str(manifest[REQUIRES_PYTHON]) or f">={OLDEST[0]}.{OLDEST[1]}"
    else:
        fitting = [one for one in interpreters if one.version in listed or one.version >= OLDEST]
        wanted = " or ".join(f"{major}.{minor}" for major, minor in sorted(listed)) or f"{OLDEST[0]}.{OLDEST[1]}"
    if fitting:
        return fitting
    there = ", ".join(dict.fromkeys(one.full_version for one in interpreters)) or "none"
    problem = f"but the one that was named is {there}" if forced else f"and this machine has {there}"
    example = f"{OLDEST[0]}.{OLDEST[1]}"
    raise BuildError(
        f"the app is built with the SOAR SDK and needs Python {wanted}, {problem}",
        hint=f"Install one (uv python install {example}, pyenv install {example}, or your system's packages), "
        "or name one with --python.",
    )


def _required(requires: str, interpreters: Sequence[Interpreter]) -> list[Interpreter]:
    """Those that ``requires-python`` allows, the oldest version first: what the locked packages have wheels for."""
    try:
        specifier = SpecifierSet(requires)
    except InvalidSpecifier:
        raise ManifestError(
            f"requires-python is no version specifier: {requires!r}",
            where="pyproject.toml",
            hint='write requires-python = ">=3.13"',
        ) from None
    fitting = [one for one in interpreters if one.version >= OLDEST and specifier.contains(one.full_version)]
    return sorted(fitting, key=lambda one: one.version)
