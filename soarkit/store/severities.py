"""The severities there are, and how they are spelled."""

from __future__ import annotations

from soarkit.store import models
from soarkit.store.database import Database
from soarkit.store.given import DEFAULT_SEVERITY, SEVERITIES, written


class Severities:
    """Spells severities as they are known; those that are not known are kept, in lower case."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = {name: name for name in SEVERITIES}
        self._looked_up: set[str] = set()

    def spelled(self, given: object) -> str:
        """A severity as it is kept. Nothing at all is the default one."""
        if isinstance(given, str) and (known := self._known.get(given.lower())):
            return known
        name = written(given or DEFAULT_SEVERITY).strip()
        key = name.lower() or DEFAULT_SEVERITY
        if key not in self._known and key not in self._looked_up:
            self._look_up()
            self._looked_up.add(key)
        return self._known.get(key, key)

    def names(self) -> list[str]:
        """The severities there are, the highest first; added ones come last."""
        self._look_up()
        return list(self._known.values())

    def renew(self) -> None:
        """Somebody may have added some since."""
        self._looked_up.clear()

    def _look_up(self) -> None:
        choices = models.Choice.objects.using(self._database.alias).filter(kind="severity")
        self._known.update((name.lower(), name) for name in choices.values_list("name", flat=True))
