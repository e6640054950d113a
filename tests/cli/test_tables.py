"""Text tables."""

from __future__ import annotations

import click
import pytest

from soarkit.cli.tables import table

_ROWS = [["a", 1, "short"], ["日本", None, "x" * 100], ["c\x1b[2J", 10, ""]]


def test_columns_are_aligned_and_harmless() -> None:
    head, first, second, third = table(["name", "n", "text"], _ROWS, terminal=False).splitlines()
    assert head == "name       n  text"
    assert first == "a          1  short"
    assert second == f"日本       -  {'x' * 100}"
    assert third == "c\\x1b[2J  10"
    assert table(["a", "b"], [], terminal=False) == "a  b\n"


def test_a_terminal_gets_rows_of_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = table(["name", "n", "text"], _ROWS, terminal=True)
    assert text.startswith("\x1b[1m")
    assert all(len(line) <= 40 for line in click.unstyle(text).splitlines())
    assert "xx…" in text
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in table(["name"], [["a"]], terminal=True)


def test_what_is_typed_again_is_never_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    text = click.unstyle(table(["key", "text"], [["k" * 20, "x" * 100]], terminal=True, whole=("key",)))
    assert text.splitlines()[1] == f"{'k' * 20}  {'x' * 7}…"
