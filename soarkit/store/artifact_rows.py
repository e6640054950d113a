"""Rows of artifacts from what apps give: made by the ten thousand, so without the models."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, NamedTuple
from uuid import uuid4

from soarkit.store.bulk import time_value
from soarkit.store.database import Database
from soarkit.store.given import (
    OTHER_NAMES,
    compact,
    contents_digest,
    digest,
    tags,
    truth,
    written,
)
from soarkit.store.severities import Severities
from soarkit.store.times import moment

#: The columns of a row after its id and its container's id.
COLUMNS = (
    *("name", "label", "type", "severity", "description", "source_data_identifier", "owner", "ingest_app"),
    *("kill_chain", "run", "hash", "run_automation", "cef", "cef_types", "tags", "data", "extra"),
    *("create_time", "update_time", "start_time", "end_time"),
)
DEFAULT_LABEL, DEFAULT_TYPE = "artifact", "network"
DEFAULT_DESCRIPTION = "Artifact added by an app"
#: What says nothing about an artifact's contents.
_ASIDE = frozenset(
    ("id", "container_id", "container", "asset_id", "ingest_app_id", "run_automation", "source_data_identifier")
)
#: Keys that have a column, or follow from the place where the artifact is put.
_COLUMN_KEYS = frozenset((*COLUMNS, *OTHER_NAMES, "container_id", "container")) - {"extra", "hash", "run"}
_EMPTY = "{}"


class GivenArtifact(NamedTuple):
    """An artifact as it was given, with what tells it from the others of its container."""

    given: Mapping[str, Any]
    last: bool  #: whether it is the last of its list, which is the one that automation starts on
    identifier: str
    hash: str


class ArtifactRows:
    """Makes the rows of one call.

    :param appid: the app that gives them
    :param run: the key of the run
    :param explicit_only: artifacts without an identifier are never duplicates
    """

    def __init__(
        self, database: Database, severities: Severities, *, appid: str | None, run: str | None, explicit_only: bool
    ) -> None:
        self._database, self._severities = database, severities
        self._appid, self._run, self._explicit_only = appid, run, explicit_only
        self.now = datetime.now(timezone.utc)
        self._now = time_value(database, self.now)

    def identified(self, given: Mapping[str, Any], *, last: bool) -> GivenArtifact:
        """An artifact with its identifier.

        :param last: whether it is the last of its list
        """
        identifier = written(given.get("source_data_identifier") or "")
        if not identifier:
            identifier = uuid4().hex if self._explicit_only else _contents(given)
        return GivenArtifact(given, last, identifier, digest(identifier))

    def row(self, artifact: GivenArtifact) -> tuple[Any, ...]:
        """The values of :data:`COLUMNS`."""
        given = artifact.given
        get = given.get
        automation = get("run_automation")
        start, end = get("start_time"), get("end_time")
        start_time, end_time = moment(start) if start else None, moment(end) if end else None
        extra = {}
        if not given.keys() <= _COLUMN_KEYS or (start and not start_time) or (end and not end_time):
            extra = {key: value for key, value in given.items() if key not in _COLUMN_KEYS}
            extra.update(_unreadable(start_time=(start, start_time), end_time=(end, end_time)))
        owner, app, kill_chain = get("owner_id") or get("owner"), get("ingest_app_id"), get("kill_chain")
        return (
            written(get("name") or ""),
            written(get("label") or DEFAULT_LABEL),
            written(get("type") or DEFAULT_TYPE),
            self._severities.spelled(get("severity")),
            written(get("description") or DEFAULT_DESCRIPTION),
            artifact.identifier,
            written(owner) if owner else "",
            written(app) if app else self._appid,
            written(kill_chain) if kill_chain else None,
            self._run,
            artifact.hash,
            artifact.last if automation is None else truth(automation),
            _json(get("cef")),
            _json(get("cef_types")),
            _tags_json(get("tags")),
            _json(get("data")),
            compact(extra) if extra else _EMPTY,
            self._now,
            self._now,
            time_value(self._database, start_time) if start_time else self._now,
            time_value(self._database, end_time) if end_time else None,
        )


def _tags_json(given: object) -> str:
    if not given:
        return "[]"
    if isinstance(given, list) and all(type(one) is str for one in given):
        return _tags_text(tuple(given))
    return compact(tags(given))


@functools.lru_cache(256)
def _tags_text(given: tuple[str, ...]) -> str:
    return compact(tags(list(given)))


def _unreadable(**times: tuple[Any, datetime | None]) -> dict[str, Any]:
    return {name: given for name, (given, time) in times.items() if given and time is None}


def _json(value: Any) -> str:
    return compact(value) if value else _EMPTY


def _contents(given: Mapping[str, Any]) -> str:
    return contents_digest({key: value for key, value in given.items() if key not in _ASIDE})
