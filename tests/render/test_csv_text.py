"""Results as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.render.csv_text import csv_bytes, result_csv, rows_csv


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("", '""'),
        (True, "true"),
        (False, "false"),
        ("true", '"true"'),
        (12, "12"),
        (-1.5, "-1.5"),
        (10**30, "1" + "0" * 30),
        (1e300, "1e+300"),
        ("12", '"12"'),
        ("+1.5e3", '"+1.5e3"'),
        ("1.2.3.4", "1.2.3.4"),
        ("0x1f", "0x1f"),
        ("plain text", "plain text"),
        (" spaced", '" spaced"'),
        ('a "b", c', '"a ""b"", c"'),
        ("two\nlines", '"two\nlines"'),
        ([1, "a"], '"[1, ""a""]"'),
        ({"a": None}, '"{""a"": null}"'),
        (float("nan"), "NaN"),
        ("NaN", '"NaN"'),
        ("=1+1", "=1+1"),
        ("ü", "ü"),
    ],
)
def test_a_cell_keeps_its_value_and_its_type(value: Any, cell: str) -> None:
    assert rows_csv(["A"], [[value]]) == f"A\r\n{cell}\r\n"


# The reader of Python 3.10 refuses NUL.
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=2)))
def test_texts_survive(rows: list[list[str]]) -> None:
    text = rows_csv(["a", "b,c"], rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["a", "b,c"], *rows]


def test_halves_of_characters_can_be_written() -> None:
    assert csv_bytes(rows_csv(["a"], [["x\ud800"]])) == b"a\r\nx?\r\n"


def test_without_data_there_is_a_row_for_each_action_result() -> None:
    one = {"data": [], "parameter": {"ip": "x"}, "status": "success", "message": "done", "summary": {}}
    result = {"status": "success", "result_data": [one, one], "result_summary": {}}
    assert result_csv(result, None) == "ip,status,message\r\nx,success,done\r\nx,success,done\r\n"


def test_nested_data_without_columns_has_json_in_its_cells() -> None:
    one = {"data": [{"a": 1, "b": {"c": [2]}}, {"d..e": "x"}], "parameter": {}, "status": "success", "message": ""}
    result = {"status": "success", "result_data": [one], "result_summary": {}}
    assert result_csv(result, None) == 'a,b,d..e\r\n1,"{""c"": [2]}",\r\n,,x\r\n'
