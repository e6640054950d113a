"""Threat libraries in files: both forms, and everything that can be wrong with one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stix_export.errors import ExportError, Skip
from stix_export.library import Link
from stix_export.library_file import open_library
from stix_exporter.made import META, TIME, document, edges, exported, lines, opened, related, tools

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "threat-library.schema.json").read_text())
TWO = document(tools(1, 2), related((("tool", 1), ("tool", 2))))
LINES = lines(TWO)


def refused(folder: Path, data: dict[str, Any] | str | bytes, name: str = "library.json") -> str:
    """The message of a library that cannot be used, without the file's name."""
    with pytest.raises(ExportError) as error:
        opened(folder, data, name)
    text = str(error.value)
    assert text.startswith(f"library file {name}: ")
    assert "\n" not in text
    assert len(text) < 300
    return text.removeprefix(f"library file {name}: ")


@pytest.mark.parametrize("name", ["library.json", "library.jsonl", "library.txt"])
def test_both_forms_say_the_same(tmp_path: Path, name: str) -> None:
    library = opened(tmp_path, TWO if name == "library.json" else LINES, name)
    assert library.library_id == "lib-1"
    assert library.problems.total == 0
    assert library.record(("tool", 2)) == TWO["objects"]["tool"][1]
    assert library.record(("tool", 3)) is None
    assert library.neighbours(("tool", 1)) == [Link(("tool", 2), "", "")]
    assert library.neighbours(("tool", 3)) == []


def test_the_schema_takes_both_forms() -> None:
    check = jsonschema.Draft202012Validator
    check.check_schema(SCHEMA)
    check(SCHEMA).validate(TWO)
    line = check({"$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]})
    for each in LINES.splitlines():
        line.validate(json.loads(each))
    assert not check(SCHEMA).is_valid({**TWO, "format": "threat-library/2"})
    assert not line.is_valid({"relationship": {"a": ["tool", True], "b": ["tool", 1]}})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "it is empty"),
        (b"\xef\xbb\xbf \n", "it is empty"),
        (json.dumps(TWO).encode("utf-16"), "it is UTF-16; save it as UTF-8"),
        ("[1, 2]", "it is no JSON object with format, library_id"),
        ("<html><body>Sign in</body></html>", "it is no JSON object"),
        (json.dumps(document({})) + " x}", "something follows after the end"),
        ({**TWO, "objects": []}, "objects must be a JSON object of lists"),
        ({**TWO, "objects": {"tool": {}}}, "objects.tool must be a list"),
        ({**TWO, "relationships": {}}, "relationships must be a list"),
        ({**TWO, "format": "threat-library/2"}, 'format must be "threat-library/1", not "threat-library/2"'),
        ({"objects": {}}, 'format must be "threat-library/1", not null'),
        ({**TWO, "library_id": " "}, "library_id must be a text"),
        ({**TWO, "library_id": 7}, "library_id must be a text"),
        ('{"format": 1,, "objects": {}}', "line 1, column 14: a name in double quotes is missing"),
        ('{"format" 1}', "a colon is missing"),
        ('{"format": 1 "b": 2}', "a comma is missing"),
        ('{"format":\n  NaN, "objects": {}}', "line 2, column 3: NaN is no JSON number"),
        ('{"format": ' + "[" * 200_000 + "]" * 200_000 + "}", "too deep"),
        (json.dumps(TWO).replace("tool 2", "t\xff").encode("latin-1"), "line 1 is not UTF-8 (byte "),
        ({**TWO, "counts": {"objects": 3}}, "it should hold 3 objects and holds 2: it was cut off"),
        ({**TWO, "counts": 2}, "counts must be a JSON object"),
        (document(tools(1, 2, 1)), "objects.tool[2] is tool 1 a second time; the first is objects.tool[0]"),
    ],
)
def test_a_document_that_is_no_library_is_refused(tmp_path: Path, data: Any, message: str) -> None:
    assert message in refused(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("\n \n", "it is empty"),
        (LINES.split("\n", 1)[1], "line 1 must be the meta line"),
        (LINES + LINES, "line 5: a second meta line"),
        ('{"meta": 3}\n', "line 1: meta must be a JSON object"),
        ('{"meta": {"format": "x"}}\n', "line 1: format must be"),
        (LINES + "\n\nnonsense\n", "line 7, column 1, is not JSON: Expecting value"),
        (LINES + "[]\n", "line 5 must be a JSON object"),
        (LINES + "{}\n", "line 5 holds none of meta, object and relationship"),
        (LINES + '{"object": {"id": Infinity}}\n', "line 5 is not JSON: Infinity is no JSON number"),
        (
            LINES + '{"object": ' + "[" * 200_000 + "\n",
            "line 5 is not JSON: lists or objects within each other, too deep",
        ),
        (LINES.replace("tool 2", "t\xff").encode("latin-1"), "line 3 is not UTF-8 (byte "),
        (LINES + LINES.splitlines()[1] + "\n", "line 5 is tool 1 a second time; the first is line 2"),
        (lines({**TWO, "counts": {"objects": 2, "relationships": 2}}), "it should hold 2 relationships and holds 1"),
    ],
)
def test_lines_that_are_no_library_are_refused(tmp_path: Path, data: Any, message: str) -> None:
    assert message in refused(tmp_path, data, "library.jsonl")


