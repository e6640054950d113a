"""Findings of Enterprise Security, which the SDK's ``on es poll`` sends: each is kept as a container."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from soarkit.errors import RequestError
from soarkit.rest.call import Call, answer
from soarkit.rest.failures import Failure
from soarkit.store.given import contents_digest, row_id

#: What the SDK sends at most in one request.
_MOST = 25
_SEVERITIES = {"informational": "low", "low": "low", "medium": "medium", "high": "high", "critical": "high"}


def create(call: Call) -> HttpResponse:
    """Keep one finding."""
    finding_id, container_id = _kept(call, call.fields, None)
    return answer({"status": "success", "finding_id": finding_id, "container_id": container_id})


def bulk_create(call: Call) -> HttpResponse:
    """Keep several findings, perhaps in containers that are there already; one that cannot be kept stops no other."""
    given = call.body
    findings = given.get("findings") if isinstance(given, dict) else given
    if not isinstance(findings, list) or len(findings) > _MOST:
        raise Failure(400, f"a list of at most {_MOST} findings is needed")
    listed = given.get("container_ids") if isinstance(given, dict) else None
    places = [row_id(one) for one in listed] if isinstance(listed, list) else []
    places += [None] * (len(findings) - len(places))
    ids: list[str | None] = []
    containers: list[int | None] = []
    errors = []
    for index, finding in enumerate(findings):
        try:
            finding_id, container_id = _kept(call, finding, places[index])
        except Failure as failure:
            finding_id, container_id = None, None
            errors.append({"index": index, "error": failure.body()["message"]})
        ids.append(finding_id)
        containers.append(container_id)
    created = len(findings) - len(errors)
    status = "success" if not errors else "partial" if created else "failed"
    return answer(
        {
            "status": status,
            "created": created,
            "failed": len(errors),
            "findings": ids,
            "container_ids": containers,
            "errors": errors,
        }
    )


def _kept(call: Call, finding: Any, place: int | None) -> tuple[str, int]:
    """Keep a finding. One that comes again word for word, as after a poll that was killed, is the same one.

    :param place: the container to keep it in; None: one of its own
    :returns: its id and the container's
    """
    if not isinstance(finding, dict) or not str(finding.get("rule_title") or "").strip():
        raise Failure(400, "a finding must be an object with a rule_title")
    caller, identifier = call.caller, contents_digest(finding)
    about = {
        "name": str(finding["rule_title"]),
        "description": str(finding.get("rule_description") or ""),
        "severity": _SEVERITIES.get(str(finding.get("urgency")).lower(), "medium"),
        "data": finding,
    }
    try:
        if place is not None:
            call.store.containers.update(place, about)
            return identifier, place
        saved = call.store.containers.save(
            {**about, "source_data_identifier": identifier},
            asset_id=caller.asset_id,
            appid=caller.appid,
            label=caller.label,
            run=caller.run,
        )
    except (RequestError, TypeError, ValueError) as error:
        raise Failure(400, error.message if isinstance(error, RequestError) else str(error)) from None
    return identifier, saved.id
