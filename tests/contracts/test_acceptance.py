"""Every row of the acceptance tables of enrichments and of the STIX exporter has a test of its own."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
#: Rows that are about a server with several organisations, or about pages that it serves.
SERVER = {"A20", "A32", "A48"}
ROWS = {f"A{number}" for number in range(1, 49)} - SERVER | {f"S{number}" for number in range(1, 46)}


def test_every_row_of_the_acceptance_tables_has_a_test() -> None:
    marked = {row for path in TESTS.rglob("test_*.py") for row in _rows(path)}
    assert sorted(ROWS - marked) == []
    assert marked <= ROWS, "a mark names a row that is not there"


def _rows(path: Path) -> set[str]:
    """The rows that a file's tests are marked with."""
    source = path.read_text(encoding="utf-8")
    if "mark.acceptance" not in source:
        return set()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        str(argument.value)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "acceptance"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
