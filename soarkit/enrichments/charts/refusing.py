"""Charts that are refused, by the rules H1 to H7 (reference, section 3.3), before anything is drawn."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

#: The chart types of the guide's chapter on ChartWidget.
TYPES = (
    "area", "areaspline", "bar", "boxplot", "column", "columnrange", "errorbar", "gauge", "heatmap", "line", "pie",
    "spline", "waterfall", "xrange",
)  # fmt: skip
MAX_BYTES = 1 << 20
MAX_POINTS = 20_000
MAX_DEPTH = 50
#: A list of more findings than that helps nobody.
MAX_REFUSALS = 50

_CALLBACKS = frozenset(("formatter", "pointFormatter", "labelFormatter", "tickPositioner", "positioner"))
_MARKUP = frozenset(("allowHTML", "useHTML"))
# A word alone is no source: "function calls" is a good name of a series, and so is "US => DE".
_FUNCTION = re.compile(r"(?:async\b\s*)?(?:function\b\s*(?:/\*.*?\*/\s*)?\*?\s*[\w$]*\s*\(|\(.*\)\s*=>)", re.DOTALL)
_SCRIPT_IN_MARKUP = re.compile(r"(?:href|src)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0]+")  # what browsers overlook before and in the scheme of an address
_WORD = re.compile(r"[A-Za-z_$][\w$]{0,60}", re.ASCII)


class Refusal(NamedTuple):
    """Why a chart is refused.

    :param rule: ``H1`` to ``H7``
    :param path: where in the JSON, such as ``series[0].type``; empty for all of it
    :param what: a sentence for people
    """

    rule: str
    path: str
    what: str


class ChartRefused(Exception):
    """A chart that is not drawn. The attributes are those of :class:`Refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(": ".join(filter(None, refusal)))
        self.rule, self.path, self.what = refusal


Path = tuple[str | int, ...]


def written(path: Path) -> str:
    """A path as people write it in JavaScript: ``series[0].data[3]``, ``xAxis["a b"]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _WORD.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part if len(part) <= 60 else part[:60] + '…')}]"
    return text


def parse(text: Any) -> dict[str, Any]:
    """The options in a chart's JSON text, when no rule refuses it.

    :raises ChartRefused: for the first finding, in the order of the rules
    """
    options, found = _read(text)
    for refusal in found:
        raise ChartRefused(refusal)
    return options


def check(text: Any) -> list[Refusal]:
    """All findings in a chart's JSON text, in the order of the rules."""
    return _read(text)[1]


def _read(text: Any) -> tuple[dict[str, Any], list[Refusal]]:
    if not isinstance(text, str):
        return {}, [Refusal("H1", "", f"the chart is not JSON text but {_kind(text)}")]
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return {}, [Refusal("H7", "", f"the chart has {size} bytes of JSON; at most {MAX_BYTES} are drawn")]
    too_deep = Refusal("H7", "", f"the chart nests deeper than {MAX_DEPTH} levels")
    try:
        options = json.loads(text, parse_int=_whole, parse_float=float, parse_constant=_constant)
    except RecursionError:
        return {}, [too_deep]
    except ValueError as error:
        return {}, [Refusal("H1", "", f"the chart is not JSON: {error}")]
    if not isinstance(options, dict):
        return {}, [Refusal("H1", "", f"the chart is not a JSON object but {_kind(options)}")]
    return options, _found(options) if _depth(options) <= MAX_DEPTH else [too_deep]


def _found(options: dict[str, Any]) -> list[Refusal]:
    found = [*_points(options), *_types(options), *_solid(options), *_everywhere(options)]
    # H7 speaks first: all the others take a chart that can be looked at for granted.
    return sorted(found, key=lambda one: (one.rule != "H7", one.rule))[:MAX_REFUSALS]


def _constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number of JSON")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _depth(options: Any) -> int:
    depth, level = 0, [options]
    while level:
        depth += 1
        level = [
            part
            for value in level
            for part in (value.values() if isinstance(value, dict) else value)
            if isinstance(part, (dict, list))
        ]
    return depth


def series_of(options: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The chart's series with their places in the list; what is not an object is none."""
    given = options.get("series")
    listed = given if isinstance(given, list) else []
    return [(number, one) for number, one in enumerate(listed) if isinstance(one, dict)]


def type_of(options: Mapping[str, Any], series: Mapping[str, Any]) -> Any:
    """A series' own type, else the chart's, else ``line``."""
    chart = options.get("chart")
    return series.get("type") or (chart.get("type") if isinstance(chart, dict) else None) or "line"


def _points(options: Mapping[str, Any]) -> Iterator[Refusal]:
    total = sum(len(one["data"]) for _, one in series_of(options) if isinstance(one.get("data"), list))
    if total > MAX_POINTS:
        yield Refusal("H7", "series", f"the chart has {total} points; at most {MAX_POINTS} are drawn")


def _types(options: Mapping[str, Any]) -> Iterator[Refusal]:
    series = series_of(options)
    asked: list[tuple[Path, Any]] = [
        (("series", number, "type") if one.get("type") else ("chart", "type"), type_of(options, one))
        for number, one in series
    ]
    if not series:
        asked = [(("chart", "type"), type_of(options, {}))]
    told = set()
    for path, wanted in asked:
        if path not in told and not (isinstance(wanted, str) and wanted in TYPES):
            told.add(path)
            name = repr(wanted[:40]) if isinstance(wanted, str) else _kind(wanted)
            yield Refusal("H2", written(path), f"{name} is not one of the chart types: {', '.join(TYPES)}")


def _solid(options: Mapping[str, Any]) -> Iterator[Refusal]:
    chart = options.get("chart")
    solid = chart.get("options3d") if isinstance(chart, dict) else None
    if isinstance(solid, dict) and solid.get("enabled"):
        yield Refusal("H3", "chart.options3d.enabled", "charts in three dimensions are not supported")
    places: list[tuple[Path, Any]] = [(("series", number), one) for number, one in series_of(options)]
    plot = options.get("plotOptions")
    if isinstance(plot, dict):
        places += [(("plotOptions", name), one) for name, one in plot.items() if isinstance(one, dict)]
    for path, one in places:
        if _above_zero(one.get("depth")):
            yield Refusal("H3", written((*path, "depth")), "charts in three dimensions are not supported")


def _above_zero(value: Any) -> bool:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return False
    return isinstance(value, (int, float)) and not math.isnan(value) and value > 0


def _everywhere(options: Mapping[str, Any]) -> Iterator[Refusal]:
    """What is refused wherever it stands: H4, H5 and H6."""
    waiting: list[tuple[Path, str | None, Any]] = [((), None, options)]
    while waiting:
        path, holder, value = waiting.pop()
        if isinstance(value, str):
            if _is_code(value):
                yield Refusal("H5", written(path), "a text that is the source of a function, or a javascript: address")
            continue
        if isinstance(value, list):
            waiting += [
                ((*path, at), holder, part) for at, part in enumerate(value) if isinstance(part, (dict, list, str))
            ]
            continue
        if not isinstance(value, dict):
            continue
        for name, part in value.items():
            place = (*path, name)
            if part and (name in _CALLBACKS or holder == "events"):
                yield Refusal("H4", written(place), "callback functions are not supported")
            if name in _MARKUP and part is not None and part is not False:
                yield Refusal("H6", written(place), "HTML in charts is not supported")
            if isinstance(part, (dict, list, str)):
                waiting.append((place, name, part))


def _is_code(text: str) -> bool:
    if _UNSEEN.sub("", text[:200]).lower().startswith("javascript:"):
        return True
    return bool(_SCRIPT_IN_MARKUP.search(text) or _FUNCTION.match(text.lstrip()))
