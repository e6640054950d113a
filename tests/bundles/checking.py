"""Checks a bundle made for a test, and says what was found in short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bundles.making import make_bundle

from soarkit.manifest.bundles.validating import validate_bundle
from soarkit.manifest.findings import Finding


def check(tmp_path: Path, *, certification: bool = False, **bundle: Any) -> list[Finding]:
    """What rules M1 to M20 say about a bundle; its description as for :func:`make_bundle`."""
    return validate_bundle(str(make_bundle(tmp_path, **bundle)), certification=certification)


def short(found: list[Finding]) -> list[tuple[str, str, str]]:
    """Severity, rule and pointer of each finding; it has a message and says what to do."""
    assert all(one.hint and one.message for one in found)
    return [(one.severity, one.message.partition(":")[0], one.pointer) for one in found]


def only(found: list[Finding]) -> tuple[str, str, str]:
    """The same of the one finding that there is."""
    assert len(found) == 1, found
    return short(found)[0]
