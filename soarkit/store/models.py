"""The tables. Only the modules of this package use them; everybody else gets records."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from soarkit.store.json_field import JsonField
from soarkit.store.platform_models import (
    Artifact,
    Attachment,
    Choice,
    Comment,
    Container,
    CustomList,
    Note,
    VaultDocument,
)

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

__all__ = [
    "App",
    "AppVersion",
    "Artifact",
    "Asset",
    "Attachment",
    "Choice",
    "Comment",
    "Container",
    "CustomList",
    "JsonField",
    "Note",
    "ResultPart",
    "Run",
    "VaultDocument",
]


class App(models.Model):
    """An installed app; its identity is its appid."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    appid: models.TextField[str, str] = models.TextField(unique=True)
    slug: models.TextField[str, str] = models.TextField(unique=True)
    name: models.TextField[str, str] = models.TextField()
    product_vendor: models.TextField[str, str] = models.TextField()
    product_name: models.TextField[str, str] = models.TextField()
    publisher: models.TextField[str, str] = models.TextField()
    description: models.TextField[str, str] = models.TextField()
    current: models.TextField[str, str] = models.TextField()
    kind: models.CharField[str, str] = models.CharField(max_length=16, default="connector")
    visibility: models.CharField[str | None, str | None] = models.CharField(max_length=16, null=True)
    if TYPE_CHECKING:
        versions: RelatedManager[AppVersion]

    class Meta:
        app_label = "soarkit_store"


class AppVersion(models.Model):
    """An installed version, with the configuration fields its manifest declares."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    app: models.ForeignKey[App, App] = models.ForeignKey(App, on_delete=models.CASCADE, related_name="versions")
    version: models.TextField[str, str] = models.TextField()
    folder: models.TextField[str, str] = models.TextField()
    manifest: models.TextField[str, str] = models.TextField()
    digest: models.TextField[str, str] = models.TextField()
    source: models.TextField[str, str] = models.TextField()
    python: models.TextField[str | None, str | None] = models.TextField(null=True)
    index_fallback: models.BooleanField[bool, bool] = models.BooleanField()
    environment: models.TextField[str | None, str | None] = models.TextField(null=True)
    installed_at: models.DateTimeField[datetime, datetime] = models.DateTimeField()
    fields: JsonField = JsonField()

    class Meta:
        app_label = "soarkit_store"
        constraints = (models.UniqueConstraint(fields=["app", "version"], name="soarkit_store_one_version"),)


class Asset(models.Model):
    """A configured product. It belongs to an app by appid, which an uninstall leaves as it is.

    ``name_key`` is the name without its case; ``known`` lists the fields it was last brought in line with.
    """

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    name: models.TextField[str, str] = models.TextField()
    name_key: models.TextField[str, str] = models.TextField(unique=True)
    appid: models.TextField[str | None, str | None] = models.TextField(null=True, db_index=True)
    slug: models.TextField[str | None, str | None] = models.TextField(null=True)
    product_vendor: models.TextField[str, str] = models.TextField()
    product_name: models.TextField[str, str] = models.TextField()
    product_version: models.TextField[str | None, str | None] = models.TextField(null=True)
    concurrency_limit: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    description: models.TextField[str, str] = models.TextField()
    configuration: JsonField = JsonField()
    secrets: JsonField = JsonField()
    known: JsonField = JsonField()
    active: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True)

    class Meta:
        app_label = "soarkit_store"


class Run(models.Model):
    """An action run."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    key: models.CharField[str, str] = models.CharField(max_length=32, unique=True)
    app: models.TextField[str, str] = models.TextField()
    slug: models.TextField[str | None, str | None] = models.TextField(null=True)
    appid: models.TextField[str, str] = models.TextField()
    app_version: models.TextField[str, str] = models.TextField()
    action: models.TextField[str, str] = models.TextField()
    identifier: models.TextField[str, str] = models.TextField()
    asset: models.TextField[str | None, str | None] = models.TextField(null=True)
    asset_id: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    container: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    status: models.CharField[str, str] = models.CharField(max_length=16)
    message: models.TextField[str, str] = models.TextField()
    exit_code: models.IntegerField[int | None, int | None] = models.IntegerField(null=True)
    started: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    elapsed: models.FloatField[float | None, float | None] = models.FloatField(null=True)
    host: models.TextField[str, str] = models.TextField()
    pid: models.BigIntegerField[int | None, int | None] = models.BigIntegerField(null=True)
    app_path: models.TextField[str, str] = models.TextField()
    log_path: models.TextField[str | None, str | None] = models.TextField(null=True)
    result_size: models.BigIntegerField[int, int] = models.BigIntegerField()
    parameters: JsonField = JsonField()
    error: JsonField = JsonField(null=True)

    class Meta:
        app_label = "soarkit_store"


class ResultPart(models.Model):
    """A piece of a run's compressed result (zlib): neither a list of runs nor a backup ever holds a whole one."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    run: models.ForeignKey[Run, Run] = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="parts")
    number: models.IntegerField[int, int] = models.IntegerField()
    data: models.BinaryField[bytes, bytes] = models.BinaryField()

    class Meta:
        app_label = "soarkit_store"
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="soarkit_store_one_part"),)
