"""The page of an observable as JSON, and colours that can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from soarkit.enrichments.attributes import Style
from soarkit.enrichments.named_colours import COLOURS
from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.outputs import read_output
from soarkit.enrichments.page import contents, observable_page
from soarkit.enrichments.page.legible import DARK, LIGHT, contrast, ink, legible


def run(*widgets: dict[str, Any], **given: Any) -> ObservedRun:
    about: dict[str, Any] = {
        "bundle": "Contoso Enrichment",
        "set_name": "Contoso",
        "transform": "Overview",
        "display_name": "Overview",
        "surface": "context",
        "entity_type": "anomali.Domain",
        "value": "example.org",
        "status": "success",
        "output": read_output({"widgets": list(widgets)}),
    }
    return ObservedRun(**{**about, **given})


def blocks(*runs: ObservedRun, **options: Any) -> dict[str, Any]:
    """All JSON of the page of these runs, by the id of its element."""
    about = {"value": "example.org", "entity_type": "anomali.Domain", "title": "T", "made": "2026", "soarkit": "0"}
    html = observable_page(runs, **{**about, **options}).decode()
    found = re.findall(r'<script type="application/json" id="([a-z0-9-]+)">(.*?)</script>', html, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


def item(value: Any, kind: str | None = "String", **more: Any) -> dict[str, Any]:
    return {"itemType": kind, "itemValue": value, "itemLabel": value, **more}


def table(*rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"widgetType": "Table", "tableName": "T", "columnHeadings": ["A", "B"], "rows": list(rows), **more}


def test_plain_cells_are_bare_values() -> None:
    given = table(
        [item(1, "Integer"), item("a")],
        [item(None, "Integer"), item("b", textColor="Red")],
        [item(2, "Integer"), item("https://example.com", "Link")],
    )
    found = blocks(run(given))
    [part] = found["observed"]["observables"][0]["bundles"][0]["tabs"][0]["parts"]
    assert [one["type"] for one in part["columns"]] == ["Integer", None]
    assert found[part["rows"]] == [
        [1, "a"],
        [None, {"v": "b", "s": 0}],
        [2, {"v": "https://example.com", "t": "Link", "h": "https://example.com"}],
    ]
    assert found["observed"]["styles"][0]["light"] == "#ff0000"


def test_tabs_stand_in_the_order_of_the_runs_and_bundles_too() -> None:
    runs = [
        run(transform="First"),
        run(transform="Other", set_name="Northwind"),
        run(transform="Second"),
        run(transform="First", value="example.net"),
    ]
    observables = blocks(*runs)["observed"]["observables"]
    names = [[[tab["hash"] for tab in bundle["tabs"]] for bundle in one["bundles"]] for one in observables]
    assert names == [[["contoso/first", "contoso/second"], ["northwind/other"]], [["contoso/first-2"]]]


def test_the_page_of_no_runs() -> None:
    [observable] = blocks()["observed"]["observables"]
    assert (observable["value"], observable["bundles"]) == ("example.org", [])


def test_charts_come_with_their_library_and_only_then() -> None:
    chart = {"widgetType": "Chart", "chartName": "C", "highchartsJson": '{"series": [{"data": [1]}]}'}
    options = {"value": "x", "entity_type": "anomali.Phrase", "title": "x", "made": "2026", "soarkit": "0"}
    without = observable_page([run({"widgetType": "HorizontalRule"})], **options)
    assert len(without) < 150_000
    assert len(observable_page([run(chart)], **options)) > 500_000


def test_a_chart_that_nobody_can_translate_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str, text: str) -> Any:
        raise KeyError(name)

    monkeypatch.setattr(contents.charts, "translate", broken)
    chart = {"widgetType": "Chart", "chartName": "C", "highchartsJson": "{}"}
    found = blocks(run(chart, {"widgetType": "HorizontalRule"}))
    parts = found["observed"]["observables"][0]["bundles"][0]["tabs"][0]["parts"]
    assert [one["kind"] for one in parts] == ["error", "rule"]


def test_every_asset_of_the_page_is_in_it() -> None:
    folder = Path(contents.__file__).parent / "assets"
    listed = {*contents._SCRIPTS, *contents._STYLES}
    assert {one.name for one in folder.iterdir()} == listed
    for one in folder.iterdir():
        assert "innerHTML" not in one.read_text(encoding="utf-8")


def test_every_named_colour_can_be_read_on_every_page() -> None:
    assert len(COLOURS) == 148
    for colour in COLOURS.values():
        found = ink(Style(colour=colour))
        assert found.light is not None
        assert found.dark is not None
        assert contrast(found.light, LIGHT) >= 3
        assert contrast(found.dark, DARK) >= 4.5
        on_ground = ink(Style(background=colour))
        assert on_ground.light == on_ground.dark
        assert on_ground.light is not None
        assert contrast(on_ground.light, colour) >= 4.5
        same = ink(Style(background=colour, colour=colour)).light
        assert same is not None
        assert contrast(same, colour) >= 4.5
    for ground in ("#a9a9a9", "#3cb371"):  # pairs of published bundles
        assert ink(Style(background=ground, colour="#ffffff")) == ("#ffffff", "#ffffff")
    assert legible("#4682b4", LIGHT) == "#4682b4"  # what can be read stays as it is
    assert ink(Style()) == (None, None)
