"""What the commands for containers and for artifacts share: which ones are meant, and how they are written."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeVar

import click

from soarkit.cli import complete
from soarkit.cli.output import note, write, write_bytes
from soarkit.errors import RequestError, SoarkitError, SurroundingsError, UsageError
from soarkit.host import Host
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_Command = TypeVar("_Command", bound=Callable[..., Any])
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PIECE = 1 << 16  # bytes that are written at once
_LONGEST_LINE = 2000  # characters on a terminal

asset_option = click.option(
    "--asset", metavar="ASSET", shell_complete=complete.assets, help="Only those of this asset: name or id."
)
output_option = click.option("--output", "-o", metavar="FILE", help="Write this file, whole or not at all.")
force_option = click.option("--force", is_flag=True, help="Overwrite what is there.")


def filters(command: _Command) -> _Command:
    """``--app``, ``--label``, ``--severity`` and ``--since``."""
    for option in (
        click.option("--since", metavar="TIME", callback=_since, help="Only those saved since: 2h, 30d, 2024-05-01."),
        click.option(
            "--severity", metavar="SEVERITY", shell_complete=complete.severities, help="Only those of this severity."
        ),
        click.option("--label", metavar="LABEL", shell_complete=complete.labels, help="Only those with this label."),
        click.option(
            "--app",
            metavar="APP",
            shell_complete=complete.installed,
            help="Only those that this app saved: slug or appid.",
        ),
    ):
        command = option(command)
    return command


limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many at most."
)


def open_store(home: str) -> Store:
    """The store; what opening it has to say goes to standard error."""
    return Host(home, note=note).open_store()


def appid_of(store: Store, app: str | None) -> str | None:
    """The appid that an app is named by. Containers stay when their app goes, so it need not be installed."""
    if app is None:
        return None
    return next((one.appid for one in store.apps.list() if app in (one.slug, one.appid, one.name)), app)


def asset_id_of(store: Store, asset: str | None) -> int | None:
    """The id that an asset is named by. Containers stay when their asset goes, so a number need not be one.

    :raises RequestError: there is no asset of that name
    """
    if asset is None:
        return None
    try:
        return store.assets.get(asset).id
    except RequestError:
        if asset.isascii() and asset.isdecimal() and len(asset) < 19:
            return int(asset)
        raise


def asset_names(store: Store) -> dict[int, str]:
    """The names of assets by their ids."""
    return {one.id: one.name for one in store.assets.list()}


def when(moment: str | None) -> str | None:
    """A time on the clock of whoever reads it."""
    if moment is None:
        return None
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def value_text(value: object) -> str:
    """A JSON value on one line."""
    return " ".join(value.split()) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def artifact_lines(artifact: dict[str, Any], *, whole: bool = False) -> Iterator[str]:
    """An artifact for people.

    :param whole: also what a person seldom wants to know
    """
    head = (f"artifact {artifact['id']}", *(value_text(artifact[key]) for key in ("name", "label", "severity")))
    yield " · ".join(head)
    about = {"tags": ", ".join(artifact["tags"]) or None}
    if whole:
        about |= {
            "container": str(artifact["container"]),
            "type": artifact["type"],
            "saved": when(artifact["create_time"]),
            "started": when(artifact["start_time"]),
            "ended": when(artifact["end_time"]),
            "identifier": artifact["source_data_identifier"],
            "run": artifact["run"],
            "description": artifact["description"],
            "data": value_text(artifact["data"]) if artifact["data"] else None,
        }
    yield from (f"  {name:12} {value_text(value)}" for name, value in about.items() if value is not None)
    cef, types = artifact["cef"], artifact["cef_types"]
    if not isinstance(cef, dict):
        yield f"  {value_text(cef)}"
        return
    filled = filled_fields(cef)
    width = max((len(name) for name in filled), default=0)
    for name, value in filled.items():
        kinds = types.get(name) if isinstance(types, dict) else None
        known = f"  ({', '.join(map(str, kinds))})" if isinstance(kinds, list) and kinds else ""
        yield f"  {name:{min(width, 40)}}  {value_text(value)}{known}"
    if empty := len(cef) - len(filled):
        yield Aside(f"  … {empty} empty field{'' if empty == 1 else 's'}")


def filled_fields(cef: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something: apps fill in the whole schema, whether they know a value or not."""
    return {name: value for name, value in cef.items() if value not in (None, "", [], {})}


