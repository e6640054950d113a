"""The containers: what ingestion makes of alerts, mails, tickets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any
from uuid import uuid4

from django.db import IntegrityError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from soarkit.errors import InputError, RequestError
from soarkit.store import models, shown
from soarkit.store.artifact_rows import ArtifactRows
from soarkit.store.artifacts import Artifacts, put_times
from soarkit.store.conflicts import conflicts_retried
from soarkit.store.database import Database, guarded
from soarkit.store.given import CONTAINER_FIELDS, CONTAINER_TIMES, OTHER_NAMES, digest, row_id, times, word, written
from soarkit.store.rows import text
from soarkit.store.saved import SavedArtifact, SavedContainer
from soarkit.store.severities import Severities
from soarkit.store.vault import Vault

DEFAULT_DESCRIPTION = "Container added by an app"
DEFAULT_LABEL, DEFAULT_STATUS, DEFAULT_SENSITIVITY, DEFAULT_TYPE = "incident", "new", "amber", "default"
#: Given keys that end in columns of their own, or in none.
_COLUMN_KEYS = frozenset(
    (*CONTAINER_FIELDS, *OTHER_NAMES, "ingest_app", "severity", "source_data_identifier", "artifacts", "artifact_count")
)
# Inside the class `list` is its method.
_Shown = list[dict[str, Any]]
_Ids = list[int]
_Words = list[str]
_Anything = list[Any]
_Saved = list[SavedArtifact]


class Containers:
    """Containers, told apart within their asset by ``source_data_identifier``."""

    def __init__(self, database: Database, severities: Severities, artifacts: Artifacts, vault: Vault) -> None:
        self.database = database
        self._severities, self._artifacts, self._vault = severities, artifacts, vault

    @guarded
    def save(
        self, container: Mapping[str, Any], *, asset_id: int, appid: str | None, label: str, run: str | None
    ) -> SavedContainer:
        """Save a container with its artifacts, in one transaction.

        Where the asset has it already, only the artifacts are added.

        :param container: as apps give it (connector API, section 7)
        :param asset_id: the asset of one that names none
        :param appid: the app that gives it
        :param label: the label of one that names none
        :param run: the key of the run
        :raises InputError: it has no name
        """
        given = {OTHER_NAMES.get(name, name): value for name, value in container.items()}
        if not given.get("name"):
            raise InputError("a container needs a name", where="name")
        # Made here, so that a second attempt does not see another container.
        identifier = written(given.get("source_data_identifier") or "") or uuid4().hex
        asset_id = row_id(given.get("asset_id")) or asset_id
        self._severities.renew()
        return self._save(given, identifier, asset_id, {"ingest_app": appid, "label": label, "run": run})

    @conflicts_retried
    def _save(
        self, given: Mapping[str, Any], identifier: str, asset_id: int, defaults: Mapping[str, str | None]
    ) -> SavedContainer:
        rows = self._artifacts.rows(appid=defaults["ingest_app"], run=defaults["run"], explicit_only=False)
        with self.database.transaction():
            row = self._row_of(given, identifier, asset_id, defaults, rows.now)
            number = self._present(row)
            new = number is None
            if number is None:
                try:
                    with self.database.transaction():
                        row.save(using=self.database.alias, force_insert=True)
                    number = row.id
                except IntegrityError:
                    number = self._present(row)  # another host was faster
                    if number is None:
                        raise
            new = new and number == row.id
            artifacts = given.get("artifacts") or []
            if isinstance(artifacts, Mapping):
                artifacts = [artifacts]
            elif not isinstance(artifacts, list):
                artifacts = [None]
            return SavedContainer(number, not new, self._nested(artifacts, rows, number, new=new))

    @guarded
    def get(self, container_id: object) -> dict[str, Any]:
        """A container as REST shows it.

        :raises RequestError: there is none
        """
        return _shown(_counted(self._all().filter(id=self._row(container_id).id)).get())

    @guarded
    def list(self, /, *, limit: int | None = None, **filters: Any) -> _Shown:
        """Containers, newest first, as REST shows them.

        :param limit: so many at most
        :param filters: as :meth:`each` takes them
        """
        found = _counted(self._rows(**filters)).order_by("-id")
        return [_shown(row) for row in (found if limit is None else found[:limit])]

    @guarded
    def labels(self) -> _Words:
        """The labels that containers have."""
        return sorted(self._all().order_by().values_list("label", flat=True).distinct())

    @guarded
    def severities(self) -> _Words:
        """The severities there are, the highest first; added ones come last."""
        return self._severities.names()

    def each(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """The same one by one, oldest first; memory holds some at a time. Within :meth:`Database.one_moment`.

        :param filters: ``asset``: its id; ``app``: appid; ``label``, ``severity`` and ``status``: their names;
            ``since``: made at that time or later; ``ids``: these
        """
        with self.database.errors():
            for row in _counted(self._rows(**filters)).order_by("id").iterator(chunk_size=100):
                yield _shown(row)

    @guarded
    @conflicts_retried
    def update(self, container_id: object, fields: Mapping[str, Any]) -> None:
        """Change fields of a container. Names that are no field of it, or none that one changes, are passed over.

        :raises RequestError: there is no such container, a time cannot be read, or the asset has another container
            with that ``source_data_identifier``
        """
        given = {OTHER_NAMES.get(name, name): value for name, value in fields.items()}
        with self.database.transaction():
            row = self._row(container_id)
            for name, form in CONTAINER_FIELDS.items():
                if name in given and (given[name] or name not in ("name", "label", "status", "sensitivity")):
                    setattr(row, name, form(given[name]))
            if given.get("severity"):
                self._severities.renew()
                row.severity = self._severities.spelled(given["severity"])
            put_times(row, given, CONTAINER_TIMES)
            row.update_time = datetime.now(timezone.utc)
            if row.status != "closed":
                row.close_time = None
            elif row.close_time is None:
                row.close_time = row.update_time
            identifier = written(given.get("source_data_identifier") or row.source_data_identifier)
            if identifier != row.source_data_identifier:
                row.source_data_identifier, row.hash = identifier, digest(identifier)
                if self._present(row) not in (None, row.id):
                    raise RequestError(f"the asset has another container with the identifier {identifier!r}")
            row.save(using=self.database.alias)

    @guarded
    @conflicts_retried
    def delete(self, container_id: object) -> None:
        """Delete a container with all that belongs to it; files of the vault that nobody else has go, too.

        :raises RequestError: there is none
        """
        with self.database.transaction():
            row = self._row(container_id)
            models.Artifact.objects.using(self.database.alias).filter(container_id=row.id).delete()
            files = models.Attachment.objects.using(self.database.alias).filter(container_id=row.id).exists()
            row.delete(using=self.database.alias)
        if files:
            self._vault.drop_unattached()

    def _nested(self, artifacts: _Anything, rows: ArtifactRows, container_id: int, *, new: bool) -> _Saved:
        places = [place for place, one in enumerate(artifacts) if isinstance(one, Mapping)]
        last = len(artifacts) - 1
        given = [rows.identified(artifacts[place], last=place == last) for place in places]
        saved = dict(zip(places, self._artifacts.put(given, rows, container_id, new=new), strict=True))
        wrong = SavedArtifact(None, error="an artifact is an object")
        return [saved.get(place, wrong) for place in range(len(artifacts))]

    def _row_of(
        self,
        given: Mapping[str, Any],
        identifier: str,
        asset_id: int,
        defaults: Mapping[str, str | None],
        now: datetime,
    ) -> models.Container:
        extra = {key: value for key, value in given.items() if key not in _COLUMN_KEYS}
        if row_id(extra.get("asset_id")) or not extra.get("asset_id"):
            extra.pop("asset_id", None)
        found = times(extra, CONTAINER_TIMES)
        found["start_time"] = found["start_time"] or now
        filled = {
            "label": word(given.get("label")) or word(defaults["label"]) or DEFAULT_LABEL,
            "status": word(given.get("status")) or DEFAULT_STATUS,
            "sensitivity": word(given.get("sensitivity")) or DEFAULT_SENSITIVITY,
            "description": written(given.get("description") or DEFAULT_DESCRIPTION),
            "container_type": written(given.get("container_type") or DEFAULT_TYPE),
        }
        formed = {name: form(given.get(name)) for name, form in CONTAINER_FIELDS.items()}
        if filled["status"] == "closed" and found["close_time"] is None:
            found["close_time"] = now
        return models.Container(
            **{**formed, **filled, **found},
            severity=self._severities.spelled(given.get("severity")),
            source_data_identifier=identifier,
            hash=digest(identifier),
            asset_id=asset_id,
            ingest_app=written(given.get("ingest_app") or "") or defaults["ingest_app"],
            run=defaults["run"],
            extra=extra,
            create_time=now,
            update_time=now,
            artifact_update_time=now,
        )

    def _present(self, row: models.Container) -> int | None:
        """The container of the same identifier, held until the transaction ends."""
        same = self._all().select_for_update().filter(hash=row.hash, asset_id=row.asset_id)
        number: int | None = same.values_list("id", flat=True).first()
        return number

    def _all(self) -> QuerySet[models.Container]:
        return models.Container.objects.using(self.database.alias)

    def _row(self, container_id: object) -> models.Container:
        number = row_id(container_id)
        row: models.Container | None = None if number is None else self._all().filter(id=number).first()
        if row is None:
            raise RequestError(f"there is no container {written(container_id)}", hint="soarkit containers list")
        return row

    def _rows(
        self,
        *,
        asset: int | None = None,
        app: str | None = None,
        label: str | None = None,
        severity: str | None = None,
        status: str | None = None,
        since: datetime | None = None,
        ids: _Ids | None = None,
    ) -> QuerySet[models.Container]:
        rows = self._all()
        if asset is not None:
            rows = rows.filter(asset_id=asset)
        if app is not None:
            rows = rows.filter(ingest_app=text(app))
        if label is not None:
            rows = rows.filter(label__iexact=text(label))
        if severity is not None:
            rows = rows.filter(severity__iexact=text(severity))
        if status is not None:
            rows = rows.filter(status__iexact=text(status))
        if since is not None:
            rows = rows.filter(create_time__gte=since)
        if ids is not None:
            rows = rows.filter(id__in=ids)
        return rows


def _counted(rows: QuerySet[models.Container]) -> QuerySet[models.Container]:
    """The rows, each with the number of its artifacts."""
    own = models.Artifact.objects.filter(container_id=OuterRef("id")).order_by().values("container_id")
    number = Subquery(own.annotate(number=Count("id")).values("number"))
    counted: QuerySet[models.Container] = rows.annotate(own_artifacts=Coalesce(number, 0))
    return counted


def _shown(row: models.Container) -> dict[str, Any]:
    return shown.container(row, getattr(row, "own_artifacts"))  # noqa: B009 - of the query, not of the model
