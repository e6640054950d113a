"""Reports: what is said while custom views are drawn."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from conftest import APPS

from soarkit import reports
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.render.reported import ReportedRun
from soarkit.runtime.run import Observer


class Told(Observer):
    """Keeps what a person would be told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_a_slow_view_is_told_of_and_so_is_one_that_fails(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "_SLOW", 0.0)
    app = load(str(APPS / "fails_to_draw"))
    [action] = [one for one in app.actions if one.identifier == "says_a_lot"]
    document = {"status": "success", "result_data": [{"status": "success", "data": [{"x": 1}]}], "result_summary": {}}
    run = ReportedRun(
        app_name=app.name,
        app_version=app.app_version,
        action_name=action.name,
        status="success",
        message="",
        document=document,
        app=app,
        action=action,
    )
    told = Told()
    page = reports.make_report(Host(str(home), python=sys.executable), [run], observer=told)
    slow, failed = told.notes
    assert slow == "Fails To Draw, says a lot: its view is still drawing; it has 60 s"
    assert failed.startswith("Fails To Draw, says a lot: the custom view raised ValueError: much much")
    assert re.search(r"\(fail_view\.py:\d+\); its data is shown as a table; the log: /", failed)
    assert len(failed) < 1000
    for folder in (APPS, home):
        assert str(folder).encode() not in page
