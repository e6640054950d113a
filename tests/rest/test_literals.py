"""How the values of filters are read."""

from __future__ import annotations

import ast
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.rest.literals import alternatives, parse

PLAIN = st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())


@given(st.one_of(PLAIN, st.lists(PLAIN), st.lists(PLAIN).map(tuple)))
def test_what_python_writes_is_read_back(value: object) -> None:
    read = parse(repr(value)).value
    assert read == (list(value) if isinstance(value, tuple) else value)


@given(st.text(max_size=200))
def test_anything_is_read_or_refused(written: str) -> None:
    try:
        alternatives(written)
    except ValueError:
        assert written.strip()[:1] in ("'", '"', "[", "(", "u", "U", "%")


@given(st.text())
def test_values_encoded_before_they_were_quoted(value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    assert value in [one.value for one in alternatives(repr(quote(value, safe="")))]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("007", "007"),
        ("1e400000", float("inf")),
        ("9" * 5000, "9" * 5000),
        ("True", True),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("None", None),
        ("bare words", "bare words"),
        ("it's", "it's"),
        ('"x"', "x"),
        ("'x'", "x"),
        ("u'x'", "x"),
        ('"C:\\\\temp"', "C:\\temp"),
        (r'"\d+\."', r"\d+\."),
        (r'"\777"', r"\777"),
        ('"a" "b"', "ab"),
        ("[1, 'a']", [1, "a"]),
        ("(1, 2)", [1, 2]),
        ('["a", true]', ["a", True]),
        ("", ""),
        ("lambda: 1", "lambda: 1"),
        ("__import__('os')", "__import__('os')"),
    ],
)
def test_literals(written: str, value: object) -> None:
    assert parse(written).value == value


@pytest.mark.parametrize(
    "written", ['"x', "[1,", "(1 for x in y)", "[[1]]", "['a', {}]", "(" * 5000, '"' + "x" * 70000 + '"']
)
def test_what_begins_as_a_literal_and_is_none(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(written)


def test_quotes_may_be_encoded_too() -> None:
    assert [one.value for one in alternatives("%22a b%22")] == ["%22a b%22", '"a b"', "a b"]
    assert [one.value for one in alternatives('"50%20off"')] == ["50%20off", "50 off"]


def test_it_is_pythons_own_reading() -> None:
    assert parse("'\\x41\\n'").value == ast.literal_eval("'\\x41\\n'")
