"""All checks of one app JSON, in one call."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from soarkit.errors import ManifestError
from soarkit.manifest.checks.actions import check_actions
from soarkit.manifest.checks.app import check_app
from soarkit.manifest.checks.fields import check_fields
from soarkit.manifest.checks.files import check_files, stands_alone
from soarkit.manifest.checks.near_misses import check_keys
from soarkit.manifest.checks.outputs import check_outputs
from soarkit.manifest.findings import Finding, Findings
from soarkit.manifest.gate import check_schema
from soarkit.manifest.source import read_json

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANK = {"error": 0, "warning": 1, "info": 2}


def validate(path: str, *, shown_as: str | None = None, with_files: bool = False) -> list[Finding]:
    """Check an app JSON and the app's files beside it.

    Where the JSON stands alone, without any of the files it names, the checks of files are skipped and
    a finding of severity ``info`` says so, unless ``with_files`` says that its folder is the app's.

    :param path: the JSON file
    :param shown_as: what findings call it, when that is not its path
    :returns: errors, then warnings, then notes, each in the order they were found; a file that cannot be read as an
        app JSON gives one error at pointer ``""``
    """
    findings = Findings(shown_as or path)
    try:
        raw = read_json(path)
    except ManifestError as error:
        findings.error("", error.message, error.hint)
        return findings.items
    check_document(raw, os.path.dirname(os.path.abspath(path)), findings, with_files=with_files)
    return sorted(findings.items, key=lambda finding: _RANK[finding.severity])


def check_document(raw: dict[str, Any], folder: str, findings: Findings, *, with_files: bool = False) -> None:
    """Add what is wrong with an app JSON that lies in ``folder``; ``with_files``: which is the app's for certain."""
    check_schema(raw, findings)
    check_app(raw, findings)
    check_fields(raw, findings)
    check_actions(raw, findings)
    check_outputs(raw, findings)
    check_keys(raw, findings)
    if not with_files and stands_alone(raw, folder):
        findings.info(
            "",
            "the app's files are not beside it: main module, views, logos and wheels were not checked",
            "validate the app's folder or tarball to have them checked",
        )
    else:
        check_files(raw, folder, findings)


def count(findings: Sequence[Finding], severity: str) -> int:
    """How many findings have this severity."""
    return sum(finding.severity == severity for finding in findings)
