"""Results that go to a file: the place is looked at before the run, the file is written whole."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from soarkit.cli.output import tell, write_bytes
from soarkit.errors import Cancelled, SoarkitError, SurroundingsError, UsageError, typed
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.host import Host
    from soarkit.manifest.model import Action
    from soarkit.runtime.result import RunResult
    from soarkit.runtime.run import Observer, PreparedRun

_ENDINGS = {".html": "html", ".htm": "html", ".csv": "csv"}
# As a file it would be replaced, or emptied, where the shell appends to it.
_STANDARD = (None, "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


class Destination:
    """Where a result goes: a file, or standard output.

    :param output: as ``-o`` names it; None or ``-``: standard output
    :param chosen: the format; None: what the file's name says, else json
    :param select: data paths of ``--select``
    :param taken: files that the same command reads or writes, by their option
    :raises UsageError: nothing could be written there, or not in this format
    :ivar format: html, csv, json or table
    """

    def __init__(
        self,
        output: str | None,
        chosen: str | None,
        select: Sequence[str] = (),
        *,
        taken: Mapping[str, str | None] = MappingProxyType({}),
    ) -> None:
        self.output = None if output in _STANDARD else output
        named = _ENDINGS.get(os.path.splitext(output or "")[1].lower())
        self.format = chosen or named or ("table" if select else "json")
        self.select = list(select)
        # An error is told on standard output too, with what there is of a result, where JSON is expected there.
        self._enveloped = chosen == "json" or (chosen is None and not sys.stdout.isatty())
        if self.format == "html" and select:
            raise UsageError("a page shows the whole result", where="--select", hint="--format csv takes --select")
        if self.output is not None:
            self._path = os.path.realpath(self.output)  # where a link leads: it stays
            self._check(taken)
        elif self.format == "html" and output is None and sys.stdout.isatty():
            raise UsageError("a page is nothing to read in a terminal", where="--format html", hint="add -o FILE")

    def _check(self, taken: Mapping[str, str | None]) -> None:
        where = f"-o {self.output}"
        folder = os.path.dirname(self._path)
        if not (self.output or "").strip():
            raise UsageError("it has no name; name a file", where="-o")
        if os.path.isdir(self._path) or not os.path.basename(self.output or ""):
            raise UsageError("this is a folder; name a file", where=where)
        if not os.path.isdir(folder):
            raise UsageError("there is no such folder", where=where, hint=f"mkdir -p {typed(folder)}")
        device = self._is_device()
        if not (device or os.access(folder, os.W_OK | os.X_OK)) or (
            os.path.exists(self._path) and not os.access(self._path, os.W_OK)
        ):
            raise UsageError("this cannot be written", where=where, hint="name a file somewhere else")
        for option, path in taken.items():
            if path is not None and not device and os.path.realpath(path) == self._path:
                raise UsageError(f"this is the file of {option}", where=where, hint="name another file")

    def _is_device(self) -> bool:
        """Whether it is there and is no file that could be replaced, but a pipe or a device."""
        try:
            return not stat.S_ISREG(os.stat(self._path).st_mode)
        except OSError:
            return False

    def write(self, content: bytes) -> None:
        """Write it, whole or not at all.

        :raises SurroundingsError: that is not possible any more
        """
        if self.output is None:
            write_bytes(content)
            return
        from soarkit import homefiles

        try:
            if self._is_device():
                with open(self._path, "wb") as file:
                    file.write(content)
            else:
                homefiles.write_bytes(self._path, content)
        except OSError as error:
            raise SurroundingsError(f"it cannot be written: {error.strerror}", where=f"-o {self.output}") from error

    def say(self) -> None:
        """Where somebody is looking: say where the file is."""
        if self.output is not None and sys.stderr.isatty():
            tell(f"written: {printable(self.output)}")

    def save(
        self,
        host: Host,
        run: PreparedRun,
        result: RunResult,
        observer: Observer,
        content: Callable[[str], bytes],
    ) -> None:
        """Write the result of a run that has just ended.

        :param content: the result in the format json or table
        :raises SurroundingsError: it cannot be made or written; says how to get it all the same
        """
        try:
            if self.format == "html":
                from soarkit.reports import fresh_run, make_report

                made = make_report(host, [fresh_run(run, result)], observer=observer, secrets=run.secrets.values())
            elif self.format == "csv":
                made = self.csv(run.masked(result) or result.to_dict(), run.action)
            else:
                made = content(self.format)
            self.write(made)
        except BaseException as error:
            lost = self._lost(error, result)
            if result.id is None:  # it is nowhere else
                lost.result = run.masked(result) or result.to_dict()
                if not self._enveloped:
                    write_bytes(content("json"))
            raise lost from error
        self.say()

    def csv(self, document: dict[str, Any], action: Action | None) -> bytes:
        """A result, or what is selected of it, as CSV."""
        from soarkit.render import csv_text

        if not self.select:
            text = csv_text.result_csv(document, action)
        else:
            from soarkit_app import datapaths

            from soarkit.render.hiding import without_passwords

            rows = datapaths.collect_rows(without_passwords(document, action), self.select)
            text = csv_text.rows_csv(self.select, rows)
        if self.output is None and sys.stdout.isatty():
            text = printable(text, lines=True)
        return csv_text.csv_bytes(text)

    def _lost(self, error: BaseException, result: RunResult) -> SoarkitError:
        """What to say where the action has been run, and its result is not where it was wanted."""
        if result.id is None:
            hint = "the result was not kept, so it went to standard output as JSON"
        elif self.format == "html":
            hint = f"the result is kept: soarkit report {result.id} -o FILE"
        else:
            hint = f"the result is kept: soarkit runs show {result.id} --format {self.format}"
        if isinstance(error, (Cancelled, KeyboardInterrupt)):
            return Cancelled("cancelled, but the action has been run", hint=hint)
        problem = error if isinstance(error, SoarkitError) else None
        said = problem.message if problem is not None else f"internal error: {type(error).__name__}: {error}"
        lost = SurroundingsError(
            f"the action has been run, but its result is not where it was to go: {said}",
            where=None if problem is None else problem.where,
            hint=hint,
        )
        lost.log = result.log_path
        return lost
