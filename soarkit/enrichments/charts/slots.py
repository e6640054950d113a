"""How columns share the width of a category: as Highcharts does it, from paddings that are shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from soarkit.enrichments.charts.model import BESIDE, Chart, Series


class Slot(NamedTuple):
    """A series' place beside the others.

    :param groups: the numbers of the series in each place, from the first on
    :param share: its width as a share of the band
    :param gap: what lies between two bars, as a share of a bar
    :param pixels: its width, where the author says it
    :param most: its greatest width in pixels
    """

    at: int
    groups: tuple[tuple[int, ...], ...]
    group_padding: float
    point_padding: float
    pixels: float | None
    most: float | None
    overlapping: bool

    @property
    def beside(self) -> int:
        return 1 if self.overlapping else max(len(self.groups), 1)

    @property
    def share(self) -> float:
        return (1 - 2 * self.group_padding) / self.beside * (1 - 2 * self.point_padding)

    @property
    def gap(self) -> float:
        return 2 * self.point_padding / (1 - 2 * self.point_padding)

    def as_json(self) -> dict[str, Any]:
        """What the page's script needs to find the place again when series are hidden."""
        return {
            "groups": [[f"s{one}" for one in group] for group in self.groups] if not self.overlapping else [],
            "groupPadding": self.group_padding,
            "pointPadding": self.point_padding,
            "pixels": self.pixels,
            "most": self.most,
        }


def slots_of(chart: Chart) -> dict[int, Slot]:
    """The places of all series that stand beside each other, and of the error bars on them, by number."""
    found: dict[int, Slot] = {}
    for axis in chart.x_axes:
        members = [one for one in chart.on_axes() if one.axes[0] == axis.number]
        beside = [one for one in members if one.kind in BESIDE]
        groups: dict[object, list[int]] = {}
        for one in beside:
            if not one.options.flag("grouping", default=True):
                continue
            key: object = one.stack_key if one.stacking and one.kind in ("column", "bar") else one.number
            groups.setdefault(key, []).append(one.number)
        listed = tuple(tuple(one) for one in groups.values())
        for one in beside:
            at = next((number for number, group in enumerate(listed) if one.number in group), 0)
            found[one.number] = _slot(one, at, listed)
        for one in members:
            if one.kind == "errorbar":
                parent = _parent(chart, one, beside)
                found[one.number] = found[parent.number] if parent else _slot(one, 0, ((one.number,),))
    return found


def _slot(series: Series, at: int, groups: tuple[tuple[int, ...], ...]) -> Slot:
    options = series.options
    return Slot(
        at,
        groups,
        options.number("groupPadding", 0.2, 0, 0.49),
        options.number("pointPadding", 0.1, 0, 0.49),
        options.number("pointWidth", None, 1, 500),
        options.number("maxPointWidth", None, 1, 500),
        not options.flag("grouping", default=True),
    )


def _parent(chart: Chart, series: Series, columns: Iterable[Series]) -> Series | None:
    """The columns that error bars belong to: those they name, else those before them."""
    wanted = series.options.value("linkedTo", ":previous")
    known = {one.number: one for one in columns}
    if wanted != ":previous":
        for one in known.values():
            if one.options.value("id") == wanted:
                return one
    before = [number for number in known if number < series.number]
    return known[max(before)] if before else None
