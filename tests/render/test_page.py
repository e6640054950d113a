"""The page as a document: app text is never markup in it, and its JSON is exact."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.render.frames import frame_blocks
from soarkit.render.page import inlined
from soarkit.render.page.contents import page
from soarkit.render.page.document import POLICY
from soarkit.render.page.encode import MAX_DEPTH, script_json
from soarkit.render.reported import ReportedRun
from soarkit.render.shown import CustomView, ViewProblem
from soarkit.render.widgets import widgets

HOSTILE = (
    "</script></style><script>alert(1)</script><!--<script><img src=x onerror=alert(1)>\"'&\u2028\u2029\ud800]]>{{x}}"
)


def run(text: str, **changes: Any) -> ReportedRun:
    result = {
        "status": text,
        "message": text,
        "data": [{text: text, "a": {text: [text, {"$": text}]}}, {"a": text}],
        "parameter": {text: text},
        "summary": {text: text},
    }
    given = ReportedRun(
        app_name=text,
        app_version=text,
        action_name=text,
        status="failed",
        message=text,
        document={"status": "failed", "message": text, "result_data": [result, result], "result_summary": {text: text}},
        id=text,
        started=text,
        asset=text,
        parameters=[{text: text}],
    )
    return replace(given, **changes)


def whole(runs: list[ReportedRun], view: CustomView | None = None, title: str = "") -> str:
    made = widgets(runs, lambda shown: view or CustomView())
    contextual = {"types": {title: [0]}, "commands": [{"app": title, "slug": title}]}
    document = page(
        runs, made, title=title, made=title, soarkit=title, contextual=contextual, frame_blocks=frame_blocks
    )
    return document.decode()


def shape(text: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every element with its attributes, JSON blocks aside."""
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parse(text)
    found = []
    for element in tree.iter():
        attributes = tuple(sorted((str(key), value) for key, value in element.attrib.items()))
        if ("type", "application/json") not in attributes:
            found.append((str(element.tag).rpartition("}")[2], attributes))
    return found


def blocks(text: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="([a-z0-9-]+)">(.*?)</script>', text)
    return {name: json.loads(content) for name, content in found}


def test_no_text_of_an_app_is_markup_in_the_page() -> None:
    plain = whole([run("x")], title="x")
    hostile = whole(
        [run(HOSTILE), run(HOSTILE, document=None, error={"where": HOSTILE, "hint": HOSTILE})], title=HOSTILE
    )
    assert shape(hostile) == shape(plain)
    head = plain[: plain.index("<script")]
    assert hostile.startswith(head)
    assert "alert(1)</script>" not in hostile
    assert blocks(hostile)["report"]["title"] == HOSTILE


def test_neither_is_what_a_custom_view_draws() -> None:
    from soarkit.manifest.model import Action, Render

    raw = {"type": "custom", "view": "a.b"}
    render = Render("custom", None, None, "a.b", HOSTILE, HOSTILE, raw)
    action = Action("a", "a", 0, "", "generic", True, None, "EQ(*)", None, render, {"output": [], "render": raw})
    drawn = CustomView(HOSTILE, ("jquery", "datatables"), HOSTILE, HOSTILE, {"title": HOSTILE, "body": "red;}"})
    text = whole([run("x", action=action)], drawn)
    assert shape(text) == shape(whole([run("x")]))
    found = blocks(text)
    (widget,) = found["report"]["widgets"]
    assert widget["colors"] == {}
    (view,) = [part for part in widget["parts"] if part["kind"] == "view"]
    assert found[view["html"]] == HOSTILE
    assert {"frame-script", "frame-styles", "frame-jquery"} <= found.keys()
    failed = CustomView(problem=ViewProblem(HOSTILE, HOSTILE, HOSTILE))
    assert shape(whole([run("x", action=action)], failed)) == shape(text)


def test_the_policy_comes_first_and_the_script_last() -> None:
    text = whole([run("x")])
    elements = shape(text)
    assert [name for name, _ in elements[:3]] == ["html", "head", "meta"]
    assert elements[2][1] == (("content", POLICY), ("http-equiv", "Content-Security-Policy"))
    assert elements[-1] == ("script", ())
    assert not re.search(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", text[: text.index("<body")])


def test_our_own_styles_and_scripts_end_nothing() -> None:
    assert "</style" not in inlined.styles().lower()
    script = inlined.scripts().lower()
    assert "</script" not in script
    assert "<!--" not in script
    assert "<script" not in script
    for word in ("innerhtml", "outerhtml", "insertadjacenthtml", "document.write", "eval(", "new function"):
        assert word not in script


def test_every_asset_is_in_the_list() -> None:
    import os

    folder = inlined.FOLDER
    listed = {*inlined.STYLES, *inlined.SCRIPTS}
    assert listed == {name for name in os.listdir(folder) if name.endswith((".js", ".css"))}


def restored(value: Any) -> Any:
    """As the page's script reads it."""
    if isinstance(value, list):
        return [restored(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$"}:
        inner = value["$"]
        if isinstance(inner, str):
            return float(inner) if inner in ("NaN", "Infinity", "-Infinity") else int(inner)
        return {"$": restored(inner["$"])}
    return {key: restored(one) for key, one in value.items()}


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from numbers(one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()) | st.just("$"), inner),
    max_leaves=20,
)


@given(values)
def test_values_survive(value: Any) -> None:
    text = script_json(value).decode()
    assert text.isascii()
    assert "<" not in text
    read = json.loads(text, parse_constant=pytest.fail)
    assert all(isinstance(one, float) or abs(one) <= 2**53 for one in numbers(read))
    assert restored(read) == value


@pytest.mark.parametrize("number", [2**53 + 1, -(2**63), 10**30, math.inf, -math.inf])
@pytest.mark.parametrize("around", ["{}", "[{}]", '{{"a": {}}}', '[1, {}, "x"]'])
def test_numbers_beyond_javascript_survive(number: float, around: str) -> None:
    value = json.loads(around.format(json.dumps(number)))
    assert restored(json.loads(script_json(value))) == value


def test_no_number_survives_as_such() -> None:
    assert script_json([float("nan")]) == b'[{"$":"NaN"}]'
    assert script_json((1, (2**60,))) == b'[1,[{"$":"1152921504606846976"}]]'


def test_what_nests_too_deeply_ends_in_a_sentence() -> None:
    deep: Any = "end"
    for _ in range(100_000):
        deep = [deep]
    text = script_json({"a": deep, "b": 1}).decode()
    assert "nested deeper" in text
    assert text.count("[") == MAX_DEPTH - 1
    assert json.loads(text)["b"] == 1
