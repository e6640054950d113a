"""The log of one run: what the app said, printed and logged, with secrets masked."""

from __future__ import annotations

import itertools
import os
import re
import time
from collections.abc import Callable
from typing import IO

from soarkit.runtime.redact import Redactor

#: An app may print a gigabyte; a log of more than this helps nobody.
LARGEST = 8 << 20
#: How many logs the folder keeps.
KEPT = 200
_LONGEST_LINE = 1 << 16
_NAME = re.compile(r"\d{8}-\d{6}-.*\.log$")
_numbers = itertools.count(1)


class RunLog:
    """A file of lines ``time level text`` in the home's ``logs`` folder, written as the run goes on.

    The file is only made when there is something to write. A log that cannot be written never stops a run.

    :param folder: the folder of logs
    :param name: what the file is named after: app and action
    :param redactor: masks the secrets of this run
    :param echo: also told every line, as ``echo(level, text)``
    """

    def __init__(self, folder: str, name: str, redactor: Redactor, echo: Callable[[str, str], None] | None) -> None:
        self._folder = folder
        stamp = time.strftime("%Y%m%d-%H%M%S")
        subject = re.sub(r"[^A-Za-z0-9]+", "_", name)[:80]
        # Several runs of one process may begin in the same second.
        self.path = os.path.join(folder, f"{stamp}-{subject}-{os.getpid()}-{next(_numbers)}.log")
        self._redactor = redactor
        self._echo = echo
        self._file: IO[str] | None = None
        self._size = 0
        self._partial = {"stdout": b"", "stderr": b""}

    @property
    def written(self) -> bool:
        """Whether there is a file."""
        return self._file is not None

    def line(self, level: str, text: str) -> None:
        """Write one entry; the lines of a longer text are indented below it."""
        text = self._redactor.text(text.rstrip("\n"))
        if self._echo is not None:
            self._echo(level, text)
        if self._size > LARGEST:
            return
        entry = f"{time.strftime('%H:%M:%S')} {level:<8} " + text.replace("\n", "\n    ") + "\n"
        self._size += len(entry)
        if self._size > LARGEST:
            entry = f"... the log ends here: it has reached {LARGEST >> 20} MiB\n"
        self._write(entry)

    def output(self, stream: str, data: bytes) -> None:
        """Take what the app printed; whole lines are written, the rest waits for its end."""
        if self._size > LARGEST and self._echo is None:
            return
        pending = self._partial[stream] + data
        *lines, rest = pending.split(b"\n")
        for line in lines:
            self.line(stream, line.decode("utf-8", "replace"))
        if len(rest) > _LONGEST_LINE:
            # A secret may stand across the cut, so as much as it could be long stays for the next piece.
            text = self._redactor.text(rest.decode("utf-8", "replace"))
            cut = max(0, len(text) - self._redactor.longest)
            self.line(stream, text[:cut])
            rest = text[cut:].encode("utf-8", "replace")
        self._partial[stream] = rest

    def close(self) -> None:
        """Write what is pending and close the file."""
        for stream, rest in self._partial.items():
            if rest:
                self.line(stream, rest.decode("utf-8", "replace"))
        if self._file is not None:
            try:
                self._file.close()
            except OSError:  # what could not be written before
                pass

    def _write(self, entry: str) -> None:
        try:
            if self._file is None:
                os.makedirs(self._folder, mode=0o700, exist_ok=True)
                descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
                self._file = os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")
                _prune(self._folder, os.path.basename(self.path))
            self._file.write(entry)
            self._file.flush()
        except OSError:
            self._size = LARGEST + 1


def _prune(folder: str, current: str) -> None:
    """Remove the oldest logs of runs; their names begin with their time."""
    names = sorted(name for name in os.listdir(folder) if _NAME.match(name) and name != current)
    for name in names[: -KEPT + 1]:
        try:
            os.unlink(os.path.join(folder, name))
        except OSError:
            continue
