"""The artifacts of containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from django.db.models import QuerySet

from soarkit import collector
from soarkit.errors import RequestError
from soarkit.store import bulk, models, shown
from soarkit.store.artifact_rows import COLUMNS, ArtifactRows, GivenArtifact
from soarkit.store.conflicts import conflicts_retried
from soarkit.store.database import Database, guarded
from soarkit.store.given import ARTIFACT_FIELDS, ARTIFACT_TIMES, OTHER_NAMES, digest, row_id, written
from soarkit.store.rows import text
from soarkit.store.saved import SavedArtifact
from soarkit.store.severities import Severities
from soarkit.store.times import moment

_TABLE = models.Artifact._meta.db_table
# Inside the class `list` is its method.
_Saved = list[SavedArtifact]
_Shown = list[dict[str, Any]]
_Words = list[str]


class Artifacts:
    """Artifacts: one observation each, told apart within their container by ``source_data_identifier``."""

    def __init__(self, database: Database, severities: Severities) -> None:
        self.database = database
        self._severities = severities

    @guarded
    @conflicts_retried
    def save(
        self,
        artifacts: Sequence[Any],
        *,
        container_id: int | None,
        appid: str | None,
        run: str | None,
        explicit_only: bool = False,
    ) -> _Saved:
        """Save artifacts, all that can be saved in one transaction.

        :param artifacts: as apps give them (connector API, section 7)
        :param container_id: the container of those that name none
        :param appid: the app that gives them
        :param run: the key of the run
        :param explicit_only: those without an identifier of their own are never duplicates
        :returns: what became of each, in their order
        """
        self._severities.renew()
        rows = self.rows(appid=appid, run=run, explicit_only=explicit_only)
        saved: dict[int, SavedArtifact] = {}
        places: dict[int, list[int]] = {}  # numbers of artifacts by container
        for number, given in enumerate(artifacts):
            target = _container_of(given, container_id)
            if isinstance(target, str):
                saved[number] = SavedArtifact(None, error=target)
            else:
                places.setdefault(target, []).append(number)
        last = len(artifacts) - 1
        with collector.paused(), self.database.transaction():
            for target in sorted(places):  # always in this order, so that no two wait for each other
                numbers = places[target]
                if self._lock(target):
                    given = [rows.identified(artifacts[number], last=number == last) for number in numbers]
                    saved.update(zip(numbers, self.put(given, rows, target), strict=True))
                else:
                    gone = SavedArtifact(None, error=f"there is no container {target}")
                    saved.update(dict.fromkeys(numbers, gone))
        return [saved[number] for number in range(len(artifacts))]

    def rows(self, *, appid: str | None, run: str | None, explicit_only: bool) -> ArtifactRows:
        """What makes rows of artifacts."""
        return ArtifactRows(self.database, self._severities, appid=appid, run=run, explicit_only=explicit_only)

    def put(
        self, artifacts: Sequence[GivenArtifact], rows: ArtifactRows, container_id: int, *, new: bool = False
    ) -> _Saved:
        """Insert those that are not there yet, in a transaction that holds the container.

        :param rows: what makes rows of them
        :param new: the container has just been made
        """
        # Of several alike the first is the one that is inserted.
        first: dict[str, GivenArtifact] = {}
        for one in artifacts:
            first.setdefault(one.hash, one)
        present = {} if new else bulk.ids_by_hash(self.database, _TABLE, container_id, list(first))
        fresh = [one for one in first.values() if one.hash not in present]
        if not fresh:
            return [SavedArtifact(present[one.hash], True) for one in artifacts]
        ids = bulk.new_ids(self.database, _TABLE, len(fresh))
        values = ((number, container_id, *rows.row(one)) for number, one in zip(ids, fresh, strict=True))
        bulk.insert(self.database, _TABLE, ("id", "container_id", *COLUMNS), values)
        containers = models.Container.objects.using(self.database.alias)
        containers.filter(id=container_id).update(artifact_update_time=rows.now)
        known = {**present, **{one.hash: number for number, one in zip(ids, fresh, strict=True)}}
        return [SavedArtifact(known[one.hash], first[one.hash] is not one or one.hash in present) for one in artifacts]

    @guarded
    def get(self, artifact_id: object) -> dict[str, Any]:
        """An artifact as REST shows it.

        :raises RequestError: there is none
        """
        return shown.artifact(self._row(artifact_id))

    @guarded
    def list(
        self,
        *,
        container: int | None = None,
        app: str | None = None,
        label: str | None = None,
        severity: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
        newest_first: bool = True,
    ) -> _Shown:
        """Artifacts as REST shows them.

        :param app: appid
        :param since: made at that time or later
        :param limit: so many at most
        """
        rows = self._rows(container=container, app=app, label=label, severity=severity, since=since)
        found = rows.order_by("-id" if newest_first else "id")
        return [shown.artifact(row) for row in (found if limit is None else found[:limit])]

    @guarded
    def labels(self) -> _Words:
        """The labels that artifacts have."""
        return sorted(self._all().order_by().values_list("label", flat=True).distinct())

    def each(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """The same one by one, oldest first; memory holds some at a time. Within :meth:`Database.one_moment`."""
        with self.database.errors():
            for row in self._rows(**filters).order_by("id").iterator(chunk_size=500):
                yield shown.artifact(row)

    @guarded
    @conflicts_retried
    def update(self, artifact_id: object, fields: Mapping[str, Any]) -> None:
        """Change fields of an artifact. Names that are no field of it, or none that one changes, are passed over.

        :raises RequestError: there is no such artifact, a time cannot be read, or the container has another artifact
            with that ``source_data_identifier``
        """
        given = {OTHER_NAMES.get(name, name): value for name, value in fields.items()}
        with self.database.transaction():
            row = self._row(artifact_id)
            for name, form in ARTIFACT_FIELDS.items():
                if name in given:
                    setattr(row, name, form(given[name]))
            if "severity" in given:
                self._severities.renew()
                row.severity = self._severities.spelled(given["severity"])
            put_times(row, given, ARTIFACT_TIMES)
            identifier = written(given.get("source_data_identifier") or row.source_data_identifier)
            if identifier != row.source_data_identifier:
                row.source_data_identifier, row.hash = identifier, digest(identifier)
                same = self._all().filter(container_id=row.container_id, hash=row.hash).exclude(id=row.id)
                if same.exists():
                    raise RequestError(f"the container has another artifact with the identifier {identifier!r}")
            row.update_time = datetime.now(timezone.utc)
            row.save(using=self.database.alias)
            containers = models.Container.objects.using(self.database.alias)
            containers.filter(id=row.container_id).update(artifact_update_time=row.update_time)

    @guarded
    def delete(self, artifact_id: object) -> None:
        """Delete an artifact.

        :raises RequestError: there is none
        """
        with self.database.transaction():
            row = self._row(artifact_id)
            self._all().filter(id=row.id).delete()
            containers = models.Container.objects.using(self.database.alias)
            containers.filter(id=row.container_id).update(artifact_update_time=datetime.now(timezone.utc))

    def _lock(self, container_id: int) -> bool:
        """Hold a container until the transaction ends; False when there is none."""
        containers = models.Container.objects.using(self.database.alias)
        return containers.select_for_update().filter(id=container_id).values_list("id").first() is not None

    def _all(self) -> QuerySet[models.Artifact]:
        return models.Artifact.objects.using(self.database.alias)

    def _row(self, artifact_id: object) -> models.Artifact:
        number = row_id(artifact_id)
        row: models.Artifact | None = None if number is None else self._all().filter(id=number).first()
        if row is None:
            raise RequestError(f"there is no artifact {written(artifact_id)}", hint="soarkit artifacts list")
        return row

    def _rows(
        self,
        *,
        container: int | None = None,
        app: str | None = None,
        label: str | None = None,
        severity: str | None = None,
        since: datetime | None = None,
    ) -> QuerySet[models.Artifact]:
        rows = self._all()
        if container is not None:
            rows = rows.filter(container_id=row_id(container) or 0)
        if app is not None:
            rows = rows.filter(ingest_app=text(app))
        if label is not None:
            rows = rows.filter(label__iexact=text(label))
        if severity is not None:
            rows = rows.filter(severity__iexact=text(severity))
        if since is not None:
            rows = rows.filter(create_time__gte=since)
        return rows


def put_times(row: Any, given: Mapping[str, Any], names: Sequence[str]) -> None:
    """Put the given times into a row.

    :raises RequestError: one cannot be read
    """
    for name in names:
        if name in given:
            time = moment(given[name]) if given[name] else None
            if time is None and given[name]:
                raise RequestError(f"{name}: {written(given[name])!r} is no time")
            setattr(row, name, time)


def _container_of(given: Any, default: int | None) -> int | str:
    """The id of the container that an artifact is for, or why it has none."""
    if not isinstance(given, Mapping):
        return "an artifact is an object, not " + type(given).__name__
    named = given.get("container_id") or given.get("container")
    if not named:
        return default or "the artifact names no container_id, and the run has no container"
    return row_id(named) or f"there is no container {written(named)}"
