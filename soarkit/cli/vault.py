"""``soarkit vault``: files that apps work on, and files that they have made."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any

import click

from soarkit.cli import complete
from soarkit.cli.ingested import when
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, note, tell, write, write_bytes
from soarkit.cli.tables import table
from soarkit.errors import RequestError, SurroundingsError, UsageError, typed
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.store.opened import Store
    from soarkit.store.vault import Vault

_SHORT = 12  # characters of an id in a table
_TYPE = 3  # the column of the list that says least
_ROOMY = 100  # columns of a terminal from which on the list shows it
_BIG = 64 << 20  # bytes from which on a person wants to see that something goes on
_Entry = dict[str, Any]

_id = click.argument("vault_id", metavar="ID", shell_complete=complete.vault_ids)
_in_container = click.option(
    "--container", type=click.IntRange(min=0), metavar="ID", help="Only in this container; 0: in none."
)


@click.group()
def command() -> None:
    """Keep files for apps, and get theirs.

    A file is known by the SHA-1 of its contents, its vault ID, and is kept once however often it is added. Actions
    that work on files take that ID as a parameter. Where an ID is asked for, its first 6 characters or more will do.
    """


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--container", type=click.IntRange(min=1), metavar="ID", help="The container that they belong to.")
@click.option("--name", metavar="NAME", help="What to call the file, if not as it is called now.")
@click.option("--contains", multiple=True, metavar="TYPE", help='What it is, such as "pe file"; again and again.')
@format_option
@home_option
def add(
    files: tuple[str, ...],
    container: int | None,
    name: str | None,
    contains: tuple[str, ...],
    output_format: str,
    home: str,
) -> int:
    """Copy files into the vault, and print their IDs.

    FILE may be - for standard input, with --name.
    """
    if name is not None and len(files) > 1:
        raise UsageError("one name cannot do for several files", where="--name")
    if "-" in files and name is None:
        raise UsageError("what comes from standard input needs a name", hint="--name NAME gives it one")
    entries, again = [], set()
    with _open(home) as store:
        for path in files:  # before the first of them is copied
            if path != "-":
                _require_file(path)
        for path in files:
            with _reading(path), _source(path) as source, _progress(path, _size(source)) as watch:
                saved = store.vault.add(
                    source,
                    name=name or os.path.basename(os.path.abspath(path)),
                    container_id=container,
                    metadata={"contains": list(contains)} if contains else None,
                    created_via="upload",
                    watch=watch,
                )
            entries += store.vault.find(id=saved.id)
            if not saved.added:
                again.add(saved.id)
    if output_format == "json":
        write(envelope("vault add", ok=True, files=entries) + "\n")
        return 0
    for entry in entries:
        write(printable(f"{entry['vault_id']}  {entry['name']}") + "\n")
        if entry["id"] in again:
            tell(f"soarkit: {printable(entry['name'])} was there already")
    return 0


@command.command("list")
@_in_container
@click.option("--name", metavar="NAME", help="Only files called so.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many at most.")
@format_option
@home_option
def list_files(container: int | None, name: str | None, limit: int, output_format: str, home: str) -> int:
    """List files, newest first. A file that was added to two containers is listed for each."""
    with _open(home) as store:
        entries = store.vault.find(container_id=container, file_name=name, newest_first=True, limit=limit)
    if output_format == "json":
        write(envelope("vault list", ok=True, files=entries) + "\n")
        return 0
    if not entries:
        tell("soarkit: there are no such files")
        return 0
    from soarkit.environments.disk import shown

    terminal = sys.stdout.isatty()
    rows = [
        [
            one["vault_id"][:_SHORT] if terminal else one["vault_id"],
            one["name"],
            shown(one["size"]),
            one["mime_type"],
            one["container_id"] or None,
            when(one["create_time"]),
        ]
        for one in entries
    ]
    headers = ["ID", "NAME", "SIZE", "TYPE", "CONTAINER", "ADDED"]
    if terminal and shutil.get_terminal_size().columns < _ROOMY:
        del headers[_TYPE]
        rows = [row[:_TYPE] + row[_TYPE + 1 :] for row in rows]
    write(table(headers, rows, terminal=terminal, whole=("ID", "ADDED")))
    return 0


@command.command()
@_id
@format_option
@home_option
def info(vault_id: str, output_format: str, home: str) -> int:
    """Show what is known about a file."""
    with _open(home) as store:
        entries = store.vault.find(vault_id=store.vault.resolve(vault_id))
    if output_format == "json":
        write(envelope("vault info", ok=True, files=entries) + "\n")
        return 0
    one = entries[0]
    about = {key: one[key] for key in ("vault_id", "size", "mime_type", "path")}
    about |= {key: one["metadata"][key] for key in ("sha256", "md5")}
    about["size"] = f"{one['size']} bytes"
    lines = [f"{key.replace('_', ' '):12} {value}" for key, value in about.items()]
    for entry in entries:
        place = f"container {entry['container_id']}, {entry['container']}" if entry["container_id"] else "no container"
        by = f" by {entry['user']}" if entry["user"] else ""
        lines.append(f"{'name':12} {entry['name']} ({place}; added {when(entry['create_time'])}{by})")
    write("".join(f"{printable(line)}\n" for line in lines))
    return 0


@command.command()
@_id
@click.option("--output", "-o", metavar="FILE", help="Where to put it; - is standard output. Default: under its name.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@format_option
@home_option
def get(vault_id: str, output: str | None, force: bool, output_format: str, home: str) -> int:
    """Get a file out of the vault.

    It is written whole or not at all, and nothing is overwritten without --force.
    """
    with _open(home) as store:
        entry = store.vault.find(vault_id=store.vault.resolve(vault_id))[0]
        pieces = _checked(store.vault, entry)
        if output == "-":
            for piece in pieces:
                write_bytes(piece)
            return 0
        path = _destination(output, entry)
        if os.path.lexists(path) and not force:
            raise RequestError("this is there already", where=path, hint="--force overwrites it, -o FILE names another")
        with _progress(entry["name"], entry["size"]) as watch:
            _write_file(path, pieces, watch, force=force)
    if output_format == "json":
        write(envelope("vault get", ok=True, file=os.path.abspath(path), size=entry["size"]) + "\n")
    else:
        write(printable(path) + "\n")
    return 0


@command.command()
@click.argument("vault_ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete.vault_ids)
@_in_container
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@format_option
@home_option
def delete(vault_ids: tuple[str, ...], container: int | None, yes: bool, output_format: str, home: str) -> int:
    """Delete files: from every container, or from one. What belongs nowhere any more is gone."""
    with _open(home) as store:
        found: dict[int, _Entry] = {}
        for one in vault_ids:
            whole = store.vault.resolve(one)
            entries = store.vault.find(vault_id=whole, container_id=container)
            if not entries:
                raise RequestError(f"container {container} does not have the file {whole}", where="--container")
            found |= {entry["id"]: entry for entry in entries}
        if not yes:
            _confirm(list(found.values()))
        store.vault.delete(found)
    if output_format == "json":
        keys = ("id", "vault_id", "name", "container_id")
        removed = [{key: one[key] for key in keys} for one in found.values()]
        write(envelope("vault delete", ok=True, removed=removed) + "\n")
    else:
        write("".join(f"deleted {printable(_described(one))}\n" for one in found.values()))
    return 0


@command.command()
@format_option
@home_option
def sweep(output_format: str, home: str) -> int:
    """Remove files that nothing knows of.

    Processes that were killed leave some, and apps leave theirs in the folder for temporary ones; those go after a
    week.
    """
    with _open(home) as store:
        swept = store.vault.sweep()
    removed = [*swept.strays, *swept.forgotten]
    if output_format == "json":
        write(envelope("vault sweep", ok=True, removed=removed, leftovers=swept.leftovers) + "\n")
    else:
        write("".join(f"removed {one}\n" for one in removed))
        write(f"{len(removed)} files removed, and {swept.leftovers} half-copied ones\n")
    return 0


def _open(home: str) -> Store:
    from soarkit.store import open_store

    return open_store(home, note=note)


def _require_file(path: str) -> None:
    """Refuse what is no file: regular, or a pipe, as shells make of ``<(command)``."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        raise RequestError(f"the file cannot be read: {error.strerror}", where=path) from None
    if stat.S_ISDIR(mode):
        raise RequestError("this is a folder; the vault keeps files", where=path, hint=f"tar czf FILE {typed(path)}")
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        raise RequestError("this is no file that could be copied", where=path)
    if not os.access(path, os.R_OK):
        raise RequestError("the file cannot be read: Permission denied", where=path)


