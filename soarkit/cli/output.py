"""What commands print: envelopes and errors, the same way everywhere."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from soarkit.errors import SoarkitError

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
    """Text to standard output, with characters its encoding lacks escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def error_text(error: SoarkitError) -> str:
    """An error for a person: what, where, next step."""
    import click

    from soarkit.render.text import printable

    head = click.style("error", fg="red", bold=True) + ": "
    where = f"{error.where}: " if error.where else ""
    text = head + printable(f"{where}{error.message}", lines=True)
    if error.hint:
        text += "".join("\n  " + click.style(printable(line.strip()), dim=True) for line in error.hint.splitlines())
    return text


def report(error: SoarkitError, command: str, *, as_json: bool) -> None:
    """Tell of an error: a sentence on standard error, an envelope on standard output where JSON is expected."""
    import click

    click.echo(error_text(error), err=True)
    if as_json:
        write(envelope(command, ok=False, error=error) + "\n")


def leave(code: int) -> None:
    """End the process with its exit handlers, but without the interpreter's slow shut-down."""
    import atexit

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = code or 0
    except OSError as error:
        # A full disk behind a redirection: the result was not written, so this is no success.
        sys.stderr.write(f"error: standard output: {error.strerror}\n")
        code = 3
    sys.stderr.flush()
    atexit._run_exitfuncs()
    os._exit(code)
