"""The store: one database with all that is kept in it.

Use :func:`soarkit.store.open_store`: it sets Django up, which has to come before this module is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from soarkit import homefiles
from soarkit.errors import SurroundingsError, typed
from soarkit.store import backup, snapshot
from soarkit.store.artifacts import Artifacts
from soarkit.store.assets import Assets
from soarkit.store.changes import Changes
from soarkit.store.checking import Finding, check
from soarkit.store.containers import Containers
from soarkit.store.database import Database
from soarkit.store.installed import InstalledApps
from soarkit.store.intake import take_in
from soarkit.store.lists import Lists
from soarkit.store.migrating import migrate
from soarkit.store.notes import Notes
from soarkit.store.restoring import Restored, restore
from soarkit.store.runs import Runs
from soarkit.store.severities import Severities
from soarkit.store.vault import Vault


class Store:
    """What must last of one soarkit installation. A context manager, which closes it.

    :param home: soarkit's home folder
    :param note: told what is done on the way that takes time, or is worth knowing
    :param apart: use the home folder's own database, whatever SOARKIT_DATABASE_URL names
    :raises SurroundingsError: the database cannot be used; the hint says what to do
    :ivar apps: the installed apps
    :ivar assets: the assets
    :ivar runs: the runs
    :ivar containers: what ingestion makes of alerts, mails, tickets
    :ivar artifacts: what belongs to containers: one observation each
    :ivar vault: files of apps and for apps
    :ivar lists: the custom lists
    :ivar notes: notes in containers
    """

    def __init__(self, home: str, note: Callable[[str], None], *, apart: bool = False) -> None:
        self.database = Database(home, apart=apart)
        self._note = note
        changes = Changes(self.database, note)
        self.apps = InstalledApps(self.database, changes)
        self.assets = Assets(self.database, changes)
        self.runs = Runs(self.database)
        self.vault = Vault(self.database)
        self.lists = Lists(self.database)
        self.notes = Notes(self.database)
        severities = Severities(self.database)
        self.artifacts = Artifacts(self.database, severities)
        self.containers = Containers(self.database, severities, self.artifacts, self.vault)
        with self.database.errors():
            _require_kept(self.database)
            migrate(self.database, note)
            changes.reconcile()
            take_in(self.database, note)

    def check(self, *, contents: bool = True) -> list[Finding]:
        """What is wrong with what is kept; nothing is changed.

        :param contents: whether to read every file in the vault, which may be many GiB
        """
        with self.database.errors():
            return check(self.database, Changes(self.database, self._note), contents=contents)

    def backup(self, path: str | None = None) -> str:
        """Write all that is kept to a file that :meth:`restore` takes, on either kind of database.

        The key is not in it, so the secrets of assets can only be read where the key is.

        :param path: default: a file in the home folder's ``store/backups``
        :returns: the file's path
        """
        with self.database.errors():
            return backup.write(self.database, path or backup.new_path(self.database.home, "manual"))

    def restore(self, path: str) -> Restored:
        """Replace all that is kept by what a backup holds; what is there is backed up first.

        :raises RequestError: the file is damaged, or no backup; nothing was changed
        """
        return restore(self.database, path, self._note)

    def close(self) -> None:
        """Close the connection."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _require_kept(database: Database) -> None:
    """Refuse a database that has lost everything: going on would empty the snapshot too.

    :raises SurroundingsError: it has no tables, although runs still know apps or assets of it
    """
    if backup.tables(database):
        return
    known = homefiles.read_json(snapshot.path(database.home))
    apps, assets = known.get("apps"), known.get("assets")
    if known.get("database") != snapshot.database_mark() or not (apps or assets):
        return
    newest = backup.newest(database.home)
    way = "bring it back from where you keep copies" if newest is None else f"soarkit store restore {typed(newest)}"
    raise SurroundingsError(
        f"the database is gone or empty, although {len(apps or [])} apps and {len(assets or [])} assets were in it",
        where=database.address.shown,
        hint=f"{way}\nto begin anew instead: rm {typed(snapshot.path(database.home))}",
    )
