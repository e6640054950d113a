"""The tables of what apps leave on their platform: containers with what belongs to them, the vault, custom lists.

Times that an app gave and nobody can read stay in ``extra``, like every key that has no column.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models

from soarkit.store.json_field import JsonField


class Container(models.Model):
    """A container, what ingestion makes of an alert, a mail, a ticket.

    ``asset_id`` is the asset whose app saved it, or the number that stands for the configuration of a run without a
    stored asset; 0 for one that nobody ingested. ``run`` is the key of the run that saved it. ``hash`` stands for the
    identifier where that could be too long for an index.
    """

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    name: models.TextField[str, str] = models.TextField()
    label: models.TextField[str, str] = models.TextField()
    severity: models.TextField[str, str] = models.TextField()
    status: models.TextField[str, str] = models.TextField()
    sensitivity: models.TextField[str, str] = models.TextField()
    description: models.TextField[str, str] = models.TextField()
    source_data_identifier: models.TextField[str, str] = models.TextField()
    asset_id: models.BigIntegerField[int, int] = models.BigIntegerField()
    ingest_app: models.TextField[str | None, str | None] = models.TextField(null=True)
    owner: models.TextField[str, str] = models.TextField()
    container_type: models.TextField[str, str] = models.TextField()
    kill_chain: models.TextField[str | None, str | None] = models.TextField(null=True)
    run: models.TextField[str | None, str | None] = models.TextField(null=True)
    hash: models.TextField[str, str] = models.TextField()
    tags: JsonField = JsonField()
    data: JsonField = JsonField()
    custom_fields: JsonField = JsonField()
    extra: JsonField = JsonField()
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    update_time: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    artifact_update_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    start_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    end_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    open_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    close_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    due_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        app_label = "soarkit_store"
        constraints = (models.UniqueConstraint(fields=["hash", "asset_id"], name="soarkit_store_one_container"),)


class Artifact(models.Model):
    """An artifact of a container: one observation, its values in ``cef``, their types in ``cef_types``.

    Without an identifier of its own a digest of its contents is the identifier. ``hash`` stands for the identifier
    where that could be too long for an index.
    """

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    container: models.ForeignKey[Container, Container] = models.ForeignKey(
        Container, on_delete=models.CASCADE, related_name="artifacts", db_index=False
    )
    container_id: int
    name: models.TextField[str, str] = models.TextField()
    label: models.TextField[str, str] = models.TextField()
    type: models.TextField[str, str] = models.TextField()
    severity: models.TextField[str, str] = models.TextField()
    description: models.TextField[str, str] = models.TextField()
    source_data_identifier: models.TextField[str, str] = models.TextField()
    owner: models.TextField[str, str] = models.TextField()
    ingest_app: models.TextField[str | None, str | None] = models.TextField(null=True)
    kill_chain: models.TextField[str | None, str | None] = models.TextField(null=True)
    run: models.TextField[str | None, str | None] = models.TextField(null=True)
    hash: models.TextField[str, str] = models.TextField()
    run_automation: models.BooleanField[bool, bool] = models.BooleanField()
    cef: JsonField = JsonField()
    cef_types: JsonField = JsonField()
    tags: JsonField = JsonField()
    data: JsonField = JsonField()
    extra: JsonField = JsonField()
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    update_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    start_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    end_time: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    class Meta:
        app_label = "soarkit_store"
        constraints = (
            # It serves as the index of the container's artifacts, too.
            models.UniqueConstraint(fields=["container", "hash"], name="soarkit_store_one_artifact"),
        )


class Note(models.Model):
    """A note in a container, perhaps about one of its artifacts or tasks."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    container: models.ForeignKey[Container, Container] = models.ForeignKey(
        Container, on_delete=models.CASCADE, related_name="notes"
    )
    container_id: int
    title: models.TextField[str, str] = models.TextField()
    content: models.TextField[str, str] = models.TextField()
    note_type: models.TextField[str, str] = models.TextField()
    note_format: models.TextField[str, str] = models.TextField()
    author: models.TextField[str, str] = models.TextField()
    artifact_id: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    task_id: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    phase_id: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    update_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        app_label = "soarkit_store"


class Comment(models.Model):
    """A comment on a container."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    container: models.ForeignKey[Container, Container] = models.ForeignKey(
        Container, on_delete=models.CASCADE, related_name="comments"
    )
    container_id: int
    comment: models.TextField[str, str] = models.TextField()
    author: models.TextField[str, str] = models.TextField()
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        app_label = "soarkit_store"


class CustomList(models.Model):
    """A custom list ("decided list"): rows of columns."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    name: models.TextField[str, str] = models.TextField(unique=True)
    content: JsonField = JsonField()
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    update_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        app_label = "soarkit_store"


class Choice(models.Model):
    """A severity, status or label that people added to those that are always there.

    ``kind`` is "severity", "status" or "label"; ``about`` holds order, color and the like.
    """

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    kind: models.TextField[str, str] = models.TextField()
    name: models.TextField[str, str] = models.TextField()
    about: JsonField = JsonField()

    class Meta:
        app_label = "soarkit_store"
        constraints = (models.UniqueConstraint(fields=["kind", "name"], name="soarkit_store_one_choice"),)


class VaultDocument(models.Model):
    """The contents of a file in the vault, there once however often it is added. ``hash`` is SHA-1, the vault id."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    hash: models.CharField[str, str] = models.CharField(max_length=40, unique=True)
    sha256: models.TextField[str, str] = models.TextField()
    md5: models.TextField[str, str] = models.TextField()
    size: models.BigIntegerField[int, int] = models.BigIntegerField()
    mime_type: models.TextField[str, str] = models.TextField()
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        app_label = "soarkit_store"


class Attachment(models.Model):
    """A file in the vault as somebody added it: its name, and the container it belongs to, if any."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    document: models.ForeignKey[VaultDocument, VaultDocument] = models.ForeignKey(
        VaultDocument, on_delete=models.CASCADE, related_name="attachments"
    )
    document_id: int
    container: models.ForeignKey[Container | None, Container | None] = models.ForeignKey(
        Container, null=True, on_delete=models.CASCADE, related_name="attachments"
    )
    container_id: int | None
    name: models.TextField[str, str] = models.TextField()
    created_via: models.TextField[str, str] = models.TextField()
    author: models.TextField[str, str] = models.TextField()
    task_id: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    metadata: JsonField = JsonField()
    create_time: models.DateTimeField[datetime, datetime] = models.DateTimeField()

    class Meta:
        app_label = "soarkit_store"
