"""Rules about the files that an app JSON names: main module, views and handlers, logos, wheels."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from soarkit_app.loader import is_sdk_module, sdk_module

from soarkit.manifest.checks.app import leaves_folder
from soarkit.manifest.checks.modules import function_file
from soarkit.manifest.checks.shapes import actions_of, dependencies_of, entries_of, text_at
from soarkit.manifest.findings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soarkit.manifest.checks.shapes import Json
    from soarkit.manifest.findings import Findings

_LOGO_TYPES = (".svg", ".png", ".jpg", ".jpeg")


def stands_alone(raw: Json, folder: str) -> bool:
    """Whether an app JSON lies in a folder without the app: none of the files it names is there.

    Where it is the only JSON file of its folder, any Python file beside it counts as the app's too, so that a
    misspelt ``main_module`` is not taken for a missing app.
    """
    if any(os.path.exists(os.path.join(folder, path)) for path in _named_files(raw)):
        return False
    documents, code = 0, False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                documents += entry.name.endswith(".json")
                if documents > 1:  # a folder of hundreds is not read to its end for each of them
                    return True
                code = code or entry.name.endswith((".py", ".pyc"))
    except OSError:  # the file may be readable where its folder is not
        return True
    return not code


def check_files(raw: Json, folder: str, findings: Findings) -> None:
    """Whether the files that the app JSON names exist, and hold the functions it names."""
    _check_main_module(raw, folder, findings)
    for key in ("logo", "logo_dark"):
        _check_logo(raw, key, folder, findings)
    for pointer, path in functions_named(raw):
        _check_function(path, pointer, folder, findings)
    for pointer, path in wheels_named(raw):
        if not leaves_folder(path) and not os.path.isfile(os.path.join(folder, path)):
            findings.warning(
                pointer, f"there is no file {shown(path)}", "add the wheel; until then it comes from the index"
            )


def main_module_files(main_module: str) -> list[str]:
    """Where the code of a ``main_module`` may lie, relative to the app's folder, the likeliest first."""
    if is_sdk_module(main_module):
        return [f"{sdk_module(main_module)[0].replace('.', '/')}.py"]
    stem, extension = os.path.splitext(main_module)
    return [main_module, f"{stem}.py"] if extension == ".pyc" else [main_module]


def _check_main_module(raw: Json, folder: str, findings: Findings) -> None:
    module = text_at(raw, "main_module")
    if not module or not module.strip() or (":" not in module and leaves_folder(module)):
        return
    paths = main_module_files(module)
    if not any(os.path.isfile(os.path.join(folder, path)) for path in paths):
        findings.error(
            "/main_module",
            f"there is no file {shown(paths[-1])} in the app's folder",
            "name the file with the connector class",
        )


def _check_logo(raw: Json, key: str, folder: str, findings: Findings) -> None:
    logo = text_at(raw, key)
    if not logo:
        return
    if leaves_folder(logo):
        findings.error(f"/{key}", f"{shown(logo)} lies outside the app's folder", "put the image into the folder")
    elif not os.path.isfile(os.path.join(folder, logo)):
        findings.warning(f"/{key}", f"there is no file {shown(logo)}", "add the image, or leave the key out")
    elif not logo.lower().endswith(_LOGO_TYPES):
        findings.warning(f"/{key}", f"{shown(logo)} is no SVG, PNG or JPEG file", "use an SVG image")


def _check_function(path: str, pointer: str, folder: str, findings: Findings) -> None:
    """A ``module.function``: the module's file is there, and defines the function."""
    found = function_file(folder, path)
    if found is None:
        module = path.rpartition(".")[0].replace(".", "/") or path
        findings.error(pointer, f"there is no file {shown(f'{module}.py')} for {shown(path)}", "write module.function")
        return
    file, name = found
    if file.broken:
        findings.error(
            pointer, f"{file.name} cannot be read as Python 3: {file.broken}", "mend the file, or name another one"
        )
    elif not file.may_define(name):
        close = file.nearest(name)
        findings.error(
            pointer,
            f"{file.name} has no function {shown(name)}",
            f"did you mean {shown(close)}?" if close else "write the function, or name another one",
        )


def functions_named(raw: Json) -> Iterator[tuple[str, str]]:
    """Every function of the app that its JSON names, as ``module.function``, with the pointer to the place."""
    for key in ("rest_handler", "uber_view"):
        if text_at(raw, key):
            yield f"/{key}", raw[key]
    webhook = raw.get("webhook")
    if isinstance(webhook, dict) and text_at(webhook, "handler"):
        yield "/webhook/handler", webhook["handler"]
    for pointer, action in actions_of(raw):
        render = action.get("render")
        if isinstance(render, dict) and text_at(render, "view"):
            yield f"{pointer}/render/view", render["view"]


def wheels_named(raw: Json) -> Iterator[tuple[str, str]]:
    """Every wheel file that an app JSON names, as it is written there, with the pointer to the place."""
    for pointer, lists in dependencies_of(raw):
        for place, wheel in entries_of(lists.get("wheel"), f"{pointer}/wheel"):
            for key in ("input_file", "input_file_aarch64"):
                if text_at(wheel, key):
                    yield f"{place}/{key}", wheel[key]


def _named_files(raw: Json) -> Iterator[str]:
    module = text_at(raw, "main_module")
    paths = main_module_files(module) if module else []
    paths += [path for key in ("logo", "logo_dark") if (path := text_at(raw, key))]
    paths += [path for _, path in wheels_named(raw)]
    paths += [f"{path.rpartition('.')[0].replace('.', '/')}.py" for _, path in functions_named(raw) if "." in path]
    yield from (path for path in dict.fromkeys(paths) if not leaves_folder(path) and "\0" not in path)
