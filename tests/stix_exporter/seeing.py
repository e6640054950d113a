"""One `create sighting` over a small library, for the tests of sightings."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import stix2
from stix_export.export import Report, export
from stix_export.library_file import open_library
from stix_export.options import Options
from stix_exporter.judging import judge

TIMES = {"created_at": "2026-01-05 10:00:00", "touched_at": "2026-01-06 10:00:00"}
ADDRESS = {"type": "IP Address", "value": "192.0.2.7"}
DOMAIN = {"type": "FQDN", "value": "a_b.example.com"}

Objects = dict[str, list[dict[str, Any]]]


class Seen:
    """One `create sighting`: the bundle, judged, and the report."""

    def __init__(self, folder: Path, root: tuple[str, int], objects: Objects, options: Options) -> None:
        first, number = root
        related = [
            {"a": [first, number], "b": [collection, record["id"]]}
            for collection, records in objects.items()
            for record in records
            if (collection, record["id"]) != root
        ]
        filled = {name: [{**TIMES, **record} for record in records] for name, records in objects.items()}
        document = {
            "format": "threat-library/1",
            "library_id": "lib-1",
            "exported_at": "2026-02-01T00:00:00Z",
            "objects": filled,
            "relationships": [{"id": place, **each} for place, each in enumerate(related, 1)],
        }
        path = folder / "library.json"
        path.write_text(json.dumps(document), "utf-8")
        out = io.BytesIO()
        self.report: Report = export(open_library(str(path)), root, "create_sighting", options, out)
        self.text = out.getvalue().decode()
        self.bundle: dict[str, Any] = json.loads(self.text)
        judge(self.bundle)
        self.by_id = {each["id"]: each for each in self.bundle["objects"]}
        for each in self.of("sighting"):
            self._sound(each)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [each for each in self.bundle["objects"] if each["type"] == kind]

    def sighting(self) -> dict[str, Any]:
        (only,) = self.of("sighting")
        return only

    def target(self) -> dict[str, Any]:
        return self.by_id[self.sighting()["sighting_of_ref"]]  # type: ignore[no-any-return]

    def _sound(self, sighting: dict[str, Any]) -> None:
        """Row S40: what the tools do not see."""
        domain = stix2.v21.base._DomainObject
        assert isinstance(stix2.parse(self.by_id[sighting["sighting_of_ref"]]), domain)
        assert {self.by_id[ref]["type"] for ref in sighting.get("where_sighted_refs", [])} <= {"identity", "location"}
        assert all(self.by_id[ref]["type"] == "observed-data" for ref in sighting.get("observed_data_refs", []))
        assert 0 <= sighting.get("count", 0) <= 999_999_999
        assert sighting.get("first_seen", "") <= sighting.get("last_seen", "9")
        assert "summary" not in sighting
        for relation in self.of("relationship"):
            assert sighting["id"] not in (relation["source_ref"], relation["target_ref"])


def event(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "title": f"Alert {number}", "happened_at": "2026-01-03 08:00:00", **more}


def attributes(*pairs: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in pairs]
