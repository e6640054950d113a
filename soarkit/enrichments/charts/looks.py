"""Small looks that many parts of a chart share: text, lines, labels."""

from __future__ import annotations

from typing import Any

from soarkit.enrichments.charts.colours import colour_of, plain_colour
from soarkit.enrichments.charts.model import Series
from soarkit.enrichments.charts.options import Options, share
from soarkit.enrichments.charts.templates import runs_of

DASHES: dict[str, Any] = {
    "solid": "solid",
    "shortdash": [6, 2],
    "shortdot": [2, 2],
    "shortdashdot": [6, 2, 2, 2],
    "shortdashdotdot": [6, 2, 2, 2, 2, 2],
    "dot": "dotted",
    "dash": "dashed",
    "longdash": [8, 3],
    "dashdot": [4, 3, 1, 3],
    "longdashdot": [8, 3, 1, 3],
    "longdashdotdot": [8, 3, 1, 3, 1, 3],
}
_SIZES = {"xx-small": 9, "x-small": 10, "small": 12, "medium": 14, "large": 18, "x-large": 22, "xx-large": 26}
_QUIET_STYLES = ("cursor", "textOutline", "fontFamily", "whiteSpace", "lineHeight", "textShadow", "opacity", "fill")


def theme(name: str) -> dict[str, str]:
    """A colour of the page's theme, which the page's script puts in."""
    return {"@": "theme", "name": name}


def readable(colour: Any) -> Any:
    """An author's colour of text; the page's script takes the theme's where it would be lost on the ground."""
    found = plain_colour(colour)
    return {"@": "text", "color": found} if found else None


def dash(options: Options, name: str = "dashStyle") -> Any:
    given = options.value(name)
    return DASHES.get(str(given).lower(), "solid") if given is not None else None


def text_style(options: Options) -> dict[str, Any]:
    """CSS of a text as ECharts takes it."""
    made: dict[str, Any] = {"color": readable(options.value("color"))}
    size = options.value("fontSize")
    found, percent = share(str(size).strip().removesuffix("em")) if size is not None else (None, False)
    if found is not None and not percent:
        pixels = found * 12 if str(size).strip().endswith("em") else found
        made["fontSize"] = min(max(pixels, 8), 48)
    elif isinstance(size, str):
        made["fontSize"] = _SIZES.get(size.strip().lower())
    if made.get("fontSize"):
        made["lineHeight"] = round(made["fontSize"] * 1.3)
    weight = options.value("fontWeight")
    if weight is not None:
        made["fontWeight"] = "bold" if str(weight) in ("bold", "bolder", "600", "700", "800", "900") else "normal"
    if options.value("fontStyle") == "italic":
        made["fontStyle"] = "italic"
    width, _ = share(options.value("width")) if options.has("width") else (None, False)
    if width and width > 0:
        made |= {"width": min(width, 2000), "overflow": "break"}
    if options.value("textOverflow") == "ellipsis" and width:
        made["overflow"] = "truncate"
    options.ignore(*_QUIET_STYLES)
    return given(made)


def given(mapping: dict[str, Any]) -> dict[str, Any]:
    """Without what is None."""
    return {name: value for name, value in mapping.items() if value is not None}


def label_of(series: Series, form: str, *, shown: bool = False, inverted: bool = False) -> dict[str, Any] | None:
    """The labels at a series' points, or None.

    :param form: the template where the author gives none
    :param shown: whether they are shown where the author says nothing
    """
    return _label(series, series.options.sub("dataLabels"), form, shown, inverted)


def point_label(
    series: Series, at: int, form: str, *, shown: bool = False, inverted: bool = False
) -> dict[str, Any] | None:
    """What one point says of its label, over what the series says; None where it says nothing."""
    own = series.points[at].get("dataLabels")
    if not isinstance(own, dict):
        return None
    layers = [(("series", series.number, "data", at, "dataLabels"), own), *series.options.sub("dataLabels").layers]
    return _label(series, Options(series.options.ledger, layers), form, shown, inverted) or {"show": False}


def _label(series: Series, options: Options, form: str, shown: bool, inverted: bool) -> dict[str, Any] | None:
    if not options.flag("enabled", shown):
        options.ignore(*(name for _, mapping in options.layers for name in mapping))
        return None
    inside = options.flag("inside", series.stacking is not None and series.kind in ("column", "bar"))
    position = "inside" if inside else ("right" if inverted else "top")
    if series.kind not in ("column", "bar") and options.word("verticalAlign", ("top", "middle", "bottom")) == "middle":
        position = "inside"
    style = text_style(options.sub("style"))
    colour = options.value("color")
    on_mark = position == "inside" or series.kind in ("heatmap", "xrange")
    if on_mark:  # on a mark, not on the ground: what is read there is the author's to say
        colour = plain_colour(colour) or style.pop("color", {}).get("color")
    turned = -options.number("rotation", 0, -360, 360) or None
    made = {
        "show": True,
        "formatter": {"@": "label", "series": series.number, "runs": runs_of(options.text("format", form))},
        "position": position,
        "rotate": turned,
        "color": colour if on_mark else readable(colour),
        "backgroundColor": colour_of(options.value("backgroundColor")),
        "borderColor": colour_of(options.value("borderColor")),
        "borderWidth": options.number("borderWidth", None, 0, 10),
        "borderRadius": options.number("borderRadius", None, 0, 20),
        "padding": options.number("padding", None, 0, 40),
    }
    if turned and position == "top":
        made |= _upright(turned, options.value("align") == "right")
    options.ignore("align", "verticalAlign", "allowOverlap", "crop", "overflow", "x", "y", "zIndex", "defer", "shadow")
    options.ignore("connectorPadding", "softConnector")
    return given({**made, **style})


def _upright(turned: float, inside: bool) -> dict[str, Any]:
    """A turned text at the end of a column: above it, or below the end, as if it hung there."""
    towards = "left" if (turned > 0) != inside else "right"
    return {"position": "insideTop" if inside else "top", "align": towards, "verticalAlign": "middle"}
