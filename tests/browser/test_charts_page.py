"""Charts on a page: what is said in them, hostile text, themes, lazy drawing, and the data beside them."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest

from soarkit.enrichments.charts.refusing import TYPES

from .charting import Drawn, chart_page, draw, near
from .conftest import Open

HOSTILE = "<img src=x onerror=alert(1)><b>{a|b}</b>"
SAMPLE = {  # the guide's, with other hashes
    "chart": {
        "height": 300, "margin": 0, "marginTop": -20, "plotBackgroundColor": None, "plotBorderWidth": None,
        "backgroundColor": "#ffffff",
    },
    "credits": {"enabled": False},
    "title": {"text": "Top 3 Samples"},
    "tooltip": {
        "headerFormat": '<span style="font-size: 10px">{point.key}</span><br/>',
        "pointFormat": '<span style="color:{point.color}">●</span> <b>{point.y}</b> ({point.percentage:.1f}%)<br/>',
    },
    "plotOptions": {
        "pie": {
            "allowPointSelect": True, "animation": False, "cursor": "pointer", "innerSize": 100,
            "dataLabels": {
                "enabled": True, "format": "{point.prettyName}: {point.percentage:.1f}%", "style": {"width": "200px"},
            },
            "point": {"events": {}},
            "size": "65%",
        }
    },
    "series": [
        {
            "type": "pie",
            "name": "",
            "data": [
                {"y": 71, "prettyName": "first", "name": "a1"},
                {"y": 70, "prettyName": "second", "name": "b2"},
                {"y": 70, "prettyName": "third", "name": "c3"},
            ],
        }
    ],
}  # fmt: skip


def _at(*moment: int) -> int:
    return round(datetime(*moment, tzinfo=timezone.utc).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.mark.acceptance("A45")
def test_the_sample_pie_of_the_guide(show: Open) -> None:
    chart = draw(show, SAMPLE)

    assert {"first: 33.6%", "second: 33.2%", "third: 33.2%"} <= set(chart.texts())
    layout = chart.value("chart.getModel().getSeriesByIndex(0).getData().getItemLayout(0)")
    assert layout["r0"] == pytest.approx(50)  # 100 pixels across
    assert layout["r"] == pytest.approx(0.65 * 320 / 2)  # of the room that its margins leave
    assert chart.stage.evaluate(
        "stage => [...stage.querySelectorAll('path')].some(p => / ?A50 50/.test(p.getAttribute('d')))"
    )
    tip = chart.hover(layout["cx"] + 80, layout["cy"])
    assert tip.splitlines() == ["a1", "● 71 (33.6%)"]


@pytest.mark.acceptance("A46")
def test_a_timeline_of_reversed_categories(show: Open) -> None:
    first, last = _at(2026, 1, 10), _at(2026, 2, 20)
    options = {
        "chart": {"type": "xrange"},
        "title": {"text": "Timeline"},
        "xAxis": {"type": "datetime"},
        "yAxis": {"title": {"text": ""}, "categories": ["scanner", "worm"], "reversed": True},
        "tooltip": {"pointFormat": "<b>{point.value}</b>: {point.x:%Y-%m-%d} to {point.x2:%Y-%m-%d}"},
        "series": [
            {
                "name": "seen",
                "pointWidth": 16,
                "data": [
                    {"x": first, "x2": last, "y": 0, "color": "crimson", "value": "SSH scanner"},
                    {"x": _at(2026, 2, 1), "x2": _at(2026, 3, 1), "y": 1, "color": "steelblue", "value": "Mirai"},
                ],
                "dataLabels": {"enabled": True, "format": "{point.value}"},
            }
        ],
    }
    chart = draw(show, options, timezone_id="Asia/Tokyo")

    (top,), (below,) = chart.boxes("#dc143c"), chart.boxes("#4682b4")
    assert top.bottom < below.y
    assert near((top.x, top.right), (chart.pixel(first, 0)[0], chart.pixel(last, 0)[0]))
    assert {"SSH scanner", "Mirai", "scanner", "worm"} <= set(chart.texts())
    assert "SSH scanner: 2026-01-10 to 2026-02-20" in chart.hover(*top.middle)


@pytest.mark.acceptance("A42")
@pytest.mark.parametrize("kind", TYPES)
def test_hostile_text_is_text_everywhere(show: Open, kind: str) -> None:
    point: dict[str, Any] = {
        "x": 0, "x2": 5, "y": 1, "low": 1, "q1": 2, "median": 3, "q3": 4, "high": 5, "value": 3,
        "name": HOSTILE, "own": HOSTILE,
    }  # fmt: skip
    options = {
        "chart": {"type": kind},
        "title": {"text": HOSTILE},
        "subtitle": {"text": HOSTILE},
        "tooltip": {
            "headerFormat": HOSTILE + "<br/>{point.key}<br/>",
            "pointFormat": HOSTILE + "{point.own}<br/>{series.name}",
        },
        "xAxis": {
            "categories": [HOSTILE, "b"],
            "title": {"text": HOSTILE},
            "plotLines": [{"value": 0, "label": {"text": HOSTILE}}],
        },
        "yAxis": {"title": {"text": HOSTILE}, "labels": {"format": HOSTILE + "{value}"}},
        "legend": {"enabled": True, "title": {"text": HOSTILE}},
        "series": [
            {
                "name": HOSTILE,
                "showInLegend": True,
                "data": [point, {**point, "x": 1}],
                "dataLabels": {"enabled": True, "format": HOSTILE + "{point.own}"},
            }
        ],
    }
    opened = show(chart_page(options, caption=HOSTILE))
    chart = Drawn(opened.page)

    opened.page.get_by_role("button", name="Show the data").click()

    assert opened.page.locator("img").count() == 0
    assert any("<img src=x" in one for one in chart.texts())
    assert "<img src=x onerror=alert(1)>" in opened.page.locator(".chart-table").inner_text()
    if kind == "pie":
        layout = chart.value("chart.getModel().getSeriesByIndex(0).getData().getItemLayout(0)")
        tip = chart.hover(layout["cx"] + layout["r"] / 2, layout["cy"])
        assert HOSTILE in tip  # a value, and in the author's text too, but for the marks that are known
        assert opened.page.locator(".chart-tip img, .chart-tip b").count() == 0


def test_what_is_switched_off_does_not_hinder(show: Open) -> None:
    chart = draw(
        show,
        {
            "chart": {"options3d": {"enabled": False}, "events": {}},
            "tooltip": {"useHTML": False},
            "series": [{"type": "column", "color": "#aa1111", "events": {}, "data": [1, 2]}],
        },
    )

    assert len(chart.boxes("#aa1111")) == 2


def test_shared_tooltips_name_all_series(show: Open) -> None:
    chart = draw(
        show,
        {
            "tooltip": {"shared": True, "valueSuffix": " ms", "valueDecimals": 2},
            "xAxis": {"categories": ["a", "b"]},
            "series": [{"name": "One", "data": [1, 1234.5]}, {"name": "Two", "data": [3, 4]}],
        },
    )

    tip = chart.hover(*chart.pixel(1, 3))

    assert tip.splitlines() == ["b", "● One: 1,234.50 ms", "● Two: 4.00 ms"]


def test_charts_wait_until_they_are_near(show: Open) -> None:
    options = {"chart": {"height": 800}, "series": [{"data": [1, 2, 3]}]}
    page = show(chart_page(*[options] * 5)).page
    page.locator(".chart-stage[data-drawn]").first.wait_for()

    assert page.locator(".chart-stage[data-drawn]").count() < 5

    page.locator(".chart-stage").last.scroll_into_view_if_needed()
    page.locator(".chart-stage").last.locator("svg").wait_for()


def test_charts_in_hidden_tabs_are_drawn_when_they_are_shown(show: Open) -> None:
    text = chart_page({"series": [{"type": "column", "color": "#aa1111", "data": [1, 2]}]}).decode()
    hidden = text.replace("<main ", "<main hidden ", 1)
    assert hidden != text
    page = show(hidden.encode()).page
    stage = page.locator(".chart-stage")
    page.wait_for_timeout(300)
    assert stage.count() == 1
    assert page.locator(".chart-stage[data-drawn], .chart-stage svg").count() == 0

    page.evaluate("document.querySelector('main').hidden = false")

    chart = Drawn(page)
    assert len(chart.boxes("#aa1111")) == 2
    assert chart.value("chart.getWidth()") == stage.evaluate("stage => stage.clientWidth")


def test_long_titles_are_broken_above_the_marks(show: Open) -> None:
    words = " ".join(["passive DNS history of the observable"] * 8)
    chart = draw(show, {"title": {"text": words}, "series": [{"type": "column", "color": "#aa1111", "data": [5]}]})

    spans = chart.stage.evaluate(
        """stage => [...stage.querySelectorAll("svg text")].filter((one) => one.textContent.includes("DNS"))
            .map((one) => [one.getBoundingClientRect(), stage.getBoundingClientRect()])
            .map(([one, all]) => [one.left - all.left, one.right - all.left, one.bottom - all.top])"""
    )
    assert len(spans) > 1
    width = chart.value("chart.getWidth()")
    assert all(left >= 0 and right <= width for left, right, _ in spans)
    assert chart.boxes("#aa1111")[0].y > max(bottom for _, _, bottom in spans)


def test_axes_of_one_side_stand_beside_each_other(show: Open) -> None:
    axes = [{"labels": {"format": "{value} " + unit}, "opposite": True} for unit in ("mm", "mb")]
    chart = draw(show, {"yAxis": axes, "series": [{"data": [1, 2]}, {"yAxis": 1, "data": [1000, 1010]}]})

    reach = chart.stage.evaluate(
        """stage => ["mm", "mb"].map((unit) => [...stage.querySelectorAll("svg text")]
            .filter((one) => one.textContent.endsWith(unit)).map((one) => one.getBoundingClientRect())
            .map((box) => [box.left, box.right]))"""
    )
    assert max(right for _, right in reach[0]) < min(left for left, _ in reach[1])


def test_names_that_do_not_fit_are_turned_not_cut(show: Open) -> None:
    names = [f"subdomain{at}.example.org" for at in range(12)]
    chart = draw(show, {"xAxis": {"categories": names}, "series": [{"type": "column", "data": [1] * 12}]})

    assert set(names) <= set(chart.texts())


@pytest.mark.parametrize("legend", [{}, {"legend": {"enabled": False}}])
def test_hidden_series_are_hidden_with_and_without_a_legend(show: Open, legend: dict[str, Any]) -> None:
    series = [
        {"type": "column", "color": "#aa1111", "data": [1, 2]},
        {"type": "column", "color": "#11aa11", "visible": False, "data": [100, 200]},
    ]
    chart = draw(show, {**legend, "series": series})

    assert len(chart.boxes("#aa1111")) == 2
    assert chart.boxes("#11aa11") == []


@pytest.mark.parametrize("dark", [True, False])
def test_marks_can_be_told_from_the_ground(show: Open, dark: bool) -> None:
    lost, kept = ("#000000", "#ffffff") if dark else ("#ffffff", "#000000")
    opened = show(
        chart_page({"series": [{"type": "column", "color": one, "data": [1]} for one in (lost, kept)]}), dark=dark
    )
    chart = Drawn(opened.page)

    assert len(chart.boxes(kept)) == 1
    assert chart.boxes(lost) == []


def test_points_say_what_their_labels_are(show: Open) -> None:
    data = [{"y": 1, "dataLabels": {"enabled": True, "format": "only me"}}, 2]
    chart = draw(show, {"series": [{"type": "column", "data": data}]})

    assert "only me" in chart.texts()


def test_themes_and_widths_are_followed(show: Open) -> None:
    page = show(chart_page({"title": {"text": "A title"}, "series": [{"data": [1, 2]}]})).page
    chart = Drawn(page)
    title = page.locator(".chart-stage svg text", has_text="A title")
    light = title.get_attribute("fill")

    page.locator(".theme").click()
    page.locator(".theme").click()  # system, light, dark
    assert title.get_attribute("fill") != light
    page.set_viewport_size({"width": 600, "height": 800})
    page.locator(".chart-stage svg[width='552'], .chart-stage svg[width='536']").wait_for()

    assert page.locator(".chart-stage svg").count() == 1
    assert page.evaluate("soarkit.charts.size") == 1
    assert chart.value("chart.getWidth()") < 600


def test_paper_is_light(show: Open) -> None:
    page = show(chart_page({"title": {"text": "A title"}, "series": [{"data": [1, 2]}]}), dark=True).page
    Drawn(page)
    title = page.locator(".chart-stage svg text", has_text="A title")
    assert title.get_attribute("fill") == "#dde3ea"

    page.emulate_media(media="print")

    page.locator(".chart-stage svg text[fill='#1a212b']", has_text="A title").wait_for()
    assert not page.locator(".chart-tools").is_visible()


@pytest.mark.parametrize("dark", [True, False])
def test_text_is_legible_on_any_ground(show: Open, dark: bool) -> None:
    page = show(
        chart_page(
            {"title": {"text": "own", "style": {"color": "#333333"}}, "series": [{"data": [1]}]},
            {"title": {"text": "white"}, "chart": {"backgroundColor": "#ffffff"}, "series": [{"data": [1]}]},
            {"title": {"text": "orange", "style": {"color": "darkorange"}}, "series": [{"data": [1]}]},
        ),
        dark=dark,
    ).page
    for number in range(3):
        Drawn(page, number)

    def colour(word: str) -> str | None:
        return page.locator(".chart-stage svg text", has_text=word).get_attribute("fill")

    assert colour("own") == ("#dde3ea" if dark else "#333333")
    assert colour("white") == "#1a212b"
    assert colour("orange") == ("#ff8c00" if dark else "#1a212b") or colour("orange") == "#ff8c00"


def test_it_has_a_name_and_its_data_can_be_read(show: Open) -> None:
    options = {
        "title": {"text": "Hits"},
        "xAxis": {"type": "datetime"},
        "series": [{"name": "Web", "data": [[_at(2026, 1, 1), 12345.5], [_at(2026, 1, 2), None]]}],
    }
    page = show(chart_page(options)).page

    assert page.get_by_role("img", name="Hits: line chart with 1 series and 2 points").count() == 1
    page.get_by_role("button", name="Show the data").click()

    assert page.locator(".chart-table th").all_inner_texts() == ["Series", "x", "y"]
    assert page.locator(".chart-table tr").nth(1).locator("td").all_inner_texts() == [
        "Web", "2026-01-01 00:00:00", "12,345.5",
    ]  # fmt: skip
    page.get_by_role("button", name="Hide the data").click()
    assert not page.locator(".chart-table").is_visible()


def test_it_is_saved_as_an_image(show: Open) -> None:
    page = show(chart_page({"title": {"text": "Hits"}, "series": [{"data": [1, 2]}]}, caption="Hits / day")).page
    Drawn(page)

    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as image").click()

    assert waiting.value.suggested_filename == "Hits-day.png"
    head = waiting.value.path().read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(head[16:20], "big") == 2 * int(
        page.evaluate("document.querySelector('.chart-stage').clientWidth")
    )


def test_hiding_a_series_makes_room_for_the_others(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "series": [
                {"type": "columnrange", "name": "One", "color": "#aa1111", "data": [[1, 2], [2, 3]]},
                {"type": "columnrange", "name": "Two", "color": "#11aa11", "data": [[1, 2], [2, 3]]},
            ],
        },
    )
    before = chart.boxes("#11aa11")[0]

    chart.value("chart.dispatchAction({ type: 'legendToggleSelect', name: 'One' })")
    chart.page.wait_for_timeout(100)

    (after, _) = chart.boxes("#11aa11")
    assert after.width > 1.8 * before.width
    assert after.middle[0] == pytest.approx(chart.pixel(0, 2)[0], abs=1)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{value:%e. %b}", {"1. Jan", "2. Jan"}),
        ("{value:%Y-%m-%d}", {"2026-01-01", "2026-01-02"}),
        ("{value:%A}", {"Thursday", "Friday"}),
    ],
)
def test_dates_of_axes_are_written_as_asked(show: Open, form: str, expected: set[str]) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"type": "datetime", "labels": {"format": form}},
            "series": [{"data": [[_at(2026, 1, 1), 1], [_at(2026, 1, 3), 2]]}],
        },
    )

    assert expected <= set(chart.texts())


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("{y:.1f}", 3.14159, "3.1"),
        ("{point.y:,.0f}", 1234567, "1,234,567"),
        ("{point.y:,.2f} ms", 1234.5, "1,234.50 ms"),
        ("{series.name}: {y}", 2.5, "Hits: 2.5"),
        ("{point.nested.deep}", 1, "found"),
        ("{point.missing}!", 1, "!"),
        ("<b>{y}</b> &amp; {unknown}", 1, "1 & {unknown}"),
        ("{point.options.nested.deep}", 1, "found"),
    ],
)
def test_labels_are_written_as_asked(show: Open, form: str, value: float, expected: str) -> None:
    chart = draw(
        show,
        {
            "series": [
                {
                    "name": "Hits",
                    "type": "column",
                    "data": [{"y": value, "nested": {"deep": "found"}}],
                    "dataLabels": {"enabled": True, "format": form},
                }
            ]
        },
    )

    assert expected in chart.texts()


def test_lines_and_bands_stand_at_their_values(show: Open) -> None:
    chart = draw(
        show,
        {
            "yAxis": {
                "plotLines": [{"value": 3, "color": "#aa1111", "width": 2, "label": {"text": "limit"}}],
                "plotBands": [{"from": 1, "to": 2, "color": "#11aa11"}],
            },
            "series": [{"data": [0, 5]}],
        },
    )

    (line,) = chart.lines("#aa1111")
    (band,) = chart.boxes("#11aa11")
    assert line[0][1] == pytest.approx(chart.pixel(0, 3)[1], abs=1)
    assert near((band.y, band.bottom), (chart.pixel(0, 2)[1], chart.pixel(0, 1)[1]))
    assert "limit" in chart.texts()


def test_zones_and_gradients_colour_the_marks(show: Open) -> None:
    gradient = {"linearGradient": {"x1": 0, "y1": 0, "x2": 0, "y2": 1}, "stops": [[0, "#ff0000"], [1, "#0000ff"]]}
    chart = draw(
        show,
        {
            "series": [
                {
                    "type": "column",
                    "data": [1, 5, -2],
                    "zones": [{"value": 0, "color": "#aa1111"}, {"value": 3, "color": "#11aa11"}, {"color": "#1111aa"}],
                },
                {"type": "column", "color": gradient, "data": [1, 2, 3]},
                {"type": "line", "data": [-1, 4], "zones": [{"value": 2, "color": "#777777"}, {"color": "#888888"}]},
            ]
        },
    )

    assert [len(chart.boxes(one)) for one in ("#aa1111", "#11aa11", "#1111aa")] == [1, 1, 1]
    stops = chart.stage.evaluate(
        "stage => [...stage.querySelectorAll('linearGradient stop')].map(s => s.getAttribute('stop-color'))"
    )
    assert {"#ff0000", "#0000ff", "#777777", "#888888"} <= {_hex(one) for one in stops}


def _hex(colour: str) -> str:
    parts = re.findall(r"\d+", colour) if colour.startswith("rgb") else []
    return "#" + "".join(f"{int(one):02x}" for one in parts[:3]) if parts else colour
