"""The custom view of the STIX exporter in its frame: the graph, its legend, the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from custom_views import draw, viewed
from playwright.sync_api import Frame

from soarkit.render.frames import prepare
from soarkit.render.parts import ViewPart

from .conftest import Open, Opened

APP = ROOT / "apps" / "stix_exporter"
HOSTILE = '</script><script>parent.hacked=1</script><img src=x onerror="window.hacked=1">\'\u202egnp'

ShowResult = Callable[..., tuple[Opened, Frame]]

_CHART = "echarts.getInstanceByDom(document.querySelector('.graph'))"


def exported(names: dict[str, list[str]], links: list[tuple[str, str, str]], **counts: int) -> list[dict[str, Any]]:
    """Data of an export; the ids are the type, two dashes, and the name's place."""
    items: list[dict[str, Any]] = [
        {
            "type": kind,
            "count": counts.get(kind, len(some)),
            "objects": [{"id": f"{kind}--{place}", "name": name} for place, name in enumerate(some)],
        }
        for kind, some in names.items()
    ]
    related = [{"source_ref": a, "target_ref": b, "relationship_type": verb} for a, verb, b in links]
    items.append({"type": "relationship", "count": counts.get("relationship", len(links)), "relationships": related})
    return items


@pytest.fixture
def show_result(show_parts: Open, home: Path) -> ShowResult:
    """Show what the view makes of data and summary."""

    def show_it(data: list[dict[str, Any]], summary: dict[str, Any], **options: Any) -> tuple[Opened, Frame]:
        run = viewed(*data, summary=summary, parameter={"object_type": "Incident", "object_id": 12})
        view = draw(home, APP, "create_bundle", run)
        assert view.problem is None, view.problem
        ready = prepare(view.html)
        assert ready.libraries == ("echarts",)
        assert ready.notes == ()
        one = show_parts(ViewPart(ready.html, ready.libraries, "STIX"), **options)
        (frame,) = one.page.frames[1:]
        frame.wait_for_selector(".graph canvas")
        return one, frame

    return show_it


SMALL = exported(
    {"incident": ["Detection"], "indicator": ["contoso.example", "192.0.2.17"], "malware": ["Test File"]},
    [
        ("incident--0", "related-to", "indicator--0"),
        ("incident--0", "related-to", "indicator--1"),
        ("indicator--0", "indicates", "malware--0"),
    ],
)
SUMMARY = {"bundle_id": "bundle--1", "vault_id": "a" * 40, "objects": 4, "relationships": 3, "skipped": 0}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 400])
def test_the_graph_shows_types_objects_and_verbs(show_result: ShowResult, dark: bool, width: int) -> None:
    _, frame = show_result(SMALL, SUMMARY, dark=dark, width=width)

    option = frame.evaluate(f"JSON.parse(JSON.stringify({_CHART}.getOption()))")
    series = option["series"][0]
    assert [entry["name"] for entry in option["legend"][0]["data"]] == ["incident", "indicator", "malware"]
    assert [node["name0"] for node in series["data"]] == ["Detection", "contoso.example", "192.0.2.17", "Test File"]
    assert [link["verb"] for link in series["links"]] == ["related-to", "related-to", "indicates"]
    assert series["label"]["show"] and series["edgeLabel"]["show"]
    assert frame.locator("table.objects tbody tr").count() == 4
    assert frame.locator(".left").count() == 0


def test_a_type_can_be_hidden_by_the_legend(show_result: ShowResult) -> None:
    _, frame = show_result(SMALL, SUMMARY)

    frame.evaluate(f"{_CHART}.dispatchAction({{ type: 'legendToggleSelect', name: 'indicator' }})")

    assert frame.evaluate(f"{_CHART}.getModel().getSeriesByIndex(0).getData().count()") == 2


def test_the_graph_follows_the_theme(show_result: ShowResult) -> None:
    one, frame = show_result(SMALL, SUMMARY)
    colour = f"{_CHART}.getOption().series[0].label.color"
    light = frame.evaluate(colour)

    one.page.emulate_media(color_scheme="dark")
    one.page.wait_for_timeout(200)

    assert (light, frame.evaluate(colour)) == ("#1f2a33", "#e4e8ec")


def test_five_hundred_are_drawn_and_the_rest_counted(show_result: ShowResult) -> None:
    names = [f"host-{number}.contoso.example" for number in range(700)]
    links = [("incident--0", "related-to", f"indicator--{number}") for number in range(700)]
    data = exported({"incident": ["Detection"], "indicator": names}, links, indicator=900, relationship=950)

    _, frame = show_result(data, {**SUMMARY, "objects": 901, "relationships": 950})

    assert frame.evaluate(f"{_CHART}.getModel().getSeriesByIndex(0).getGraph().nodes.length") == 500
    assert "401 objects and 451 relationships" in frame.locator(".left").inner_text()


def test_names_are_text_and_hide_nothing(show_result: ShowResult) -> None:
    data = exported({"incident": [HOSTILE], "indicator": ["echarts.init $('a')"]}, [])
    data.append(
        {"type": "skipped", "count": 1, "skipped": [{"collection": "x", "id": 1, "name": HOSTILE, "reason": "<b>"}]}
    )

    one, frame = show_result(data, {**SUMMARY, "skipped": 1})

    assert frame.evaluate("window.hacked") is None
    assert one.page.evaluate("window.hacked") is None
    assert "\\u202egnp" in frame.locator("table.objects").inner_text()
    assert "<b>" in frame.locator("table.skipped").inner_text()
    shown = frame.evaluate(f"{_CHART}.getOption().series[0].data[0].name0")
    assert shown == HOSTILE.replace("\u202e", "\\u202e")
    # The tip is made of elements, not of markup.
    made = frame.evaluate(
        f"{_CHART}.getOption().tooltip[0].formatter({{ data: {{ name0: {json.dumps(HOSTILE)} }} }}).innerHTML"
    )
    assert "<img" not in made


def test_without_echarts_the_tables_remain(home: Path) -> None:
    view = draw(home, APP, "create_bundle", viewed(*SMALL, summary=SUMMARY))

    assert 'typeof echarts === "undefined"' in view.html
    assert "contoso.example" in view.html
