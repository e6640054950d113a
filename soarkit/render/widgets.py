"""What a report shows of its runs: widgets, each of parts that a page knows how to draw.

A widget is what the platform's Investigation page shows of an action run. What is in it is told by the action's
``render`` section: ``table`` (also where it says nothing, or something unknown), ``json``, ``map`` or ``custom``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from soarkit.render.colours import view_colours
from soarkit.render.logos import Logos, app_logos
from soarkit.render.parts import NotePart, Part
from soarkit.render.reported import ReportedRun
from soarkit.render.shown import CustomView, ShownAction, parts_of

COLUMNS = 12  #: of the grid that widgets lie on
MAX_HEIGHT = 10  #: rows of it that a widget may ask for


@dataclass(frozen=True)
class Widget:
    """One rectangle of a report.

    :param runs: which runs it shows, as positions in the report
    :param menu_name: how it is called in a list of widgets
    :param width: columns, 1 to 12
    :param height: rows, 1 to 10; None: as high as its contents
    :param colours: CSS colours of ``title``, ``text`` and ``body``
    :param status: success or failed
    """

    title: str
    subtitle: str | None
    menu_name: str
    width: int
    height: int | None
    logos: Logos
    colours: Mapping[str, str]
    status: str
    runs: tuple[int, ...]
    parts: tuple[Part, ...]


#: Runs of one action, with their positions in the report.
Group = list[tuple[int, ReportedRun]]


def grouped(runs: Sequence[ReportedRun]) -> list[list[Group]]:
    """Which runs each widget shows, by action.

    Apps that say ``consolidate_widgets`` have one widget for all of their runs; else each run has its own.
    """
    widgets: list[list[Group]] = []
    together: dict[tuple[str, str], list[Group]] = {}
    for numbered in enumerate(runs):
        run = numbered[1]
        app = run.app
        if app is None or app.raw.get("consolidate_widgets") is not True:
            widgets.append([[numbered]])
            continue
        key = (app.appid, app.app_version)
        if key not in together:
            together[key] = []
            widgets.append(together[key])
        for group in together[key]:
            if group[0][1].action_name == run.action_name:
                group.append(numbered)
                break
        else:
            together[key].append([numbered])
    return widgets


def has_view(run: ReportedRun) -> bool:
    """Whether a custom view draws a run."""
    render = None if run.action is None else run.action.render
    return render is not None and render.type == "custom" and bool(render.view) and run.document is not None


def widgets(runs: Sequence[ReportedRun], view: Callable[[Sequence[ReportedRun]], CustomView]) -> list[Widget]:
    """The widgets of a report.

    :param view: lets the custom view of an action draw runs of it; called once for each action of a widget
    """
    made = [_widget(groups, view, alone=len(runs) == 1) for groups in grouped(runs)]
    if len(made) == 1 and _width(runs[0], 0) == 0:
        return [replace(made[0], width=COLUMNS)]  # nothing else wants the room
    return made


def _widget(groups: list[Group], view: Callable[[Sequence[ReportedRun]], CustomView], *, alone: bool) -> Widget:
    first = groups[0][0][1]
    parts: list[Part] = []
    views: list[CustomView] = []
    widths = []
    for group in groups:
        caption = group[0][1].action_name if len(groups) > 1 else None
        shown = ShownAction([run for _, run in group], caption, alone=alone)
        drawn = view(shown.with_result) if has_view(group[0][1]) and shown.with_result else None
        if drawn is not None:
            views.append(drawn)
        found, width = parts_of(shown, drawn)
        parts += found or [NotePart("There is nothing to show.")]
        widths.append(_width(group[0][1], width))
    title, subtitle = _titles(groups, views)
    render = None if first.action is None else first.action.render
    members = [(position, run) for group in groups for position, run in group]
    return Widget(
        title=title,
        subtitle=subtitle,
        menu_name=(render.menu_name if render is not None and len(groups) == 1 else None) or title,
        width=max(widths),
        height=_height(None if render is None or len(groups) > 1 else render.height),
        logos=Logos() if first.app is None else app_logos(first.app),
        colours=view_colours(views[0].colours) if len(groups) == 1 and views else {},
        status="success" if all(run.status == "success" for _, run in members) else "failed",
        runs=tuple(position for position, _ in members),
        parts=tuple(parts),
    )


def _titles(groups: list[Group], views: list[CustomView]) -> tuple[str, str | None]:
    run = groups[0][0][1]
    app = f"{run.app_name} {run.app_version}".strip()
    if len(groups) > 1:
        return run.app_name, f"{app} · {len(groups)} actions"
    given = [one.strip() for one in (views[0].title1, views[0].title2) if one and one.strip()] if views else []
    declared = run.action.render.title if run.action is not None else None
    title = " ".join(given) or (declared or "").strip() or run.action_name or run.app_name
    about = [app, run.action_name, *([run.asset] if run.asset else [])]
    return title, " · ".join(one for one in about if one)


def _width(run: ReportedRun, sensible: int) -> int:
    given = None if run.action is None else run.action.render.width
    return sensible if given is None or isinstance(given, bool) or given < 1 else min(given, COLUMNS)


def _height(given: int | None) -> int | None:
    return None if given is None or isinstance(given, bool) or given < 1 else min(given, MAX_HEIGHT)
