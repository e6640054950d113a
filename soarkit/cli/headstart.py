"""Starts the app's process before the command line is even parsed, since both take about as long.

A guess that costs nothing when it is wrong: the process waits for a request, and leaves when none comes. Only what a
guess needs is imported here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from soarkit.execute.process import AppProcess

#: The options of ``soarkit run`` that take a value (a test compares them with the command).
OPTIONS_WITH_VALUE = frozenset(
    [
        "--param",
        "-p",
        "--params",
        "--input",
        "--config",
        "-c",
        "--asset-file",
        "--product-version",
        "--format",
        "-f",
        "--select",
        "-s",
        "--timeout",
        "--python",
        "--proxy",
        "--ca-bundle",
        "--record",
        "--replay",
        "--home",
    ]
)


def begin(arguments: Sequence[str]) -> AppProcess | None:
    """Start the process that ``soarkit run ARGUMENTS`` will need, if its environment is known already."""
    app, options = _scan(arguments)
    if app is None or "--help" in arguments:
        return None
    # Whatever is wrong will be found again, and said properly, by the command itself.
    try:
        python = _named(options["--python"]) if "--python" in options else _environment(app, options.get("--home"))
        return AppProcess(python) if python else None
    except Exception:
        return None


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


def _named(python: str) -> str:
    return os.path.abspath(os.path.expanduser(python))


def _environment(app: str, home: str | None) -> str | None:
    from soarkit.environments.known import known
    from soarkit.manifest.source import locate, read_json
    from soarkit.paths import default_home

    source = locate(app)
    return known(read_json(source.manifest_path), source.folder, home or default_home())
