"""What scripts learn from their command line and from standard input (enrichment reference, 2.1)."""

import json
import os
import sys
import threading

import pytest
from AnomaliEnrichment import AnomaliEnrichment
from AnomaliTransform import AnomaliTransform
from soarkit_app.enrichment import arguments, aside


@pytest.fixture(autouse=True)
def nothing_on_stdin(monkeypatch):
    """The tests' own standard input may be anything; theirs is empty."""
    monkeypatch.setattr(aside, "_said", set())
    monkeypatch.setattr(arguments, "_stdin", [])
    saved, null = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    yield
    os.dup2(saved, 0)
    os.close(saved)
    os.close(null)


@pytest.fixture
def called(monkeypatch):
    def call(*words, kind=AnomaliEnrichment):
        monkeypatch.setattr(sys, "argv", ["script.py", *words])
        script = kind()
        assert script.parseArguments() is None
        return script

    return call


@pytest.fixture
def stdin():
    """Puts a pipe in the place of standard input; returns its other end."""
    ends = []

    def replace():
        read, write = os.pipe()
        os.dup2(read, 0)
        os.close(read)
        ends.append(write)
        return write

    yield replace
    for end in ends:
        try:
            os.close(end)
        except OSError:
            pass


@pytest.mark.acceptance("A7")
@pytest.mark.parametrize("kind", [AnomaliEnrichment, AnomaliTransform])
def test_nothing_given(called, kind):
    script = called(kind=kind)
    getters = (script.getTransformName(), script.getEntityValue(), script.getFieldValue("x"))
    assert (*getters, script.getCredentialValue("api_key")) == (None, None, None, None)


@pytest.mark.acceptance("A7")
def test_before_the_arguments_are_parsed():
    script = AnomaliEnrichment()
    assert (script.getTransformName(), script.getEntityValue(), script.getCredentialValue("x")) == (None, None, None)


@pytest.mark.acceptance("A7")
@pytest.mark.parametrize("words", [["T"], ["T", "--credentials", "{}"], ["--credentials", "{}", "T"]])
def test_no_value(called, words):
    script = called(*words)
    assert (script.getTransformName(), script.getEntityValue()) == ("T", None)


@pytest.mark.acceptance("A8")
@pytest.mark.parametrize(
    "words",
    [
        ["T", "v", "--credentials", '{"api_key": "k"}'],
        ["--credentials", '{"api_key": "k"}', "T", "v"],
        ["T", "--credentials", '{"api_key": "k"}', "v"],
        ["T", "v", '--credentials={"api_key": "k"}'],
        ["T", "v", "--credentials", "{}", "--credentials", '{"api_key": "k"}'],
    ],
)
def test_credentials_anywhere(called, words):
    script = called(*words)
    assert (script.getTransformName(), script.getEntityValue()) == ("T", "v")
    assert (script.getCredentialValue("api_key"), script.getCredentialValue("other")) == ("k", None)


@pytest.mark.acceptance("A8")
def test_credentials_on_stdin(called, stdin):
    end = stdin()
    os.write(end, b'{"api_key": "k\xc3\xbc"}\n')
    os.close(end)
    for _ in range(2):  # the second time, nothing is left to read
        script = called("T", "v")
        assert (script.getCredentialValue("api_key"), script.getCredentialValue("other")) == ("kü", None)


@pytest.mark.acceptance("A8")
def test_who_writes_stdin_may_be_slow(called, stdin):
    end = stdin()
    writer = threading.Timer(0.2, lambda: (os.write(end, b'{"api_key":'), os.write(end, b'"k"}'), os.close(end)))
    writer.start()
    script = called("T", "v")
    writer.join()
    assert script.getCredentialValue("api_key") == "k"


@pytest.mark.acceptance("A8")
def test_the_option_wins_over_stdin(called, stdin):
    os.write(stdin(), b'{"api_key": "other"}')  # and the pipe stays open: it is not even read
    assert called("T", "v", "--credentials", '{"api_key": "k"}').getCredentialValue("api_key") == "k"


def test_an_open_pipe_that_says_nothing_is_not_waited_for(called, stdin, monkeypatch):
    monkeypatch.setattr(arguments, "_PATIENCE", 0.1)
    stdin()
    assert called("T", "v").getCredentialValue("api_key") is None


