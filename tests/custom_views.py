"""Calling the custom views of test apps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from conftest import APPS

from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.runtime.run import Observer
from soarkit.runtime.viewing import View, ViewCall, ViewedRun, ViewProblem


class Log(Observer):
    """Keeps what is logged."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, level: str, text: str) -> None:
        self.lines.append(text)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def viewed(*data: Any, id: int = 3, container: int = 7, **about: Any) -> ViewedRun:
    """A run with one action result."""
    result = {"status": "success", "message": "done", "parameter": {"ip": "10.0.0.1"}, "summary": {"n": 1}, **about}
    summary = {"total_objects": 1, "total_objects_successful": 1}
    return ViewedRun(summary, [{**result, "data": list(data)}], container=container, id=id)


def draw(
    home: Path,
    folder: str | Path,
    action: str,
    *runs: ViewedRun,
    python: str = sys.executable,
    log: Log | None = None,
    **options: Any,
) -> View:
    """What an action's view makes of runs; ``folder`` is a test app's name, or a path."""
    app = load(str(APPS / folder))
    [chosen] = [one for one in app.actions if one.identifier == action]
    host = Host(str(home), python=python)
    return ViewCall(app, chosen, runs or [viewed({"x": 1})], **options).execute(host, host.executor, log or Log())


def problem(view: View) -> ViewProblem:
    """Why a view failed."""
    assert view.problem is not None, view.html[:500]
    assert view.html == ""
    return view.problem
