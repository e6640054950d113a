"""Hidden sources: their names are nowhere in the file and in what the action says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stix_export.collections import CREATE_BUNDLE, CREATE_SIGHTING
from stix_export.errors import ExportError
from stix_export.mapping import Withheld
from stix_export.results import data_of, message_of, summary_of
from stix_exporter.judging import judge
from stix_exporter.made import TIME, document, exported, opened, related


def _record(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "created_at": TIME, **more}


def _library() -> dict[str, Any]:
    """Each object mentions the source of another one."""
    objects = {
        "incident": [
            _record(1, value="Found by Feed Beta", sources=["EDR Alpha"], description="o'neil's\nfeed; Event Gamma")
        ],
        "tool": [_record(1, value="EDR alpha killer", sources=["Feed Beta"])],
        "malware": [
            _record(
                1,
                value="M",
                attributes=[
                    {"name": "Alias", "value": "of EDR Alpha", "sources": ["O'Neil's Feed"]},
                    {"name": "Kill Chain Phase", "value": "Feed Beta Stage"},
                    {"name": "Kill Chain - EDR Alpha", "value": "delivery"},
                    {"name": "Kill Chain", "value": "delivery"},
                ],
                tags=["feed beta", "kept"],
            )
        ],
        "events": [_record(1, title="Alert of EDR Alpha", sources=["Event Gamma"], happened_at=TIME)],
        "tasks": [_record(1, name="Ask EDR Alpha")],
        "indicators": [
            _record(1, value="x", type="Feed Beta Score"),
            _record(2, value="192.0.2.1", type="IP Address", last_detected_at=TIME),
        ],
    }
    others = [(collection, each["id"]) for collection, records in objects.items() for each in records][1:]
    return document(objects, related(*((("incident", 1), other) for other in others)))


@pytest.mark.acceptance("S14")
@pytest.mark.parametrize("action", [CREATE_BUNDLE, CREATE_SIGHTING])
@pytest.mark.parametrize("convert", [False, True])
def test_no_object_says_the_source_of_another(tmp_path: Path, action: str, convert: bool) -> None:
    library = opened(tmp_path, _library())
    bundle, report, data = exported(library, ("incident", 1), action, hide_sources=True, convert_events=convert)
    judge(bundle)
    said = [data_of(report), summary_of(report), message_of(report, ("incident", 1), "id", False)]
    for whole in (data.decode(), json.dumps(said)):
        for name in ("EDR Alpha", "Feed Beta", "feed-beta", "edr-alpha", "Neil's", "Event Gamma"):
            assert name.lower() not in whole.lower(), name
    [malware] = [each for each in bundle["objects"] if each["type"] == "malware"]
    assert malware["labels"] == ["kept"]
    assert [each["phase_name"] for each in malware["kill_chain_phases"]] == ["delivery"]
    assert sum(report.skipped.counts.values()) == len(report.skipped.kept) == (2 if convert else 3)


def test_the_reason_why_a_root_is_refused_says_no_source(tmp_path: Path) -> None:
    records = [_record(1, value="x", type="Feed Beta Score", sources=["feed beta"])]
    library = opened(tmp_path, document({"indicators": records}))
    with pytest.raises(ExportError) as caught:
        exported(library, ("indicators", 1), hide_sources=True)
    assert "feed beta" not in str(caught.value).lower()


def test_very_many_names_and_odd_ones() -> None:
    withheld = Withheld([*(f"Feed {number}" for number in range(20_000)), "C++ Labs", "(¿)!", "Ünal Straße", "ab"])
    for text in ("by feed 777.", "C++  Labs", "x (¿)! y", "ÜNAL straße", "Feed 3, C++ labs"):
        assert "[source withheld]" in withheld.text(text)
    for text in ("feed", "Feed 20000", "xC++ Labs", "ab", ""):
        assert withheld.text(text) == text
