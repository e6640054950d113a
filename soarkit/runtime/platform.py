"""What a run needs of the platform its app believes to be on: answers, an address, variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from soarkit.manifest.model import App
from soarkit.runtime.asset import Asset


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True)
class RunContext:
    """Which run it is.

    :param asset_id: as the app gets it: a number, which stands for the configuration where there is no stored asset
    :param asset_name: name of the asset; None for a run without a stored one
    :param container_id: the container that the action runs on; 0 without one
    :param container_label: label of containers that the app does not label itself
    :param key: what the run is kept under; None when it is not kept
    :param app_home: what the app knows as PHANTOM_HOME
    :param recording: "record", "replay" or None; a replay must leave nothing behind
    :param note: takes a line for the run's log
    :param asset: the asset of an action, which may call REST handlers; None for a request that one answers
    """

    app: App
    asset_id: str
    asset_name: str | None
    container_id: int
    container_label: str
    key: str | None
    app_home: str
    recording: str | None
    note: Callable[[str], None] = _silent
    asset: Asset | None = None


class Platform(Protocol):
    """The platform during one run."""

    @property
    def base_url(self) -> str:
        """Its address as the app is told it, ending in a slash."""

    @property
    def variables(self) -> Mapping[str, str]:
        """Environment variables for the app; those of the run win."""

    @property
    def answers(self) -> Mapping[str, Callable[..., object]]:
        """What the app may ask its host for, by name. They are called one after another, in one thread."""

    def done(self) -> None:
        """No more answers are asked for. Called in the answers' thread, and only when there was a question."""
