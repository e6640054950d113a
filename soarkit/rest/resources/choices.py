"""Severities, statuses and labels that containers may have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.failures import Failure
from soarkit.rest.fields import Kind, keys
from soarkit.rest.resource import Record, Records
from soarkit.rest.resources.writing import done
from soarkit.store import models
from soarkit.store.given import DEFAULT_SEVERITY, SEVERITIES, STATUSES, word

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_COLORS = {"high": "red", "medium": "orange", "low": "green"}
_LABELS = ("events",)
_SENSITIVITIES = ("white", "green", "amber", "red")


class Severities(Records):
    """``severity``, the highest first."""

    name = "severity"
    fields = (
        *keys(Kind.NUMBER, "id order"),
        *keys(Kind.TEXT, "name color"),
        *keys(Kind.TRUTH, "is_default disabled"),
    )

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        found = _choices(store, "severity", SEVERITIES)
        return [
            {"color": _COLORS.get(str(one["name"]), "grey"), "is_default": one["name"] == DEFAULT_SEVERITY, **one}
            for one in found
        ]

    def create(self, call: Call) -> HttpResponse:
        """Add a severity."""
        name = word(call.fields.get("name"))
        if not name:
            raise Failure(400, "name is required")
        color = call.fields.get("color")
        about = {"color": color} if isinstance(color, str) and color else {}
        rows = models.Choice.objects.using(call.store.database.alias)
        row, is_new = None, False
        if name not in SEVERITIES:
            row, is_new = rows.get_or_create(kind="severity", name=name, defaults={"about": about})
        if row is None or not is_new:
            raise Failure(400, f"there is a severity {name!r} already")
        return done(id=len(SEVERITIES) + row.id)


class Statuses(Records):
    """``container_status``."""

    name = "container_status"
    fields = (
        *keys(Kind.NUMBER, "id order"),
        *keys(Kind.TEXT, "name status_type"),
        *keys(Kind.TRUTH, "is_default disabled"),
    )

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        found = _choices(store, "status", STATUSES)
        kinds = dict(zip(STATUSES, ("new", "open", "resolved"), strict=True))
        return [
            {"status_type": kinds.get(str(one["name"]), "open"), "is_default": one["name"] == STATUSES[0], **one}
            for one in found
        ]


def container_options(call: Call) -> HttpResponse:
    """All that a container may be, in one answer."""
    store = call.store
    return answer(
        {
            "severity": list(Severities(_nowhere).all(store)),
            "status": list(Statuses(_nowhere).all(store)),
            "label": [one["name"] for one in _choices(store, "label", _LABELS)],
            "sensitivity": list(_SENSITIVITIES),
            "tags": [],
            "container_type": ["default", "case"],
        }
    )


def change_labels(call: Call) -> HttpResponse:
    """Add a label, or take one away that was added."""
    name = word(call.fields.get("label_name"))
    rows = models.Choice.objects.using(call.store.database.alias)
    if not name:
        raise Failure(400, "label_name is required")
    if call.fields.get("add_label"):
        rows.get_or_create(kind="label", name=name, defaults={"about": {}})
    elif call.fields.get("remove_label"):
        rows.filter(kind="label", name=name).delete()
    else:
        raise Failure(400, "add_label or remove_label is required")
    return done()


def _choices(store: Store, kind: str, always: tuple[str, ...]) -> list[Record]:
    rows = models.Choice.objects.using(store.database.alias).filter(kind=kind).order_by("id")
    added = [row for row in rows if row.name not in always]
    found: list[tuple[int, str, Record]] = [(number, name, {}) for number, name in enumerate(always, start=1)]
    found += [(len(always) + row.id, row.name, row.about if isinstance(row.about, dict) else {}) for row in added]
    return [
        {"id": number, "name": name, "order": place, "disabled": False, **about}
        for place, (number, name, about) in enumerate(found)
    ]


def _nowhere(name: str) -> Records:
    raise Failure(404, name)
