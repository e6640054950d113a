"""All checks of one bundle's metadata and the files it names, in one call."""

from __future__ import annotations

import os

from soarkit.errors import ManifestError
from soarkit.manifest.bundles.checks.credentials import check_credentials
from soarkit.manifest.bundles.checks.document import check_repeated, check_top, icons
from soarkit.manifest.bundles.checks.files import check_icons, check_scripts
from soarkit.manifest.bundles.checks.subject import Subject
from soarkit.manifest.bundles.checks.transforms import check_transforms
from soarkit.manifest.bundles.metadata import METADATA, read_document
from soarkit.manifest.findings import Finding, Findings
from soarkit.manifest.keys import SOURCE

_RANK = {"error": 0, "warning": 1, "info": 2}


def validate_bundle(path: str, *, shown_as: str | None = None, certification: bool = False) -> list[Finding]:
    """Check a bundle by rules M1 to M20. Rules B1 to B11 are those of :mod:`soarkit.packages.bundles`.

    A metadata file that lies alone, without scripts and icons, is checked alone, and a finding of severity ``info``
    says so. Scripts are compiled, and never run.

    :param path: the bundle's folder, or its metadata file
    :param shown_as: what findings call the metadata file, when that is not its path
    :param certification: whether it has to be fit for certification: then a suffix of the version (M5) and imports of
        what is not promised (M14) are errors
    :returns: errors, then warnings, then notes, each in the order they were found; metadata that cannot be read gives
        one error at pointer ``""``
    """
    is_folder = os.path.isdir(path)
    file = os.path.join(path, METADATA) if is_folder else path
    folder: str | None = os.path.dirname(os.path.abspath(file))
    findings = Findings(shown_as or file)
    try:
        raw = read_document(file)
    except ManifestError as error:
        missing = not os.path.lexists(file)
        message = f"there is no {METADATA}, which describes the bundle" if missing else error.message
        hint = f"write one; the guide's chapter 5 says what belongs into {METADATA}" if missing else error.hint
        findings.error("", f"M1: {message}", hint)
        return findings.items
    if not is_folder and not _has_files(raw, os.path.dirname(os.path.abspath(file))):
        folder = None
        findings.info(
            "",
            "the bundle's files are not beside it: icons and scripts were not checked",
            "validate the bundle's folder or archive to have them checked",
        )
    subject = Subject(raw, folder, certification, findings)
    _check_repeated(file, subject)
    check_top(subject)
    check_credentials(subject)
    check_transforms(subject)
    if folder is not None:
        check_icons(folder, subject)
        check_scripts(folder, subject)
    return sorted(findings.items, key=lambda finding: _RANK[finding.severity])


def _has_files(raw: dict[str, object], folder: str) -> bool:
    return os.path.isdir(os.path.join(folder, SOURCE)) or any(
        os.path.isfile(os.path.join(folder, os.path.basename(name)))
        for _, name in icons(raw).values()
        if "\0" not in name
    )


def _check_repeated(file: str, subject: Subject) -> None:
    try:
        with open(file, encoding="utf-8-sig") as opened:
            check_repeated(opened.read(), subject)
    except (OSError, ValueError):
        return  # it has just been read
