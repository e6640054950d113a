"""STIX bundles as containers and artifacts: what can be acted on, what is told at it, what is counted as lost."""

from __future__ import annotations

import copy
import json
import time
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stix_export.errors import ExportError
from stix_export.importing import document
from stix_export.importing.container import Imported, import_bundle
from stix_export.importing.reader import Comparison, Unreadable, observations
from stix_export.patterns import KNOWN_TYPES, NoPattern, pattern_for

BUNDLE = "bundle--d4882900-5a35-4c75-af9c-06eb6e43d6f3"
RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"


def stix_id(kind: str, number: int) -> str:
    return f"{kind}--{uuid5(UUID(int=7), f'{kind} {number}')}"


def thing(kind: str, number: int = 1, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": stix_id(kind, number), **properties}


def indicator(pattern: str, number: int = 1, **properties: Any) -> dict[str, Any]:
    return thing("indicator", number, pattern=pattern, pattern_type="stix", **properties)


def imported(*objects: Any, **properties: Any) -> Imported:
    return import_bundle(json.dumps({"type": "bundle", "id": BUNDLE, "objects": objects, **properties}).encode())


def artifacts(*objects: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = imported(*objects).container["artifacts"]
    return found


@pytest.mark.parametrize(
    ("pattern", "cef", "types"),
    [
        ("[ipv4-addr:value = '192.0.2.1']", {"destinationAddress": "192.0.2.1"}, [["ip"]]),
        ("[ipv4-addr:value ISSUBSET '192.0.2.0/24']", {"cidr": "192.0.2.0/24"}, [["cidr"]]),
        ("[ipv4-addr:value = '192.0.2.1/32']", {"destinationAddress": "192.0.2.1"}, [["ip"]]),
        ("[ipv6-addr:value = '2001:DB8::1']", {"destinationAddress": "2001:db8::1"}, [["ipv6"]]),
        ("[domain-name:value = 'a.example']", {"destinationDnsDomain": "a.example"}, [["domain", "host name"]]),
        ("[domain-name:value = 'ws17']", {"destinationHostName": "ws17"}, [["host name"]]),
        (r"[url:value = 'http://a.example/it\'s']", {"requestURL": "http://a.example/it's"}, [["url"]]),
        ("[file:hashes.MD5 = '" + "A" * 32 + "']", {"fileHashMd5": "a" * 32}, [["md5", "hash"]]),
        ("[file:hashes.'SHA-256' = '" + "a" * 64 + "']", {"fileHashSha256": "a" * 64}, [["sha256", "hash"]]),
        ("[email-addr:value = 'a@b.example']", {"emailAddress": "a@b.example"}, [["email"]]),
        ("[autonomous-system:number = 64496]", {"asn": "AS64496"}, [["asn"]]),
        (
            r"[file:name = 'x.exe' AND file:parent_directory_ref.path = 'C:\\Temp']",
            {"fileName": "x.exe", "filePath": r"C:\Temp\x.exe"},
            [["file name"], ["file path"]],
        ),
        (
            "[network-traffic:dst_ref.value = 'a.example' AND network-traffic:dst_port = 443]",
            {"destinationDnsDomain": "a.example", "destinationPort": 443},
            [["domain", "host name"], ["port"]],
        ),
    ],
)
def test_values_become_fields_that_apps_can_act_on(pattern: str, cef: dict[str, Any], types: list[list[str]]) -> None:
    (made,) = artifacts(indicator(pattern))
    assert made["cef"] == cef
    assert list(made["cef_types"].values()) == types


def test_what_an_or_offers_is_an_artifact_each_and_what_an_and_ties_stays_together() -> None:
    made = imported(
        indicator(
            "([file:name = 'a' AND (file:size = 3 OR file:mime_type IN ('x/y', 'x/z'))] WITHIN 5 SECONDS AND"
            " [ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')] REPEATS 2 TIMES) FOLLOWEDBY [url:value = 'http://a']"
            " START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'"
        )
    )
    assert [each["cef"] for each in made.container["artifacts"]] == [
        {"fileName": "a", "fileSize": 3},
        {"fileName": "a", "fileType": "x/y"},
        {"fileName": "a", "fileType": "x/z"},
        {"destinationAddress": "192.0.2.1"},
        {"destinationAddress": "192.0.2.2"},
        {"requestURL": "http://a"},
    ]
    assert not made.skips.total
    assert len({each["source_data_identifier"] for each in made.container["artifacts"]}) == 6


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[file:name LIKE '%x']", "a comparison with LIKE, which names no value"),
        ("[file:name != 'x']", "a comparison with !=, which names no value"),
        ("[file:name NOT IN ('x')]", "a comparison with NOT IN, which names no value"),
        ("[NOT file:name = 'x']", "a comparison with NOT =, which names no value"),
        ("[EXISTS file:name]", "a comparison with EXISTS, which names no value"),
        ("[x-thing:colour = 'red']", "no field for x-thing:colour"),
        ("[file:hashes.MD5 = 'abc']", "file: not a hash of 32 hexadecimal digits"),
        ("[ipv4-addr:value = '300.1.1.1']", "ipv4-addr: not an address or network"),
        ("[file:name = 'x'", "not a STIX pattern"),
        ("", "not a STIX pattern"),
        ("[file:name = 'x'] [file:name = 'y']", "not a STIX pattern"),
        ("[" + "(" * 1000 + "a:b = 1" + ")" * 1000 + "]", "a pattern nested too deep"),
        ("(" * 1000 + "[a:b = 1]" + ")" * 1000, "a pattern nested too deep"),
        ("[a:b IN (" + "1," * 5000 + "1)]", "a pattern with too many values"),
        ("[" + " AND ".join(["(a:b = 1 OR a:c = 2)"] * 40) + "]", "a pattern with too many alternatives"),
        ("[" + " AND ".join(["a:b IN (1,2,3,4)"] * 40) + "]", "a pattern with too many alternatives"),
        ("[a:b = '" + "x" * 200_000 + "']", "a pattern that is too long"),
    ],
    ids=lambda text: text[:30],
)
def test_what_cannot_be_acted_on_is_counted_and_still_shown(pattern: str, reason: str) -> None:
    started = time.perf_counter()
    made = imported(indicator(pattern, name="It"))
    assert time.perf_counter() - started < 2
    assert made.skips.counts == {reason: 1}
    assert made.skips.kept[0].name == "It"
    (one,) = made.container["artifacts"]
    assert one["cef_types"] == {}
    assert made.actionable == 0


