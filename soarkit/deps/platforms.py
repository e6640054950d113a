"""Other platforms than this machine's: uv resolves for them, pip downloads the wheels they have there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping

from packaging import tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from soarkit import homefiles
from soarkit.deps import lockfile, resolving
from soarkit.deps.inputs import AppInput
from soarkit.deps.lockfile import Pin
from soarkit.deps.resolving import Resolution
from soarkit.deps.wheelfetch import Target
from soarkit.environments import indexes, installers, variables
from soarkit.environments.dependencies import Choice
from soarkit.environments.installers import Uv
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import UsageError
from soarkit.execute.command import run_command

_ALIASES = {
    "linux": "x86_64-manylinux_2_28",
    "macos": "aarch64-apple-darwin",
    "x86_64-unknown-linux-gnu": "x86_64-manylinux_2_28",
    "aarch64-unknown-linux-gnu": "aarch64-manylinux_2_28",
    "x86_64-manylinux2014": "x86_64-manylinux_2_17",
    "aarch64-manylinux2014": "aarch64-manylinux_2_17",
}
_MANYLINUX = re.compile(r"(x86_64|aarch64)-manylinux_2_(\d+)")
_MACOS = {"aarch64-apple-darwin": ((13, 0), "arm64"), "x86_64-apple-darwin": ((13, 0), "x86_64")}  # as uv has them
_LEGACY = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}


def uv_for_platforms(home: str, interpreter: Interpreter) -> Uv:
    """The uv that resolves for other platforms.

    :raises UsageError: it is not installed, or switched off
    """
    installer = installers.find(interpreter, home)
    if isinstance(installer, Uv):
        return installer
    raise UsageError(
        "--platform needs uv: pip resolves only for the machine that it runs on",
        where="--platform",
        hint="Install it (pip install uv), and unset SOARKIT_INSTALLER; or run `soarkit deps vendor` on that platform.",
    )


def platform_tags(platform: str) -> list[str]:
    """The tags of the wheels that a platform can use, best first.

    :param platform: as uv names them: ``linux``, ``macos``, ``aarch64-manylinux_2_28``, ``x86_64-apple-darwin`` ...
    :raises UsageError: it is none that soarkit runs on
    """
    name = _ALIASES.get(platform, platform)
    if found := _MANYLINUX.fullmatch(name):
        newest, architecture = int(found[2]), found[1]
        oldest = 5 if architecture == "x86_64" else 17
        described = []
        for minor in range(newest, oldest - 1, -1):
            described.append(f"manylinux_2_{minor}_{architecture}")
            described += [f"{_LEGACY[minor]}_{architecture}"] if minor in _LEGACY else []
        return [*described, f"linux_{architecture}"]
    if name in _MACOS:
        version, architecture = _MACOS[name]
        return list(tags.mac_platforms(version, architecture))
    known = ", ".join(["linux", "macos", "x86_64-manylinux_2_28", "aarch64-manylinux_2_28", *_MACOS])
    raise UsageError(f"soarkit runs on no platform {platform!r}", where="--platform", hint=f"Some of them: {known}.")


def target(version: tuple[int, int], platform: str, python: str) -> Target:
    """What pip needs to download for a platform.

    :param python: a Python of :mod:`soarkit.deps.tools`, of any version
    """
    platforms = platform_tags(platform)
    interpreter = f"cp{version[0]}{version[1]}"
    supported = {
        *tags.cpython_tags(version, abis=[interpreter], platforms=platforms),
        *tags.compatible_tags(version, interpreter=interpreter, platforms=platforms),
    }

    def fits(path: str) -> bool:
        try:
            return not parse_wheel_filename(os.path.basename(path))[3].isdisjoint(supported)
        except (InvalidWheelFilename, ValueError):
            return False

    options = ["--only-binary=:all:", f"--python-version={version[0]}.{version[1]}", "--implementation=cp"]
    options += [f"--abi={one}" for one in (interpreter, "abi3", "none")]
    options += [f"--platform={one}" for one in platforms]
    return Target(version, python, tuple(options), fits, f"Python {version[0]}.{version[1]} on {platform}")


def resolve(
    app_input: AppInput,
    choice: Choice,
    platform: str,
    home: str,
    *,
    progress: Callable[[str], None],
    earlier: Mapping[str, Pin],
) -> Resolution:
    """As :func:`soarkit.deps.resolving.resolve`, by uv, for a platform that may be another one; without hashes.

    Only what has wheels counts: source cannot be built for another platform.
    """
    interpreter = choice.interpreter
    uv = uv_for_platforms(home, interpreter)
    version = ".".join(map(str, interpreter.version))
    log_path = homefiles.log_path(home, f"resolve-py{interpreter.version[0]}{interpreter.version[1]}-{platform}")
    environment = variables.clean_environment()
    progress(f"resolving {app_input.source} for Python {version} on {platform}")
    with homefiles.scratch(home) as folder:
        # uv takes a wheel in a folder for all that there is of its version.
        fits = target(interpreter.version, platform, "").fits
        files = resolving.prepare(folder, app_input, choice, earlier, fits=fits)
        argv = [
            uv.program,
            "pip",
            "compile",
            "--python-version",
            version,
            "--python-platform",
            _ALIASES.get(platform, platform),
        ]
        argv += ["--only-binary", ":all:", "--no-header", "--annotation-style", "line", "--no-progress", "--quiet"]
        argv += [*files.options, "--output-file", files.output, *files.sources]
        argv += ["--no-index"] if indexes.switched_off(environment) else []
        outcome = run_command(
            argv, env=indexes.for_uv(environment), log_path=log_path, timeout=resolving.TIMEOUT, cwd="/"
        )
        if not outcome.ok:
            raise resolving.explained(outcome, app_input, choice, log_path, f"Python {version} on {platform}")
        with open(files.output, encoding="utf-8") as file:
            compiled = lockfile.parse(file.read(), files.output)
    return resolving.resolution(compiled.pins, app_input, interpreter.version)
