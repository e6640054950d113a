"""What the store knows of an action run. Apart from the other records, because no run needs it and it takes time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RunRecord:
    """One action run.

    :param app: the app's name
    :param slug: the slug it was installed by; None: it ran from a path
    :param container: id of the container that it was run on; None without one
    :param status: one of :data:`soarkit.store.records.STATUSES`
    :param exit_code: exit code of ``soarkit run``; None while it runs
    :param started: ISO 8601, UTC
    :param elapsed: seconds; None while it runs, or where nobody saw its end
    :param app_path: absolute path of the app JSON
    :param log_path: absolute path of its log
    :param result_size: bytes of its result JSON; 0: there is none
    :param parameters: the parameter sets, masked; None where they were not asked for
    :param error: what went wrong, as in an error envelope; None where nothing did, or where it was not asked for
    """

    key: str
    app: str
    slug: str | None
    appid: str
    app_version: str
    action: str
    identifier: str
    asset: str | None
    asset_id: int | None
    container: int | None
    status: str
    message: str
    exit_code: int | None
    started: str
    elapsed: float | None
    host: str
    pid: int | None
    app_path: str
    log_path: str | None
    result_size: int
    parameters: list[dict[str, Any]] | None = None
    error: dict[str, Any] | None = None
