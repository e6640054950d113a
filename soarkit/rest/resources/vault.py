"""Files: attachments of containers, their contents in the vault, and getting them out again."""

from __future__ import annotations

import base64
import binascii
import io
import os
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase

from soarkit.rest.call import Call
from soarkit.rest.failures import Failure, not_found
from soarkit.rest.fields import Field, Kind, columns, fixed
from soarkit.rest.query import Query
from soarkit.rest.resource import Record, Table, whole
from soarkit.rest.resources.people import user_id
from soarkit.rest.resources.writing import done, refusals
from soarkit.store import models
from soarkit.store.given import row_id

if TYPE_CHECKING:
    from django.http import HttpResponse

    from soarkit.store.opened import Store

_SHA1 = 40  # characters


def _metadata(row: models.Attachment) -> dict[str, Any]:
    contains = row.metadata.get("contains") or []
    return {**row.metadata, **_meta(row.document), "contains": contains if isinstance(contains, list) else [contains]}


def _meta(document: models.VaultDocument) -> dict[str, Any]:
    return {"sha1": document.hash, "sha256": document.sha256, "md5": document.md5, "size": document.size}


class Attachments(Table):
    """``container_attachment``."""

    name = "container_attachment"
    fields = (
        *columns(Kind.NUMBER, "id"),
        *columns(Kind.TEXT, "name created_via"),
        Field("container", Kind.NUMBER, "container_id", relation="container"),
        Field("container_id", Kind.NUMBER, "container_id", relation="container"),
        Field("vault_document", Kind.NUMBER, "document_id", relation="vault_document"),
        Field("vault_id", column="document__hash", value=lambda row: row.document.hash),
        Field("hash", column="document__hash", value=lambda row: row.document.hash),
        Field("size", Kind.NUMBER, "document__size", value=lambda row: row.document.size),
        Field("mime_type", column="document__mime_type", value=lambda row: row.document.mime_type),
        Field("user", column="author", relation="ph_user", key="username", value=lambda row: user_id(row.author)),
        Field("task", Kind.NUMBER, "task_id"),
        Field("metadata", Kind.JSON, value=_metadata),
        Field("contains", Kind.JSON, value=lambda row: ["vault id", *_metadata(row)["contains"]]),
        *columns(Kind.TIME, "create_time"),
        *fixed(es_attachment_id=None),
    )

    def rows(self, store: Store) -> QuerySet[models.Attachment]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.Attachment] = models.Attachment.objects.using(store.database.alias).select_related(
            "document", "container"
        )
        return rows

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        names = _names(call.store, [row.document_id for row in rows])
        for row, record in zip(rows, records, strict=True):
            record["path"] = call.store.vault.files.path(row.document.hash)
            record["aka"] = [name for name in names.get(row.document_id, []) if name != row.name]
            if query.pretty:
                shown = ("vault_id", "hash", "size", "mime_type", "metadata", "contains", "aka", "path")
                record |= {f"_pretty_{name}": record[name] for name in shown}
                record["_pretty_user"] = row.author
                record["_pretty_container"] = row.container.name if row.container is not None else ""

    def create(self, call: Call) -> HttpResponse:
        """Put a file into the vault, from the body or from the vault's temporary folder."""
        given = call.fields
        source, name = _source(call, given)
        metadata = given.get("metadata")
        container = given.get("container_id", given.get("container"))
        try:
            with refusals():
                saved = call.store.vault.add(
                    source,
                    name=str(given.get("file_name") or name or "") or None,
                    container_id=None if container is None else row_id(container) or whole(str(container)),
                    metadata=metadata if isinstance(metadata, dict) else {},
                    author=call.caller.user,
                )
        except OSError as error:
            raise Failure(400, f"the file cannot be read: {error.strerror or error}") from None
        known = {"vault_id": saved.vault_id, "hash": saved.vault_id, "size": saved.size, "file_name": saved.name}
        return done(succeeded=True, id=saved.id, message=f"Added file: {saved.name}", **known)

    def delete(self, call: Call, identifier: str) -> HttpResponse:
        """Delete an attachment, or all of the contents with that SHA-1."""
        if len(identifier) == _SHA1:
            found = self.rows(call.store).filter(document__hash=identifier.lower())
            numbers = list(found.values_list("id", flat=True))
        else:
            numbers = [self.row(call, identifier).id]
        if not numbers:
            raise not_found()
        call.store.vault.delete(numbers)
        return done(id=numbers[0])


class Documents(Table):
    """``vault_document``."""

    name = "vault_document"
    fields = (
        *columns(Kind.NUMBER, "id size"),
        *columns(Kind.TEXT, "hash mime_type"),
        *columns(Kind.TIME, "create_time"),
        Field("meta", Kind.JSON, value=_meta),
        *fixed(version=1),
    )

    def rows(self, store: Store) -> QuerySet[models.VaultDocument]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.VaultDocument] = models.VaultDocument.objects.using(store.database.alias)
        return rows

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        names = _names(call.store, [row.id for row in rows])
        for row, record in zip(rows, records, strict=True):
            record["names"] = names.get(row.id, [])


def download(call: Call) -> HttpResponseBase:
    """The contents of a file in the vault."""
    vault_id = call.request.GET.get("vault_id", "").strip("\"' ").lower()
    found = call.store.vault.find(vault_id=vault_id, limit=1) if vault_id else []
    if not found:
        raise not_found()
    try:
        file = open(found[0]["path"], "rb")  # noqa: SIM115 - the answer closes it
    except OSError:
        raise not_found() from None
    return FileResponse(file, as_attachment=True, filename=found[0]["name"], content_type="application/octet-stream")


def _source(call: Call, given: dict[str, Any]) -> tuple[str | IO[bytes], str | None]:
    content, path = given.get("file_content"), given.get("local_path")
    if isinstance(content, str):
        try:
            return io.BytesIO(base64.b64decode(content, validate=True)), None
        except (binascii.Error, ValueError):  # some clients send text as it is
            return io.BytesIO(content.encode("utf-8", "replace")), None
    if not isinstance(path, str) or not path or "\0" in path:
        raise Failure(400, "file_content or local_path is required")
    folders = [os.path.join(call.store.vault.files.folder, "tmp")]
    if call.caller.app_home is not None:
        folders.append(os.path.join(call.caller.app_home, "vault", "tmp"))
    real = os.path.realpath(path)
    if not any(os.path.commonpath([real, os.path.realpath(one)]) == os.path.realpath(one) for one in folders):
        raise Failure(400, "local_path must be in the temporary folder of the vault")
    return real, os.path.basename(path)


def _names(store: Store, documents: Sequence[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    numbers = sorted(set(documents))
    for start in range(0, len(numbers), 500):
        rows = models.Attachment.objects.using(store.database.alias).filter(
            document_id__in=numbers[start : start + 500]
        )
        for document, name in rows.order_by("id").values_list("document_id", "name"):
            known = names.setdefault(document, [])
            if name not in known:
                known.append(name)
    return names
