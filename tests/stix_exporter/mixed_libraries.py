"""Whole threat libraries: of every collection and indicator type, of any size; and generated ones that are hostile."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from stix_export.export import Report, export
from stix_export.library_file import open_library
from stix_export.options import Options
from stix_exporter.pattern_rows import TABLE, WITHOUT

LABELS = (None, {"tlp_id": 1}, {"tlp_id": 2}, {"tlp_id": 3}, {"tlp_id": 4}, {"tlp_name": "TLP:AMBER+STRICT"})
NAMED = {
    "adversaries": "name",
    "attack_pattern": "value",
    "campaign": "value",
    "course_of_action": "value",
    "events": "title",
    "exploit_target": "value",
    "identity": "value",
    "incident": "value",
    "intrusion_set": "value",
    "malware": "value",
    "tool": "value",
}
STATUSES = ("Active", "Expired", "Indirect", "Review", "Whitelisted", "Of our own")
NAMES = ("T1059.001 - PowerShell", "CAPEC-163", "CST0005 - Indicator", "CVE-2021-44228 Log4Shell", "Bär & Co")
ATTRIBUTES = (
    *(("Alias", "Other"), ("Alias", "Another"), ("Kill Chain Phase", "Delivery"), ("Count", "12"), ("Goal", "Money")),
    *(("First Seen", "2021-10-01 00:00:00"), ("Last Seen", "2021-10-02 00:00:00"), ("Sector", "energy")),
)

Library = dict[str, Any]


def mixed(size: int, seed: int = 1) -> Library:
    """A library of about `size` objects and three times as many relations, all reached from incident 1.

    Every collection and indicator type is in it, with and without what else a record can have.
    """
    chance = random.Random(seed)
    kinds = [*((kind, value) for kind, value, *_ in TABLE), *WITHOUT.items()]
    objects: dict[str, list[dict[str, Any]]] = {"incident": [_record(chance, 1, value="The root")]}
    for number in range(2, size + 1):
        if number % 2:
            kind, value = kinds[number // 2 % len(kinds)]
            status = chance.choice(STATUSES)
            objects.setdefault("indicators", []).append(
                _record(chance, number, value=value, type={"name": kind}, status={"name": status})
            )
        else:
            collection = [*NAMED][number // 2 % len(NAMED)]
            name = f"{chance.choice(NAMES)} {number}"
            objects.setdefault(collection, []).append(_record(chance, number, **{NAMED[collection]: name}))
    keys = [(collection, each["id"]) for collection, records in objects.items() for each in records]
    pairs = {(("incident", 1), key) for key in keys[1:]}
    if size > 1:
        pairs |= {tuple(chance.sample(keys, 2)) for _ in range(2 * size)}
    relationships = [
        {"id": number, "a": list(a), "b": list(b), "created_at": "2021-10-07 14:19:16"}
        for number, (a, b) in enumerate(sorted(pairs), 1)
    ]
    return {
        "format": "threat-library/1",
        "library_id": "lib-mixed",
        "exported_at": "2021-10-21T21:02:46Z",
        "objects": objects,
        "relationships": relationships,
    }


def _record(chance: random.Random, number: int, **properties: Any) -> dict[str, Any]:
    minute = f"{number // 60 % 60:02}:{number % 60:02}"
    record = {**properties, "id": number, "created_at": f"2021-10-07 14:{minute}"}
    label = chance.choice(LABELS)
    record["sources"] = [{"name": "EDR"}, {"name": f"Feed {number % 5}", **(label or {})}]
    if chance.random() < 0.5:
        record["touched_at"] = f"2021-10-08 14:{minute}"
        record["attributes"] = [{"name": name, "value": value} for name, value in chance.sample(ATTRIBUTES, 3)]
    if chance.random() < 0.5:
        record["tags"] = ["edr", f"tag {number % 7}"]
        record["description"] = f"<p>It&#39;s <b>number</b> {number}</p>"
        record["score"] = chance.choice((0, 7.4, "10", {"generated_score": 3, "manual_score": 9}))
    return record


def written(library: Mapping[str, Any], folder: Path) -> Path:
    """The library as a file."""
    path = folder / "library.json"
    path.write_text(json.dumps(library, ensure_ascii=True), "ascii")
    return path


def exported(path: Path, root: tuple[str, int], action: str, options: Options) -> tuple[dict[str, Any], Report]:
    """The bundle of a library's file, read back, and what was told of it."""
    out = io.BytesIO()
    report = export(open_library(str(path)), root, action, options, out)
    return json.loads(out.getvalue()), report


