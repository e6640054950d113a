"""jsonsafe: JSON from anything."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import math
from collections import OrderedDict, UserDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from soarkit_app import jsonsafe


class Word(str):
    def __str__(self):
        return "something else"


class Level(enum.IntEnum):
    HIGH = 3


class Broken:
    def __str__(self):
        raise RuntimeError


class BrokenDict(dict):
    def items(self):
        raise RuntimeError


def loads(text):
    """Strict: no NaN, no lone surrogates, no NUL."""

    def refuse(name):
        raise AssertionError(name)

    text.encode("utf-8")
    assert "\x00" not in text and "\\u0000" not in text.replace("\\\\", "")
    return json.loads(text, parse_constant=refuse)


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"])), inner),
    max_leaves=20,
)
odd_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary()
    | st.datetimes()
    | st.decimals()
    | st.just(object())
    | st.just(Broken())
    | st.just(Word("word")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.sets(st.one_of(st.integers(), st.text(), st.floats(), st.binary()), max_size=4)
        | st.dictionaries(
            st.one_of(
                st.text(st.characters()),
                st.integers(),
                st.floats(),
                st.booleans(),
                st.none(),
                st.binary(),
                st.tuples(st.integers()),
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(plain_values)
def test_what_json_can_hold_comes_back_as_it_was(value):
    assert loads(jsonsafe.dumps(value)) == value
    assert jsonsafe.plain(value) == value


@given(odd_values)
def test_whatever_else_becomes_valid_json(value):
    again = loads(jsonsafe.dumps(value))
    assert jsonsafe.plain(again) == again


@pytest.mark.parametrize(
    ("value", "wanted", "said"),
    [
        (float("nan"), None, "1 x NaN or infinity"),
        ([math.inf, -math.inf], [None, None], "2 x NaN or infinity"),
        ("a\x00b", "a\ufffdb", "1 x NUL character"),
        ("\ud800x", "\ufffdx", "1 x lone surrogate"),
        ("\udcff", "\ufffd", "1 x lone surrogate"),
        ("\ud83d\ude00", "\U0001f600", "1 x lone surrogate"),
        (b"ab\xff", "ab\ufffd", "1 x bytes"),
        (bytearray(b"x"), "x", "1 x bytes"),
        ({"b", "a"}, ["a", "b"], "1 x set"),
        ({("t", 1): 2}, {"('t', 1)": 2}, "1 x tuple as a key"),
        ({b"k": 2}, {"k": 2}, "1 x bytes as a key"),
        ({float("nan"): 2}, {"nan": 2}, "1 x float as a key"),
        (decimal.Decimal("1.50"), "1.50", "1 x Decimal"),
        (datetime.date(2024, 1, 5), "2024-01-05", "1 x date"),
        (UserDict(a=1), {"a": 1}, "1 x UserDict"),
        ([Broken()], ["<Broken>"], "1 x Broken"),
        ([10**5000], [hex(10**5000)], "1 x too large integer"),
        ({"x": [1, {"y": object}]}, {"x": [1, {"y": "<class 'object'>"}]}, "1 x type"),
    ],
)
def test_replacements(surroundings, value, wanted, said):
    assert loads(jsonsafe.dumps(value)) == wanted
    assert [text.rpartition(": ")[2] for text in surroundings.errors()] == [said]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ((1, 2), [1, 2]),
        ({1: 2, None: 3, False: 4, 1.5: 5}, {"1": 2, "null": 3, "false": 4, "1.5": 5}),
        (OrderedDict(a=1), {"a": 1}),
        (Level.HIGH, 3),
        (Word("word"), "word"),
        ("\\u0000 is no NUL", "\\u0000 is no NUL"),
    ],
)
def test_what_is_not_worth_a_word(surroundings, value, wanted):
    assert loads(jsonsafe.dumps(value)) == wanted
    assert surroundings.logged == []


def test_one_line_for_everything(surroundings):
    jsonsafe.dumps({"a": float("nan"), "b": [b"x", b"y", "\x00"], "c": float("inf")})
    assert surroundings.errors() == [
        "values that JSON cannot hold were replaced: 2 x NaN or infinity, 2 x bytes, 1 x NUL character"
    ]


def test_compact_and_not_escaped():
    assert jsonsafe.dumps({"a": [1, "ü"]}) == '{"a":[1,"ü"]}'


def test_circular_references():
    one = {"name": "a"}
    one["self"] = [one]
    assert loads(jsonsafe.dumps(one)) == {"name": "a", "self": ["<circular reference>"]}
    twice = {"x": 1}
    assert loads(jsonsafe.dumps([twice, twice, b""])) == [{"x": 1}, {"x": 1}, ""]


@pytest.mark.parametrize("depth", [jsonsafe.MAX_DEPTH + 1, 900, 5000, 100_000])
def test_deep_nesting_is_cut(depth):
    for wrap in (lambda inner: [inner, 1], lambda inner: {"a": inner, "b": 1}):
        value = "bottom"
        for _ in range(depth):
            value = wrap(value)
        text = jsonsafe.dumps(value)
        assert "<nested too deeply>" in text and "bottom" not in text
        loads(text)


def test_nesting_up_to_the_limit_is_kept():
    value = "bottom"
    for _ in range(jsonsafe.MAX_DEPTH):
        value = [value, {}, {}, {}]
    assert "bottom" in jsonsafe.dumps(value)
    assert "bottom" in jsonsafe.dumps([b"", *value])


def test_a_dict_that_fails_to_say_what_is_in_it():
    loads(jsonsafe.dumps([BrokenDict(a=1), b""]))
