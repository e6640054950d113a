"""Records of a threat library, and what they are as STIX objects, judged by the standard's validator."""

from __future__ import annotations

from typing import Any

from stix_export.errors import Skip
from stix_export.mapping import Mapped, Mapper
from stix_export.mapping.extension import EXTENSION
from stix_export.options import Options
from stix_exporter.judging import bundle_of, judge

MD5 = "3b35d89b10e561e05006e0a101154348"
COLLECTIONS = {
    "adversaries": "threat-actor",
    "attack_pattern": "attack-pattern",
    "campaign": "campaign",
    "course_of_action": "course-of-action",
    "exploit_target": "vulnerability",
    "identity": "identity",
    "incident": "incident",
    "indicators": "indicator",
    "intrusion_set": "intrusion-set",
    "malware": "malware",
    "tool": "tool",
}


def record(value: Any = "Name", **more: Any) -> dict[str, Any]:
    return {"id": 7, "value": value, "created_at": "2021-10-07 14:05:58", **more}


def indicator(**more: Any) -> dict[str, Any]:
    return record(**{"value": MD5, "type": {"name": "MD5"}, "status": {"name": "Active"}, **more})


def attributes(**values: Any) -> list[dict[str, Any]]:
    return [
        {"name": name.replace("_", " "), "value": value}
        for name, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    ]


def mapped(collection: str, given: dict[str, Any], mapper: Mapper | None = None, **options: Any) -> Mapped:
    mapper = mapper or Mapper("lib-1", Options(**options))
    result = mapper.object((collection, 7), given)
    assert isinstance(result, Mapped), result
    judge(bundle_of([result.properties, *mapper.companions()]))
    return result


def stix(collection: str, given: dict[str, Any], **options: Any) -> dict[str, Any]:
    return mapped(collection, given, **options).properties


def skipped(collection: str, given: dict[str, Any], **options: Any) -> str:
    result = Mapper("lib-1", Options(**options)).object((collection, 7), given)
    assert isinstance(result, Skip), result
    assert result[:2] == (collection, 7)
    return result.reason


def extended(properties: dict[str, Any]) -> dict[str, Any]:
    return properties["extensions"][EXTENSION]  # type: ignore[no-any-return]


def urls(properties: dict[str, Any]) -> list[str]:
    return [each["url"] for each in properties["external_references"] if "url" in each]
