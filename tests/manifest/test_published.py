"""What ``validate`` finds in real apps, and in apps that each have one defect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from soarkit.manifest.validation import validate

DAMAGED = Path(__file__).parents[3] / "shared" / "damaged"


def damaged() -> list[Any]:
    if not DAMAGED.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the shared folder with damaged apps is not here"))]
    return [pytest.param(path, id=path.name) for path in sorted(DAMAGED.iterdir())]


@pytest.mark.parametrize("place", damaged())
def test_a_damaged_app_gets_its_finding(place: Path) -> None:
    findings = validate(str(place / "app.json"))
    expected = json.loads((place / "expect.json").read_text())
    if expected is None:
        assert findings == []
        return
    assert any(
        finding.severity == expected["severity"]
        and (finding.pointer == expected["pointer"] or finding.pointer.startswith(f"{expected['pointer']}/"))
        for finding in findings
    ), findings
    assert len(findings) == 1, "one defect is one finding"


def test_public_manifests_have_no_errors(public_manifests: list[Path]) -> None:
    for path in public_manifests:
        findings = validate(str(path))
        assert [finding for finding in findings if finding.severity == "error"] == []
        assert [finding.pointer for finding in findings if finding.severity == "info"] == [""]
