"""soarkit's command line on a terminal of its own."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

#: Makes standard input the session's own terminal, so that what is typed there can interrupt, and goes on as Python.
_TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """A command running on a terminal of its own."""

    def __init__(self, *arguments: str, folder: Path, columns: int = 100) -> None:
        self._master, slave = pty.openpty()
        os.set_blocking(self._master, False)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, "-m", "soarkit", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": str(columns), "LINES": "40"},
        )
        os.close(slave)
        self.text = ""

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + 60
        while words not in self.text:
            assert time.monotonic() < deadline, self.text
            if not self._read():
                assert words in self.text, self.text

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def finish(self, *, typing: str = "") -> int:
        """Read to the end; ``typing`` is typed again whenever nothing happens for a second."""
        while self._read():
            if typing and not select.select([self._master], [], [], 1)[0] and self._process.poll() is None:
                self.type(typing)
        os.close(self._master)
        return self._process.wait(60)

    def _read(self) -> bool:
        select.select([self._master], [], [], 1)
        try:
            data = os.read(self._master, 1 << 16)
        except BlockingIOError:
            return self._process.poll() is None
        except OSError:  # Linux: the other side is closed
            return False
        self.text += data.decode()
        return bool(data)
