"""The vault: files for apps and from apps, kept once however often they are added."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import IO, Any

from django.db.models import QuerySet

from soarkit.errors import RequestError
from soarkit.store import mime, models
from soarkit.store.database import Database, guarded
from soarkit.store.rows import iso, text
from soarkit.store.vault_files import Received, VaultFiles

_SHORTEST_PREFIX = 6
#: What every file in the vault is good for, as a kind of value that actions take.
_CONTAINS = "vault id"
_Entries = list[dict[str, Any]]


@dataclass(frozen=True)
class SavedFile:
    """A file in the vault, as it was added.

    :param id: of the attachment, which is the file under one name in one container
    :param vault_id: SHA-1 of its contents, in lower case
    :param size: bytes
    :param container_id: None where it belongs to no container
    :param added: False where the same file was there already, under this name and in this container
    """

    id: int
    vault_id: str
    size: int
    name: str
    container_id: int | None
    added: bool


@dataclass(frozen=True)
class Swept:
    """What a sweep has removed.

    :param leftovers: half-copied files of processes that died
    :param strays: vault ids of files that nothing knew of
    :param forgotten: vault ids of files that belonged to nothing any more
    """

    leftovers: int
    strays: tuple[str, ...]
    forgotten: tuple[str, ...]


class Vault:
    """Files by the SHA-1 of their contents; each may be attached to several containers, under several names.

    :ivar files: where their contents are
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.files = VaultFiles(database.home)

    @guarded
    def add(
        self,
        source: str | IO[bytes],
        *,
        name: str | None = None,
        container_id: int | None = None,
        metadata: Mapping[str, Any] | None = None,
        created_via: str = "automation",
        author: str = "",
        task_id: int | None = None,
        watch: Callable[[int], None] = lambda size: None,
    ) -> SavedFile:
        """Copy a file into the vault. The same one, under the same name in the same container, is there once.

        When this returns it is on the disk, and when it fails there is no trace of it.

        :param source: path of a regular file, or something to read its contents from
        :param name: what it is called; default: the last part of the path
        :param container_id: the container it belongs to; None or 0: none
        :param metadata: what the caller knows of it; ``contains`` lists what kinds of value it is
        :param watch: told now and then how many bytes have been copied
        :raises RequestError: there is no such container
        :raises OSError: the source cannot be read, or its copy not written
        """
        container_id = container_id or None
        self._require_container(container_id)
        if isinstance(source, str):
            with _opened(source) as file:
                return self.add(
                    file,
                    name=name or os.path.basename(os.path.abspath(source)),
                    container_id=container_id,
                    metadata=metadata,
                    created_via=created_via,
                    author=author,
                    task_id=task_id,
                    watch=watch,
                )
        with self.files.receive(source, watch) as received, self.files.alone(), self.database.transaction():
            # Copying takes its time: somebody may have deleted it.
            self._require_container(container_id, lock=True)
            document = self._document(received, name or "")
            row = models.Attachment(
                document=document,
                container_id=container_id,
                name=text(name or "") or received.sha1,
                created_via=text(created_via),
                author=text(author),
                task_id=task_id,
                metadata=dict(metadata or {}),
                create_time=_now(),
            )
            row, added = self._attached(row)
            # Last, as what is here without a row would stay.
            self.files.place(received)
        return SavedFile(row.id, document.hash, document.size, row.name, row.container_id, added)

    @guarded
    def find(
        self,
        *,
        vault_id: str | None = None,
        file_name: str | None = None,
        container_id: int | None = None,
        id: int | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> _Entries:
        """Files in the vault, the oldest first, as apps are shown them (connector API, section 4).

        :param vault_id: only the file with that SHA-1, in whatever case
        :param file_name: only files called so
        :param container_id: only files of that container; 0: only those that belong to none
        :param id: only the attachment with that id
        :param limit: the first so many at most
        """
        rows = self._rows()
        if vault_id is not None:
            rows = rows.filter(document__hash=text(vault_id.strip().lower()))
        if file_name is not None:
            rows = rows.filter(name=text(file_name))
        if container_id is not None:
            rows = rows.filter(container_id=container_id or None)
        if id is not None:
            rows = rows.filter(id=id)
        return self._entries((rows.reverse() if newest_first else rows)[:limit])

    @guarded
    def resolve(self, beginning: str) -> str:
        """The vault id that begins so.

        :param beginning: 6 characters of it or more, in whatever case
        :raises RequestError: there is none, or there are several
        """
        wanted = text(beginning.strip().lower())
        hint = "`soarkit vault list` shows the ids"
        if len(wanted) < _SHORTEST_PREFIX:
            raise RequestError(f"{beginning!r} is too short: {_SHORTEST_PREFIX} characters are needed", hint=hint)
        documents = models.VaultDocument.objects.using(self.database.alias)
        found: list[str] = list(
            documents.filter(hash__startswith=wanted).order_by("hash").values_list("hash", flat=True)[:5]
        )
        if not found:
            raise RequestError(f"the vault has no file {beginning!r}", hint=hint)
        if len(found) > 1:
            raise RequestError(f"several files begin with {beginning!r}", hint=f"give more of it: {', '.join(found)}")
        return found[0]

    @guarded
    def has_container(self, container_id: int) -> bool:
        """Whether there is that container, for files to belong to."""
        rows = models.Container.objects.using(self.database.alias).filter(id=container_id)
        return bool(rows.exists())

    @guarded
    def delete(self, ids: Iterable[int]) -> list[str]:
        """Delete attachments; contents that nothing is left of go with them.

        :param ids: of the attachments
        :returns: the names of those that were there
        """
        wanted = list(ids)
        with self.files.alone():
            with self.database.transaction():
                names = []
                for start in range(0, len(wanted), 500):
                    rows = self._rows().filter(id__in=wanted[start : start + 500])
                    names += [row.name for row in rows]
                    models.Attachment.objects.using(self.database.alias).filter(
                        id__in=wanted[start : start + 500]
                    ).delete()
                gone = self._forget()
            for vault_id in gone:
                self.files.remove(vault_id)
        return names

    @guarded
    def drop_unattached(self) -> list[str]:
        """Remove what belongs to nothing any more, as after containers were deleted.

        :returns: the vault ids
        """
        with self.files.alone():
            with self.database.transaction():
                gone = self._forget()
            for vault_id in gone:
                self.files.remove(vault_id)
        return gone

    @guarded
    def sweep(self) -> Swept:
        """Remove all files that the database does not know of, and what belongs to nothing."""
        forgotten = self.drop_unattached()
        with self.files.alone():
            self.files.clear_temporary()
            leftovers = self.files.leftovers()
            for path in leftovers:
                os.unlink(path)
            known = set(models.VaultDocument.objects.using(self.database.alias).values_list("hash", flat=True))
            strays = [one for one in self.files.ids() if one not in known]
            for vault_id in strays:
                self.files.remove(vault_id)
        return Swept(len(leftovers), tuple(strays), tuple(forgotten))

    def _require_container(self, container_id: int | None, *, lock: bool = False) -> None:
        """Refuse a container that is not there.

        :param lock: it stays until the transaction ends
        :raises RequestError: there is no such container
        """
        if container_id is None:
            return
        rows = models.Container.objects.using(self.database.alias).filter(id=container_id)
        if not (rows.select_for_update(no_key=True) if lock else rows).values("id").first():
            raise RequestError(f"there is no container {container_id}", hint="`soarkit containers` lists them")

    def _document(self, received: Received, name: str) -> models.VaultDocument:
        documents = models.VaultDocument.objects.using(self.database.alias)
        found, _ = documents.get_or_create(
            hash=received.sha1,
            defaults={
                "sha256": received.sha256,
                "md5": received.md5,
                "size": received.size,
                "mime_type": mime.guess(name, received.head),
                "create_time": _now(),
            },
        )
        # Held until the end of the transaction: on a server, somebody with another home folder may add it, too.
        held: models.VaultDocument = documents.select_for_update().get(id=found.id)
        return held

    def _attached(self, row: models.Attachment) -> tuple[models.Attachment, bool]:
        """The attachment of that name, which may be there already; then it learns what is new about it."""
        same = self._rows().filter(document=row.document, container_id=row.container_id, name=row.name).first()
        if same is None:
            row.save(using=self.database.alias)
            return row, True
        if row.metadata and {**same.metadata, **row.metadata} != same.metadata:
            same.metadata = {**same.metadata, **row.metadata}
            same.save(using=self.database.alias, update_fields=["metadata"])
        return same, False

    def _forget(self) -> list[str]:
        """Delete the rows of documents without attachments; their vault ids."""
        rows = models.VaultDocument.objects.using(self.database.alias).filter(attachments=None)
        gone = list(rows.values_list("hash", flat=True))
        rows.delete()
        return gone

    def _rows(self) -> QuerySet[models.Attachment]:
        rows: QuerySet[models.Attachment] = models.Attachment.objects.using(self.database.alias).order_by("id")
        return rows

    def _entries(self, rows: QuerySet[models.Attachment]) -> _Entries:
        found = list(rows.select_related("document", "container"))
        names: dict[int, list[str]] = {}
        documents = list({row.document_id for row in found})
        for start in range(0, len(documents), 500):
            others = self._rows().filter(document_id__in=documents[start : start + 500])
            for document, name in others.values_list("document_id", "name"):
                names.setdefault(document, []).append(name)
        return [self._entry(row, names[row.document_id]) for row in found]

    def _entry(self, row: models.Attachment, names: list[str]) -> dict[str, Any]:
        document = row.document
        contains = row.metadata.get("contains") or []
        contains = contains if isinstance(contains, list) else [contains]
        return {
            "id": row.id,
            "vault_id": document.hash,
            "hash": document.hash,
            "name": row.name,
            "path": self.files.path(document.hash),
            "size": document.size,
            "mime_type": document.mime_type,
            "container_id": row.container_id or 0,
            "container": row.container.name if row.container is not None else "",
            "create_time": iso(row.create_time),
            "created_via": row.created_via,
            "user": row.author,
            "task": "" if row.task_id is None else str(row.task_id),
            "vault_document": document.id,
            "es_attachment_id": None,
            "aka": [name for name in dict.fromkeys(names) if name != row.name],
            "contains": list(dict.fromkeys([_CONTAINS, *map(str, contains)])),
            "metadata": {
                **row.metadata,
                "contains": contains,
                "sha1": document.hash,
                "sha256": document.sha256,
                "md5": document.md5,
                "size": document.size,
            },
        }


def _opened(path: str) -> IO[bytes]:
    # Not to wait for whoever might write into a pipe; what is no regular file is refused then.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path}: this is no file that could be copied")
    return open(descriptor, "rb", buffering=0)


def _now() -> datetime:
    return datetime.now(timezone.utc)
