"""Polls: what an app is told to fetch, and from when on, so that nothing is left out between two polls."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soarkit import homefiles
from soarkit.errors import RequestError, SurroundingsError
from soarkit.manifest.model import Action, App
from soarkit.manifest.selection import find_entries
from soarkit.paths import polls_folder
from soarkit.runtime.asset import Asset
from soarkit.runtime.result import RunResult

#: What the actions that poll are called by; the second is the SDK's, for Enterprise Security.
IDENTIFIERS = ("on_poll", "on_es_poll")
#: The parameters that every poll gets.
PARAMETERS = ("start_time", "end_time", "container_count", "artifact_count", "container_id")
#: How far back the first poll of an asset looks: the ten days that most apps declare themselves.
FIRST_PERIOD_MS = 10 * 24 * 3600 * 1000
_KINDS = ("successful", "duplicate", "failed")


@dataclass(frozen=True)
class PollWish:
    """What one poll is to fetch.

    :param since: from when on, epoch milliseconds; None: where the last successful poll ended
    :param containers: how many at most, as a person asked; None: a scheduled poll, which fetches all there are
    :param artifacts: the same for artifacts; only with ``containers``
    :param ids: identifiers of the source to limit it to, between commas
    """

    since: int | None = None
    containers: int | None = None
    artifacts: int | None = None
    ids: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether a person asked for it: such a poll need not fetch everything, so the next one starts no later."""
        return self.containers is not None


def is_poll(action: Action) -> bool:
    """Whether an action is one that polls."""
    return action.identifier in IDENTIFIERS


def identifier_in(apps: Sequence[App]) -> str | None:
    """What the polling action of these apps is called by; None where none of them polls."""
    return next((one for one in IDENTIFIERS if any(find_entries(app, one) for app in apps)), None)


def require_polling(app: App) -> str:
    """The identifier of an app's polling action.

    :raises RequestError: it has none
    """
    found = identifier_in([app])
    if found is None:
        raise RequestError(
            f"{app.name} does not poll: it has no action 'on poll'",
            where=app.manifest_path,
            hint="`soarkit actions` lists what it can do",
        )
    return found


def filled(parameters: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parameter sets of a poll with all that each has to hold: apps take every one of them for granted."""
    now = int(time.time() * 1000)
    return [{**_scheduled(now), **_numbers(one)} for one in parameters]


def parameters(wish: PollWish, home: str, asset: Asset, app: App) -> dict[str, Any]:
    """The parameters of the next poll of an asset by an app.

    :param home: soarkit's home folder, where it is kept until when the asset was polled
    """
    now = int(time.time() * 1000)
    start = wish.since if wish.since is not None else _going_on(home, asset, app, now)
    if start is None:
        start = _configured_start(asset)
    given: dict[str, Any] = {**_scheduled(now), "container_id": wish.ids}
    if start is not None:
        given["start_time"] = start
    if wish.containers is not None:
        given["container_count"] = wish.containers
    if wish.artifacts is not None:
        given["artifact_count"] = wish.artifacts
    return given


def note_success(home: str, asset: Asset, app: App, given: Mapping[str, Any], result: RunResult) -> bool:
    """Keep until when an asset has been polled, if all there was has been saved: the next poll goes on from there.

    :returns: whether that was so
    :raises OSError: it cannot be written
    """
    counts = result.summary
    if not result.ok or any(counts.get(f"{what}_failed") for what in ("containers", "artifacts")):
        return False
    path = _path(home, str(asset.id))
    # By app: those for one product may take turns, and none of them knows what the others fetched.
    polled = {"since": given["start_time"], "until": given["end_time"], "run": result.id}
    homefiles.write_json(path, {**homefiles.read_json(path), app.appid: polled})
    return True


def forget(home: str, asset_id: int) -> None:
    """Forget until when an asset was polled.

    :raises SurroundingsError: the file cannot be removed
    """
    path = _path(home, str(asset_id))
    try:
        if os.path.exists(path):
            os.unlink(path)
    except OSError as error:
        raise SurroundingsError(
            f"until when the asset was polled cannot be forgotten: {error.strerror}", where=path
        ) from None


def counts(result: RunResult) -> dict[str, dict[str, int]]:
    """How many containers and artifacts are new, were there already, and could not be saved."""
    summary = result.summary
    return {
        what: {
            name: int(summary.get(f"{what}_{kind}") or 0)
            for name, kind in zip(("new", "duplicate", "failed"), _KINDS, strict=True)
        }
        for what in ("containers", "artifacts")
    }


def _scheduled(now: int) -> dict[str, Any]:
    from soarkit_app.run import SCHEDULED_POLL_COUNT

    return {
        "start_time": now - FIRST_PERIOD_MS,
        "end_time": now,
        "container_count": SCHEDULED_POLL_COUNT,
        "artifact_count": SCHEDULED_POLL_COUNT,
        "container_id": "",
    }


def _numbers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Given parameters, with numbers typed as text made numbers: apps calculate with them, declared or not."""
    return {
        name: int(value) if name in PARAMETERS[:4] and isinstance(value, str) and value.strip().isdecimal() else value
        for name, value in given.items()
    }


def _configured_start(asset: Asset) -> int | None:
    """Where the first poll starts, if the asset says so, which it may do in seconds or milliseconds."""
    ingest = asset.configuration.get("ingest")
    start = ingest.get("start_time_epoch_utc") if isinstance(ingest, dict) else None
    if not isinstance(start, int | float) or isinstance(start, bool) or start <= 0:
        return None
    return int(start) if start > 1e11 else int(start * 1000)


def _going_on(home: str, asset: Asset, app: App, now: int) -> int | None:
    """The end of the last successful poll, epoch milliseconds; None where nothing reliable is known of one.

    When the clock has been set back since, nobody knows which time that was: the same is asked for once more.
    """
    polled = homefiles.read_json(_path(home, str(asset.id))).get(app.appid)
    known = [polled.get("until"), polled.get("since")] if isinstance(polled, dict) else []
    return next((one for one in known if isinstance(one, int) and 0 <= one <= now), None)


def _path(home: str, asset_id: str) -> str:
    return os.path.join(polls_folder(home), f"{asset_id}.json")
