"""What must last: installed apps, assets and runs.

The database (``opened`` and what it uses) needs Django. What a run needs does not: :mod:`~soarkit.store.snapshot` tells
it of apps and assets, :mod:`~soarkit.store.spool` takes its record.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from soarkit.store.opened import Store


def _ignore(_: str) -> None:
    pass


def open_store(home: str, *, note: Callable[[str], None] = _ignore, apart: bool = False) -> Store:
    """Open the store of a home folder: bring its tables up to date, mend the snapshot, take in what runs have left.

    :param home: soarkit's home folder; SOARKIT_DATABASE_URL may name a database elsewhere
    :param note: told what is done on the way
    :param apart: use the home folder's own database, whatever SOARKIT_DATABASE_URL names
    :raises SurroundingsError: the database cannot be used; the hint says what to do
    :raises UsageError: SOARKIT_DATABASE_URL is no address that can be used
    """
    from soarkit.store.database import set_up

    set_up()
    from soarkit.store.opened import Store

    return Store(home, note, apart=apart)
