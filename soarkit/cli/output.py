"""What commands print: envelopes and errors, the same way everywhere."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from soarkit.errors import Cancelled, SoarkitError, SurroundingsError
from soarkit.render.text import printable

#: Version of the envelope's form (schemas/envelope.schema.json).
ENVELOPE = 1


def envelope(command: str, *, ok: bool, error: SoarkitError | None = None, **contents: Any) -> str:
    """The JSON that every command but a successful ``run`` prints with ``--format json``."""
    document = {
        "soarkit": ENVELOPE,
        "command": command,
        "ok": ok,
        **contents,
        "error": None if error is None else error.to_dict(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def write(text: str) -> None:
    """Text to standard output."""
    write_bytes(encoded(text))


def encoded(text: str) -> bytes:
    """Text as standard output takes it, with characters its encoding lacks escaped."""
    return text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")


def write_bytes(data: bytes) -> bool:
    """Bytes to standard output.

    When nobody reads on (``| head``), the rest is dropped: what was asked for has been done all the same.

    :returns: whether somebody reads on
    :raises SurroundingsError: it cannot be written, as when the disk behind a redirection is full
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence()
        return False
    except OSError as error:
        raise SurroundingsError(f"the output cannot be written: {error.strerror}", where="standard output") from error
    return True


def error_text(error: SoarkitError) -> str:
    """An error for a person: what, where, next step."""
    import click

    from soarkit.render.text import printable

    head = click.style("error", fg="red", bold=True) + ": "
    where = f"{error.where}: " if error.where else ""
    text = head + printable(f"{where}{error.message}", lines=True)
    steps = [*(error.hint or "").splitlines(), *([f"the run's log: {error.log}"] if error.log else [])]
    return text + "".join("\n  " + click.style(printable(line.strip()), dim=True) for line in steps)


def tell(text: str) -> None:
    """A line on standard error. That nobody reads there is no reason to end an action that is under way."""
    import click

    try:
        click.echo(text, err=True)
    except OSError:
        pass


def note(text: str) -> None:
    """What a host or a store tells of while it works, such as a build."""
    tell(f"soarkit: {printable(text, lines=True)}")


def report(error: SoarkitError, command: str, *, as_json: bool) -> None:
    """Tell of an error: a sentence on standard error, an envelope on standard output where JSON is expected."""
    if isinstance(error, Cancelled) and sys.stderr.isatty():
        tell("")  # the terminal has just shown ^C
    tell(error_text(error))
    if not as_json:
        return
    partial = {} if error.result is None else {"result": error.result}
    try:
        write(envelope(command, ok=False, error=error, **partial) + "\n")
    except SurroundingsError:  # what has been said on standard error must do
        _silence()


def leave(code: int) -> None:
    """End the process with its exit handlers, but without the interpreter's slow shut-down."""
    import atexit

    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads on, or the disk is full: said already where it mattered
        pass
    os._exit(code)


def _silence() -> None:
    """Drop what is still buffered for standard output: it cannot be written."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)
