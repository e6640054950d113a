"""The vault, for apps (connector API, section 4)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from soarkit_app.action_json import whole_number

from soarkit.answers.opened import LazyStore
from soarkit.runtime.platform import RunContext

if TYPE_CHECKING:
    from soarkit.store.vault import SavedFile, Vault

_LARGEST_ID = (1 << 63) - 1  # that a database takes
_Entries = list[dict[str, Any]]


def answers(store: LazyStore, home: str, context: RunContext) -> Mapping[str, Callable[..., object]]:
    """What apps ask about files.

    :param store: where they are kept; a replay has one of its own
    :param home: soarkit's home folder; a replay may read the files that are kept there
    """
    asked = _Vault(store, home, context)
    return {
        "vault_add": asked.vault_add,
        "vault_info": asked.vault_info,
        "vault_delete": asked.vault_delete,
        "add_attachment": asked.add_attachment,
    }


class _Vault:
    def __init__(self, store: LazyStore, home: str, context: RunContext) -> None:
        self._store, self._home, self._context = store, home, context

    def vault_add(self, container: Any, file_location: str, file_name: str | None, metadata: Any) -> list[object]:
        """Status, message, vault id."""
        saved = self._add(container, file_location, file_name, metadata)
        return [True, _added(saved), saved.vault_id]

    def add_attachment(
        self, file_location: str, container_id: Any, file_name: str | None, metadata: Any
    ) -> dict[str, object]:
        """The attachment's dictionary."""
        saved = self._add(container_id, file_location, file_name, metadata)
        return {
            "succeeded": True,
            "failed": False,
            "message": _added(saved),
            "hash": saved.vault_id,
            "vault_id": saved.vault_id,
            "size": saved.size,
            "container": saved.container_id or 0,
            "file_name": saved.name,
            "id": saved.id,
        }

    def vault_info(self, vault_id: str | None, file_name: str | None, container_id: Any) -> list[object]:
        """Status, message, entries."""
        container_id = _id_of(container_id)
        found = self._find(vault_id, file_name, container_id)
        if not found and self._is_replay:
            found = self._found_at_home(vault_id, file_name, container_id)
        if not found:
            return [False, _not_found(vault_id, file_name, container_id), []]
        return [True, f"{_files(len(found))} found", found]

    def vault_delete(
        self, vault_id: str | None, file_name: str | None, container_id: Any, remove_all: bool
    ) -> list[object]:
        """Status, message, names of the deleted files."""
        container_id = _id_of(container_id)
        found = self._find(vault_id, file_name, container_id)
        if not found:
            return [False, _not_found(vault_id, file_name, container_id), []]
        if len(found) > 1 and not remove_all:
            return [False, f"{len(found)} files fit and remove_all is not set: nothing was deleted", []]
        names = self._vault.delete(entry["id"] for entry in found)
        return [True, f"{_files(len(names))} deleted", names]

    @property
    def _vault(self) -> Vault:
        return self._store.get().vault

    def _add(self, container: Any, path: str, name: str | None, metadata: Any) -> SavedFile:
        if metadata and not isinstance(metadata, dict):
            raise ValueError("the metadata of a file is a dictionary")
        return self._vault.add(
            path,
            name=name,
            container_id=self._container(container),
            metadata=metadata or None,
            author=self._context.app.name,
        )

    def _container(self, given: Any) -> int:
        """The container that is meant: what was given, else that of the run; 0 where there is none."""
        number = container_number(given, self._context)
        # A recording stands for itself: the container that it was made with need not be here.
        return 0 if self._is_replay and not self._vault.has_container(number) else number

    @property
    def _is_replay(self) -> bool:
        return self._context.recording == "replay"

    def _find(self, vault_id: str | None, file_name: str | None, container_id: Any) -> _Entries:
        if not vault_id and not file_name and container_id in (None, ""):
            raise ValueError("vault_id, file_name or container_id is needed to find a file")
        number = whole_number(container_id, -1)
        if self._is_replay and not self._vault.has_container(number):
            container_id = 0 if number > 0 else container_id
        return _found(self._vault, vault_id, file_name, container_id)

    def _found_at_home(self, vault_id: str | None, file_name: str | None, container_id: Any) -> _Entries:
        """What the installation's own vault has: a replay may read it."""
        from soarkit.store import address, open_store

        path = address.find(self._home).path
        if path is not None and not os.path.exists(path):  # it would be made
            return []
        with open_store(self._home) as store:
            return _found(store.vault, vault_id, file_name, container_id)


def container_number(given: Any, context: RunContext) -> int:
    """The id of the container that an app means.

    :param given: an id, also as text, or a container's dictionary; nothing stands for the container of the run
    :returns: 0 where the run has none
    :raises ValueError: it is no id
    """
    given = _id_of(given)
    if given in (None, "", 0, "0"):
        return context.container_id
    number = whole_number(given)
    if not 0 < number <= _LARGEST_ID:
        raise ValueError(f"{given!r} is no container's id")
    return number


def _id_of(container: Any) -> Any:
    """Containers are given by their id, or as their dictionary."""
    return container.get("id") if isinstance(container, dict) else container


def _found(vault: Vault, vault_id: str | None, file_name: str | None, container_id: Any) -> _Entries:
    """The files meant. Container 0 is no container: with an id or a name, a file is found wherever it belongs."""
    number = None if container_id in (None, "") else whole_number(container_id, -1)
    if number is not None and number > _LARGEST_ID:
        return []
    return vault.find(
        vault_id=vault_id or None,
        file_name=file_name or None,
        container_id=None if number == 0 and (vault_id or file_name) else number,
    )


def _added(saved: SavedFile) -> str:
    return f"{saved.name} added to the vault" if saved.added else f"{saved.name} is in the vault already"


def _not_found(vault_id: str | None, file_name: str | None, container_id: Any) -> str:
    given = {"id": vault_id, "name": file_name, "container": container_id}
    wanted = [f"{key} {value}" for key, value in given.items() if value not in (None, "")]
    return "the vault has no file with " + ", ".join(wanted)


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
