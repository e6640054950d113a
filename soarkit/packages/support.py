"""What a support request about an enrichment takes along (guide, chapter 10; reference, section 6, rule D8).

Everything is masked on its way in: the answer, the log, the form, and the files inside of the bundle's archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soarkit.enrichments.service_reply import service_reply
from soarkit.manifest.bundles.metadata import Metadata, Transform
from soarkit.packages.telltales import masked, masked_tarball
from soarkit.runtime.redact import Redactor

FORM, REPLY, LOG, VERSIONS = "support-request.md", "service-reply.json", "run.log", "versions.json"
#: Marks a place of the form that only a person can fill.
TO_FILL = "TO FILL IN:"

_PLACES = (
    "ThreatStream user: the email address of the account that was used for testing",
    "ThreatStream organization: as it is registered there",
    "Error: its full text as the user interface shows it, and a screenshot of that",
    "Backend: a screenshot of the response to /api/v1/integration_package/transform/ in the browser's developer tools",
    "What was expected: a screenshot of what your portal shows for this value",
    "Client: browser and its version, operating system and its version",
    "OnPrem or AirGap only: type and version of the appliance",
)


@dataclass(frozen=True)
class Attempt:
    """One run of a transform, however it ended.

    :param ended: success, failed, timed out or broken
    :param message: what the run says of itself, or why there is none
    :param document: the output document; None where the script left none
    :param log: the run's log; None where nothing was logged
    :param elapsed: seconds, where it is known
    """

    transform: Transform
    value: str
    ended: str
    message: str
    document: Mapping[str, Any] | None
    log: bytes | None
    elapsed: float | None
    run_id: str | None


def support_files(
    metadata: Metadata,
    attempt: Attempt,
    *,
    archive: tuple[str, bytes],
    versions: Mapping[str, Any],
    redactor: Redactor,
) -> dict[str, bytes]:
    """The files of a support request by name.

    :param archive: the bundle's archive: what it is called, and its bytes
    :param versions: of soarkit, Python, its packages and the machine
    :param redactor: knows the credentials of the run and of everything else that must not travel
    :raises ArchiveError: the bundle's archive cannot be read
    """
    name, packed = archive
    bundle, changed = masked_tarball(packed, redactor)
    reply = service_reply(
        {
            "transform_name": attempt.transform.name,
            "transform_id": attempt.transform.index + 1,
            "display_name": attempt.transform.display_name,
        },
        document=attempt.document,
        timed_out=attempt.ended == "timed out",
        error=attempt.message,
    )
    form = "".join(f"{line}\n" for line in _form(metadata, attempt, name, changed))
    files = {
        FORM: redactor.text(form).encode(),
        REPLY: _json(redactor.data(reply)),
        VERSIONS: _json(redactor.data(dict(versions))),
        name: bundle,
    }
    if attempt.log is not None:
        files[LOG] = masked(attempt.log, redactor)
    return files


def _json(document: Any) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def _form(metadata: Metadata, attempt: Attempt, archive: str, changed: Sequence[str]) -> Iterator[str]:
    transform = attempt.transform
    yield f"# Support request: {metadata.title}"
    yield ""
    yield f"- Enrichment bundle name: {metadata.title} ({metadata.app_name})"
    yield f"- Enrichment version: {metadata.version}"
    yield f"- Enrichment bundle: {archive}"
    yield f"- Transform: {transform.display_name} ({transform.name})"
    yield f"- Input entity type and value: {transform.entity_type}, {attempt.value}"
    took = "" if attempt.elapsed is None else f" after {attempt.elapsed:.1f} s"
    yield f"- How the run ended: {attempt.ended}{took}: {attempt.message}"
    yield f"- Backend response: {REPLY}, in the form of the platform's service"
    if attempt.log is not None:
        yield f"- Log of the run: {LOG}"
    yield f"- Versions of soarkit, Python, its packages and the machine: {VERSIONS}"
    if attempt.run_id is not None:
        yield f"- Kept here as run {attempt.run_id}"
    yield ""
    yield "Credentials are masked in all of these files."
    if changed:
        yield "They stood in files of the bundle, which were changed for this: " + ", ".join(sorted(set(changed)))
    yield ""
    yield "## What only you know"
    yield ""
    for place in _PLACES:
        yield f"- {TO_FILL} {place}"
    yield ""
    yield "Credentials for the activation, and optionally for your portal, are asked for too: make some for this"
    yield "request alone, send them by a way of their own, and never put them into this zip."
