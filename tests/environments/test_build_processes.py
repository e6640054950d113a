"""Builds in processes of their own: killed, stopped, and many at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments.interpreters import own

from .building import STAMP
from .conftest import assert_nothing_left

ROOT = Path(__file__).parent.parent.parent

# A program that stands for the interpreter stops them where a test wants to look.
CHILD = """
import json, sys
from soarkit.environments import build
from soarkit.environments.interpreters import Interpreter, own
manifest, folder, home, python = json.loads(sys.argv[1])
found = [Interpreter(own().release, python)]
environment = build.ensure(manifest, folder, home, progress=lambda text: print(text, flush=True), found=found)
print(environment.path)
"""


def start(builder: Any, python: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, json.dumps([builder.manifest(), str(builder.folder), builder.home, python])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **variables},
    )


class Gate:
    """An interpreter that leaves half an environment and then waits to be let on."""

    def __init__(self, folder: Path) -> None:
        self.reached = folder / "reached"
        self.go = folder / "go"
        self.program = folder / "python-with-a-gate"
        self.variables = folder / "variables"
        os.mkfifo(self.reached)
        os.mkfifo(self.go)
        self.program.write_text(
            f"""#!/bin/sh
for folder; do :; done
mkdir -p "$folder/bin"; echo half > "$folder/half"
env > {self.variables}
echo $$ > {self.reached}
read line < {self.go}
exit 1
"""
        )
        self.program.chmod(0o755)

    def wait(self) -> int:
        """Until it is reached; its process id."""
        return int(self.reached.read_text())

    def open(self) -> None:
        self.go.write_text("go\n")

    def vanish(self) -> None:
        """From now on it is an ordinary interpreter."""
        self.program.write_text(f'#!/bin/sh\nexec {own().path} "$@"\n')


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def test_a_killed_build_is_done_again(builder: Any, gate: Gate) -> None:
    first = start(builder, str(gate.program), SOARKIT_KEY="secret")
    gate.wait()
    first.kill()
    first.communicate()
    (half,) = Path(builder.home, "environments").iterdir()
    assert (half / "half").exists()
    assert "secret" not in gate.variables.read_text()
    gate.vanish()
    second = start(builder, str(gate.program))
    assert second.stdout is not None
    # What the first had started still writes: the second does not touch the folder before that has ended.
    assert second.stdout.readline().startswith("waiting for another process")
    assert (half / "half").exists()
    gate.open()
    output, errors = second.communicate(timeout=120)
    assert second.returncode == 0, errors
    assert output.splitlines()[-1] == str(half)
    assert not (half / "half").exists()
    assert (half / STAMP).exists()


def test_ctrl_c_ends_the_build_and_leaves_nothing(builder: Any, gate: Gate) -> None:
    child = start(builder, str(gate.program))
    builder_of_venv = gate.wait()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(builder_of_venv, 0)
    assert_nothing_left(builder)


def test_many_at_once_build_once(builder: Any) -> None:
    children = [start(builder, own().path) for _ in range(10)]
    outputs = [child.communicate(timeout=240) for child in children]
    assert [child.returncode for child in children] == [0] * 10, outputs
    lines = [output.splitlines() for output, _ in outputs]
    assert sum(line.startswith("building") for output in lines for line in output) == 1
    assert len({output[-1] for output in lines}) == 1