@contextmanager
def _source(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        waits = os.get_blocking(sys.stdin.fileno())
        os.set_blocking(sys.stdin.fileno(), True)  # who shares this pipe may not want to wait for it; this does
        try:
            yield sys.stdin.buffer
        finally:
            os.set_blocking(sys.stdin.fileno(), waits)
        return
    with open(path, "rb", buffering=0) as file:
        yield file


@contextmanager
def _reading(path: str) -> Iterator[None]:
    """Say which file it was that could not be copied."""
    try:
        yield
    except OSError as error:
        raise SurroundingsError(f"the file cannot be copied: {error.strerror or error}", where=path) from error


def _size(source: IO[bytes]) -> int:
    """Bytes that are to come; 0 where nobody knows."""
    return os.fstat(source.fileno()).st_size


@contextmanager
def _progress(name: str, size: int) -> Iterator[Callable[[int], None]]:
    """What tells a person how much of a big file has been copied."""
    if size < _BIG or not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=size, label=printable(os.path.basename(name)), file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _checked(vault: Vault, entry: _Entry) -> Iterator[bytes]:
    """The contents of a file.

    :raises SurroundingsError: at their end, where they are not what they were
    """
    from soarkit.store.vault_files import Altered

    hint = f"soarkit vault add FILE  puts it back; soarkit vault delete {entry['vault_id']}  forgets it"
    try:
        yield from vault.files.pieces(entry["vault_id"])
    except Altered:
        raise SurroundingsError("the file was altered in the vault", where=entry["path"], hint=hint) from None
    except OSError as error:
        raise SurroundingsError(f"the file cannot be read: {error.strerror}", where=entry["path"], hint=hint) from None


def _destination(output: str | None, entry: _Entry) -> str:
    if output is not None and not os.path.isdir(output):
        return output
    return os.path.join(output or "", _safe_name(entry))


def _safe_name(entry: _Entry) -> str:
    """A file name in one folder, visible there, from what an app or a mail may have called the file."""
    last = entry["name"].replace("\\", "/").rpartition("/")[2]
    name = "".join(character if character.isprintable() else "_" for character in last).strip()
    if name.startswith("."):
        name = "_" + name[1:]
    return name.encode("utf-8", "replace")[:200].decode("utf-8", "ignore") or str(entry["vault_id"])


def _write_file(path: str, pieces: Iterator[bytes], watch: Callable[[int], None], *, force: bool) -> None:
    """Write a file whole or not at all, with the rights that new files get."""
    import tempfile

    done = 0
    try:
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)), prefix=".soarkit-")
        try:
            with open(descriptor, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                    done += len(piece)
                    watch(done)
                mask = os.umask(0)
                os.umask(mask)
                os.fchmod(descriptor, 0o666 & ~mask)
            if force:
                os.replace(temporary, path)
            else:
                _name_it(temporary, path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
    except FileExistsError:
        raise RequestError("this is there already", where=path, hint="--force overwrites it") from None
    except OSError as error:
        raise SurroundingsError(f"the file cannot be written: {error.strerror}", where=path) from error


def _name_it(temporary: str, path: str) -> None:
    """Give a file its name.

    :raises FileExistsError: another has it, if only since a moment ago
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(path):
            raise FileExistsError(path) from None
        os.rename(temporary, path)


def _described(entry: _Entry) -> str:
    place = f"container {entry['container_id']}" if entry["container_id"] else "no container"
    return f"{entry['name']} ({entry['vault_id'][:_SHORT]}, {place})"


def _confirm(entries: list[_Entry]) -> None:
    from soarkit.cli.form import can_ask

    if not can_ask():
        raise UsageError("deleting needs a yes", hint="--yes gives it")
    for one in entries:
        tell(printable(_described(one)))
    click.confirm(f"Delete {'this' if len(entries) == 1 else 'these'}?", abort=True, err=True)
