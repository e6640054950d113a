"""What counts as the output of a script, and what is said about anything else (enrichment reference, 1.2 and 2.3)."""

from __future__ import annotations

import json
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.runtime.output import InvalidOutputError, oddities, parse, said


def test_white_space_around_it() -> None:
    assert parse(b'\r\n\t {"widgets": []}\n\n') == {"widgets": []}


@pytest.mark.acceptance("A12")
@pytest.mark.parametrize(
    ("printed", "message"),
    [
        (b"", "no output"),
        (b" \n\t", "no output"),
        (b"\n\nsearching\n{}", 'the output is more than one JSON document: line 3, "searching" comes before it'),
        (b"3 rows\n{}", 'line 1, "3 rows" comes before it'),
        (b"/usr/lib/x.py:3: Warning: x\n  import x\n{}", 'line 1, "/usr/lib/x.py:3: Warning: x"'),
        (b"{}\ndone\n", 'something follows the JSON document: line 2, "done"'),
        (b"{} x", 'something follows the JSON document: line 1, "{} x"'),
        (b"{}\n{}", 'a second JSON document follows: line 2, "{}"'),
        (b"{}\n{'a'}", "something follows the JSON document: line 2, \"{'a'}\""),
        (b'{"a": 1,\n "b": }', 'the output is no JSON (expecting value): line 2, ""b": }"'),
        (b"\xef\xbb\xbf{}", "the output begins with a byte order mark"),
        (b'{"a": "\xff"}\n', 'the output is not UTF-8: line 1, "{"a": "\\xff"}"'),
        (b"ok\n\xfc", 'the output is not UTF-8: line 2, "\\xfc"'),
        (b"[]", 'the output must be a JSON object, not a list: line 1, "[]"'),
        (b'"x"', "not text"),
        (b"\n1", 'not a number: line 2, "1"'),
        (b"true", "not true or false"),
        (b"null", "not null"),
        (b'{"a": 1,\n"b": -Infinity}', 'it holds -Infinity: line 2, ""b": -Infinity}"'),
        (b'{"a": 1e999}', 'it holds 1e999: line 1, "{"a": 1e999}"'),
        pytest.param(
            b'{"a": ' + b"9" * 5000 + b"}",
            "a number of too many digits",
            marks=pytest.mark.skipif(not hasattr(sys, "get_int_max_str_digits"), reason="this Python reads any number"),
        ),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"<html>", 'line 1, "<html>" comes before it, or in its place'),
    ],
)
def test_what_is_no_output(printed: bytes, message: str) -> None:
    with pytest.raises(InvalidOutputError, match=re.escape(message)):
        parse(printed)


def test_a_long_line_is_quoted_around_the_offence() -> None:
    printed = b'{"a": "' + b"x" * 500 + b'", here' + b"y" * 500
    with pytest.raises(InvalidOutputError) as caught:
        parse(printed)
    assert len(str(caught.value)) < 250
    assert re.search(r'"\.\.\. x+", herey+ \.\.\."$', str(caught.value))


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\n 1aNaN', max_size=60).map(str.encode))
def test_anything_is_an_object_or_refused(printed: bytes) -> None:
    try:
        document = parse(printed)
    except InvalidOutputError as error:
        assert str(error)
    else:
        assert document == json.loads(printed)


@pytest.mark.acceptance("A14")
@pytest.mark.parametrize(
    ("exceptions", "messages", "error"),
    [
        ([], [], ""),
        (["e"], [], "e"),
        (["e"], [["DEBUG", "d"], ["WARNING", "w"]], "e"),
        (["e"], [["ERROR", "m"]], "m"),
        (["e", "f"], [["critical", "m"], ["ERROR", "n"]], "m; n"),
        ([{"exceptionString": "e"}, 5], [], "e; 5"),
        ([""], [], "the script reported an error without a text"),
        ("e", None, "e"),
    ],
)
def test_which_error_is_shown(exceptions: object, messages: list[list[str]] | None, error: str) -> None:
    listed = None if messages is None else [{"messageType": kind, "messageText": text} for kind, text in messages]
    assert said({"exceptions": exceptions, "messages": listed}).error == error


def test_messages_of_any_form() -> None:
    messages = ["x", {"messageText": 5}, {"messageType": None, "messageText": "y"}, 7]
    assert said({"messages": messages}).messages == (("INFO", "x"), ("INFO", "5"), ("INFO", "y"), ("INFO", "7"))


def test_odd_forms() -> None:
    assert oddities({"widgets": [], "exceptions": [], "messages": []}) == []
    assert oddities({"entities": {}, "messages": []}) == [
        "the output has neither widgets nor entities",
        "entities of the output must be a list",
        "the output has no exceptions: an empty list is meant",
    ]
