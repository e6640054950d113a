"""Whatever moment a change is killed at: the old or the new, for runs and for the store, and never a mixture."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT


def test_a_killed_switch_leaves_the_old_or_the_new(engine: str, home: Path) -> None:
    script = Path(__file__).with_name("killed.py")
    finished = subprocess.run(
        [sys.executable, str(script), str(home), "20", "7"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    trusted, broken_off = map(int, finished.stdout.split())
    assert trusted + broken_off == 20
    assert broken_off > 0, "no kill met the time between marker and snapshot"
