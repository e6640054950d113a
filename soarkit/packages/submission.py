"""The zip for certification: a bundle's archive and its documentation (reference, section 6; guide, chapter 8)."""

from __future__ import annotations

import os
from collections.abc import Mapping

from soarkit.enrichments.documentation import FILE
from soarkit.enrichments.documentation_checks import check_documentation, check_scripts
from soarkit.enrichments.reading_documentation import Documentation, read_documentation
from soarkit.errors import SurroundingsError
from soarkit.manifest.bundles.metadata import Metadata
from soarkit.manifest.findings import Finding, Findings
from soarkit.manifest.keys import SOURCE
from soarkit.packages.telltales import telltales

#: Where the documentation lies in the zip.
FOLDER = "documentation"
#: Where it is looked for in a bundle's folder, in this order.
PLACES = (FOLDER, "docs", FILE, "documentation.html", "documentation.pdf", "documentation.txt")


def find_documentation(folder: str) -> str | None:
    """The documentation in a bundle's folder, or beside it; None where there is none."""
    for place in (folder, os.path.dirname(os.path.abspath(folder))):
        for name in PLACES:
            path = os.path.join(place, name)
            # Beside a bundle only a file is the bundle's for certain: the folder may hold anything.
            if os.path.exists(path) and (place == folder or os.path.isfile(path)):
                return path
    return None


def check_submission(
    metadata: Metadata, folder: str, documentation: str | None, *, update: bool
) -> tuple[list[Finding], Documentation]:
    """Check what goes with a bundle; the bundle itself is checked by ``soarkit validate``.

    :param folder: the bundle's folder
    :param documentation: its folder or file; None: there is none
    :param update: an earlier version is with people
    """
    findings = Findings(documentation or folder)
    found = Documentation()
    if documentation is None:
        hint = f"name it with --docs; a first version: soarkit docs {folder} -o {os.path.join(folder, FOLDER)}"
        findings.error("", "D1: there is no documentation", hint)
    else:
        found = read_documentation(documentation)
        check_documentation(metadata, found, findings, update=update)
        if found.left_out:
            findings.info("", f"left out, as systems and editors leave such files: {', '.join(found.left_out)}")
    check_scripts(metadata, _scripts(folder), findings)
    return findings.items, found


def gather(archive: str, name: str, documentation: Documentation) -> dict[str, bytes]:
    """What the zip will hold.

    :param archive: the bundle's archive
    :param name: what it is called in the zip
    :raises SurroundingsError: a file cannot be read
    """
    contents = {name: _read(archive)}
    for inner, path in documentation.files.items():
        contents[f"{FOLDER}/{inner}"] = _read(path)
    return contents


def check_secrets(contents: Mapping[str, bytes], secrets: Mapping[str, str]) -> list[Finding]:
    """An error for each place where the value of a secret stands (D6). :param secrets: what it is called → its value"""
    return [
        Finding(
            "error",
            place,
            "",
            f"D6: the value of {what} stands in it",
            "remove it; credentials for the certification travel apart from the zip, and are best made for it alone",
        )
        for name, content in sorted(contents.items())
        for place, what in telltales(name, content, secrets)
    ]


def cover_letter(metadata: Metadata, *, update: bool, visibility: str | None) -> list[str]:
    """What the mail that the zip travels with has to say (D6), one point each.

    :param visibility: ``private`` or ``public`` as it was recorded; None: it was not
    """
    wish = {
        "private": "private to your organisation, as recorded here",
        "public": "available to the community, as recorded here",
    }.get(visibility or "", "private to your organisation, or available to the community")
    required = [f"{one.label}{'' if one.required else ' (optional)'}" for one in metadata.credentials]
    points = [
        f"Enrichment: {metadata.title}, {metadata.app_name} {metadata.version}" + (" (an update)" if update else ""),
        f"Visibility: {wish}",
    ]
    if required:
        points.append(
            f"Credentials for the activation, made for the certification, by a way of their own: {', '.join(required)}"
        )
    else:
        points.append("Credentials for the activation: none are needed")
    points.append("Access to the portal that the data comes from, so that it can be compared with what is shown")
    points.append("Version of the Enrichments SDK: 2.0")
    return points


def _scripts(folder: str) -> list[tuple[str, str]]:
    found = []
    place = os.path.join(folder, SOURCE)
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
        if name.endswith(".py") and os.path.isfile(os.path.join(place, name)):
            found.append((name, _read(os.path.join(place, name)).decode("utf-8", "replace")))
    return found


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SurroundingsError(f"the file cannot be read: {error.strerror}", where=path) from None