class Aside(str):
    """A line that matters less than those around it."""


def write_lines(lines: Iterable[str]) -> None:
    """Lines for people, to standard output. A terminal gets no whole mail on one line."""
    terminal = sys.stdout.isatty()
    dim = terminal and "NO_COLOR" not in os.environ
    shown = []
    for line in lines:
        text = printable(line)
        if terminal and len(text) > _LONGEST_LINE:
            text = f"{text[:_LONGEST_LINE]}… ({len(text)} characters; -f json shows all)"
        shown.append((click.style(text, dim=True) if dim and isinstance(line, Aside) else text) + "\n")
    write("".join(shown))


def form_of(output: str | None, wanted: str | None, forms: Iterable[str]) -> str:
    """The form to export in: as told, else as the file's name ends, else JSON."""
    if wanted is not None:
        return wanted
    ending = os.path.splitext(output or "")[1][1:].lower()
    return ending if ending in forms else "json"


def put(pieces: Iterable[str], output: str | None, *, force: bool) -> None:
    """Write text to a file, or to standard output; a device or a named pipe takes it as it comes.

    Where nobody reads on the rest is never made; a caller that keeps no name for ``pieces`` has them ended by then.

    :raises RequestError: the file is there, or its folder is not
    :raises SurroundingsError: it cannot be written
    """
    if output is None or output == "-":
        _to_standard_output(pieces)
        return
    mode = os.stat(output).st_mode if os.path.exists(output) else stat.S_IFREG
    if not output or stat.S_ISDIR(mode):
        raise RequestError("this names no file but a folder", where=output or "--output")
    if stat.S_ISREG(mode) and os.path.lexists(output) and not force:
        raise RequestError("this is there already", where=output, hint="--force overwrites it")
    path = os.path.realpath(output)  # where a link leads: it stays
    if not os.path.isdir(os.path.dirname(os.path.abspath(output))):
        raise RequestError("there is no such folder", where=os.path.dirname(path))
    from soarkit import homefiles

    try:
        with homefiles.writing(path) if stat.S_ISREG(mode) else open(output, "wb") as file:
            for piece in _gathered(pieces):
                file.write(piece)
    except SoarkitError:
        raise
    except OSError as error:
        raise SurroundingsError(f"the file cannot be written: {error.strerror}", where=output) from error


def _to_standard_output(pieces: Iterable[str]) -> None:
    if sys.stdout.isatty():
        pieces = (printable(piece, lines=True) for piece in pieces)
    for piece in _gathered(pieces):
        if not write_bytes(piece):
            return


def json_pieces(items: Iterable[Iterable[str]]) -> Iterator[str]:
    """A JSON array, an element a line. Its elements come in pieces, too: they may be large."""
    yield "["
    separator = "\n"
    for item in items:
        yield separator
        yield from item
        separator = ",\n"
    yield "\n]\n"


def line_pieces(items: Iterable[Iterable[str]]) -> Iterator[str]:
    """JSON Lines."""
    for item in items:
        yield from item
        yield "\n"


def dumped(value: object) -> str:
    """Compact JSON; what UTF-8 cannot hold is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def _gathered(pieces: Iterable[str]) -> Iterator[bytes]:
    held, size = [], 0
    for piece in pieces:
        data = piece.encode("utf-8", "backslashreplace")
        held.append(data)
        size += len(data)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _since(context: click.Context, parameter: click.Parameter, text: str | None) -> datetime | None:
    """How long ago, or a time in ISO 8601 (local, where it does not say)."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,5})([mhdw])", text.strip())
    if found is not None:
        return datetime.now(timezone.utc) - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        return datetime.fromisoformat(re.sub(r"[Zz]$", "+00:00", text.strip())).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is no time", where="--since", hint="such as 45m, 12h, 30d, 2024-05-01, 2024-05-01T10:00:00Z"
        ) from None