def test_a_number_too_long_to_read_is_refused(tmp_path: Path) -> None:
    try:
        int("9" * 5000)
    except ValueError:
        data = LINES + '{"object": {"id": ' + "9" * 5000 + "}}\n"
        assert "line 5 is not JSON: Exceeds the limit" in refused(tmp_path, data, "library.jsonl")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_in_half_is_refused(tmp_path: Path, share: float) -> None:
    whole = json.dumps(document({"tool": [{"id": 1, "value": "Überfall €", "created_at": TIME}]}), ensure_ascii=False)
    for text in (whole, json.dumps(json.loads(whole), indent=1, ensure_ascii=False)):
        data = text.encode()
        assert "ends in the middle of line" in refused(tmp_path, data[: int(len(data) * share)])
    data = lines(json.loads(whole)).strip().encode()
    cut = data[: int(len(data) * share)]
    assert "ends in the middle of line" in refused(tmp_path, cut, "library.jsonl")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_cut_gives_a_library_of_less(tmp_path: Path, data: st.DataObject) -> None:
    library = {
        **document(tools(1, 2, 3), related((("tool", 1), ("tool", 2)))),
        "counts": {"objects": 3, "relationships": 1},
    }
    text, name = data.draw(st.sampled_from([(json.dumps(library), "a.json"), (lines(library), "a.jsonl")]))
    cut = data.draw(st.integers(0, len(text.strip()) - 1))
    refused(tmp_path, text[:cut], name)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"library file no\.json cannot be read: No such file"):
        open_library(str(tmp_path / "no.json"))
    with pytest.raises(ExportError, match="library file my library cannot be read: "):
        open_library(str(tmp_path), name="my library")


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    assert opened(tmp_path, b"\xef\xbb\xbf" + LINES.encode(), "a.txt").record(("tool", 1))
    assert opened(tmp_path, b"\xef\xbb\xbf" + json.dumps(TWO).encode()).record(("tool", 1))


def test_what_can_be_skipped_is_skipped_and_counted_with_its_place(tmp_path: Path) -> None:
    records = [{"id": bad, "value": "nobody"} for bad in (None, 0, -1, True, 1.5, "x", 2**63, 10**40)]
    ends: list[Any] = [None, 3, ["tool"], ["tool", 1, 2], [1, "tool"], ["tool", 1.0], {"tool": 1}, ["tool", [1]]]
    text = LINES + "".join(json.dumps({"collection": "tool", "object": each}) + "\n" for each in [*records, "text"])
    text += json.dumps({"object": {"id": 9}}) + "\n"
    text += "".join(json.dumps({"relationship": {"id": 5, "a": each, "b": ["tool", 1]}}) + "\n" for each in ends)
    text += '{"relationship": 7}\n'
    problems = opened(tmp_path, text, "library.jsonl").problems
    assert problems.counts == {
        "record without a usable id (a whole number from 1)": len(records),
        "record that is not a JSON object": 1,
        "record without the name of its collection": 1,
        "relation whose ends a and b are not [collection, id]": len(ends) + 1,
    }
    assert problems.kept[0] == Skip("tool", 0, "nobody", "record without a usable id (a whole number from 1)", "line 5")
    assert [each.place for each in problems.kept] == [f"line {number}" for number in range(5, 5 + problems.total)]


