"""Data paths: parsing, single values in order, aligned rows."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

APPLIB = str(Path(__file__).resolve().parents[2] / "soarkit" / "applib")
if APPLIB not in sys.path:
    sys.path.append(APPLIB)

from soarkit_app.datapaths import (  # noqa: E402 - found through the line above
    DataPathError,
    collect,
    collect_rows,
    is_known_root,
    iter_rows,
    parse,
)


def run(*results, **summary):
    return {"status": "success", "message": "", "result_data": list(results), "result_summary": summary}


def data(*items, **more):
    return {"data": list(items), "parameter": {}, "summary": {}, "status": "success", "message": "", **more}


# Roots


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("action_result.data", [[{"a": 1}], []]),
        ("action_result.data.*", [{"a": 1}]),
        ("action_result.data.*.a", [1]),
        ("action_result.summary.n", [7]),
        ("action_result.parameter.hash", ["x", "y"]),
        ("action_result.status", ["success", "failed"]),
        ("action_result.message", ["fine", "no"]),
        ("action_result.context.guid", ["g"]),
        ("action_result.id", [3]),
        ("summary.total_objects", [2]),
        ("summary", [{"total_objects": 2}]),
    ],
)
def test_known_roots(path, values):
    result = run(
        data({"a": 1}, parameter={"hash": "x"}, summary={"n": 7}, message="fine", context={"guid": "g"}, id=3),
        data(parameter={"hash": "y"}, status="failed", message="no"),
        total_objects=2,
    )
    assert is_known_root(path)
    assert collect(result, path) == values


@pytest.mark.parametrize(
    ("path", "position", "suggestion"),
    [
        ("data.*.a", 0, "action_result.data.*.a"),
        ("status", 0, "action_result.status"),
        ("parameters.hash", 0, "action_result.parameter.hash"),
        ("parameter.hash", 0, "action_result.parameter.hash"),
        ("action_results.data.*.a", 0, "action_result.data.*.a"),
        ("ction_result.data.*.a", 0, "action_result.data.*.a"),
        (" action_result.data.*.a", 0, "action_result.data.*.a"),
        ("sumary.total_objects", 0, "summary.total_objects"),
        ("action_result.dat.*.a", 14, "action_result.data.*.a"),
        ("action_result.data[0].a", 14, "action_result.data.0.a"),
        ("action_result.data[*].a", 14, "action_result.data.*.a"),
        ("action_result.data[].a", 14, "action_result.data.a"),
        ("action_result.sumary", 14, "action_result.summary"),
        ("action_result.datetime", 14, "action_result.data.*.datetime"),
        ("action_result", 0, None),
        ("result_data.*.data", 0, None),
        ("zzz.a", 0, None),
        ("", 0, None),
        (".", 0, None),
        ("*", 0, None),
    ],
)
def test_unknown_root_says_where_and_what_was_meant(path, position, suggestion):
    assert not is_known_root(path)
    with pytest.raises(DataPathError) as caught:
        parse(path)
    assert isinstance(caught.value, ValueError)
    assert (caught.value.path, caught.value.position, caught.value.suggestion) == (path, position, suggestion)
    assert f"character {position + 1}" in str(caught.value)
    assert "action_result.data" in str(caught.value)
    if suggestion:
        assert f'did you mean "{suggestion}"?' in str(caught.value)


def test_every_suggestion_is_itself_a_path():
    for path in ("action_result.dta", "actionresult", "sumary", "context", "action_result.x", "parameters"):
        with pytest.raises(DataPathError) as caught:
            parse(path)
        if caught.value.suggestion:
            parse(caught.value.suggestion)


def test_empty_key_says_where():
    with pytest.raises(DataPathError, match="character 22: a key between two dots is empty"):
        parse("action_result.data.*..a")


def test_absurdly_many_stars_are_refused():
    with pytest.raises(DataPathError, match="stars"):
        parse("action_result.data" + ".*" * 5000)


@given(st.text())
def test_any_text_parses_or_is_a_data_path_error(text):
    for path in (text, "action_result.data." + text, "summary." + text):
        try:
            parsed = parse(path)
        except DataPathError as error:
            assert 0 <= error.position <= len(path)
        else:
            assert isinstance(collect({"result_data": [data(text)]}, parsed), list)


# Keys


@pytest.mark.parametrize(
    "key", ["File Name", "a=", "50%", "@id", "@odata.type", "443", "!@#$%^&*", "*x", "ns:k", "ключ", "-"]
)
def test_unusual_keys(key):
    assert collect(run(data({key: 1})), f"action_result.data.*.{key}") == [1]
    assert collect(run(data({"x": {key: {"y": 1}}})), f"action_result.data.*.x.{key}.y") == [1]
    assert collect_rows(run(data({key: 1, "b": 2})), [f"action_result.data.*.{key}", "action_result.data.*.b"]) == [
        (1, 2)
    ]


def test_keys_with_dots_where_the_plain_reading_finds_nothing():
    item = {"extensions": {"1.3.6.1": "oid"}, "ANDROID4.4": {"status": "ok"}, "a": {"b": "plain"}, "a.b": "dotted"}
    assert collect(run(data(item)), "action_result.data.*.extensions.1.3.6.1") == ["oid"]
    assert collect(run(data(item)), "action_result.data.*.ANDROID4.4.status") == ["ok"]
    assert collect(run(data(item)), "action_result.data.*.a.b") == ["plain"]
    assert collect(run(data({"a": {}, "a.b": "dotted"})), "action_result.data.*.a.b") == ["dotted"]
    assert collect(run(data({"x.y": [{"@odata.type": 1}]})), "action_result.data.*.x.y.*.@odata.type") == [1]


def test_digits_are_an_index_on_a_list_and_a_key_on_a_dict():
    result = run(data({"p": ["a", "b"]}, {"p": {"1": "c"}}, {"p": ["only"]}, {"p": "text"}))
    assert collect(result, "action_result.data.*.p.1") == ["b", "c"]
    assert collect(run(data(["a", "b"], ["c"])), "action_result.data.*.1") == ["b"]
    assert collect(result, "action_result.data.0.p.0") == ["a"]
    for hostile in ("9" * 20, "9" * 10000, "-1", "\u00b2", "\uff11", "1_0"):
        assert collect(result, f"action_result.data.*.p.{hostile}") == []


def test_a_trailing_star():
    result = run(data({"t": ["x", None]}, {"t": []}, {"t": "y"}, {"t": {"k": 1}}, {"t": None}, {}))
    assert collect(result, "action_result.data.*.t.*") == ["x", None, "y", {"k": 1}]
    assert collect(run(data(["a", "b"], "c")), "action_result.data.*.*") == ["a", "b", "c"]


def test_a_star_in_the_middle_ranges_over_lists_only():
    result = run(data({"t": {"k": 1}}, {"t": [{"k": 2}]}, {"t": "text"}, {"t": None}))
    assert collect(result, "action_result.data.*.t.*.k") == [2]


def test_a_trailing_dot_means_nothing():
    result = run(data({"t": ["x", "y"]}))
    assert collect(result, "action_result.data.*.t.*.") == collect(result, "action_result.data.*.t.*") == ["x", "y"]


def test_absent_is_skipped_and_null_is_a_value():
    assert collect(run(data({"a": None}, {}, {"a": 0}, {"a": False}, {"a": ""})), "action_result.data.*.a") == [
        None,
        0,
        False,
        "",
    ]


def test_collect_gives_the_objects_themselves():
    item = {"a": {"b": []}}
    assert collect(run(data(item)), "action_result.data.*.a")[0] is item["a"]
    assert next(iter_rows(run(data(item)), ["action_result.data.*.a"]))[0] is item["a"]


@pytest.mark.parametrize(
    "broken", [{}, {"result_data": None}, {"result_data": {"data": []}}, {"result_data": [None, 1, "x", []]}]
)
def test_results_of_another_shape_give_nothing(broken):
    assert collect(broken, "action_result.data.*.a") == []
    assert collect_rows(broken, ["action_result.data.*.a", "summary.n"]) == []


# Rows


def rows(result, *paths):
    return collect_rows(result, [path if path.startswith("summary") else "action_result." + path for path in paths])


def test_the_example_of_the_documentation():
    item = {"name": "a", "ports": [22, 80], "tags": [{"t": "x"}]}
    result = run(data(item, {"name": "b"}, parameter={"ip": "1.2.3.4"}))
    assert rows(result, "parameter.ip", "data.*.name", "data.*.ports.*", "data.*.tags.*.t") == [
        ("1.2.3.4", "a", 22, "x"),
        ("1.2.3.4", "a", 80, None),
        ("1.2.3.4", "b", None, None),
    ]


def test_values_of_one_item_stand_in_one_row():
    assert rows(run(data({"a": 1, "b": 2}, {"a": 3}, {"b": 4})), "data.*.a", "data.*.b") == [
        (1, 2),
        (3, None),
        (None, 4),
    ]


def test_the_order_of_paths_is_the_order_of_cells_and_a_path_may_stand_twice():
    assert rows(run(data({"a": 1, "b": 2})), "data.*.b", "data.*.a", "data.*.b") == [(2, 1, 2)]


def test_shallower_values_repeat():
    result = run(
        data({"n": "a", "v": [{"x": 1}, {"x": 2}]}, {"n": "b", "v": [{"x": 3}]}, parameter={"p": 9}),
        data({"n": "c", "v": []}, parameter={"p": 8}),
        total=1,
    )
    assert rows(result, "parameter.p", "data.*.n", "data.*.v.*.x", "summary.total") == [
        (9, "a", 1, 1),
        (9, "a", 2, 1),
        (9, "b", 3, 1),
        (8, "c", None, 1),
    ]


def test_siblings_pair_by_index_and_are_never_multiplied():
    result = run(data({"a": [1, 2, 3], "b": ["x", "y"]}, {"b": ["z"]}))
    assert rows(result, "data.*.a.*", "data.*.b.*") == [(1, "x"), (2, "y"), (3, None), (None, "z")]


def test_siblings_below_siblings_pair_by_both_indexes():
    result = run(data({"a": [{"x": [1, 2]}, {"x": [3]}], "b": [{"y": ["p"]}, {"y": ["q", "r"]}]}))
    assert rows(result, "data.*.a.*.x.*", "data.*.b.*.y.*") == [(1, "p"), (2, None), (3, "q"), (None, "r")]


def test_a_value_repeats_over_the_deeper_list_of_its_sibling():
    result = run(data({"a": [{"x": [1, 2]}, {"x": [3]}], "b": ["p", "q"]}))
    assert rows(result, "data.*.a.*.x.*", "data.*.b.*") == [(1, "p"), (2, "p"), (3, "q")]


def test_a_shorter_sibling_leaves_nothing_behind():
    result = run(data({"a": [{"x": [{"k": 1}]}], "b": [1, 2, 3]}, {"a": [], "b": [4]}))
    assert rows(result, "data.*.a.*.x.*.k", "data.*.b.*") == [(1, 1), (None, 2), (None, 3), (None, 4)]


def test_an_item_with_nothing_in_it_makes_a_row_only_below_something():
    assert rows(run(data({}, {"a": 1}, {})), "data.*.a", "data.*.b") == [(1, None)]
    assert rows(run(data({}, {"a": 1}, parameter={"p": 9})), "parameter.p", "data.*.a") == [(9, None), (9, 1)]
    assert rows(run(data({"a": None})), "data.*.a", "data.*.b") == [(None, None)]


def test_a_failed_result_still_shows_its_parameter():
    result = run(data({"a": 1}, parameter={"p": "good"}), data(parameter={"p": "bad"}, status="failed"))
    assert rows(result, "parameter.p", "status", "data.*.a") == [("good", "success", 1), ("bad", "failed", None)]


def test_no_paths_no_rows():
    assert collect_rows(run(data({"a": 1})), []) == []


def test_a_bad_path_is_reported_at_the_call():
    with pytest.raises(DataPathError):
        iter_rows(run(), ["action_result.data.*.a", "nowhere.a"])


def test_rows_come_one_by_one():
    result = run(data(*({"a": number} for number in range(1000)), parameter={"p": 1}))
    first = list(itertools.islice(iter_rows(result, ["action_result.parameter.p", "action_result.data.*.a"]), 2))
    assert first == [(1, 0), (1, 1)]


# Against a slow implementation that follows the definition to the letter

KEYS = ["a", "b", "c.d", "0", "1"]
leaves = st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.sampled_from(["x", ""]))
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)),
    max_leaves=12,
)
results = st.builds(
    lambda results, summary: {"result_data": results, "result_summary": summary},
    st.lists(st.fixed_dictionaries({"data": st.lists(values, max_size=3), "parameter": values}), max_size=3),
    values,
)
roots = st.sampled_from(["action_result.data", "action_result.data.*", "action_result.parameter", "summary"])
paths = st.builds(
    lambda root, rest: ".".join([root, *rest]), roots, st.lists(st.sampled_from(["*", *KEYS]), max_size=4)
)


def readings(value, keys):
    """Every reading of literal keys, the plain one first."""
    if not keys:
        return [value]
    found = []
    for count in range(1, len(keys) + 1):
        key = ".".join(keys[:count])
        if isinstance(value, dict) and key in value:
            found += readings(value[key], keys[count:])
        elif isinstance(value, list) and key in [str(index) for index in range(len(value))]:
            found += readings(value[int(key)], keys[count:])
    return found


def reached(value, keys, positions=()):
    """(positions, value or no value) of every item that a path ranges over, and of what it finds at the end."""
    if "*" not in keys:
        yield positions, readings(value, keys)[:1]
        return
    yield positions, []
    star = keys.index("*")
    for found in readings(value, keys[:star])[:1]:
        trailing = star == len(keys) - 1 and found is not None
        items = found if isinstance(found, list) else [found] if trailing else []
        for index, item in enumerate(items):
            yield from reached(item, keys[star + 1 :], (*positions, index))


def reference_rows(result, paths):
    everything = []
    for path in paths:
        keys = path.split(".")
        keys = ["result_summary", *keys[1:]] if keys[0] == "summary" else ["result_data", "*", *keys[1:]]
        everything.append((keys.count("*"), dict(reached(result, keys))))
    positions = {where for _, found in everything for where in found}
    deepest = [
        where
        for where in positions
        if not any(len(other) > len(where) and other[: len(where)] == where for other in positions)
    ]
    for where in sorted(deepest):
        cells = [found.get(where[:stars], []) if len(where) >= stars else [] for stars, found in everything]
        if any(cells):
            yield tuple(cell[0] if cell else None for cell in cells)


@given(results, st.lists(paths, max_size=4))
def test_rows_follow_the_definition(result, paths):
    assert collect_rows(result, paths) == list(reference_rows(result, paths))


@given(results, paths)
def test_values_follow_the_definition(result, path):
    found = collect(result, path)
    assert [(value,) for value in found] == list(reference_rows(result, [path]))
    assert collect_rows(result, [path]) == [(value,) for value in found]


def test_importing_it_imports_nothing_heavy():
    code = (
        "import sys; before = set(sys.modules); import soarkit_app.datapaths; print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.append({APPLIB!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"re", "typing", "difflib", "functools", "dataclasses", "inspect"} & set(done.stdout.split())
