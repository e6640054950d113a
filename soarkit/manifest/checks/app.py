"""Rules about the top level of an app JSON."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from soarkit.manifest.checks.shapes import dependencies_of, entries_of, text_at
from soarkit.manifest.findings import shown

if TYPE_CHECKING:
    from soarkit.manifest.checks.shapes import Json
    from soarkit.manifest.findings import Findings

_UUID_VERSION = 14  # index of the digit that says which version a UUID is
_SDK_MODULE = re.compile(r"[A-Za-z_]\w*([./][A-Za-z_]\w*)*:[A-Za-z_]\w*")
_PYTHON_3 = 'write "python_version": "3", or the versions it was tested with, such as "3.9, 3.13"'


def check_app(raw: Json, findings: Findings) -> None:
    """Identity, versions, main module and dependencies."""
    appid = text_at(raw, "appid")
    if appid and len(appid) > _UUID_VERSION and appid[_UUID_VERSION] != "4":
        findings.warning("/appid", f"{shown(appid)} is no version 4 UUID", 'make a new one with "uuidgen"')
    version = text_at(raw, "app_version")
    if version and re.fullmatch(r"0(\.\d+)*", version):
        findings.warning("/app_version", f"app versions start at 1.0, this one is {version}", "write 1.0.0")
    _check_python_version(raw, findings)
    _check_product_regex(raw, findings)
    _check_main_module(raw, findings)
    _check_wheels(raw, findings)


def leaves_folder(path: str) -> bool:
    """Whether a path that should lie in the app's folder leads out of it, on any system."""
    parts = path.replace("\\", "/").split("/")
    if parts[0] == "" or re.match(r"[A-Za-z]:", path):
        return True
    depth = 0
    for part in parts:
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return False


def _check_python_version(raw: Json, findings: Findings) -> None:
    if "python_version" not in raw:
        findings.warning("/python_version", '"python_version" is missing', _PYTHON_3)
        return
    value = raw["python_version"]
    if isinstance(value, (int, float, list)) and not isinstance(value, bool):
        findings.warning("/python_version", f"{shown(value)} should be text", _PYTHON_3)
    versions = value if isinstance(value, list) else str(value).split(",")
    if versions and all(str(version).strip().startswith("2") for version in versions):
        findings.warning(
            "/python_version",
            f"the app says it is for Python {', '.join(str(item).strip() for item in versions)} only",
            f"make it run on Python 3, then {_PYTHON_3}",
        )


def _check_product_regex(raw: Json, findings: Findings) -> None:
    regex = text_at(raw, "product_version_regex")
    if regex is None or regex == ".*":
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on style are not about the app
            re.compile(regex)
    except (re.error, OverflowError, RecursionError) as error:
        findings.error(
            "/product_version_regex",
            f"{shown(regex)} is no regular expression: {error}",
            'mend it, or write ".*" for every version',
        )


def _check_main_module(raw: Json, findings: Findings) -> None:
    module = text_at(raw, "main_module")
    if not module or not module.strip():
        return
    if ":" in module and not re.match(r"[A-Za-z]:[\\/]", module):
        if not _SDK_MODULE.fullmatch(module):
            findings.error(
                "/main_module", f"{shown(module)} does not name module and object", 'write it as "src.app:app"'
            )
    elif leaves_folder(module):
        findings.error(
            "/main_module", f"{shown(module)} lies outside the app's folder", "name a file inside the folder"
        )


def _check_wheels(raw: Json, findings: Findings) -> None:
    for pointer, lists in dependencies_of(raw):
        for place, wheel in entries_of(lists.get("wheel"), f"{pointer}/wheel"):
            for key in ("input_file", "input_file_aarch64"):
                path = text_at(wheel, key)
                if not path:
                    continue
                if leaves_folder(path):
                    findings.error(
                        f"{place}/{key}",
                        f"{shown(path)} lies outside the app's folder",
                        'put the wheel into the folder, such as "wheels/..."',
                    )
                elif not path.endswith(".whl"):
                    findings.warning(
                        f"{place}/{key}", f"{shown(path)} is no wheel file", "build a wheel of it: pip wheel FILE"
                    )
