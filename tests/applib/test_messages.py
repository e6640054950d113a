"""Message formatting, connector API 2.3: the same rules for results, connector status and progress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phantom.app import APP_ERROR, APP_SUCCESS, ActionResult, BaseConnector


class Silent:
    def __str__(self):
        raise RuntimeError("no text")


class NoTruth(Exception):
    def __bool__(self):
        raise RuntimeError("neither")


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        (("Found {{x}}",), {}, "Found {x}"),  # the braces of a server's text, doubled by the app
        (('{"error": "x"}',), {}, '{"error": "x"}'),  # raw JSON, already formatted
        (("{0} of {1}", None, 1, 2), {}, "1 of 2"),
        (("{url} said {status}", None), {"url": "u", "status": 404}, "u said 404"),
        (("{} {}", None, 1), {}, "{} {}"),  # IndexError: as it came
        (("{missing}",), {}, "{missing}"),  # KeyError
        (("{",), {}, "{"),  # ValueError
        (("{0.nothing}", None, 1), {}, "{0.nothing}"),  # AttributeError
        (("{0:%Y}", None, None), {}, "{0:%Y}"),  # TypeError
        (("done", None, "surplus"), {"count": 3}, "done"),
        (("%s failed", None, "x"), {}, "%s failed"),
        ((None,), {}, ""),
        ((("a", 1),), {}, "('a', 1)"),
        ((ValueError("bad"),), {}, "bad"),
        ((b"bytes \xff",), {}, "bytes \ufffd"),
        ((Silent(),), {}, "<Silent>"),
        (("",), {}, ""),
        (("Failed", ValueError("no route")), {}, "Failed no route"),
        (("", ValueError("no route")), {}, "no route"),
        (("", ValueError()), {}, "ValueError"),
        (("Failed", "a plain text"), {}, "Failed a plain text"),
        (("Failed", None), {}, "Failed"),
        (("Failed", ""), {}, "Failed"),
        (("Failed", NoTruth("x")), {}, "Failed x"),
    ],
)
def test_set_status_message(arguments, keywords, message):
    result = ActionResult()
    assert result.set_status(APP_ERROR, *arguments, **keywords) is False
    assert result.get_message() == message
    connector = BaseConnector()
    assert connector.set_status(APP_SUCCESS, *arguments, **keywords) is True
    assert connector.get_status_message() == message


def test_parameters_by_keyword():
    result = ActionResult()
    result.set_status(status_code=APP_ERROR, status_message="{message}", exception=ValueError("e"), message="m")
    assert result.get_message() == "m e"


@given(st.text(), st.lists(st.one_of(st.none(), st.integers(), st.text()), max_size=3))
def test_no_text_ever_breaks_a_status(text, arguments):
    assert ActionResult().set_status(True, text, None, *arguments) is True
    BaseConnector().set_status(False, text, *arguments)


def test_progress_is_formatted_and_kept_apart(surroundings):
    connector = BaseConnector()
    connector.save_progress("Connecting to {0}...", "host")
    connector.save_progress("{{}}")
    connector.send_progress("{count} left", count=3)
    connector.send_progress("")
    connector.save_progress(ValueError("x"))
    assert surroundings.progressed == [
        ("Connecting to host...", False),
        ("{}", False),
        ("3 left", True),
        ("", True),
        ("x", False),
    ]


def test_set_status_save_progress_does_both(surroundings):
    connector = BaseConnector()
    assert connector.set_status_save_progress(APP_ERROR, "{0}{{", None, "x") is False
    assert connector.get_status() is False
    assert surroundings.progressed == [("x{", False)]


@pytest.mark.parametrize("method", ["debug_print", "error_print", "telemetry_print"])
def test_logging_takes_anything(method, surroundings):
    log = getattr(BaseConnector(), method)
    log("tag")
    log("tag", {"a": 1})
    log(["a", "list"])
    log(*["spread", "out", "further"])
    log("tag", dump_object=Silent())
    log(None)
    log(tag="t", surplus=1)
    texts = [text for _, text in surroundings.logged]
    assert texts == ["tag", "tag {'a': 1}", "['a', 'list']", "spread out further", "tag <Silent>", "", "t"]


def test_a_huge_dump_is_cut(surroundings):
    BaseConnector().debug_print("x", "y" * 1_000_000)
    assert len(surroundings.logged[0][1]) < 110_000
    assert "more characters" in surroundings.logged[0][1]
