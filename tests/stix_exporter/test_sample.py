"""The guide's sample, rebuilt as a threat library: property for property what the guide prints."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from stix_export.export import export
from stix_export.library_file import open_library
from stix_export.options import Options
from stix_exporter.judging import judge

SAMPLE = Path(__file__).parent / "sample"
ROOT = ("incident", 12)


def exported(options: Options) -> dict[str, Any]:
    out = io.BytesIO()
    export(open_library(str(SAMPLE / "library.json")), ROOT, "create_bundle", options, out)
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


def without_ids(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects with ids replaced by their places, and without the times of relations."""
    places = {each["id"]: str(place) for place, each in enumerate(bundle["objects"])}
    result = []
    for each in bundle["objects"]:
        left_out = ("created", "modified") if each["type"] == "relationship" else ()
        result.append(
            {
                name: places.get(value, value) if isinstance(value, str) else value
                for name, value in each.items()
                if name not in left_out
            }
        )
    return result


@pytest.mark.acceptance("S1")
def test_guide_profile_is_the_sample() -> None:
    printed = json.loads((SAMPLE / "bundle.json").read_text("utf-8"))
    bundle = exported(Options(profile="guide"))
    assert without_ids(bundle) == without_ids(printed)
    assert set(bundle) == set(printed)
    judge(bundle)


@pytest.mark.acceptance("S1", "S2")
def test_full_profile_has_the_same_objects_and_more() -> None:
    guide = [each["type"] for each in exported(Options(profile="guide"))["objects"]]
    bundle = exported(Options())
    assert [each["type"] for each in bundle["objects"]] == [*guide, "identity", "identity", "extension-definition"]
    judge(bundle)


@pytest.mark.acceptance("S14")
def test_hidden_sources_are_nowhere() -> None:
    for profile in ("guide", "full"):
        bundle = exported(Options(profile=profile, hide_sources=True))
        assert "CrowdStrike" not in json.dumps(bundle)
        shown = {each["id"] for each in exported(Options(profile=profile))["objects"] if each["type"] == "incident"}
        assert bundle["objects"][0]["id"] not in shown
        judge(bundle)
