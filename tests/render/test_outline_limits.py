"""Too much data to show: cut, with what is missing and how to see it."""

from __future__ import annotations

import re

from soarkit_app.datapaths import collect

from .outlines import answer, draw, run


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
