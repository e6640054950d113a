"""What the platform says of itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse
from soarkit_app.cef import CEF_JSON

from soarkit.rest.call import Call, answer
from soarkit.rest.failures import Failure, not_allowed
from soarkit.rest.fields import Kind, keys
from soarkit.rest.resource import Record, Records
from soarkit.store.times import moment, shown

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_PARTS = 4  # numbers that a version is made of


class CefFields(Records):
    """``cef``."""

    name = "cef"
    fields = (*keys(Kind.NUMBER, "id"), *keys(Kind.TEXT, "name type"), *keys(Kind.JSON, "data_type"))

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        return [
            {"id": number, "name": name, "data_type": about["contains"], "type": "default"}
            for number, (name, about) in enumerate(CEF_JSON.items(), start=1)
        ]


def version(call: Call) -> HttpResponse:
    """The platform's version: four numbers with dots."""
    return answer({"version": _version(call)})


def system_info(call: Call) -> HttpResponse:
    """Where and what the platform is."""
    home = call.store.database.home
    try:
        installed = shown(moment(os.stat(os.path.join(home, "rest", "certificate.pem")).st_mtime))
    except OSError:
        installed = None
    return answer(
        {
            "base_url": call.caller.base_url,
            "time_zone": "UTC",
            "version": _version(call),
            "hostname": os.uname().nodename,
            "installed_time": installed,
            "machine_id": hashlib.sha256(os.fsencode(home)).hexdigest(),
        }
    )


def system_settings(call: Call) -> HttpResponse:
    """The settings that clients look at."""
    return answer({"id": 1, "base_url": call.caller.base_url, "time_zone": "UTC"})


def webhooks(call: Call) -> HttpResponse:
    """Where web hooks are listened to: at the same address as all else."""
    public = urlsplit(call.caller.base_url)
    port = public.port or (443 if public.scheme == "https" else 80)
    return answer({"name": "webhooks", "enabled": True, "config": {"webhooks_port": port}})


def health(call: Call) -> HttpResponse:
    """That it answers."""
    return answer({"status": "ok"})


def license_info(call: Call) -> HttpResponse:
    """There is no licence to run out."""
    return answer({"license": {}, "expired": False})


def audit(call: Call) -> HttpResponse:
    """Nothing is audited: a bare list, as clients expect it."""
    return answer([])


def search(call: Call) -> HttpResponse:
    """Nothing is indexed."""
    if not call.request.GET.get("query"):
        raise Failure(400, "query is required")
    return answer({"results": [], "count": 0})


def playbook_run(call: Call) -> HttpResponse:
    """Playbooks are not run."""
    if call.method == "POST":
        raise Failure(400, "there are no playbooks here: soarkit runs the actions of apps")
    if call.method not in ("GET", "HEAD"):
        raise not_allowed(call.method)
    return answer({"count": 0, "num_pages": 1, "data": []})


def _version(call: Call) -> str:
    numbers = call.caller.product_version.split(".")
    return ".".join([*numbers, *["0"] * (_PARTS - len(numbers))])
