"""Whatever an app does, its run ends once, in one clear way. One small app a defect."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import APPS, Finished

Run = Callable[..., Finished]

# app → (exit code, error code or None for a result, words of the message)
ENDINGS = {
    "raises_at_import": (3, "app-import", "RuntimeError: no good at import"),
    "exits_at_import": (3, "app-import", "SystemExit: 0"),
    "imports_what_is_absent": (3, "app-import", "'a_package_nobody_has'"),
    "raises_in_init": (1, None, "no good in init"),
    "raises_in_initialize": (1, None, "no good in initialize"),
    "raises_in_handle_action": (1, None, "no good in handle_action"),
    "raises_in_finalize": (1, None, "no good in finalize"),
    "calls_sys_exit": (1, None, "SystemExit"),
    "calls_os_exit": (3, "app-crashed", "exit status 0"),
    "kills_itself": (3, "app-crashed", "SIGKILL"),
    "segfaults": (3, "app-crashed", "SIGSEGV"),
    "closes_every_descriptor": (3, "link-lost", "closed the connection"),
    "main_module_absent": (2, "manifest", "missing_connector.py"),
    "no_connector_class": (3, "app-import", "no connector class"),
    "two_connector_classes": (3, "app-import", "First, Second"),
    "python2_only": (3, "app-import", "Python 2 code: print"),
    "python2_imports": (3, "app-import", "imports urllib2"),
    "broken_json": (2, "manifest", "line 5, column 1"),
    "not_an_object": (2, "manifest", "object"),
    "missing_keys": (2, "manifest", "name"),
    "mistyped_keys": (2, "manifest", "/actions"),
    "forks_a_child_that_holds_on": (0, None, "done"),
    "forks_and_returns_twice": (0, None, "parent"),
    "replaces_stdout": (0, None, "done"),
    "starts_endless_threads": (0, None, "done"),
    "hangs_at_exit": (0, None, "done"),
    "returns_what_json_cannot_hold": (0, None, ""),
    "derives_from_its_own_base": (0, None, "done"),
    "ships_bytecode_name": (0, None, "done"),
    "has_a_module_called_phantom": (0, None, "done"),
    "replaces_the_json_module": (0, None, "done"),
    "writes_into_the_link": (3, "link-lost", "connection"),
    "makes_descriptors_non_blocking": (0, None, "done"),
    "names_a_file_like_a_standard_module": (0, None, "done"),
    "named_like_a_standard_module": (0, None, "done"),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_each_defect_has_its_one_ending(run: Run, name: str) -> None:
    code, error, words = ENDINGS[name]
    began = time.monotonic()
    finished = run(name, "do it", "--format", "json")
    assert finished.code == code, finished
    assert "Traceback" not in finished.stdout + finished.stderr
    answer = json.loads(finished.stdout)
    if error is not None:
        assert answer["ok"] is False
        assert answer["error"]["code"] == error
        assert words in f"{answer['error']['where']} {answer['error']['message']}"
        assert words.split()[-1] in finished.stderr
    else:
        assert answer["status"] == ("success" if code == 0 else "failed")
        messages = [answer["message"], *(result["message"] for result in answer["result_data"])]
        assert any(words in message for message in messages), messages
        assert answer["exception_occured"] is (code == 1)
    assert time.monotonic() - began < 30


def test_results_added_before_an_exception_stay(run: Run) -> None:
    answer = run("raises_in_handle_action", "do it").json()
    assert [result["status"] for result in answer["result_data"]] == ["success"]
    assert answer["status"] == "failed"


def test_a_traceback_goes_to_the_log_not_to_the_message(run: Run, home: Path) -> None:
    answer = run("raises_in_handle_action", "do it").json()
    assert "Traceback" not in json.dumps(answer)
    (log,) = (home / "logs").iterdir()
    assert "Traceback" in log.read_text()
    assert "connector.py" in log.read_text()


def test_a_failed_import_shows_file_and_line_and_names_the_log(run: Run) -> None:
    error = run("raises_at_import", "do it").json()["error"]
    assert error["where"].endswith("connector.py:14")
    assert error["log"].endswith(".log")


@pytest.mark.parametrize(("name", "action"), [("calls_os_exit", "do it"), ("raises_at_import", "do it")])
def test_errors_are_plain_sentences_when_the_format_is_table(run: Run, name: str, action: str) -> None:
    finished = run(name, action, "--format", "table")
    assert finished.code == 3
    assert finished.stdout == ""
    assert finished.stderr.startswith("error: ")


def test_printing_a_gigabyte_neither_blocks_nor_fills_the_disk(run: Run, home: Path) -> None:
    finished = run("prints_a_gigabyte", "do it")
    assert finished.code == 0, finished
    assert sum(log.stat().st_size for log in (home / "logs").iterdir()) < 16 << 20


def test_odd_values_become_json_and_the_log_says_so(run: Run, home: Path) -> None:
    finished = run("returns_what_json_cannot_hold", "do it")
    (data,) = finished.data
    assert data["nan"] is None
    assert data["infinity"] is None
    assert data["nul"] == "a\ufffdb"
    assert data["surrogate"] == "\ufffd"
    assert data["date"].startswith("2024-01-02")
    assert "Infinity" not in finished.stdout
    (log,) = (home / "logs").iterdir()
    assert "replaced" in log.read_text()


def test_exit_handlers_and_ending_threads_finish(run: Run, tmp_path: Path) -> None:
    assert run("runs_exit_handlers", "do it", "--param", f"folder={tmp_path}").code == 0
    assert (tmp_path / "exit").exists()
    assert (tmp_path / "thread").exists()


def test_a_process_left_in_the_group_ends_and_a_detached_one_lives_on(run: Run) -> None:
    finished = run("detaches_a_process", "detach")
    pid = finished.data[0]["pid"]
    assert finished.code == 0
    os.kill(pid, signal.SIGKILL)  # raises when it is gone


def test_a_timeout_asks_then_kills_and_ends_detached_processes(run: Run, tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    finished = run("detaches_a_process", "detach and hang", "-p", f"marker={marker}", "--timeout", "2", "-f", "json")
    assert finished.code == 3
    assert finished.json()["error"]["code"] == "app-timeout"
    assert _ended(int(marker.read_text()))


@pytest.mark.parametrize("action", ["hang", "hang stubbornly"])
def test_a_hanging_app_is_ended_in_time(run: Run, tmp_path: Path, action: str) -> None:
    began = time.monotonic()
    finished = run("hangs", action, "-p", f"marker={tmp_path / 'm'}", "--timeout", "1", "-v")
    assert finished.code == 3
    assert "within 1 s" in finished.stderr
    assert ("cleaning up" in finished.stderr) is (action == "hang")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_stopping_soarkit_stops_the_app(tmp_path: Path, number: int, code: int) -> None:
    marker = tmp_path / "marker"
    process = _start("hangs", "hang", "-p", f"marker={marker}")
    _wait_for(marker)
    app = _children(process.pid)
    assert app
    process.send_signal(number)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == code
    assert all(_ended(pid) for pid in app)
    envelope = json.loads(output)
    assert envelope["error"]["code"] == "cancelled"
    assert envelope["result"]["action_cancelled"] is True


def test_an_app_dies_with_its_host(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux can tie a process to its parent's life")
    marker = tmp_path / "marker"
    process = _start("hangs", "hang stubbornly", "-p", f"marker={marker}")
    _wait_for(marker)
    app = _children(process.pid)
    assert app
    process.kill()
    process.communicate(timeout=20)
    assert all(_ended(pid) for pid in app)


#: What started the tests may ignore SIGHUP, as nohup does; that would be inherited, and respected.
_WITH_SIGNALS = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def _start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-c", _WITH_SIGNALS, "-m", "soarkit", "run", str(APPS / name)),
            *(*arguments, "--python", sys.executable),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _wait_for(marker: Path) -> None:
    deadline = time.monotonic() + 30
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    output = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in output.stdout.split()]


def _ended(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False
