"""Data that no column describes: shown whole, indented, and where it is too much with what is missing."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from soarkit_app.datapaths import collect

from soarkit.render.terminal import render_result
from soarkit.render.text import display_width


def answer(*items, parameter=None, message="", summary=None):
    return {
        "data": list(items),
        "parameter": parameter or {},
        "summary": summary or {},
        "status": "success",
        "message": message,
    }


def run(*results, message="", summary=None):
    return {"status": "success", "message": message, "result_data": list(results), "result_summary": summary or {}}


def draw(*items, fields=(), width=80, **options):
    result = options.pop("result", None) or run(answer(*items))
    return render_result(result, fields, title="T", width=width, color=False, duration=None, **options)


def body(*items, **options):
    """The lines below title and outcome."""
    lines = draw(*items, **options).split("\n")
    assert lines[:3] == ["T", "✓ success", ""]
    return lines[3:]


def field(path, name=None, data_type="string"):
    return {"data_path": path, "data_type": data_type, **({"column_name": name, "column_order": 0} if name else {})}


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


# Too much to show


def test_items_beyond_the_limit_are_counted_and_can_be_selected():
    result = run(answer({"rows": [{"n": n} for n in range(500)], "id": 1}))
    text = draw(result=result)
    assert "\n  … 450 more items\n" in text
    assert text.split("\n")[-1] == "… 450 more items: --format json, or --select 'action_result.data.*.rows.*'"
    assert len(collect(result, "action_result.data.*.rows.*")) == 500


def test_characters_beyond_the_limit_are_counted():
    result = run(answer({"page": "x" * 10_000, "meta": {"a": 1}}))
    text = draw(result=result)
    assert text.count("x") == 4000
    assert "  … 6000 more characters" in text
    assert text.endswith("\n… 6000 more characters: --format json, or --select 'action_result.data.*.page'")
    page = "".join(f"line {n}\n" for n in range(1000))
    shown, rest = draw({"page": page, "meta": {"a": 1}}).split("  … ")
    assert sum(len(f"line {n}\n") for n in range(1000) if f"line {n}\n" not in shown) == int(rest.split()[0]) - 1


def test_levels_beyond_the_limit_are_counted():
    item = 1
    for level in range(30):
        item = {"deeper": item, "level": 30 - level}
    text = draw(item, width=200)
    assert "deeper: … 2 fields" in text
    path = text.split("--select '")[1].rstrip("'")
    assert text.endswith(f"… 2 more fields: --format json, or --select '{path}'")
    assert collect(run(answer(item)), path)[0]["level"] == path.count("deeper") + 1


def test_lists_beyond_the_limit_of_levels_are_counted():
    value = [1, {"a": 2}]
    for _ in range(30):
        value = [value, 0]
    text = draw({"lists": value}, width=200)
    assert "- - - - - … 2 items\n" in text
    path = text.split("--select '")[1].rstrip("'")
    assert text.endswith(f"… 2 more items: --format json, or --select '{path}'")
    assert len(collect(run(answer({"lists": value})), path)) >= 2


def test_values_nested_without_end_do_no_harm():
    deep, other = [], []
    for _ in range(100_000):
        deep, other = [deep], [other]
    assert "--format json" in draw({"a": {"b": deep, "c": other}}, deep)


def test_fields_beyond_the_limit_are_counted():
    item = {f"k{n}": n for n in range(1000)}
    flat, nested = draw(item), draw({**item, "z": {"a": 1}})
    assert "\nk299: 299\n" in flat
    assert flat.endswith("\n… 700 more fields: --format json")
    assert nested.endswith("\n… 701 more fields: --format json, or --select 'action_result.data.*'")


def test_several_places_are_listed():
    item = {"a": [{"n": n} for n in range(100)], "b": list(range(1000)), "c": {"": "x" * 9000, "d": {}}}
    assert draw(item).split("\n")[-4:] == [
        "… not shown (--format json shows all):",
        "  50 items         --select 'action_result.data.*.a.*'",
        "  800 items        --select 'action_result.data.*.b.*'",
        "  5000 characters",
    ]


def test_many_places_are_summed_up():
    item = {f"list {n}": [{"x": n, "y": m} for m in range(60)] for n in range(20)}
    lines = draw(item).split("\n")
    assert len(lines) < 330
    assert re.fullmatch(r"  and \d+ more places", lines[-1])


def test_one_large_value_does_not_hide_its_neighbours():
    item = {"first": {f"k{n}": {"v": n} for n in range(5000)}, "second": {"headers": {"Host": "contoso.example"}}}
    text = draw(item)
    assert "contoso.example" in text
    shown = text.count("    v: ")
    assert f"… {5000 - shown} more fields: --format json, or --select 'action_result.data.*.first'" in text
    assert len(text.split("\n")) < 320


def test_items_are_shown_whole_or_not_at_all():
    rows = [{"id": n, "nested": {f"k{m}": m for m in range(70)}} for n in range(40)]
    text = draw({"rows": rows})
    shown = text.count("id: ")
    assert text.count("k69: ") == shown > 2
    assert f"… {40 - shown} more items" in text
    assert f"… {40 - shown} more items" in draw(*rows)


def test_a_large_result_is_cut_to_what_can_be_read():
    rows = [{"n": n, "nested": {"a": [n] * 10}} for n in range(20_000)]
    for items in (rows, [{"rows": rows}], [rows], [{str(n): row for n, row in enumerate(rows)}]):
        assert len(draw(*items).split("\n")) < 400


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


# Summary and message


def summary_of(summary, message, width=80):
    return draw(result=run(answer(summary=summary, message=message), message=message), width=width).split("\n")[2:]


def test_a_summary_that_the_message_says_is_left_out():
    message = "Registry: arin\nASN: 15169\nCountry: US\nNets:\nRange: 8.0.0.0 - 8.127.255.255"
    summary = {"registry": "arin", "asn": "15169", "country_code": "US", "nets": [{"range": "8.0.0.0 - 8.127.255.255"}]}
    assert summary_of(summary, message) == message.split("\n")
    assert summary_of({"reports_found": 2}, "IP lookup complete. Reports found: 2") == [
        "IP lookup complete. Reports found: 2"
    ]


def test_a_summary_worded_as_python_does_is_left_out():
    summary = {"sinkhole": False, "owner": None, "tags": {"a": ["x", 1.5]}}
    message = "Sinkhole: False, Owner: None, Tags: {'a': ['x', 1.5]}"
    assert summary_of(summary, message) == [message]


def test_a_summary_too_deep_or_long_to_be_looked_for_stays():
    assert "  - a:" in summary_of({"tags": [{"a": {"b": {"c": "x"}}}]}, "Tags: x")
    assert len(summary_of({"tags": ["x"] * 60}, "Tags: x")) > 1


def test_a_summary_the_message_says_something_else_of_stays():
    for summary in ({"total": 2}, {"reports_found": 25}, {"reports_found": "two"}, {"reports_found": None}):
        assert len(summary_of(summary, "Reports found: 2")) == 3
    assert summary_of({"reports_found": 2, "new": 2}, "Reports found: 2")[-1] == "new: 2"


def test_nested_and_long_summary_values_are_indented():
    summary = {"a": 1, "nets": [{"range": "r1", "address": {"city": "c"}}], "b": 2, "long": "word " * 10}
    assert summary_of(summary, "m", width=40) == [
        "m",
        "",
        "a: 1  b: 2",
        "nets:",
        "  - range: r1",
        "    address:",
        "      city: c",
        "long: word word word word word word word",
        "      word word word",
    ]


def test_of_two_messages_that_say_the_same_the_longer_stands():
    result = run(answer(message="Error: no route to host"), message="no route")
    assert draw(result=result).split("\n")[2:] == ["Error: no route to host"]
