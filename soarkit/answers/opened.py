"""The store of a run, opened when something first asks for it: most runs never do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soarkit.runtime.platform import RunContext
    from soarkit.store.opened import Store


class LazyStore:
    """One store for one thread: database connections belong to the thread that opened them.

    :param home: soarkit's home folder
    :param context: the run. A replay gets an empty store in its own temporary folder, wherever the real one is, so that
        it leaves nothing behind
    """

    def __init__(self, home: str, context: RunContext) -> None:
        self._apart = context.recording == "replay"
        self.home = context.app_home if self._apart else home
        self._store: Store | None = None

    def get(self) -> Store:
        """The store.

        :raises SoarkitError: it cannot be opened
        """
        if self._store is None:
            from soarkit.paths import private_folder
            from soarkit.store import open_store

            private_folder(self.home)
            self._store = open_store(self.home, apart=self._apart)
        return self._store

    def close(self) -> None:
        """Close it, if it was opened; the next :meth:`get` opens it again."""
        if self._store is not None:
            self._store.close()
            self._store = None
