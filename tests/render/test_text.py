"""Text made safe and measured for a terminal."""

from __future__ import annotations

import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.render.text import display_width, printable, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("naïve 北京 🙂 שלום", "naïve 北京 🙂 שלום"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b2J", r"\x9b2J"),
        ("\x7f\x00", r"\x7f\x00"),
        ("a\rb", r"a\x0db"),
        ("a\nb\tc", r"a\x0ab\x09c"),
        ("invoice\u202efdp.exe", r"invoice\u202efdp.exe"),
        ("\u2066a\u2069\u200f", r"\u2066a\u2069\u200f"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("line\u2028para\u2029", r"line\u2028para\u2029"),
        ("\udc80", r"\udc80"),
        ("\U000e0041", r"\U000e0041"),
        ("non\u00a0breaking\u3000", "non\u00a0breaking\u3000"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("می\u200cخو", "می\u200cخو"),
    ],
)
def test_what_could_act_or_hide_is_shown(text, shown):
    assert printable(text) == shown


def test_lines_keep_newlines_and_tabs():
    assert printable("a\r\nb\n\tc\rd", lines=True) == "a\nb\n\tc\\x0dd"


def test_no_control_character_survives():
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    kept = printable(everything)
    assert not {c for c in kept if category(c) in ("Cc", "Cs", "Zl", "Zp")}
    assert not set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(kept)
    assert {"\n", "\t"} == {c for c in printable(everything, lines=True) if category(c) == "Cc"}
    kept.encode()


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("", 0),
        ("北京", 4),
        ("ｆｕｌｌ", 8),  # noqa: RUF001 - full-width letters are the point
        ("e\u0301", 1),
        ("🙂", 2),
        ("\u1112\u1161\u11ab", 2),
        ("नि", 2),
        ("a\u200db", 2),
        ("→ ✓ …", 5),
    ],
)
def test_width(text, columns):
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 5, [""]),
        ("fits", 4, ["fits"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("ab cdefghij", 4, ["ab", "cdef", "ghij"]),
        ("a\nb\n\nc", 5, ["a", "b", "", "c"]),
        ("  indented text", 10, ["  indented", "text"]),
        ("a\tb", 10, ["a   b"]),
        ("北京上海", 5, ["北京", "上海"]),
        ("北京 上海", 5, ["北京", "上海"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
        ("trailing     ", 8, ["trailing"]),
        ("a          b", 4, ["a", "b"]),
    ],
)
def test_wrap(text, columns, lines):
    assert wrap(text, columns) == lines


@given(st.text(), st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text, columns):
    text = printable(text, lines=True)
    lines = wrap(text, columns)
    assert lines
    assert all(display_width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(alphabet="ab 北\u0301", max_size=40), st.integers(2, 10))
def test_wrap_never_parts_a_mark_from_its_base(text, columns):
    bare = not text.startswith("\u0301") and " \u0301" not in text
    assert not any(line.startswith("\u0301") for line in wrap(text, columns)) or not bare


def test_a_megabyte_wraps_at_once():
    assert len(wrap("北京 " * 300_000, 80)) > 10_000