def test_a_pattern_of_another_language_is_shown_and_counted() -> None:
    made = imported(thing("indicator", pattern="rule x {}", pattern_type="yara"))
    assert made.skips.counts == {"a pattern in yara, not in STIX's own language": 1}
    assert made.container["artifacts"][0]["cef"] == {"pattern": "rule x {}"}


def test_observables_of_2_1_follow_their_references() -> None:
    address = thing("ipv4-addr", value="192.0.2.9")
    folder = thing("directory", path="/tmp")
    file = thing("file", name="x", parent_directory_ref=folder["id"], hashes={"SHA-1": "b" * 40})
    traffic = thing("network-traffic", src_ref=address["id"], dst_port=25, protocols=["tcp"])
    mail = thing("email-message", is_multipart=False, to_refs=[stix_id("email-addr", 1)], subject="S")
    sender = thing("email-addr", value="a@b.example")
    seen = thing("observed-data", object_refs=[file["id"]], number_observed=3, first_observed="2020-01-01T00:00:00Z")
    made = artifacts(address, folder, file, traffic, mail, sender, seen)
    cef = {each["label"]: each["cef"] for each in made}
    assert cef["file"] == {"fileName": "x", "filePath": "/tmp/x", "fileHashSha1": "b" * 40}
    assert cef["network-traffic"] == {
        "sourceAddress": "192.0.2.9",
        "destinationPort": 25,
        "transportProtocol": "tcp",
    }
    assert cef["email-message"] == {"toEmail": "a@b.example", "emailSubject": "S"}
    (link,) = next(each for each in made if each["label"] == "file")["data"]["links"]
    assert (link["type"], link["number_observed"]) == ("observed-data", 3)
    assert "observed-data" not in cef


