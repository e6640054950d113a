"""Whole exports judged by the standard's tools: mixed and hostile libraries, every option, and the way back."""

from __future__ import annotations

import json
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stix2matcher.matcher import match
from stix2patterns.v21.pattern import Pattern
from stix_export.errors import ExportError
from stix_export.importing.container import import_bundle
from stix_export.importing.reader import observations
from stix_export.library_file import TO_ITSELF
from stix_export.options import Options
from stix_exporter.judging import judge
from stix_exporter.mixed_libraries import all_options, exported, libraries, mixed, written
from stix_exporter.pattern_rows import TABLE

ROOT = ("incident", 1)
ACTIONS = ("create_bundle", "create_sighting")
VARIANTS = [
    Options(profile=profile, style=style, hide_sources=hidden, tlp_version=tlp, depth=depth, convert_events=hidden)
    for (profile, style), (hidden, tlp, depth) in product(
        (("full", "related-to"), ("guide", "suggested"), ("full", "suggested")), ((False, 1, 1), (True, 2, 3))
    )
]


@pytest.mark.acceptance("S2", "S14", "S17", "S40")
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("options", VARIANTS, ids=lambda each: f"{each.variant or 'default'}-{each.depth}")
def test_a_library_of_everything_gives_a_valid_bundle(tmp_path: Path, options: Options, action: str) -> None:
    bundle, report = exported(written(mixed(90), tmp_path), ROOT, action, options)
    judge(bundle)
    objects = bundle["objects"]
    assert objects[0]["type"] == "incident"
    assert objects[0]["name"] == "The root"
    assert report.total + report.relationships == len(objects)
    assert sum(report.counts.values()) == report.total
    for each in objects:
        if each["type"] == "indicator":
            Pattern(each["pattern"])
    assert ("EDR" in json.dumps(bundle)) != options.hide_sources
    sightings = [each for each in objects if each["type"] == "sighting"]
    assert bool(sightings) == (action == "create_sighting")
    assert {each["type"] for each in objects if each["id"] in {one["sighting_of_ref"] for one in sightings}} <= {
        "indicator",
        "vulnerability",
    }


@pytest.mark.acceptance("S2")
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(library=libraries(), options=all_options, action=st.sampled_from(ACTIONS))
def test_hostile_libraries_give_valid_bundles_and_lose_nothing_silently(
    library: dict[str, Any], options: Options, action: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(library, Path(folder))
        try:
            bundle, report = exported(path, ROOT, action, options)
            again, _ = exported(path, ROOT, action, options)
        except ExportError:
            assert action == "create_sighting"  # there may be nothing to sight
            return
    assert bundle == again
    judge(bundle)
    # Everything is at the root: it is in the bundle, or told as left out.
    skipped = {(each.collection, each.id) for each in report.skipped.kept if each.reason != TO_ITSELF}
    total = sum(len(records) for records in library["objects"].values())
    shipped = [each for each in bundle["objects"] if each["type"] not in ("relationship", "sighting", "observed-data")]
    own = [each for each in shipped if _from_library(each)]
    left_out = {key for key in skipped if any(each["id"] == key[1] for each in library["objects"].get(key[0], ()))}
    assert len(own) + len(left_out) == total, (report.skipped.kept, own)
    import_bundle(json.dumps(bundle).encode())


def _from_library(each: dict[str, Any]) -> bool:
    references = each.get("external_references") or [{}]
    return bool(references[0].get("source_name") == "ThreatQ")


@pytest.mark.acceptance("S17", "S18")
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(library=libraries())
def test_values_of_hostile_libraries_come_back_from_the_bundle(library: dict[str, Any]) -> None:
    """Export, then import: every indicator whose value was exported is there, its value as it was."""
    with tempfile.TemporaryDirectory() as folder:
        bundle, _ = exported(written(library, Path(folder)), ROOT, "create_bundle", Options(check=True))
    made = import_bundle(json.dumps(bundle).encode())
    # The first artifact of an object has its text and its links.
    by_id = {each["data"]["stix_id"]: each for each in reversed(made.container["artifacts"])}
    for each in bundle["objects"]:
        if each["type"] == "relationship":
            assert {link["id"] for link in by_id[each["source_ref"]]["data"]["links"]} >= {each["id"]}
        elif each["type"] == "indicator":
            compared = observations(each["pattern"])[0][0][0]
            artifact = by_id[each["id"]]
            assert artifact["data"]["stix"] == each
            if compared.path in ("file:name", "mutex:name", "user-account:account_login", "email-message:subject"):
                assert compared.values[0] in artifact["cef"].values()


@pytest.mark.acceptance("S17")
@pytest.mark.parametrize(("kind", "value", "_pattern", "_observable"), TABLE)
def test_every_indicator_type_comes_back_actionable(
    tmp_path: Path, kind: str, value: str, _pattern: str, _observable: str
) -> None:
    """From a library to a bundle to artifacts: a value that an app can act on, but for regular expressions."""
    library = mixed(1)
    library["objects"]["indicators"] = [
        {"id": 2, "value": value, "type": {"name": kind}, "created_at": "2021-10-07 14:05:58"}
    ]
    library["relationships"] = [{"id": 1, "a": ["incident", 1], "b": ["indicators", 2]}]
    bundle, _ = exported(written(library, tmp_path), ROOT, "create_bundle", Options())
    made = import_bundle(json.dumps(bundle).encode())
    found = [each for each in made.container["artifacts"] if each["label"] == "indicator"]
    assert found
    if kind in ("String", "Binary String"):
        assert made.skips.counts == {"a comparison with MATCHES, which names no value": 1}
        return
    if (kind, value) == ("Email Address", "a b@example"):
        assert made.skips.counts == {"email-addr: not an email address": 1}
        return
    assert not made.skips.total
    assert all(each["cef"] for each in found)
    assert not any("pattern" in each["cef"] for each in found)


@pytest.mark.acceptance("S35")
def test_what_was_observed_matches_what_indicates_it(tmp_path: Path) -> None:
    """The observed-data that a sighting ships is an observation that the indicator's own pattern matches."""
    library = mixed(1)
    kinds = [(kind, value) for kind, value, _, observable in TABLE if observable]
    library["objects"]["indicators"] = [
        {"id": number, "value": value, "type": {"name": kind}, "created_at": "2021-10-07 14:05:58"}
        for number, (kind, value) in enumerate(kinds, 2)
    ]
    library["objects"]["events"] = [
        {"id": 1, "title": "Seen", "happened_at": "2021-10-07 14:05:58", "created_at": "2021-10-07 14:05:58"}
    ]
    library["relationships"] = [
        {"id": number, "a": ["events", 1], "b": ["indicators", number]} for number in range(2, len(kinds) + 2)
    ]
    bundle, _ = exported(written(library, tmp_path), ("events", 1), "create_sighting", Options())
    judge(bundle)
    objects = {each["id"]: each for each in bundle["objects"]}
    seen = [each for each in bundle["objects"] if each["type"] == "sighting"]
    assert len(seen) == len({each["sighting_of_ref"] for each in seen}) > 20
    for sighting in seen:
        (ref,) = sighting["observed_data_refs"]
        observed = objects[ref]
        seen_bundle = {"type": "bundle", "objects": [observed, *(objects[one] for one in observed["object_refs"])]}
        pattern = objects[sighting["sighting_of_ref"]]["pattern"]
        assert match(pattern, [seen_bundle], stix_version="2.1"), pattern
