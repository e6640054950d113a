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
from soarkit.paths import app_home, default_home, is_path

#: The options of ``soarkit run`` and ``soarkit enrich`` that take a value (a test compares them with the commands).
OPTIONS_WITH_VALUE = frozenset(
    (
        *("--param", "-p", "--params", "--input", "--config", "-c", "--asset", "-a", "--asset-file"),
        *("--product-version", "--format", "-f", "--output", "-o", "--select", "-s", "--timeout", "--python", "--home"),
        *("--proxy", "--ca-bundle", "--record", "--replay", "--listen", "--container"),
        *("--credential", "--field", "--type", "-t"),
    )
)


def begin(arguments: Sequence[str], *, enriching: bool = False) -> AppProcess | None:
    """Start the process that ``soarkit run ARGUMENTS`` will most likely need.

    :param enriching: it is ``soarkit enrich ARGUMENTS``, where three words are a bundle, its transform and a value
    """
    words, options = _scan(arguments)
    if not words or "--help" in arguments or "-h" in arguments or (enriching and len(words) != 3):
        return None
    # Whatever is wrong will be found again, and said properly, by the command itself.
    try:
        home = options.get("--home") or default_home()
        asset = options.get("--asset") or options.get("-a")
        bare = (
            not enriching and len(words) == 1 and "--input" not in options
        )  # with an asset, the one word is the action
        python, folder, main_module = _recall(home, subject(home, words[0], asset if bare else None))
        if "--python" in options:
            python = os.path.abspath(os.path.expanduser(options["--python"]))
        python = python or _installed_python(home, words[0], asset if bare else None)
        if not python:
            return None
        process = AppProcess(python)
        # Recordings patch libraries before they are imported; some libraries read variables when they are.
        if folder and not {"--record", "--replay", "--proxy", "--ca-bundle"} & options.keys():
            from soarkit import trust  # the process is starting already

            process.prepare(folder, main_module, app_home(home), trust.files(home))
    except OSError:
        return None
    return process


def subject(home: str, word: str, asset: str | None) -> str:
    """What a guess is kept by: what was typed, as long as that means the same wherever it is typed.

    :param word: the first argument of ``soarkit run``: an app or, with an asset and nothing else, an action
    :param asset: the asset, where the word is an action
    """
    if asset is not None:
        return f"asset {asset} {word}"
    return f"app {word}" if _is_installed(home, word) else os.path.realpath(word)


def remember(home: str, about: str, python: str, folder: str, main_module: str) -> None:
    """Keep what a run used, for the next one to guess from. Failing to is no harm.

    :param about: the run's :func:`subject`
    :param python: the interpreter of the app's environment; empty when the run was told which one to use
    """
    path = _path(home, about)
    try:
        text = "\n".join((about, python or _recall(home, about)[0], folder, main_module))
        if _read(path) != text:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            temporary = f"{path}.{os.getpid()}"
            with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
            os.replace(temporary, path)
    except OSError:
        pass


def _is_installed(home: str, word: str) -> bool:
    slug = word.partition("@")[0]
    return not is_path(word) and slug[:1].isalnum() and os.path.isdir(os.path.join(home, "apps", slug))


def _installed_python(home: str, word: str, asset: str | None) -> str:
    """The interpreter that an app was given when it was installed: for its first run, which nothing is known of."""
    if asset is None and not _is_installed(home, word):
        return ""
    from soarkit.errors import SoarkitError
    from soarkit.store import snapshot

    try:
        known = snapshot.read(home)
        if known is None:
            return ""
        if asset is not None:
            stored = known.asset(asset)
            word = (stored and stored.app) or ""
        found = known.app(word)
    except (SoarkitError, LookupError, TypeError):
        return ""
    folder = found[1].environment if found is not None else None
    return "" if folder is None else os.path.join(folder, "bin", "python")


def _recall(home: str, about: str) -> tuple[str, str, str]:
    lines = _read(_path(home, about)).split("\n")
    if len(lines) != 4 or lines[0] != about:
        return "", "", ""
    return lines[1], lines[2], lines[3]


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def _path(home: str, about: str) -> str:
    return os.path.join(home, "headstart", f"{zlib.crc32(os.fsencode(about)):08x}")


def _scan(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    options: dict[str, str] = {}
    rest = iter(arguments)
    words = []
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name in OPTIONS_WITH_VALUE:
            options[name] = value if equals else next(rest, "")
        elif not argument.startswith("-"):
            words.append(argument)
    return words, options
