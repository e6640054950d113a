"""Changes of apps and assets: the database and the snapshot together, whatever is killed in between."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from soarkit import homefiles
from soarkit.errors import SurroundingsError
from soarkit.store import snapshot
from soarkit.store.database import Database
from soarkit.store.rows import Inventory

#: Servers lock by number: one that nobody else is likely to use.
_SERVER_LOCK = 0x50A2_1718


class Changes:
    """Makes changes in the one way that readers of the snapshot rely on (:mod:`soarkit.store.snapshot`).

    :param note: told when another process has to be waited for
    """

    def __init__(self, database: Database, note: Callable[[str], None]) -> None:
        self._database = database
        self._note = note

    @contextmanager
    def change(self) -> Iterator[None]:
        """All of what is done within, or nothing; afterwards the snapshot says the same as the database.

        :raises SurroundingsError: the change is made, but the snapshot could not be written; the next command does it
        """
        marker = snapshot.marker_path(self._database.home)
        with self._locked():
            homefiles.write_bytes(marker, f"{os.getpid()}\n".encode())
            try:
                with self._alone():
                    yield
            except Exception:
                self._try_to_write()
                raise
            self._write()

    def reconcile(self) -> None:
        """Make the snapshot say what the database says, where it does not."""
        home = self._database.home
        if not os.path.exists(snapshot.marker_path(home)) and self.snapshot_is_right():
            return
        with self._locked():
            self._write()

    def snapshot_is_right(self) -> bool:
        """Whether the snapshot says what the database says."""
        document = self._document()
        return homefiles.read_json(snapshot.path(self._database.home)) == document

    def _locked(self) -> AbstractContextManager[int]:
        def waiting() -> None:
            self._note("waiting for another process that changes apps or assets")

        return homefiles.locked(self._database.home, snapshot.CHANGE_LOCK, waiting=waiting)

    def _document(self) -> dict[str, object]:
        inventory = Inventory(self._database)
        return snapshot.compose(list(inventory.apps.values()), inventory.assets())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A transaction that begins when those of other clients, dead ones too, have come to their end.

        A server may still be busy with the commit of a process that was killed, and whose lock is free again.
        """
        with self._database.transaction():
            if self._database.address.engine == "postgresql":
                with self._database.connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SERVER_LOCK])
            yield

    def _write(self) -> None:
        home = self._database.home
        with self._alone():
            document = self._document()
        try:
            homefiles.write_json(snapshot.path(home), document)
            os.unlink(snapshot.marker_path(home))
        except FileNotFoundError:  # no marker: there was no change, only a snapshot to be written
            pass
        except OSError as error:
            raise SurroundingsError(
                f"the change is made, but not yet known to runs: {error.strerror}",
                where=error.filename,
                hint="make room, or mend the rights of the home folder; any later command then tells the runs",
            ) from error

    def _try_to_write(self) -> None:
        """After a change that failed: most often nothing has changed, but the commit itself may have been cut off."""
        try:
            self._write()
        except Exception:  # noqa: S110 - the marker stays, and the first error is the one to be told
            pass