def test_observed_data_of_2_0() -> None:
    seen = {
        "type": "observed-data",
        "id": stix_id("observed-data", 1),
        "first_observed": "2017-01-01T00:00:00Z",
        "last_observed": "2017-01-02T00:00:00Z",
        "number_observed": 1,
        "objects": {
            "0": {"type": "ipv4-addr", "value": "192.0.2.1"},
            "1": {"type": "network-traffic", "dst_ref": "0", "dst_port": 80, "protocols": ["tcp"]},
            "2": {"type": "x-odd"},
            "3": 4,
        },
    }
    made = imported(seen, spec_version="2.0")
    assert made.version == "2.0"
    first, second = made.container["artifacts"]
    assert first["source_data_identifier"] == seen["id"] + "#0"
    assert (first["start_time"], first["end_time"]) == ("2017-01-01T00:00:00Z", "2017-01-02T00:00:00Z")
    assert second["cef"]["destinationAddress"] == "192.0.2.1"
    assert made.skips.counts == {"objects of type x-odd are not known": 1, "objects of type int are not known": 1}


def test_what_links_an_object_is_told_at_both_ends() -> None:
    one = indicator("[url:value = 'http://a']", name="One")
    two = thing("malware", name="Two", is_family=True)
    org = thing("identity", name="Us")
    link = thing("relationship", relationship_type="indicates", source_ref=one["id"], target_ref=two["id"])
    broken = thing("relationship", 2, relationship_type="uses", source_ref=one["id"], target_ref=stix_id("tool", 9))
    loop = thing("relationship", 3, relationship_type="related-to", source_ref=one["id"], target_ref=one["id"])
    seen = thing("sighting", sighting_of_ref=one["id"], count=4, where_sighted_refs=[org["id"]])
    made = imported(one, two, org, link, broken, loop, seen)
    by_name = {each["name"]: each["data"].get("links") for each in made.container["artifacts"]}
    assert by_name["Two"] == [{"type": "indicates", "from": one["id"], "from_name": "One", "id": link["id"]}]
    assert [each["type"] for each in by_name["One"]] == ["indicates", "related-to", "sighting"]
    assert by_name["One"][2]["where"] == ["Us"]
    assert "Us" not in by_name  # it only says where
    assert made.skips.counts == {"a reference to an object that is not in the bundle": 1}


def test_the_report_that_leads_names_the_container_and_stays_it_in_another_bundle() -> None:
    report = thing("report", name="R", description="D", labels=["phishing"], object_refs=[stix_id("indicator", 1)])
    bad = indicator("[url:value = 'http://a']", indicator_types=["malicious-activity"], object_marking_refs=[RED])
    good = indicator("[url:value = 'http://b']", 2, indicator_types=["benign"])
    made = imported(thing("identity", name="Us"), bad, good, report).container
    assert (made["name"], made["description"], made["source_data_identifier"]) == ("R", "D", report["id"])
    assert (made["severity"], made["sensitivity"], made["tags"]) == ("high", "red", ["phishing", "tlp:red"])
    assert [each["severity"] for each in made["artifacts"]] == ["medium", "high", "low", "medium"]
    other = imported(bad, report, id="bundle--e4882900-5a35-4c75-af9c-06eb6e43d6f3").container
    assert other["source_data_identifier"] == report["id"]


def test_several_reports_share_the_container_of_their_bundle() -> None:
    one = indicator("[url:value = 'http://a']", object_marking_refs=[STRICT])
    made = imported(one, thing("report", 1, name="A"), thing("report", 2, name="B")).container
    assert made["source_data_identifier"] == BUNDLE
    assert made["sensitivity"] == "red"  # the platform has no "strict"
    assert made["artifacts"][0]["tags"] == ["tlp:amber+strict"]


def test_a_label_that_cannot_be_told_is_counted() -> None:
    one = indicator("[url:value = 'http://a']", object_marking_refs=["marking-definition--" + str(UUID(int=5))])
    assert imported(one).skips.counts == {"a reference to an object that is not in the bundle": 1}


