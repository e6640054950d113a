"""What is wrong with the source folder of an app built with the SOAR SDK, seen without running any of its code.

The actions, their parameters and the configuration are in the code, and checked by the SDK when it makes the app JSON.
"""

from __future__ import annotations

import os
import re
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from soarkit_app.loader import main_module_file, sdk_module

from soarkit.errors import ManifestError, typed
from soarkit.manifest.checks.modules import PythonFile
from soarkit.manifest.findings import Finding, Findings, shown
from soarkit.manifest.sdk_project import PYPROJECT, UV_LOCK, Project, read, read_toml

_SDK = "splunk-soar-sdk"
_OLDEST = "3.13"  # that the SDK runs on
_VERSION = re.compile(r"\d+(\.\d+)*([.+-]?\w+)*")


def validate_project(folder: str, *, shown_as: str | None = None) -> list[Finding]:
    """Check a source folder's ``pyproject.toml``, and the files that it names.

    :param shown_as: what findings call ``pyproject.toml``, when that is not its path
    :returns: errors, then warnings, then notes; the pointers lead into ``pyproject.toml``
    """
    findings = Findings(shown_as or os.path.join(folder, PYPROJECT))
    try:
        project = read(folder)
    except ManifestError as error:
        findings.error("", error.message, error.hint)
        return findings.items
    _check_project(project, findings)
    _check_main_module(project, findings)
    _check_lock(project, findings)
    findings.info(
        "",
        "actions and configuration are in the app's code and were not checked",
        f"the SDK checks them when it makes the app JSON: soarkit actions {typed(folder)}",
    )
    rank = {"error": 0, "warning": 1, "info": 2}
    return sorted(findings.items, key=lambda one: rank[one.severity])


def _check_project(project: Project, findings: Findings) -> None:
    table = project.raw["project"]
    if not _VERSION.fullmatch(project.version):
        findings.error("/project/version", "the app has no version", 'write version = "1.0.0"')
    for key in ("description", "license"):
        if not isinstance(table.get(key), str) or not table[key].strip():
            findings.error(f"/project/{key}", f'"{key}" is missing', f'add {key} = "..." : the app JSON needs it')
    if not any(canonicalize_name(one.name) == _SDK for one in _dependencies(project, findings)):
        findings.error("/project/dependencies", "the SDK is missing", f"uv add {_SDK}")
    _check_python(project, findings)


def _dependencies(project: Project, findings: Findings) -> list[Requirement]:
    listed = project.raw["project"].get("dependencies", [])
    found = []
    for index, text in enumerate(listed if isinstance(listed, list) else []):
        try:
            found.append(Requirement(str(text)))
        except InvalidRequirement:
            findings.error(f"/project/dependencies/{index}", f"{shown(text)} is no requirement", "write NAME>=VERSION")
    return found


def _check_python(project: Project, findings: Findings) -> None:
    pointer = "/project/requires-python"
    example = f'write requires-python = ">={_OLDEST}"'
    if not project.requires_python:
        findings.warning(pointer, '"requires-python" is missing', example)
        return
    try:
        specifier = SpecifierSet(project.requires_python)
    except InvalidSpecifier:
        findings.error(pointer, f"{shown(project.requires_python)} is no version specifier", example)
        return
    # Of every minor version, one patch that a specifier may name and one that is beyond all.
    patches = [f"3.{minor}.{patch}" for minor in range(13, 30) for patch in (0, 99)]
    if not any(map(specifier.contains, patches)):
        findings.error(
            pointer, f"{shown(project.requires_python)} allows no Python that the SDK runs on ({_OLDEST}+)", example
        )


def _check_main_module(project: Project, findings: Findings) -> None:
    pointer = "/tool/soar/app/main_module"
    module, name = sdk_module(project.main_module)
    path = main_module_file(project.folder, project.main_module)
    if path is None:
        wanted = module.replace(".", "/") + ".py"
        findings.error(pointer, f"there is no file {shown(wanted)}", 'name the module with the app: "src.app:app"')
        return
    file = PythonFile(project.folder, os.path.relpath(path, project.folder))
    if file.broken:
        findings.error(pointer, f"{file.name} cannot be read as Python 3: {file.broken}", "mend the file")
    elif not file.may_define(name):
        findings.error(pointer, f"{file.name} has no {shown(name)}", f"make it there: {name} = App(...)")


def _check_lock(project: Project, findings: Findings) -> None:
    path = os.path.join(project.folder, UV_LOCK)
    command = f"uv lock --project {typed(project.folder)}"
    if not os.path.isfile(path):
        findings.error("", f"there is no {UV_LOCK}, which the app's environment is built from", command)
        return
    try:
        packages = read_toml(path).get("package", [])
        own = next(one for one in packages if canonicalize_name(one["name"]) == canonicalize_name(project.name))
    except ManifestError as error:
        findings.error("", f"{UV_LOCK}: {error.message}", command)
    except (StopIteration, LookupError, TypeError):
        findings.error("", f"{UV_LOCK} does not lock the project {shown(project.name)}", command)
    else:
        locked = {_key(one) for one in own.get("metadata", {}).get("requires-dist", [])}
        declared = {canonicalize_name(one.name) for one in _dependencies(project, Findings(""))}
        if locked != declared:
            odd = ", ".join(sorted(locked ^ declared))
            findings.warning("/project/dependencies", f"{UV_LOCK} is older than the dependencies: {odd}", command)


def _key(entry: dict[str, Any]) -> str:
    return canonicalize_name(str(entry.get("name", "")))