def test_relations_inside_objects_are_relations_too(tmp_path: Path) -> None:
    pivot = {"id": 77, "created_at": "2021-10-07 15:00:00"}
    whole = {"id": 3, "name": "Bear", "created_at": TIME, "description": "all of it"}
    records = [
        {
            "id": 1,
            "value": "tool 1",
            "created_at": TIME,
            "adversaries": [{"id": 3, "name": "Bear"}, {"id": 4, "name": "Kitten", "created_at": TIME, "pivot": pivot}],
            "indicators": [7, {"id": "no"}],
            "tool": [{"id": 1}],
            "malware": None,
        }
    ]
    library = opened(
        tmp_path, document({"tool": records, "adversaries": [whole]}, related((("adversary", 4), ("tools", 1))))
    )
    assert library.neighbours(("tool", 1)) == [
        Link(("adversaries", 3), "", ""),
        Link(("adversaries", 4), "2021-10-07 15:00:00", ""),
    ]
    assert library.record(("adversaries", 3)) == whole
    assert library.record(("adversaries", 4)) == {"id": 4, "name": "Kitten", "created_at": TIME}
    assert sorted(library.problems.counts.values()) == [1, 1, 1]
    assert {each.place for each in library.problems.kept} == {"objects.tool[0]"}


def test_of_several_relations_of_a_pair_the_earliest_creation_and_the_latest_change_count(tmp_path: Path) -> None:
    pairs = related(*((("tool", 1), ("tool", 2)),) * 3)
    pairs[1].update(created_at="2021-10-09 00:00:00", updated_at="2021-10-10 00:00:00")
    pairs[2].update(created_at="2021-10-08 00:00:00")
    link = Link(("tool", 2), "2021-10-08 00:00:00", "2021-10-10 00:00:00")
    for order in (pairs, pairs[::-1]):
        assert opened(tmp_path, document(tools(1, 2), order)).neighbours(("tool", 1)) == [link]


@pytest.mark.parametrize("time", ["soon", 5, True, [1]])
def test_a_relation_whose_time_cannot_be_read_has_that_of_its_ends(tmp_path: Path, time: Any) -> None:
    pairs = related((("tool", 1), ("tool", 2)))
    pairs[0]["created_at"] = time
    bundle, report, _ = exported(opened(tmp_path, document(tools(1, 2), pairs)), ("tool", 1))
    assert edges(bundle) == [("tool 1", "tool 2")]
    assert bundle["objects"][2]["created"] == "2021-10-07T14:19:15.000Z"
    assert report.remarks.total == 1


def test_objects_that_say_nonsense_are_skipped_with_their_names(tmp_path: Path) -> None:
    bad: list[Any] = [
        {"id": 2, "created_at": TIME},
        {"id": 3, "value": "", "created_at": TIME},
        {"id": 4, "value": ["a"], "created_at": TIME},
        {"id": 5, "value": "five", "created_at": "soon"},
        {"id": 6, "value": "six", "created_at": 1633616355},
        {"id": 7, "value": "seven"},
    ]
    good = [
        {"id": 1, "value": "one", "created_at": TIME},
        {"id": 8, "value": "eight", "score": 1e300, "created_at": TIME},
    ]
    pairs = related(*((("tool", 1), ("tool", number)) for number in range(2, 9)))
    bundle, report, _ = exported(opened(tmp_path, document({"tool": good + bad}, pairs)), ("tool", 1), depth=3)
    assert edges(bundle) == [("one", "eight")]
    assert {each.id for each in report.skipped.kept} == {2, 3, 4, 5, 6, 7}
    assert {each.name for each in report.skipped.kept} == {"", "five", "six", "seven"}


def test_a_name_of_half_a_surrogate_pair_leaves_the_file_readable(tmp_path: Path) -> None:
    text = json.dumps(document({"tool": [{"id": 1, "value": "a\ud800b \U0001f600", "created_at": TIME}]}))
    bundle, _, data = exported(opened(tmp_path, text), ("tool", 1))
    assert "\U0001f600" in data.decode("utf-8")
    assert bundle["objects"][0]["name"].startswith("a")


def test_meta_alone_is_an_empty_library(tmp_path: Path) -> None:
    assert opened(tmp_path, json.dumps({"meta": META}), "a.jsonl").record(("tool", 1)) is None
