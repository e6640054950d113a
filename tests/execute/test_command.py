"""Commands of the machine: run to their end, output kept, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soarkit.execute.command import TAIL_BYTES, CommandOutcome, run_command

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def shell(script: str, log: Path, timeout: float = 60, **variables: str) -> CommandOutcome:
    return run_command(
        ["/bin/sh", "-c", script], env={"PATH": os.defpath, **variables}, log_path=str(log), timeout=timeout
    )


def test_output_and_status(log: Path) -> None:
    outcome = shell("echo out; echo err >&2; exit 3", log)
    assert (outcome.returncode, outcome.tail, outcome.timed_out, outcome.ok) == (3, "out\nerr\n", False, False)
    assert log.read_text() == "out\nerr\n"
    assert shell("true", log).ok
    assert log.stat().st_mode & 0o077 == 0


def test_the_tail_is_of_this_command_and_bounded(log: Path) -> None:
    shell("echo before", log)
    assert shell("echo after", log).tail == "after\n"
    outcome = shell("yes line | head -n 100000; echo end", log)
    assert len(outcome.tail) <= TAIL_BYTES
    assert outcome.tail.endswith("line\nend\n")
    assert log.stat().st_size > 400_000


def test_the_tail_is_for_people(log: Path) -> None:
    outcome = shell(r"printf 'a\033[31mred\033[0m\007 \r\nhttps://me:pass@host/x \377\n'", log)
    assert outcome.tail == "ared \nhttps://****@host/x \ufffd\n"


def test_the_environment_is_what_was_given(log: Path) -> None:
    assert run_command(["/usr/bin/env"], env={"ONLY": "this"}, log_path=str(log), timeout=60).tail == "ONLY=this\n"


def test_a_signal_and_an_absent_program(log: Path) -> None:
    assert shell("kill -9 $$", log).returncode == -9
    outcome = run_command(["/nowhere/program"], env={}, log_path=str(log), timeout=5)
    assert outcome.returncode == 127
    assert "/nowhere/program: No such file" in outcome.tail


def alive(pid: int) -> bool:
    """Whether it goes on living; one that has been killed may take a moment to be gone."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            # A zombie whose parent is gone waits for init; it does nothing any more.
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return False
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.01)
    return True


def test_time_out_ends_the_whole_group(log: Path) -> None:
    outcome = shell("trap '' TERM; sleep 1000 & echo $!; wait; wait", log, timeout=0.3)
    assert outcome.timed_out
    assert not outcome.ok
    assert not alive(int(outcome.tail.split()[0]))


def test_an_interrupt_ends_the_command(log: Path, tmp_path: Path) -> None:
    reached = tmp_path / "reached"
    os.mkfifo(reached)
    code = (
        "import sys; from soarkit.execute.command import run_command; "
        "run_command(['/bin/sh', '-c', f'echo $$ > {sys.argv[1]}; sleep 1000'], env={'PATH': '/bin:/usr/bin'}, "
        "log_path=sys.argv[2], timeout=600)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(reached), str(log)], stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    pid = int(reached.read_text())
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert not alive(pid)
