"""Format texts of Highcharts, taken apart: ``{series.name}: <b>{point.y:.1f}</b><br/>``.

A template becomes a list of runs, plain JSON that the page's script fills in:

``{"t": "text"}``
    text of the author
``{"v": "point.y", "f": ".1f"}``
    a value, and how it is written; the format may be missing
``{"n": 1}``
    a new line

``b`` and ``i`` in a run make it bold and italic, ``c`` is its colour (a colour, or a path such as ``point.color``).
Values are filled in afterwards and are text whatever they hold.
"""

from __future__ import annotations

import html
import re
from typing import Any

from soarkit.enrichments.charts.colours import plain_colour

Run = dict[str, Any]

_MOST = 2000  # characters of a template
_PIECE = re.compile(r"<(/?)(b|strong|i|em|br|span)\b([^<>]*)>|\{([^{}<>]{1,200})\}", re.IGNORECASE)
_PATH = re.compile(r"[\w$ -]+(?:\.[\w$ -]+){0,5}")
_COLOUR = re.compile(r"(?:^|[;\s\"'])color\s*:\s*([^;\"']+)", re.IGNORECASE)
#: Where a value can come from.
ROOTS = ("point", "series", "value", "percentage", "total", "x", "y", "key", "axis", "name", "label", "stack")


def runs_of(template: str | None) -> list[Run]:
    """The runs of a template; markup other than ``b strong i em br span`` is text."""
    text = (template or "")[:_MOST]
    runs: list[Run] = []
    styles: list[tuple[str, Run]] = []
    at = 0

    def add(run: Run) -> None:
        look: Run = {}
        for _, style in styles:
            look.update(style)
        runs.append({**run, **look})

    def literal(piece: str) -> None:
        if piece:
            add({"t": html.unescape(piece)})

    for found in _PIECE.finditer(text):
        closing, tag, attributes, inner = found.groups()
        if inner is not None:
            path, _, form = inner.partition(":")
            path = path.strip()
            if not _PATH.fullmatch(path) or path.split(".")[0] not in ROOTS:
                continue  # braces that name no value stay what they are
            literal(text[at : found.start()])
            add({"v": path, "f": form} if form else {"v": path})
        else:
            literal(text[at : found.start()])
            tag = tag.lower()
            if tag == "br":
                runs.append({"n": 1})
            elif not closing:
                styles.append((tag, _style(tag, attributes)))
            else:
                _close(styles, tag)
        at = found.end()
    literal(text[at:])
    return runs


def _close(styles: list[tuple[str, Run]], tag: str) -> None:
    for number in range(len(styles) - 1, -1, -1):
        if styles[number][0] == tag:
            del styles[number]
            return


def _style(tag: str, attributes: str) -> Run:
    if tag in ("b", "strong"):
        return {"b": 1}
    if tag in ("i", "em"):
        return {"i": 1}
    found = _COLOUR.search(attributes)
    look: Run = {}
    if found:
        given = found[1].strip()
        if given in ("{point.color}", "{series.color}"):
            look["c"] = given[1:-1]
        elif colour := plain_colour(given):
            look["c"] = colour
    if re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", attributes, re.IGNORECASE):
        look["b"] = 1
    return look


def plain_text(text: str) -> str:
    """A title's or label's text without the few marks that Highcharts knows; other markup is text."""
    return "".join("\n" if "n" in run else str(run.get("t") or _written(run)) for run in runs_of(text))


def _written(run: Run) -> str:
    form = f":{run['f']}" if "f" in run else ""
    return f"{{{run['v']}{form}}}"
