"""A run as a report tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soarkit.manifest.model import Action, App


@dataclass(frozen=True)
class ReportedRun:
    """One action run, with what is known of its app.

    :param id: what ``soarkit runs`` knows it by; None where it was not kept
    :param app_name: the app's name
    :param action_name: the action's name
    :param status: success, failed or cancelled
    :param started: ISO 8601, UTC; None where it is not known
    :param elapsed: seconds
    :param asset: name of the asset
    :param parameters: the parameter sets, passwords masked
    :param document: the result JSON without secrets; None where the run has no result
    :param error: why it has none, as in an error envelope
    :param app: the app in the version that ran; None where it is gone
    :param action: its action; None where the app is
    """

    app_name: str
    app_version: str
    action_name: str
    status: str
    message: str
    document: Mapping[str, Any] | None
    id: str | None = None
    started: str | None = None
    elapsed: float | None = None
    asset: str | None = None
    asset_id: int | None = None
    container: int | None = None
    parameters: Sequence[Mapping[str, Any]] = ()
    error: Mapping[str, Any] | None = field(default=None)
    app: App | None = None
    action: Action | None = None
