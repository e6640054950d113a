"""Containers and artifacts, for apps (connector API, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from soarkit.answers.opened import LazyStore
from soarkit.errors import RequestError
from soarkit.runtime.platform import RunContext

if TYPE_CHECKING:
    from soarkit.store.saved import SavedArtifact

#: What apps compare with, word for word; the status is success.
_DUPLICATE = "Duplicate container found"


def answers(store: LazyStore, context: RunContext) -> Mapping[str, Callable[..., object]]:
    """``save_container``, ``save_artifacts`` and ``get_container_info``.

    :param store: where they are kept
    """
    return _Answers(store, context).by_name()


class _Answers:
    def __init__(self, store: LazyStore, context: RunContext) -> None:
        self._store, self._context = store, context

    def by_name(self) -> Mapping[str, Callable[..., object]]:
        return {
            "save_container": self.save_container,
            "save_artifacts": self.save_artifacts,
            "get_container_info": self.get_container_info,
        }

    def save_container(self, container: Any, fail_on_duplicate: bool = False) -> list[Any]:
        """:returns: status, message, id, and how much the counters of the poll grow"""
        if not isinstance(container, Mapping):
            raise TypeError(f"a container is an object, not {type(container).__name__}")
        context = self._context
        saved = self._store.get().containers.save(
            container,
            asset_id=int(context.asset_id) if context.asset_id.isdecimal() else 0,
            appid=context.app.appid,
            label=context.container_label,
            run=context.key,
        )
        outcome = "duplicate" if saved.duplicate else "successful"
        counted = {f"containers_{outcome}": 1, **_counted(saved.artifacts)}
        if saved.duplicate:
            return [not fail_on_duplicate, _DUPLICATE, saved.id, counted]
        return [True, f"Container {saved.id} saved{_failures(saved.artifacts)}", saved.id, counted]

    def save_artifacts(self, artifacts: list[Any], container_id: int | None = None) -> list[Any]:
        """:returns: status, message, ids, and how much the counters of the poll grow"""
        saved = self._store.get().artifacts.save(
            artifacts, container_id=container_id or None, appid=self._context.app.appid, run=self._context.key
        )
        kept = sum(1 for one in saved if one.id is not None)
        if saved and not kept:
            return [False, saved[0].error, None, _counted(saved)]
        return [
            kept == len(saved),
            f"{kept} artifacts saved{_failures(saved)}",
            [one.id for one in saved],
            _counted(saved),
        ]

    def get_container_info(self, container_id: Any) -> list[Any]:
        """:returns: status, the container or the reason, HTTP status"""
        try:
            return [True, self._store.get().containers.get(container_id), 200]
        except RequestError as error:
            return [False, error.message, 404]


def _counted(saved: list[SavedArtifact]) -> dict[str, int]:
    duplicate = sum(1 for one in saved if one.duplicate)
    failed = sum(1 for one in saved if one.id is None)
    return {
        "artifacts_successful": len(saved) - duplicate - failed,
        "artifacts_duplicate": duplicate,
        "artifacts_failed": failed,
    }


def _failures(saved: list[SavedArtifact]) -> str:
    wrong = [one.error for one in saved if one.error is not None]
    return f", {len(wrong)} artifacts cannot be saved: {wrong[0]}" if wrong else ""
