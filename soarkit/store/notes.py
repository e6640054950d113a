"""Notes in containers."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from soarkit.errors import RequestError
from soarkit.store import models
from soarkit.store.database import Database, guarded
from soarkit.store.rows import iso, text


class Notes:
    """The notes that people and apps have left in containers."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @guarded
    def add(
        self,
        container_id: int,
        *,
        title: str,
        content: str,
        note_type: str = "general",
        note_format: str = "html",
        author: str = "",
        artifact_id: int | None = None,
        task_id: int | None = None,
        phase_id: int | None = None,
    ) -> int:
        """Write a note into a container.

        :param note_type: "general", "task" or "artifact"
        :param note_format: "html" or "markdown"
        :param artifact_id: the artifact of that container that it is about
        :returns: its id
        :raises RequestError: there is no such container, or it has no such artifact
        """
        using = self.database.alias
        with self.database.transaction():
            if not models.Container.objects.using(using).filter(id=container_id).exists():
                raise RequestError(f"there is no container {container_id}", hint="`soarkit containers` lists them")
            artifacts = models.Artifact.objects.using(using).filter(id=artifact_id, container_id=container_id)
            if artifact_id is not None and not artifacts.exists():
                raise RequestError(f"container {container_id} has no artifact {artifact_id}")
            now = datetime.now(timezone.utc)
            row = models.Note(
                container_id=container_id,
                title=text(title),
                content=text(content),
                note_type=text(note_type),
                note_format=text(note_format),
                author=text(author),
                artifact_id=artifact_id,
                task_id=task_id,
                phase_id=phase_id,
                create_time=now,
                update_time=now,
            )
            row.save(using=using)
        return row.id

    @guarded
    def list(self, container_id: int) -> list[dict[str, Any]]:
        """The notes of a container, oldest first, each as REST shows it."""
        rows = models.Note.objects.using(self.database.alias).filter(container_id=container_id).order_by("id")
        return [_shown(row) for row in rows]

    @guarded
    def get(self, id: int) -> dict[str, Any]:
        """One note.

        :raises RequestError: there is no such note
        """
        row = models.Note.objects.using(self.database.alias).filter(id=id).first()
        if row is None:
            raise RequestError(f"there is no note {id}")
        return _shown(row)


def _shown(row: models.Note) -> dict[str, Any]:
    return {
        "id": row.id,
        "container": row.container_id,
        "title": row.title,
        "content": row.content,
        "note_type": row.note_type,
        "note_format": row.note_format,
        "author": row.author,
        "artifact": row.artifact_id,
        "task": row.task_id,
        "phase": row.phase_id,
        "create_time": iso(row.create_time),
        "modified_time": iso(row.update_time),
    }
