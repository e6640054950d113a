"""Which names are served, and by what."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase

from soarkit.rest.call import Call
from soarkit.rest.failures import not_found
from soarkit.rest.resource import Absent, Resource
from soarkit.rest.resources import (
    apps,
    artifacts,
    assets,
    choices,
    containers,
    findings,
    lists,
    notes,
    people,
    runs,
    system,
    vault,
)

#: What answers at an address of its own.
Endpoint = Callable[[Call], HttpResponseBase]

_RESOURCES: tuple[type[Resource], ...] = (
    containers.Containers,
    containers.Comments,
    artifacts.Artifacts,
    notes.Notes,
    vault.Attachments,
    vault.Documents,
    lists.DecidedLists,
    choices.Severities,
    choices.Statuses,
    apps.Apps,
    apps.AppActions,
    assets.Assets,
    runs.ActionRuns,
    runs.AppRuns,
    people.Users,
    people.Roles,
    system.CefFields,
)
#: What other platforms have, and clients list before they do what they came for.
_ABSENT = (
    "scm playbook playbook_run custom_function indicator evidence container_pin approval automation_proxy app_status "
    "ingestion_status tenant workflow_phase workflow_task workflow_note workbook_template workbook_phase_template "
    "workbook_task_template workflow_phase_template workflow_task_template audit_entry activity_feed"
)
#: By path, for GET.
ENDPOINTS: dict[str, Endpoint] = {
    "version": system.version,
    "system_info": system.system_info,
    "system_settings": system.system_settings,
    "feature_flag/webhooks": system.webhooks,
    "health": system.health,
    "license": system.license_info,
    "audit": system.audit,
    "search": system.search,
    "user_info": people.user_info,
    "container_options": choices.container_options,
    "build_action": apps.build_action,
    "download_attachment": vault.download,
}
#: By path, for POST.
POSTS: dict[str, Endpoint] = {
    "system_settings/events": choices.change_labels,
    "playbook_run": system.playbook_run,
    "enterprise_security/findings": findings.create,
    "enterprise_security/findings/bulk_create": findings.bulk_create,
}


def find(name: str) -> Resource:
    """The resource with a name.

    :raises Failure: there is none
    """
    if name not in _BY_NAME:
        raise not_found()
    return _BY_NAME[name]


def _absent(name: str) -> Resource:
    resource = Absent(find)
    resource.name = name
    return resource


_BY_NAME: dict[str, Resource] = {
    **{one.name: one(find) for one in _RESOURCES},
    **{name: _absent(name) for name in _ABSENT.split()},
}
