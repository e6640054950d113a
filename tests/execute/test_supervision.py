"""What can go wrong between host and app process, with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import APPS, Finished

import soarkit as library
from soarkit.errors import AppTimeout, InputError, SurroundingsError
from soarkit.execute import exit_watch
from soarkit.execute.executor import ProcessExecutor, StoppableExecutor
from soarkit.execute.process import AppProcess
from soarkit.execute.request import Ending, ExecuteRequest, Listener
from soarkit.execute.supervision import Supervision

Run = Callable[..., Finished]
CONFIG = {"server": "s"}


@pytest.mark.parametrize(("name", "code"), [("raises_in_init", "failed"), ("forks_a_child_that_holds_on", "success")])
def test_without_a_pidfd_the_end_is_found_all_the_same(
    app: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    """As on macOS."""
    monkeypatch.delattr(exit_watch.os, "pidfd_open")
    assert library.run(app(name), "do it", python=sys.executable).status == code


def test_a_program_that_ignores_its_children(app: Callable[[str], str]) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert library.run(app("echo"), "rows", {"count": 1}, config=CONFIG, python=sys.executable).ok
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_a_process_that_does_not_read_does_not_hold_the_host_up() -> None:
    process = AppProcess(sys.executable)
    os.kill(process.pid, signal.SIGSTOP)
    request = ExecuteRequest(sys.executable, {"input": "x" * (4 << 20)}, timeout=0.5)
    threading.Timer(2, os.kill, (process.pid, signal.SIGCONT)).start()
    outcome = Supervision(process, request, Listener()).run()
    assert outcome.ending is Ending.TIMEOUT


def test_a_large_request_and_a_large_result(app: Callable[[str], str]) -> None:
    text = "x" * (8 << 20)
    result = library.run(app("echo"), "echo", {"text": text}, config=CONFIG, python=sys.executable)
    assert result.data[0]["parameters"]["text"] == text


def test_many_locks_at_once(app: Callable[[str], str], tmp_path: Path) -> None:
    sets = [{"journal": str(tmp_path / "j"), "name": f"n{number}", "seconds": 0} for number in range(300)]
    result = library.run(app("takes_a_lock"), "parameter lock", sets, python=sys.executable)
    assert result.summary["total_objects_successful"] == 300


@pytest.mark.parametrize("params", [["x"], {"text": object()}, {"text": b"x"}, [1]])
def test_parameters_that_are_no_json(app: Callable[[str], str], params: object) -> None:
    with pytest.raises(InputError, match="JSON"):
        library.run(app("echo"), "echo", params, config=CONFIG, python=sys.executable)


def test_a_home_that_cannot_be_made(app: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SOARKIT_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SurroundingsError, match="cannot be made"):
        library.run(app("echo"), "rows", {"count": 1}, config=CONFIG, python=sys.executable)


def test_ctrl_c_after_the_result_keeps_the_result(tmp_path: Path) -> None:
    marker = tmp_path / "exit"
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "hangs_at_exit"), "do it", "-p", f"marker={marker}"]
    process = subprocess.Popen(
        [*words, "--python", sys.executable], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not marker.exists():  # its result is on its way before the exit handlers run
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert output.startswith('{"status":"success"')


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", ">&- 2>&-", "<&-"])
def test_standard_streams_that_are_closed_or_full(tmp_path: Path, closed: str) -> None:
    words = (
        f"'{sys.executable}' -m soarkit run '{APPS / 'echo'}' rows -p count=1 -c server=s --python '{sys.executable}'"
    )
    process = subprocess.run(["sh", "-c", f"{words} -v {closed}"], capture_output=True, check=False, timeout=60)
    assert process.returncode == 0, process
    assert b"Traceback" not in process.stderr + process.stdout
    if ">&- 2" not in closed:
        assert process.stdout.startswith(b'{"status":"success"')


def test_nobody_reads_standard_error(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "echo"), "rows", "-p", "count=1", "-c", "server=s"]
    process = subprocess.Popen(
        [*words, "--python", sys.executable], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stderr.close()
    output = process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == 0
    assert output.startswith('{"status":"success"')


def test_a_timeout_with_a_handler_that_cleans_up_keeps_what_there_is(app: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(AppTimeout) as caught:
        library.run(app("hangs"), "hang", {"marker": str(tmp_path / "m")}, timeout=1, python=sys.executable)
    assert caught.value.result["action_cancelled"] is True


def test_a_run_in_a_thread_can_be_stopped_from_another() -> None:
    executor = StoppableExecutor(ProcessExecutor())
    requests = [ExecuteRequest(sys.executable, {}, timeout=60) for _ in range(3)]
    processes: list[AppProcess] = []

    class Held(AppProcess):
        """Stopped, so that it never comes to its request."""

        def __init__(self, python: str) -> None:
            super().__init__(python)
            os.kill(self.pid, signal.SIGSTOP)
            processes.append(self)

    outcomes = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("soarkit.execute.executor.AppProcess", Held)
        threads = [
            threading.Thread(target=lambda one=one: outcomes.append(executor.run(one, Listener()))) for one in requests
        ]
        for thread in threads:
            thread.start()
        while len(processes) < 3:
            time.sleep(0.01)
        executor.stop()
        for one in processes:
            os.kill(one.pid, signal.SIGCONT)
        for thread in threads:
            thread.join(30)
    later = executor.run(requests[0], Listener())  # what begins afterwards is cancelled too
    executor.close()
    assert [one.ending for one in (*outcomes, later)] == [Ending.CANCELLED] * 4