def test_a_terminal_is_never_read(called):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, b'{"api_key": "k"}\n')
    os.dup2(theirs, 0)
    assert called("T", "v").getCredentialValue("api_key") is None
    os.close(ours)
    os.close(theirs)


def test_stdin_may_be_closed(called):
    os.close(0)
    try:
        assert called("T", "v").getCredentialValue("api_key") is None
    finally:
        assert os.open(os.devnull, os.O_RDONLY) == 0


def test_credentials_are_text(called):
    values = {"number": 5, "yes": True, "nothing": None, "list": [1, "a"], "real": 1.5}
    script = called("T", "v", "--credentials", json.dumps(values))
    shown = {name: script.getCredentialValue(name) for name in values}
    assert shown == {"number": "5", "yes": "true", "nothing": None, "list": '[1, "a"]', "real": "1.5"}


@pytest.mark.parametrize("given", ["{'api_key': 'secret-of-4711'}", "secret-of-4711", '["secret-of-4711"]', ""])
def test_credentials_that_cannot_be_read(called, capsys, given):
    assert called("T", "v", "--credentials", given).getCredentialValue("api_key") is None
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("soarkit: the credentials ")
    assert "4711" not in captured.err


VALUES = ["-x", "--verbose", "two words", 'say "hi"', "it's", "größe", "a=b", "#", "", "{}", "$(id)", "\\", "ⅷ\n2"]


@pytest.mark.acceptance("A9")
@pytest.mark.parametrize("value", VALUES)
def test_values_come_as_they_are(called, value):
    script = called("T", value, "--credentials", '{"api_key": "k"}')
    assert (script.getTransformName(), script.getEntityValue()) == ("T", value)
    assert script.getCredentialValue("api_key") == "k"


@pytest.mark.acceptance("A9")
@pytest.mark.parametrize("value", [*VALUES, "--credentials", '--credentials={"a":1}'])
def test_values_come_as_they_are_under_soarkit(called, monkeypatch, value):
    monkeypatch.setattr(arguments, "exact", True)
    script = called("T", value, '{"seen": "today"}')
    assert (script.getTransformName(), script.getEntityValue()) == ("T", value)
    assert script.getFieldValue("seen") == "today"


@pytest.mark.acceptance("A9")
@pytest.mark.parametrize(
    ("word", "value"), [("gr\udcc3\udcb6", "grö"), ("a\udcffb", "a\ufffdb"), ("a\ud800b", "a\ufffdb")]
)
def test_values_are_text_that_can_be_written(called, monkeypatch, word, value):
    monkeypatch.setattr(arguments, "exact", True)
    assert called("T", word).getEntityValue() == value


def test_unknown_options_are_ignored(called):
    script = called("--debug", "T", "v", "-q", "--level=3", "a=1")
    assert (script.getTransformName(), script.getEntityValue(), script.getFieldValue("a")) == ("T", "v", "1")


@pytest.mark.acceptance("A9")
@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ('{"a": "1", "b": "x=y#z", "c": 3, "d": true}', {"a": "1", "b": "x=y#z", "c": "3", "d": "true"}),
        ("a=1#b=2", {"a": "1", "b": "2"}),
        ("a=1=2#b=", {"a": "1=2", "b": ""}),
        ("a=1\\#2\\=3#b\\=c=\\\\", {"a": "1#2=3", "b=c": "\\"}),
        ("a=C:\\temp", {"a": "C:\\temp"}),
        ("{a=1", {"{a": "1"}),
        ("", {}),
    ],
)
def test_fields(called, given, fields):
    script = called("T", "v", given)
    assert {name: script.getFieldValue(name) for name in fields} == fields
    assert script.getFieldValue("other") is None


@pytest.mark.parametrize("name", [None, 5, ["seen"], {}])
def test_a_name_that_is_no_text_is_unknown(called, name):
    script = called("T", "V", "seen=1", "--credentials", '{"key": "s"}')
    assert (script.getFieldValue(name), script.getCredentialValue(name)) == (None, None)


def test_a_field_without_a_value_is_said(called, capsys):
    assert called("T", "v", "nonsense#a=1").getFieldValue("a") == "1"
    assert "a field without a value is left out: 'nonsense'" in capsys.readouterr().err
