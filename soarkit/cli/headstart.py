"""Starts the app's process before the command line is even parsed, since both take about as long.

A guess, from what the last run of the same app used. It costs nothing when it is wrong: the process waits for a
request, and leaves when none comes. While it waits it may import what the app is going to import from its environment;
nothing of the app itself runs before its input has been checked. Only what a guess needs is imported here.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence

from soarkit.execute.process import AppProcess
from soarkit.paths import default_home

#: The options of ``soarkit run`` that take a value (a test compares them with the command).
OPTIONS_WITH_VALUE = frozenset(
    (
        *("--param", "-p", "--params", "--input", "--config", "-c", "--asset-file", "--product-version"),
        *("--format", "-f", "--select", "-s", "--timeout", "--python", "--home"),
        *("--proxy", "--ca-bundle", "--record", "--replay"),
    )
)


def begin(arguments: Sequence[str]) -> AppProcess | None:
    """Start the process that ``soarkit run ARGUMENTS`` will most likely need."""
    app, options = _scan(arguments)
    if app is None or "--help" in arguments or "-h" in arguments:
        return None
    # Whatever is wrong will be found again, and said properly, by the command itself.
    try:
        python, folder, main_module = _recall(options.get("--home") or default_home(), app)
        if "--python" in options:
            python = os.path.abspath(os.path.expanduser(options["--python"]))
        if not python:
            return None
        process = AppProcess(python)
        # Recordings patch libraries before they are imported; some libraries read variables when they are.
        if folder and not {"--record", "--replay", "--proxy", "--ca-bundle"} & options.keys():
            process.prepare(folder, main_module)
    except OSError:
        return None
    return process


def remember(home: str, app: str, python: str, folder: str, main_module: str) -> None:
    """Keep what a run of ``app`` used, for the next one to guess from. Failing to is no harm.

    :param python: the interpreter of the app's environment; empty when the run was told which one to use
    """
    path = _path(home, app)
    try:
        text = "\n".join((os.path.realpath(app), python or _recall(home, app)[0], folder, main_module))
        if _read(path) != text:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            temporary = f"{path}.{os.getpid()}"
            with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
            os.replace(temporary, path)
    except OSError:
        pass


def _recall(home: str, app: str) -> tuple[str, str, str]:
    lines = _read(_path(home, app)).split("\n")
    if len(lines) != 4 or lines[0] != os.path.realpath(app):
        return "", "", ""
    return lines[1], lines[2], lines[3]


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def _path(home: str, app: str) -> str:
    return os.path.join(home, "headstart", f"{zlib.crc32(os.fsencode(os.path.realpath(app))):08x}")


def _scan(arguments: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    options: dict[str, str] = {}
    rest = iter(arguments)
    app = None
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name in OPTIONS_WITH_VALUE:
            options[name] = value if equals else next(rest, "")
        elif not argument.startswith("-") and app is None:
            app = argument
    return app, options
