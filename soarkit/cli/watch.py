"""What a person sees while a run goes on: progress and notes on standard error."""

from __future__ import annotations

import os
import sys

import click

from soarkit.cli.output import tell
from soarkit.render.text import printable
from soarkit.runtime.run import Observer

_ERASE = "\r\x1b[K"


class TerminalObserver(Observer):
    """Writes a run's progress to standard error as it comes.

    :param verbose: also the run's log and what the app prints
    :param debug: also its debug lines
    """

    def __init__(self, *, verbose: bool, debug: bool) -> None:
        self._verbose = verbose or debug
        self._debug = debug
        self._terminal = sys.stderr.isatty()
        self._transient = False
        self.keeps_links = False  #: whether a link in transient text stays for somebody to open it
        self.wrote = False  #: whether there are lines above what is printed next

    def began(self, key: str) -> None:
        """What the run is kept as, where everything is shown."""
        if self._verbose:
            self.note(f"run {key}")

    def progress(self, text: str, transient: bool) -> None:
        """A line of progress. Transient text stays on one line of a terminal, and is a line of its own elsewhere."""
        if transient and self._terminal and not (self.keeps_links and "://" in text):
            self._erase()
            # Cut to the line: what wraps cannot be erased again.
            line = printable(text).replace("\n", " ")[: os.get_terminal_size(sys.stderr.fileno()).columns - 1]
            sys.stderr.write(click.style(line, dim=True))
            sys.stderr.flush()
            self._transient = bool(line)
        elif text:
            self._line(printable(text, lines=True))

    def note(self, text: str) -> None:
        """What soarkit itself has to say."""
        self._line(click.style(f"soarkit: {printable(text, lines=True)}", dim=True))

    def log(self, level: str, text: str) -> None:
        """A line of the run's log, where it was asked for."""
        if level == "progress" or not self._verbose or (level == "debug" and not self._debug):
            return
        color = {"error": "red", "stdout": "blue", "stderr": "blue"}.get(level)
        self._line(click.style(f"{level}: ", fg=color, dim=color is None) + printable(text, lines=True))

    def done(self) -> None:
        """Leave no transient text behind."""
        self._erase()

    def _line(self, text: str) -> None:
        self._erase()
        tell(text)
        self.wrote = True

    def _erase(self) -> None:
        if self._transient:
            sys.stderr.write(_ERASE)
            self._transient = False
