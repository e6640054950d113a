"""Summary and message of a result: what both say is said once."""

from __future__ import annotations

from .outlines import answer, draw, run


def summary_of(summary, message, width=80):
    return draw(result=run(answer(summary=summary, message=message), message=message), width=width).split("\n")[2:]


def test_a_summary_that_the_message_says_is_left_out():
    message = "Registry: arin\nASN: 15169\nCountry: US\nNets:\nRange: 8.0.0.0 - 8.127.255.255"
    summary = {"registry": "arin", "asn": "15169", "country_code": "US", "nets": [{"range": "8.0.0.0 - 8.127.255.255"}]}
    assert summary_of(summary, message) == message.split("\n")
    assert summary_of({"reports_found": 2}, "IP lookup complete. Reports found: 2") == [
        "IP lookup complete. Reports found: 2"
    ]


def test_a_summary_worded_as_python_does_is_left_out():
    summary = {"sinkhole": False, "owner": None, "tags": {"a": ["x", 1.5]}}
    message = "Sinkhole: False, Owner: None, Tags: {'a': ['x', 1.5]}"
    assert summary_of(summary, message) == [message]


def test_a_summary_too_deep_or_long_to_be_looked_for_stays():
    assert "  - a:" in summary_of({"tags": [{"a": {"b": {"c": "x"}}}]}, "Tags: x")
    assert len(summary_of({"tags": ["x"] * 60}, "Tags: x")) > 1


def test_a_summary_the_message_says_something_else_of_stays():
    for summary in ({"total": 2}, {"reports_found": 25}, {"reports_found": "two"}, {"reports_found": None}):
        assert len(summary_of(summary, "Reports found: 2")) == 3
    assert summary_of({"reports_found": 2, "new": 2}, "Reports found: 2")[-1] == "new: 2"


def test_nested_and_long_summary_values_are_indented():
    summary = {"a": 1, "nets": [{"range": "r1", "address": {"city": "c"}}], "b": 2, "long": "word " * 10}
    assert summary_of(summary, "m", width=40) == [
        "m",
        "",
        "a: 1  b: 2",
        "nets:",
        "  - range: r1",
        "    address:",
        "      city: c",
        "long: word word word word word word word",
        "      word word word",
    ]


def test_of_two_messages_that_say_the_same_the_longer_stands():
    result = run(answer(message="Error: no route to host"), message="no route")
    assert draw(result=result).split("\n")[2:] == ["Error: no route to host"]
