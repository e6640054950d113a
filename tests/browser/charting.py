"""Charts to show, and what of them can be measured."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from soarkit.enrichments import charts
from soarkit.render.page import inlined
from soarkit.render.page.document import document
from soarkit.render.page.encode import script_json

from .conftest import Open

_SCRIPT = """
{
  const parts = soarkit.block("parts");
  const drawn = parts.map((part) => soarkit.parts.chart(part));
  document.getElementById("page").append(soarkit.themeButton(), ...drawn);
  document.documentElement.dataset.ready = "";
}
"""
BLUE = "#123456"


def chart_page(*listed: Mapping[str, Any], caption: str = "A chart") -> bytes:
    """A page of charts, one below the other, under the policy of every page."""
    blocks: dict[str, bytes] = {}
    parts = []
    for number, options in enumerate(listed):
        drawing = charts.translate(caption, json.dumps(options))
        blocks[f"chart-{number}"] = script_json(drawing.as_json())
        parts.append({"kind": "chart", "caption": caption, "chart": f"chart-{number}", "height": drawing.height})
    return document(
        {"parts": script_json(parts), **blocks},
        styles=f"{inlined.joined(('page.css',))}\n{charts.styles()}",
        scripts="\n".join(
            [inlined.joined(("elements.js", "values.js", "theme.js")), charts.scripts(), _SCRIPT],
        ),
    )


@dataclass(frozen=True)
class Box:
    """A shape's place on its chart, in pixels from its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


class Drawn:
    """A chart that is drawn, the only one of its page or one of several."""

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.stage = page.locator(".chart-stage").nth(number)
        self.stage.scroll_into_view_if_needed()
        page.locator(".chart-stage[data-drawn]").nth(number).wait_for()
        self._chart = f"document.querySelectorAll('.chart')[{number}].chart.chart"

    def pixel(self, x: float, y: float, axes: tuple[int, int] = (0, 0)) -> tuple[float, float]:
        """Where values stand."""
        place = f"{{xAxisIndex: {axes[0]}, yAxisIndex: {axes[1]}}}"
        found = self.page.evaluate(f"{self._chart}.convertToPixel({place}, [{x}, {y}])")
        return found[0], found[1]

    def boxes(self, colour: str, kind: str = "fill") -> list[Box]:
        """The shapes that have this colour, from left to right; not the small ones of legends."""
        found = self.stage.evaluate(
            """(stage, [kind, colour]) => {
                const base = stage.getBoundingClientRect();
                return [...stage.querySelectorAll(`svg path[${kind}="${colour}"]`)].map((path) => {
                    const box = path.getBoundingClientRect();
                    return [box.x - base.x, box.y - base.y, box.width, box.height];
                });
            }""",
            [kind, colour],
        )
        shapes = [Box(*one) for one in found]
        return sorted((one for one in shapes if not self._in_legend(one)), key=lambda one: (one.x, one.y))

    def _in_legend(self, box: Box) -> bool:
        return box.width <= 17 and box.height <= 11 and box.y > self.stage.bounding_box()["height"] - 36  # type: ignore[index]

    def lines(self, colour: str) -> list[list[tuple[float, float]]]:
        """The corners of stroked lines of this colour, a list for each unbroken part."""
        found = self.stage.evaluate(
            """(stage, colour) => [...stage.querySelectorAll(`svg path[stroke="${colour}"][fill=none]`)]
                .map((path) => path.getAttribute('d'))""",
            colour,
        )
        parts = []
        for text in found:
            for part in re.split("(?=M)", text):
                numbers = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", part)]
                if len(numbers) > 2:
                    parts.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
        return parts

    def texts(self) -> list[str]:
        """All texts that are drawn."""
        return self.stage.evaluate("stage => [...stage.querySelectorAll('svg text')].map((text) => text.textContent)")

    def hover(self, x: float, y: float) -> str:
        """What the tooltip says where the pointer is."""
        box = self.stage.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + x - 3, box["y"] + y - 3)
        self.page.mouse.move(box["x"] + x, box["y"] + y)
        tip = self.page.locator(".chart-tip")
        tip.wait_for()
        return tip.inner_text()

    def value(self, expression: str) -> Any:
        """Something of the ECharts instance: an expression with ``chart``."""
        return self.page.evaluate(f"(() => {{ const chart = {self._chart}; return {expression}; }})()")


def draw(show: Open, options: Mapping[str, Any], **browser: Any) -> Drawn:
    """Show one chart."""
    return Drawn(show(chart_page(options), **browser).page)


def near(found: Sequence[float], expected: Sequence[float], within: float = 1.0) -> bool:
    """Whether all numbers are as near as pixels are."""
    return len(found) == len(expected) and all(
        abs(one - other) <= within for one, other in zip(found, expected, strict=True)
    )
