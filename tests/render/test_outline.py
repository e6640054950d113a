"""Data that no column describes: shown whole and indented."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.render.terminal import render_result
from soarkit.render.text import display_width

from .outlines import answer, body, draw, field, run


def test_nested_data_is_shown_whole():
    item = {
        "response": {"path": "/things", "headers": {"Host": "contoso.example", "X-One": "1"}, "body": ""},
        "method": "GET",
        "location": "https://contoso.example/things",
        "redirect": None,
    }
    assert body(item) == [
        "method:   GET",
        "location: https://contoso.example/things",
        "redirect: -",
        "response:",
        "  path: /things",
        '  body: ""',
        "  headers:",
        "    Host:  contoso.example",
        "    X-One: 1",
    ]


def test_a_list_of_objects_is_a_small_table():
    item = {"ip": "8.8.8.8", "results": [{"count": 1, "label": "bad", "on": "06-25"}, {"count": 12, "label": "good"}]}
    assert body(item) == [
        "ip: 8.8.8.8",
        "results:",
        "  count  label  on",
        "  ─────  ─────  ─────",
        "      1  bad    06-25",
        "     12  good   -",
    ]


def test_objects_that_fit_no_table_are_items():
    rows = [{"name": f"n{n}", "about": {"score": n, "by": ["a", "b"]}} for n in range(2)]
    assert body({"rows": rows}) == [
        "rows:",
        "  - name: n0",
        "    about:",
        "      score: 0",
        "      by:    a, b",
        "  - name: n1",
        "    about:",
        "      score: 1",
        "      by:    a, b",
    ]


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (["a", "b"], ["list: a, b"]),
        (["only"], ["list: only"]),
        ([1, 2.5, True, None], ["list: 1, 2.5, true, -"]),
        ([], ["list: []"]),
        ([{}], ["list:", "  - {}"]),
        ([[], "", " \n"], ["list:", "  - []", '  - ""', '  - " \\n"']),
        (["a, b", "c"], ["list:", "  - a, b", "  - c"]),
        (["one\ntwo", "c"], ["list:", "  - one", "    two", "  - c"]),
        (["x" * 30, "y" * 30], ["list:", "  - " + "x" * 27, "    xxx", "  - " + "y" * 27, "    yyy"]),
        (
            ["word " * 10 + "end"] * 2,
            ["list:", *["  - word word word word word", "    word word word word word", "    end"] * 2],
        ),
        ([[1, 2], [3, 4]], ["list:", "  - 1, 2", "  - 3, 4"]),
    ],
)
def test_lists_of_plain_values(values, lines):
    assert body({"n": {"a": 1}, "list": values}, width=31) in ([*lines, "n:", "  a: 1"], ["n:", "  a: 1", *lines])


def test_many_short_values_fill_lines():
    lines = body({"ports": list(range(100)), "n": {"a": 1}}, width=60)
    assert lines[0].startswith("ports: 0, 1, 2")
    assert lines[1].startswith("       1")
    assert len(lines) == 10


def test_lists_in_a_table_read_as_values():
    assert body({"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": []}) == [
        "id  tags",
        "──  ────",
        " 1  a, b",
        " 2  []",
    ]


def test_long_values_are_indented_under_their_key():
    assert body({"note": "word " * 12, "nested": {"a": 1}}, width=40)[:3] == [
        "note: word word word word word word word",
        "      word word word word word",
        "nested:",
    ]


def test_a_text_of_several_lines_stands_below_its_key():
    assert body({"raw": "one\n\ttwo\n\nthree\n", "short": "x", "nested": {"a": 1}}) == [
        "short: x",
        "raw:",
        "  one",
        "      two",
        "",
        "  three",
        "nested:",
        "  a: 1",
    ]


def test_several_nested_items_are_numbered():
    assert body({"ip": "1.1.1.1", "seen": {"by": "x"}}, {"ip": "8.8.8.8", "seen": {"by": "y"}}) == [
        "── 1 ───────────────────────────────────",
        "ip: 1.1.1.1",
        "seen:",
        "  by: x",
        "",
        "── 2 ───────────────────────────────────",
        "ip: 8.8.8.8",
        "seen:",
        "  by: y",
    ]


def test_data_of_any_shape_is_shown():
    assert body(["a", ["b", {"c": 1}]]) == ["- a", "- - b", "  - c: 1"]
    assert body("text", {"a": {"b": 1}}, 5)[-2:] == ["── 3 ───────────────────────────────────", "5"]
    assert body(result=run({**answer(), "data": {"a": 1}})) == ["a: 1"]
    assert body(result=run({**answer(), "data": "text"})) == ["data", "────", "text"]


def test_keys_no_path_can_name_are_shown():
    assert body({"": 1, "*": 2, "a..b": 3, "x.": 4}) == ["(empty): 1", "*:       2", "a..b:    3", "x.:      4"]


def test_what_was_said_under_another_key_is_referred_to():
    parsed = {"a": 1, "b": [1, 2]}
    assert body({"parsed": parsed, "raw": dict(parsed), "other": {"a": True, "b": [1, 2]}}) == [
        "parsed:",
        "  a: 1",
        "  b: 1, 2",
        "raw: same as parsed",
        "other:",
        "  a: true",
        "  b: 1, 2",
    ]


def test_declared_passwords_are_masked_in_the_data():
    fields = [
        field("action_result.data.*.token", data_type="password"),
        field("action_result.data.*.users.*.pin", data_type="password"),
        field("action_result.data.*.keys.*", data_type="password"),
    ]
    item = {"token": "hunter1", "users": [{"pin": "hunter2", "n": 1}, {"pin": "hunter3", "n": 2}], "keys": ["hunter4"]}
    assert "hunter" not in draw(item, fields=fields)
    assert "hunter" not in draw({"token": "hunter1"}, fields=fields)
    assert "hunter" not in draw({"token": {"deep": "hunter1"}}, {"users": [{"pin": "hunter2"}]}, fields=fields)


# Beside declared columns


def test_fields_in_no_column_are_named():
    fields = [field("action_result.data.*.id", "ID"), field("action_result.data.*.tags.*", "Tags")]
    items = [{"id": 1, "tags": ["x"], "os": "linux", "net": {"ip": "::1"}, "none": None, "empty": {"a": []}}, {"id": 2}]
    assert body(*items, fields=fields)[-1] == "… 2 more fields (os, net.ip): --format json"
    many = [{"id": 1, **{f"field {n}": n for n in range(40)}}]
    assert body(*many, fields=fields)[-1].startswith("… 40 more fields (field 0, field 1, ")
    assert body(*many, fields=fields)[-1].endswith(", …): --format json")
    assert len(body(*many, fields=fields)[-1]) <= 80
    assert body({"id": 1, "odd": 2}, fields=fields)[-1] == "… 1 more field (odd): --format json"
    assert "more field" not in draw({"id": 1, "tags": "x"}, fields=fields)


def test_columns_for_a_whole_value_cover_what_is_in_it():
    fields = [field("action_result.data.*.nested", "N"), field("action_result.data.*.list.*.a", "A")]
    assert "more field" not in draw({"nested": {"a": {"b": 1}}, "list": [{"a": 1}]}, fields=fields)


def test_data_that_no_column_shows_follows_the_table():
    fields = [field("action_result.parameter.domain", "Domain"), field("action_result.summary.first", "First")]
    one = answer({"records": ["192.0.2.1", "192.0.2.2"]}, parameter={"domain": "d"}, summary={"first": "192.0.2.1"})
    assert draw(result=run(one), fields=fields).split("\n")[-6:] == [
        "Domain  First",
        "──────  ─────────",
        "d       192.0.2.1",
        "",
        "── data ────────────────────────────────",
        "records: 192.0.2.1, 192.0.2.2",
    ]
    long = answer({"rows": [{"n": {"a": n}} for n in range(100)]}, parameter={"domain": "d"})
    text = draw(result=run(long), fields=fields)
    assert len(text.split("\n")) < 50
    assert "more items: --format json, or --select 'action_result.data.*.rows.*'" in text


def test_nested_values_of_declared_columns_are_indented_in_records():
    fields = [field("action_result.data.*.id", "ID"), field("action_result.data.*.about", "About")]
    about = {"name": "n" * 30, "score": {"a": 1, "b": "x" * 30}}
    assert body({"id": 7, "about": about}, fields=fields, width=50) == [
        "ID: 7",
        "About:",
        f"  name: {'n' * 30}",
        "  score:",
        "    a: 1",
        f"    b: {'x' * 30}",
    ]


# For anything


def leaves(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    elif value not in (None, ""):
        yield value if isinstance(value, str) else json.dumps(value)


KEYS = st.text(alphabet="abcdefgh_. *北\x1b", max_size=9)
NESTED = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(alphabet="klmnop qrs\t\n北,", max_size=60)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(st.lists(NESTED, max_size=3), st.integers(20, 130))
def test_every_value_is_shown_and_no_line_is_too_wide(items, width):
    text = draw(*items, width=width)
    for line in text.split("\n"):
        assert display_width(line) <= width
        assert line == line.rstrip(" ")
    if "--format json" in text or "same as" in text:
        return
    bare = re.sub(r"[\s…]", "", text)
    for value in leaves(items):
        # A text that is wrapped inside a table's cell has other cells between its parts.
        assert all(re.sub(r"\s", "", part)[:4] in bare for part in value.split()), value


@given(st.lists(NESTED, max_size=3))
def test_colour_changes_no_text(items):
    result = run(answer(*items))
    painted = render_result(result, [], title="T", width=80, color=True, duration=None)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == draw(*items)