def test_of_several_versions_the_last_counts_whatever_the_order() -> None:
    old = thing("tool", name="Old", modified="2020-01-01T00:00:00.9Z")
    new = thing("tool", name="New", modified="2020-01-01T00:00:01Z")
    for order in ([old, new], [new, old], [old, new, copy.deepcopy(new)]):
        made = imported(*order)
        assert [each["name"] for each in made.container["artifacts"]] == ["New"]
        assert made.skips.total == len(order) - 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not whole JSON"),
        (b"[]", "other JSON"),
        (b'{"type": "indicator"}', "type 'indicator'"),
        (b"<stix:STIX_Package/>", "XML"),
        (b'{"type": "bundle"}', "no objects"),
        (b'{"type": "bundle", "objects": {}}', "no list"),
        (b'{"type": "bundle", "objects": [', "not whole JSON"),
        (b'{"type": "bundle", "spec_version": "1.2", "objects": [{}]}', "STIX '1.2'"),
        (b'{"type": "bundle", "objects": [NaN]}', "NaN"),
        (b'{"type": "bundle", "objects": [' + b"1" * 5000 + b"]}", "JSON|nothing"),
        (b'{"type": "bundle", "objects": ' + b"[" * 200_000, "nested too deep"),
        (b'{"type": "bundle", "objects": [null, 3, {}]}', "nothing that can be imported"),
        (b'{"type": "bundle", "objects": ["\xff"]}', "not UTF-8"),
    ],
    ids=range(13),
)
def test_what_is_no_bundle_is_refused_in_a_sentence(text: bytes, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        import_bundle(text)


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_OBJECTS", 2)
    with pytest.raises(ExportError, match="3 objects"):
        imported(1, 2, 3)
    monkeypatch.setattr(document, "LARGEST", 10)
    with pytest.raises(ExportError, match="bytes"):
        imported(1)


def test_odd_objects_do_not_stop_the_others() -> None:
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    made = imported(
        None,
        {"type": "tool"},
        {"type": "tool", "id": "tool--1"},
        {"type": "tool", "id": stix_id("malware", 1)},
        {"type": ["tool"], "id": stix_id("tool", 1)},
        thing("tool", 2, name="deep", labels=deep),
        thing("x-new", name="new"),
        thing("tool", 3, name=["not", "text"], labels=[1, "a"], object_marking_refs="x", external_references=[3]),
        thing("tool", 4, name="half \ud800"),
        thing("indicator", 5, pattern={"a": 1}),
    )
    assert made.skips.counts == {
        "no object": 1,
        "an object without a type": 1,
        "an id that is none (type--UUID)": 2,
        "an id of another type": 1,
        "nested more than 40 levels deep": 1,
        "objects of type x-new are not known": 1,
        "an indicator without a pattern": 1,
    }
    assert [each["name"] for each in made.container["artifacts"]] == ["tool", "half \ufffd", "indicator"]
    json.dumps(made.container, ensure_ascii=False).encode()


def test_an_import_does_not_grow_beyond_its_bundle() -> None:
    """Each object's text and links are told once, however many values it has."""
    values = ", ".join(f"'192.0.2.{n % 256}/{8 + n % 25}'" for n in range(900))
    one = indicator(f"[ipv4-addr:value IN ({values})]", description="d" * 10_000)
    made = imported(one)
    assert len(json.dumps(made.container)) < 20 * len(json.dumps(one))


# What the exporter writes, the importer reads.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)


@given(st.sampled_from(KNOWN_TYPES), TEXTS)
def test_every_pattern_that_is_written_can_be_read(kind: str, value: str) -> None:
    try:
        pattern = pattern_for(kind, value)
    except NoPattern:
        return
    assert observations(pattern.text)


@given(TEXTS)
def test_a_value_comes_back_as_it_was(value: str) -> None:
    try:
        pattern = pattern_for("Filename", value)
    except NoPattern:
        return
    assert observations(pattern.text) == [[(Comparison("file:name", "=", (value,)),)]]


@given(st.text(max_size=200) | st.text(alphabet="[]()'\\ abANDOR:.=*<>", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        observations(text)
    except Unreadable:
        pass
