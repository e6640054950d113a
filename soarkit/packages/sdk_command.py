"""The SDK's own command line, ``soarapps``, run on an app's source folder in the app's environment."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from soarkit import homefiles
from soarkit.environments.variables import clean_environment
from soarkit.errors import AppImportError
from soarkit.execute.command import run_command
from soarkit.manifest.sdk_project import Project

_FRAME = re.compile(r'^ *File "([^"]+)", line (\d+)', re.MULTILINE)
_REASON = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Failure|Exit|Required|Misconfiguration)\b.*", re.MULTILINE)
_NO_SDK = "there is no splunk-soar-sdk in the app's environment"

# The SDK imports the app as part of a package that is called like its folder: a name with dots in it would look like
# packages inside each other, which are made up here. With -I, neither variables nor the current folder have a say.
_DRIVER = f"""
import os, sys, types
from importlib.metadata import entry_points
folder = sys.argv.pop(1)
parts = os.path.basename(folder).split(".")
for length in range(1, len(parts) + 1 if len(parts) > 1 else 0):
    package = types.ModuleType(".".join(parts[:length]))
    package.__path__ = [folder] if length == len(parts) else []
    sys.modules[package.__name__] = package
commands = list(entry_points(group="console_scripts", name="soarapps"))
if not commands:
    sys.exit({_NO_SDK!r})
sys.argv[0] = "soarapps"
sys.exit(commands[0].load()())
"""


def run_soarapps(
    project: Project, arguments: Sequence[str], *, python: str, home: str, purpose: str, time_limit: float
) -> None:
    """Run ``soarapps ARGUMENTS``. Nothing is written into the source folder: byte code is not kept.

    :param python: the interpreter of the app's environment
    :param purpose: what it is to make, in errors: "the app's JSON"
    :param time_limit: seconds it may take
    :raises AppImportError: it failed, as a rule because the app cannot be imported
    """
    log_path = homefiles.log_path(home, f"soarapps-{project.name}".replace(os.sep, "_"))
    if os.path.exists(log_path):
        os.unlink(log_path)
    outcome = run_command(
        [python, "-I", "-B", "-X", "utf8", "-c", _DRIVER, project.folder, *arguments],
        env={**clean_environment(), "_TYPER_STANDARD_TRACEBACK": "1", "NO_COLOR": "1"},
        log_path=log_path,
        timeout=time_limit,
        cwd=home,
    )
    if outcome.timed_out:
        raise AppImportError(
            f"the SDK did not make {purpose} within {time_limit:g} s", where=project.path, hint=f"See {log_path}"
        )
    if not outcome.ok:
        raise _failure(project, purpose, outcome.tail, log_path)


def _failure(project: Project, purpose: str, said: str, log_path: str) -> AppImportError:
    """Why the SDK failed: its exception, and the last line of the app's own code that it came through.

    Of exceptions that were raised from others the first one counts: the SDK wraps what an app's module raises.
    """
    said = said.partition("The above exception was the direct cause of")[0]
    reasons = _REASON.findall(said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    reason = reasons[-1] if reasons else lines[-1] if lines else "it said nothing"
    own = [found for found in _FRAME.findall(said) if found[0].startswith(project.folder + os.sep)]
    hint = f"The whole output: {log_path}"
    if _NO_SDK in said:
        reason, hint = _NO_SDK, "Add it to the app's dependencies: uv add splunk-soar-sdk"
    return AppImportError(
        f"the SDK cannot make {purpose}: {reason[:500]}",
        where=":".join(own[-1]) if own else project.path,
        hint=hint,
    )
