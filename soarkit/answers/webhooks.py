"""What an app is told that would hand its run over to a web hook, where none can arrive (connector API 8.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def answers() -> Mapping[str, Callable[..., object]]:
    """``suspend_run``, ``get_related_connector_run`` and ``finish_related_connector_run`` of a run without listener."""
    return {"suspend_run": _suspend_run, "get_related_connector_run": _related, "finish_related_connector_run": _finish}


def _suspend_run(key: object) -> object:
    raise ValueError("no web hook can reach this run; start it with --listen HOST:PORT")


def _related(key: object) -> list[object]:
    return [False, f"no run waits for {key!r}", {}]


def _finish(key: object, result: object = None) -> list[object]:
    return [False, f"no run waits for {key!r}"]
