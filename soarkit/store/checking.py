"""Looks for what is wrong with the store; changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps as django_apps
from django.db import DatabaseError

from soarkit import homefiles
from soarkit.errors import SoarkitError, SurroundingsError, typed
from soarkit.manifest.loader import load
from soarkit.store import snapshot, spool
from soarkit.store.changes import Changes
from soarkit.store.cipher import AssetCipher
from soarkit.store.database import LABEL, Database
from soarkit.store.records import InstalledApp, StoredAsset
from soarkit.store.rows import Inventory
from soarkit.store.vault_checking import troubles


@dataclass(frozen=True)
class Finding:
    """Something that is wrong.

    :param severity: "error" or "warning"
    :param subject: what is concerned: "database", "snapshot", "app NAME", "asset NAME", "spool", "vault"
    :param hint: what to do about it
    """

    severity: str
    subject: str
    message: str
    hint: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The finding for JSON."""
        return {"severity": self.severity, "subject": self.subject, "message": self.message, "hint": self.hint}


def check(database: Database, changes: Changes, *, contents: bool = True) -> list[Finding]:
    """All that is wrong with a store that can be opened.

    :param contents: whether to read every file in the vault
    """
    findings = [*_file(database), *_tables(database)]
    if any(one.severity == "error" for one in findings):
        return findings  # the rest would only repeat it
    if not changes.snapshot_is_right() or os.path.exists(snapshot.marker_path(database.home)):
        findings.append(Finding("error", "snapshot", "it differs from the database", "try again: opening mends it"))
    inventory = Inventory(database)
    for app in inventory.apps.values():
        findings += _app(app)
    findings += _secrets(database, inventory.assets())
    findings += _spool(database.home)
    findings += (Finding(one.severity, "vault", one.message, one.hint) for one in troubles(database, contents=contents))
    return findings


def _file(database: Database) -> Iterator[Finding]:
    path = database.address.path
    if path is None:
        return
    problems: list[str] = []
    with database.connection.cursor() as cursor:
        try:
            cursor.execute("PRAGMA integrity_check(20)")
            problems += [str(row[0]) for row in cursor.fetchall() if row[0] != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            problems += [f"a row of {row[0]} belongs to none of {row[2]}" for row in cursor.fetchall()]
        except DatabaseError as error:  # so damaged that it cannot even be checked
            problems.append(str(error))
    for problem in problems:
        yield Finding("error", "database", problem, "soarkit store restore FILE brings back a backup")
    if os.stat(path).st_mode & 0o077:
        yield Finding("warning", "database", "others than its owner can read it", f"chmod 600 {path}")


def _tables(database: Database) -> Iterator[Finding]:
    introspection = database.connection.introspection
    with database.connection.cursor() as cursor:
        present = introspection.table_names(cursor)
        for model in django_apps.get_app_config(LABEL).get_models():
            table = model._meta.db_table
            if table not in present:
                missing = [f"the table {table}"]
            else:
                columns = {column.name for column in introspection.get_table_description(cursor, table)}
                missing = [
                    f"{table}.{field.column}" for field in model._meta.local_fields if field.column not in columns
                ]
            for one in missing:
                yield Finding(
                    "error", "database", f"{one} is missing", "soarkit store restore FILE brings back a backup"
                )


def _app(app: InstalledApp) -> Iterator[Finding]:
    for version in app.versions:
        current = version.version == app.current
        path = os.path.join(version.folder, version.manifest)
        mend = f"soarkit install FILE puts {app.slug} {version.version} there again"
        problem = None
        if not os.path.isdir(version.folder):
            problem = f"the folder of version {version.version} is gone: {version.folder}"
        else:
            try:
                loaded = load(path)
            except SoarkitError as error:
                problem = f"version {version.version} cannot be read: {error.message}"
            else:
                if loaded.appid != app.appid or loaded.app_version != version.version:
                    problem = f"in the folder of version {version.version} is another app: {version.folder}"
        if problem:
            yield Finding("error" if current else "warning", f"app {app.slug}", problem, mend)
    if all(one.version != app.current for one in app.versions):
        yield Finding("error", f"app {app.slug}", f"its current version {app.current} is not there", None)


def _secrets(database: Database, assets: list[StoredAsset]) -> Iterator[Finding]:
    for asset in assets:
        cipher = AssetCipher(database.home, asset.id, asset.name)
        lost = []
        for name, token in asset.secrets.items():
            try:
                cipher.decrypt(token)
            except SurroundingsError:
                lost.append(name)
        if lost:
            yield Finding(
                "error",
                f"asset {asset.name}",
                f"{len(lost)} of {len(asset.secrets)} secrets cannot be decrypted with the present key",
                "bring back the key (SOARKIT_KEY, or the file key in the home folder), "
                f"or enter the values anew: soarkit asset edit {typed(asset.name)} "
                + " ".join(f"--config {name}=env:VARIABLE" for name in lost),
            )


def _spool(home: str) -> Iterator[Finding]:
    damaged = os.path.join(spool.folder(home), "damaged")
    count = len(homefiles.names(damaged))
    if count:
        yield Finding("warning", "spool", f"{count} damaged records of runs", f"rm -r {damaged}")
    waiting = len(spool.finished(home)) + sum(1 for _ in spool.orphans(home))
    if waiting:
        yield Finding("warning", "spool", f"{waiting} runs are not yet taken in", "`soarkit runs` takes them in")
    if spool.leftovers(home):
        yield Finding("warning", "spool", "a run left a half written record", "`soarkit runs` removes it")