# Pieces that break quoting, markup, JSON and terminals.
PIECES = (
    *("'", '"', "\\", "\\\\", "\\'", "''", "%27", "<p>", "&amp;", "<!--", "{}", "[a:b = 'c']", "*", "\u202e", "\u05d0"),
    *(
        "\x00",
        "\n",
        "\r\n",
        "\x1b[31m",
        "\x7f",
        "\u2028",
        "\U0001f600",
        "e\u0301",
        "\ufeff",
        "http://",
        "C:\\",
        "/",
        " ",
    ),
    *("CVE-2021-44228", "T1059", "AND", "]", "-->", "1.2.3.4", "::1", "@", "AS1", "$(id)", "\t"),
)
hostile_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), min_size=1, max_size=6).map("".join)
_writable = hostile_text.filter(lambda text: text.encode("utf-8", "ignore").decode() == text)
_kinds = [*dict.fromkeys([*(kind for kind, *_ in TABLE), *WITHOUT, "Unheard of"])]
_valid = st.sampled_from([(kind, value) for kind, value, *_ in TABLE])
_common = {
    "created_at": st.sampled_from(("2021-10-07 14:05:58", "2021-10-07T14:05:58.5Z")),
    "sources": st.lists(st.fixed_dictionaries({"name": _writable}, optional={"tlp_id": st.integers(1, 4)}), max_size=2),
    "attributes": st.lists(st.fixed_dictionaries({"name": _writable, "value": _writable}), max_size=3),
    "tags": st.lists(_writable, max_size=3),
    "description": _writable,
}
_indicator = st.tuples(
    st.fixed_dictionaries({}, optional=_common), _valid | st.tuples(st.sampled_from(_kinds), _writable)
).map(lambda pair: ("indicators", {**pair[0], "type": {"name": pair[1][0]}, "value": pair[1][1]}))
_other = st.tuples(
    st.sampled_from([*NAMED.items()]), st.fixed_dictionaries({"title": _writable}, optional=_common)
).map(lambda pair: (pair[0][0], {**pair[1], pair[0][1]: pair[1]["title"]}))


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """A library whose texts are hostile; incident 1 is a plain root, and relations go anywhere, also nowhere."""
    records = draw(st.lists(_indicator | _other, min_size=1, max_size=8))
    root = {"id": 1, "value": "The root", "created_at": "2021-10-07 14:05:58"}
    objects: dict[str, list[Any]] = {"incident": [root]}
    keys: list[list[Any]] = [["incident", 1]]
    for number, (collection, record) in enumerate(records, 2):
        objects.setdefault(collection, []).append({**record, "id": number})
        keys.append([collection, number])
    places = st.sampled_from([*keys, ["tool", 99], ["tasks", 1]])
    pairs = [(["incident", 1], key) for key in keys[1:]] + draw(st.lists(st.tuples(places, places), max_size=6))
    relationships = [{"id": number, "a": a, "b": b} for number, (a, b) in enumerate(pairs, 1)]
    return {
        "format": "threat-library/1",
        "library_id": "lib-hostile",
        "exported_at": "2021-10-21T21:02:46Z",
        "objects": objects,
        "relationships": relationships,
    }


all_options = st.builds(
    Options,
    depth=st.integers(1, 3),
    hide_sources=st.booleans(),
    profile=st.sampled_from(("full", "guide")),
    style=st.sampled_from(("related-to", "suggested")),
    convert_events=st.booleans(),
    hostname=st.sampled_from((None, "tq.example.com")),
    tlp_version=st.sampled_from((1, 2)),
    include_attributes=st.booleans(),
    check=st.just(True),
)
