"""Scripts of enrichment bundles, run by soarkit in real processes (enrichment reference, sections 1.2 and 2)."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_bundle, transform

from soarkit.errors import AppError, AppImportError, AppTimeout, Cancelled, InputError, ManifestError, RequestError
from soarkit.execute.executor import StoppableExecutor
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.runtime.asset import Asset
from soarkit.runtime.result import RunResult
from soarkit.runtime.run import Observer, PreparedRun, RunRequest

IMPORTS = """\
import json, os, subprocess, sys, threading, time
from AnomaliEnrichment import *
"""
HEAD = f"""\
{IMPORTS}
ae = AnomaliEnrichment()
ae.parseArguments()
value = ae.getEntityValue()
"""


class _Log(Observer):
    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.notes: list[str] = []

    def log(self, level: str, text: str) -> None:
        self.lines.append((level, text))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def at(self, level: str) -> list[str]:
        return [text for one, text in self.lines if one == level]


@pytest.fixture
def log() -> _Log:
    return _Log()


@pytest.fixture
def ask(tmp_path: Path, home: Path, log: _Log) -> Callable[..., RunResult]:
    """Run a script of these lines, in a bundle of its own, about a value."""

    def run(
        lines: str, *, value: Any = "example.com", fields: str | None = None, head: str = HEAD, **about: Any
    ) -> Any:
        script = head + textwrap.dedent(lines)
        more = {"credentials": about.pop("credentials", ()), "files": about.pop("files", None)}
        entry = transform("T", script="script.py", **about.pop("entry", {}))
        scripts = {"script.py": script, **about.pop("scripts", {})}
        folder = make_bundle(
            tmp_path, folder=f"bundle{time.monotonic_ns()}", transforms=[entry], scripts=scripts, **more
        )
        parameters = {"value": value} | ({} if fields is None else {"fields": fields})
        asset = Asset(configuration=about.pop("config", {}))
        executor = about.pop("executor", None)
        about.setdefault("parameters", [parameters])
        request = RunRequest(app=load(str(folder)), action="T", asset=asset, kept=False, **about)
        host = Host(str(home), python=sys.executable)
        prepared = PreparedRun(request)
        result = prepared.execute(host, executor(host) if executor else host.executor, log)
        run.masked = prepared.masked(result)  # type: ignore[attr-defined]
        return result

    return run


def entry(result: RunResult) -> dict[str, Any]:
    (one,) = result.action_results
    return one


def test_the_result_has_the_form_of_connectors_results(ask: Any) -> None:
    result = ask('ae.addWidget(TextWidget(ItemInWidget("String", value)))\nae.returnOutput()', fields='{"a": "1"}')
    assert (result.status, result.message) == ("success", "Total widgets: 1")
    assert result.summary == {"total_objects": 1, "total_objects_successful": 1}
    assert entry(result) == {
        "status": "success",
        "message": "Total widgets: 1",
        "parameter": {"value": "example.com", "fields": '{"a": "1"}'},
        "summary": {"total_widgets": 1},
        "data": [
            {
                "widgets": [
                    {
                        "widgetType": "Text",
                        "lineBreakEnding": True,
                        "item": {"itemType": "String", "itemValue": "example.com", "itemLabel": "example.com"},
                    }
                ],
                "exceptions": [],
                "messages": [],
            }
        ],
    }
    assert result.collect("action_result.data.*.widgets.*.item.itemValue") == ["example.com"]
    assert result.to_dict()["identifier"] == "T domain"


def test_what_surrounds_a_script(ask: Any) -> None:
    result = ask(
        """
        import tempfile, signal
        with open(os.path.join(tempfile.gettempdir(), "x"), "w") as file:
            file.write("x")
        print(json.dumps({"widgets": [], "exceptions": [], "messages": [], "seen": {
            "argv": sys.argv[1:], "name": __name__, "file": __file__, "cwd": os.getcwd(), "first": sys.path[0],
            "scratch": tempfile.gettempdir(), "stdin": sys.stdin.read(), "main": sys.modules["__main__"].__file__,
            "term": str(signal.getsignal(signal.SIGTERM)), "child": subprocess.check_output(
                [sys.executable, "-c", "import AnomaliTransform; print('found')"]).decode().strip(),
        }}))
        """,
        head=IMPORTS,
        fields="a=1#b=2",
    )
    seen = entry(result)["data"][0]["seen"]
    source = os.path.dirname(seen["file"])
    assert seen["argv"] == ["T", "example.com", "a=1#b=2"]
    assert (seen["name"], seen["main"], seen["cwd"], seen["first"]) == ("__main__", seen["file"], source, source)
    assert (seen["stdin"], seen["child"]) == ("", "found")
    assert seen["term"] in ("0", "Handlers.SIG_DFL")
    assert not os.path.exists(seen["scratch"])
    assert os.listdir(source) == ["script.py"]  # no byte code


@pytest.mark.acceptance("A8", "A34")
def test_credentials_go_through_stdin_and_stay_secret(ask: Any, log: _Log, home: Path) -> None:
    secret = 'tök"en-4711'
    result = ask(
        """
        ae.addMessage("DEBUG", "with " + ae.getCredentialValue("api_key"))
        ae.addWidget(TextWidget(ItemInWidget("String", ae.getCredentialValue("api_key"))))
        command = open("/proc/self/cmdline").read() if os.path.exists("/proc/self/cmdline") else ""
        shown = command + repr(sys.argv) + repr(dict(os.environ))
        ae.addWidget(TextWidget(ItemInWidget("String", ae.getCredentialValue("api_key") in shown)))
        ae.addWidget(TextWidget(ItemInWidget("String", [ae.getCredentialValue(x) for x in ("user", "empty", "no")])))
        sys.stderr.write("error with " + ae.getCredentialValue("api_key") + "\\n")
        ae.returnOutput()
        """,
        credentials=[
            credential(),
            credential("user", sensitive=False),
            credential("empty", required=False, sensitive=False),
        ],
        config={"api_key": secret, "user": "somebody", "empty": ""},
    )
    values = [widget["item"]["itemValue"] for widget in entry(result)["data"][0]["widgets"]]
    assert values == [secret, False, ["somebody", None, None]]
    masked = json.dumps(ask.masked, ensure_ascii=False)
    assert "4711" not in masked
    assert '"itemValue": "********"' in masked
    assert ("message", "DEBUG: with ********") in log.lines
    assert ("stderr", "error with ********") in log.lines
    logs = [path.read_text() for path in (home / "logs").iterdir()]
    assert logs and not any("4711" in text for text in logs)


@pytest.mark.acceptance("A12", "A34")
@pytest.mark.parametrize(
    "lines",
    [
        "print(key)",
        "print(json.dumps(key)); ae.returnOutput()",
        "sys.stdout.buffer.write(b'\\xff' + key.encode())",
        "ae.addWidget(TextWidget(ItemInWidget(key))); ae.addWidget(ChartWidget(key, 'no')); ae.returnOutput()",
        "ae.addEntity(key, key.encode()); ae.addMessage(key, key); ae.returnOutput()",
    ],
)
def test_no_message_quotes_the_beginning_of_a_long_secret(ask: Any, log: _Log, lines: str) -> None:
    secret = "".join(f"{number:05}" for number in range(22_000))
    result = ask(
        f"key = ae.getCredentialValue('api_key')\n{lines}", credentials=[credential()], config={"api_key": secret}
    )
    told = json.dumps([result.message, ask.masked, log.lines, log.notes])
    assert "0000100002" not in told
    assert "2000020001" not in told


@pytest.mark.acceptance("A33")
def test_a_required_credential_must_be_there(ask: Any) -> None:
    with pytest.raises(InputError, match="api_key"):
        ask("", credentials=[credential()])
    with pytest.raises(InputError, match="value"):
        ask("", parameters=[{}])


def test_many_credentials(ask: Any) -> None:
    """More than a pipe takes at once."""
    config = {"api_key": "k" * 300_000}
    lines = 'ae.addMessage("INFO", len(ae.getCredentialValue("api_key")))\nae.returnOutput()'
    result = ask(lines, credentials=[credential()], config=config)
    assert entry(result)["data"][0]["messages"] == [{"messageType": "INFO", "messageText": "300000"}]


@pytest.mark.acceptance("A9")
@pytest.mark.parametrize("value", ["-x", "--credentials", "two words", 'say "hi"', "größe", "$(id)"])
def test_values_come_as_they_are(ask: Any, value: str) -> None:
    lines = 'ae.addEntity("anomali.Phrase", value)\nae.returnOutput()'
    result = ask(lines, value=value, entry={"entity_type": "anomali.Phrase"})
    assert entry(result)["data"][0]["entities"][0]["entityValue"] == value


@pytest.mark.acceptance("A15")
def test_a_quoted_function(ask: Any) -> None:
    result = ask(
        "ae.addException(ae.getTransformName())\nae.returnOutput()", entry={"parameters": "script.py 'Search IP'"}
    )
    assert result.message == "Search IP"


@pytest.mark.acceptance("A12")
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("pass", "no output"),
        ("print(' ')", "no output"),
        ("print('got 3 rows')\nae.returnOutput()", '"got 3 rows" comes before it'),
        ("ae.returnOutput()\nprint('done')", 'something follows the JSON document: line 2, "done"'),
        ("ae.returnOutput()\nae.returnOutput()", 'a second JSON document follows: line 2, "{'),
        ("print({'a': 1})\nae.returnOutput()", "line 1, \"{'a': 1}\""),
        ("print([1])", "must be a JSON object, not a list: line 1"),
        ("print('{\"widgets\": [NaN]}')", "the output is no JSON: it holds NaN"),
        ("import warnings, atexit\natexit.register(print, 'bye')\nae.returnOutput()", 'line 2, "bye"'),
        ("ae.returnOutput()\nos.system('echo from a child')", 'line 2, "from a child"'),
        (
            "if os.fork() == 0:\n    print('child')\n    sys.exit()\nos.wait()\nae.returnOutput()",
            '"child" comes before',
        ),
        ("os.write(1, b'\\xff')", "the output is not UTF-8: line 1"),
    ],
)
def test_what_is_no_output(ask: Any, log: _Log, lines: str, message: str) -> None:
    result = ask(lines)
    assert (result.status, entry(result)["status"], entry(result)["data"]) == ("failed", "failed", [])
    assert message in result.message
    assert any(message in text for text in log.at("error"))


def test_what_was_printed_is_in_the_log(ask: Any, log: _Log) -> None:
    ask("print('one')\nprint('two')")
    assert log.at("stdout") == ["one", "two"]


@pytest.mark.acceptance("A12")
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("{}['key']", "no output: the script ended with KeyError: 'key' (script.py:7)"),
        (
            "import nowhere",
            "no output: the script ended with ModuleNotFoundError: No module named 'nowhere' (script.py:7)",
        ),
        (
            "import helper\nhelper.fail()",
            "no output: the script ended with ZeroDivisionError: division by zero (helper.py:2)",
        ),
        (
            "class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd",
            "no output: the script ended with Odd: <Odd> (script.py:10)",
        ),
        ("sys.exit(3)", "no output: the script ended with exit status 3"),
        ("sys.exit('because')", "no output: the script ended with exit status 1"),
        ("os._exit(0)", "no output"),
        ("os.kill(os.getpid(), 11)", "no output: the script's process was ended by SIGSEGV"),
        ("print 'old'", "no output: the script ended with SyntaxError: Missing parentheses in call to 'print'."),
    ],
)
def test_a_script_that_breaks(ask: Any, log: _Log, lines: str, message: str) -> None:
    result = ask(lines, scripts={"helper.py": "def fail():\n    1 / 0\n"})
    assert entry(result)["message"].startswith(message)


def test_a_script_for_python_2(ask: Any) -> None:
    assert "this is Python 2 code (script.py:7)" in ask("print 'old'").message
    assert "this is Python 2 code (script.py:7)" in ask("import urllib2").message


def test_the_traceback_begins_with_the_script(ask: Any, log: _Log) -> None:
    ask("{}['key']")
    lines = log.at("stderr")
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1].endswith('script.py", line 7, in <module>')


@pytest.mark.parametrize(
    ("lines", "warning"),
    [
        ("ae.returnOutput()\nsys.exit(3)", "the script ended with exit status 3; its output counts nevertheless"),
        ("ae.returnOutput()\nos._exit(0)", None),
        ("ae.returnOutput()\nos.abort()", "the script's process was ended by SIGABRT; its output counts nevertheless"),
        ("ae.returnOutput()\n1 / 0", "the script ended with ZeroDivisionError: division by zero (script.py:8); its"),
        ("ae.returnOutput()\nos.closerange(0, 5000)", None),
    ],
)
def test_an_output_counts_however_the_script_ended(ask: Any, log: _Log, lines: str, warning: str | None) -> None:
    assert ask(lines).ok
    assert [text for text in log.at("warning") if warning is not None and text.startswith(warning)] or not warning


def test_threads_are_waited_for_as_by_hand(ask: Any) -> None:
    result = ask(
        """
        def later():
            time.sleep(0.3)
            ae.addMessage("INFO", "late")
            ae.returnOutput()
        threading.Thread(target=later).start()
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """
    )
    assert entry(result)["data"][0]["messages"][0]["messageText"] == "late"


@pytest.mark.acceptance("A13")
def test_the_time_limit_ends_everything(ask: Any, tmp_path: Path, log: _Log) -> None:
    pids = tmp_path / "pids"
    began = time.monotonic()
    with pytest.raises(AppTimeout, match=r"the script timed out: it did not finish within 1 s and was stopped"):
        ask(
            f"""
            import signal
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child = subprocess.Popen(["sleep", "600"])
            away = subprocess.Popen(["sleep", "601"], start_new_session=True)
            with open({str(pids)!r}, "w") as file:
                file.write(f"{{os.getpid()}} {{child.pid}} {{away.pid}}")
            while True:
                try:
                    time.sleep(600)
                except:
                    pass
            """,
            timeout=1,
        )
    assert time.monotonic() - began < 10
    for pid in pids.read_text().split():
        _wait_for(lambda pid=pid: not _lives(int(pid)))  # type: ignore[misc]


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def _wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.acceptance("A13")
def test_half_a_minute_is_the_limit() -> None:
    from soarkit.runtime.transforms import DEFAULT_TIMEOUT

    assert DEFAULT_TIMEOUT == 30


def test_a_success_leaves_what_was_detached(ask: Any, tmp_path: Path) -> None:
    result = ask(
        """
        away = subprocess.Popen(["sleep", "600"], start_new_session=True)
        child = subprocess.Popen(["sleep", "600"])
        ae.addMessage("INFO", f"{away.pid} {child.pid}")
        ae.returnOutput()
        """
    )
    away, child = map(int, entry(result)["data"][0]["messages"][0]["messageText"].split())
    assert _lives(away)
    os.kill(away, 9)
    _wait_for(lambda: not _lives(child))


@pytest.mark.parametrize("lines", ["while True:\n    print('x' * 1000)", "os.execlp('yes', 'yes')"])
def test_an_output_without_end(ask: Any, lines: str) -> None:
    with pytest.raises(AppError, match=r"the script printed more than 10 MiB and was stopped") as caught:
        ask(lines, timeout=60)
    assert caught.value.where == "Example Source, 'T'"


def test_a_large_output(ask: Any) -> None:
    result = ask('ae.addMessage("INFO", "x" * (9 << 20))\nae.returnOutput()')
    assert len(entry(result)["data"][0]["messages"][0]["messageText"]) == 9 << 20


def test_who_is_cancelled(ask: Any) -> None:
    def stopped(host: Host) -> StoppableExecutor:
        executor = StoppableExecutor(host.executor)
        threading.Timer(0.5, executor.stop).start()
        return executor

    with pytest.raises(Cancelled):
        ask("time.sleep(600)", executor=stopped)


@pytest.mark.parametrize(
    ("printed", "status", "message"),
    [
        ({}, "success", "the output has neither widgets nor entities"),
        ({"widgets": [], "exceptions": "not in a list"}, "failed", "not in a list"),
        ({"widgets": [], "exceptions": {"text": "an object"}}, "failed", "an object"),
        ({"widgets": [], "exceptions": ""}, "success", "Total widgets: 0"),
    ],
)
def test_odd_outputs(ask: Any, printed: dict[str, Any], status: str, message: str) -> None:
    result = ask(f"print(json.dumps({printed!r}))")
    assert (result.status, result.message) == (status, message)


@pytest.mark.acceptance("A14")
def test_which_error_is_shown(ask: Any, log: _Log) -> None:
    shown = 'ae.addWidget(TextWidget(ItemInWidget("String", 1)))\n'
    both = 'ae.addException("no such domain")\nae.addMessage("DEBUG", "details")\nae.addMessage("ERROR", "no key")\n'
    result = ask(shown + both + "ae.returnOutput()")
    assert (result.status, result.message) == ("failed", "no key")
    assert len(entry(result)["data"][0]["widgets"]) == 1
    assert ("message", "DEBUG: details") in log.lines
    assert {"ERROR: no key", "exception: no such domain"} <= set(log.at("error"))
    assert ask('ae.addException("no such domain")\nae.returnOutput()').message == "no such domain"
    assert (
        ask('ae.addMessage("CRITICAL", "")\nae.returnOutput()').message == "the script reported an error without a text"
    )
    assert ask('ae.addMessage("WARNING", "slow")\nae.addMessage("odd", "x")\nae.returnOutput()').ok


@pytest.mark.acceptance("A17")
def test_siblings_of_the_same_name(ask: Any) -> None:
    found: dict[str, str] = {}

    def one(name: str) -> None:
        lines = "import util\nae.addException(util.NAME)\nae.returnOutput()"
        found[name] = ask(lines, scripts={"util.py": f"NAME = {name!r}"}).message

    threads = [threading.Thread(target=one, args=(name,)) for name in ("first", "second", "third")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"first": "first", "second": "second", "third": "third"}


@pytest.mark.acceptance("A18")
@pytest.mark.parametrize("copy", ["AnomaliEnrichment.py", "anomalienrichment.py", "AnomaliTransform.py"])
def test_a_copy_of_the_library_in_the_bundle(ask: Any, log: _Log, copy: str) -> None:
    lines = f"import {copy[:-3]}\nae.addException({copy[:-3]}.__file__)\nae.returnOutput()"
    result = ask(lines, scripts={copy: "raise SystemError('the copy is run')"})
    assert "soarkit/applib" in result.message
    assert any(f"the bundle's own {copy} is not used" in text for text in log.at("warning"))


@pytest.mark.acceptance("A19")
def test_stored_output_is_whole(ask: Any) -> None:
    result = ask(
        """
        table = TableWidget("T", ["n"], ["Integer"])
        for number in range(60):
            table.addRowOfItems([ItemInWidget(itemValue=number)])
            ae.addEntity("anomali.Phrase", number)
        ae.addWidget(table)
        ae.returnOutput()
        """
    )
    document = entry(result)["data"][0]
    assert (len(document["widgets"][0]["rows"]), len(document["entities"])) == (60, 60)
    assert entry(result)["summary"] == {"total_widgets": 1, "total_entities": 60}


def test_what_is_odd_is_in_the_log(ask: Any, log: _Log) -> None:
    ask('ae.addWidget(TextWidget(ItemInWidget("Number", 1), False))\nae.returnOutput()')
    assert log.at("warning") == [
        "'Number' is no item type: it is shown as a String",
        "the last widget is a text without a line break at its end; the last one must have it",
    ]
    log.lines.clear()
    assert not ask("print(json.dumps({'exceptions': 'x'}))", head=IMPORTS).ok
    assert log.at("warning") == [
        "the output has neither widgets nor entities",
        "exceptions of the output must be a list",
        "the output has no messages: an empty list is meant",
    ]


def test_text_that_databases_cannot_hold(ask: Any, log: _Log, capfd: pytest.CaptureFixture[str]) -> None:
    result = ask('ae.addMessage("INFO", "a\\0b\\ud800")\nae.returnOutput()')
    assert entry(result)["data"][0]["messages"][0]["messageText"] == "a\ufffdb\ufffd"
    said = "values that JSON cannot hold were replaced: 1 x NUL character, 1 x lone surrogate"
    assert log.at("warning") == [said]
    assert capfd.readouterr().err == ""


def test_variables_of_asset_and_installation(ask: Any) -> None:
    lines = 'ae.addException(os.environ["MINE"] + os.environ["SHARED"])\nae.returnOutput()'
    own = {"_reserved_environment_variables": {"MINE": {"type": "string", "value": "m"}}}
    assert ask(lines, config=own, shared={"SHARED": {"type": "string", "value": "s"}}).message == "ms"
    with pytest.raises(AppImportError, match="'A=B' cannot be set"):
        ask(lines, shared={"A=B": {"value": "x"}})


def test_several_values(ask: Any) -> None:
    lines = 'ae.addException(value) if value[0] == "b" else None\nae.returnOutput()'
    result = ask(lines, parameters=[{"value": "a.example"}, {"value": "b.example"}, {"value": "c.example"}])
    assert [one["status"] for one in result.action_results] == ["success", "failed", "success"]
    assert (result.status, result.message) == ("success", "2 of 3 values succeeded; b.example")
    assert result.summary == {"total_objects": 3, "total_objects_successful": 2}


def test_values_of_several_types(tmp_path: Path) -> None:
    both = [transform("T"), transform("T", entity_type="anomali.IPv4Address")]
    app = load(str(make_bundle(tmp_path, transforms=both)))
    with pytest.raises(RequestError, match="one run has one transform"):
        PreparedRun(RunRequest(app=app, action="T", parameters=[{"value": "a.example"}, {"value": "192.0.2.1"}]))


def test_a_type_that_does_not_fit(ask: Any) -> None:
    with pytest.raises(RequestError, match="T is for a domain"):
        ask("ae.returnOutput()", value="192.0.2.1")


def test_a_script_that_is_not_there(ask: Any) -> None:
    with pytest.raises(ManifestError, match=r"'other\.py', which is no file"):
        ask("", entry={"parameters": "other.py T"})
