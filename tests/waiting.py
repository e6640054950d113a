"""A command that waits for something, watched while it does."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from conftest import Finished


class Waiting:
    """A command under way; what it writes to standard error is read as it comes."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "soarkit", *arguments, "--python", sys.executable],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **variables},
        )
        self.lines: list[str] = []

    def until(self, pattern: re.Pattern[str]) -> str:
        """What the pattern finds in the first line that has it."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.decode())
            if found := pattern.search(self.lines[-1]):
                return found[0]
        raise AssertionError(f"it ended without {pattern.pattern}: {self.lines} {self.end()}")

    def end(self) -> Finished:
        """Wait for its end."""
        stdout, stderr = self.process.communicate(timeout=60)
        return Finished(self.process.returncode, stdout.decode(), "".join(self.lines) + stderr.decode())
