"""Containers and artifacts as REST shows them."""

from __future__ import annotations

from typing import Any

from soarkit.store import models
from soarkit.store.times import shown


def container(row: models.Container, artifact_count: int) -> dict[str, Any]:
    """A container. ``run`` and ``extra``, which REST does not have, say where it comes from and what else was given."""
    return {
        "id": row.id,
        "name": row.name,
        "label": row.label,
        "status": row.status,
        "severity": row.severity,
        "sensitivity": row.sensitivity,
        "description": row.description,
        "source_data_identifier": row.source_data_identifier,
        "tags": row.tags,
        "data": row.data,
        "custom_fields": row.custom_fields,
        "asset": row.asset_id,
        "ingest_app": row.ingest_app,
        "tenant": _number(row.extra.get("tenant_id")),
        "owner": row.owner,
        "owner_name": row.owner,
        "artifact_count": artifact_count,
        "create_time": shown(row.create_time),
        "start_time": shown(row.start_time),
        "end_time": shown(row.end_time),
        "open_time": shown(row.open_time),
        "close_time": shown(row.close_time),
        "due_time": shown(row.due_time),
        "container_update_time": shown(row.update_time),
        "artifact_update_time": shown(row.artifact_update_time),
        "container_type": row.container_type,
        "kill_chain": row.kill_chain,
        "closing_rule_run": None,
        "hash": row.hash,
        "version": 1,
        "run": row.run,
        "extra": row.extra,
    }


def artifact(row: models.Artifact) -> dict[str, Any]:
    """An artifact. ``run`` and ``extra`` as in :func:`container`."""
    return {
        "id": row.id,
        "name": row.name,
        "label": row.label,
        "container": row.container_id,
        "cef": row.cef,
        "cef_types": row.cef_types,
        "tags": row.tags,
        "type": row.type,
        "severity": row.severity,
        "source_data_identifier": row.source_data_identifier,
        "description": row.description,
        "data": row.data,
        "create_time": shown(row.create_time),
        "update_time": shown(row.update_time),
        "start_time": shown(row.start_time),
        "end_time": shown(row.end_time),
        "hash": row.hash,
        "in_case": False,
        "ingest_app": row.ingest_app,
        "kill_chain": row.kill_chain,
        "owner": row.owner,
        "version": 1,
        "run": row.run,
        "extra": row.extra,
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
