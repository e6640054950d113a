"""The README's first command does what the README says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

from conftest import ROOT


def test_the_first_command_shows_a_real_answer() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    *setup, run = blocks[0].strip().split(" && ")
    assert [step.split()[0] for step in setup] == ["python3", ".venv/bin/pip"]
    words = shlex.split(run)
    assert words[0] == ".venv/bin/soarkit"
    command = [sys.executable, "-m", "soarkit", *words[1:]]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert process.returncode == 0, process.stderr
    assert "malicious" in process.stdout
    assert re.search(r"✓ success", process.stdout)


def test_the_second_command_is_what_ci_runs() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    steps = [block.strip() for block in blocks if "tox" in block]
    script = (ROOT / ".ci" / "run").read_text()
    assert len(steps) == 1
    assert all(step in script for step in steps[0].split(" && "))
