"""The result of a run, as Python code gets it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload


class RunResult:
    """What an action came to.

    The result JSON (connector API 2.7) is kept as the bytes the app handed over and read when first asked for.

    :ivar raw: the result JSON as UTF-8 bytes
    :ivar elapsed: seconds the app's process took
    :ivar log_path: file with what the app logged and printed; None when it said nothing
    :ivar id: what ``soarkit runs`` knows the run by; None when it was not kept
    """

    def __init__(self, raw: bytes, *, elapsed: float, log_path: str | None) -> None:
        self.raw = raw
        self.elapsed = elapsed
        self.log_path = log_path
        self.id: str | None = None

    @cached_property
    def _document(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.raw)
        return document

    @cached_property
    def status(self) -> str:
        """``"success"`` or ``"failed"``."""
        # The app side writes it first; a result of many megabytes need not be parsed to know the exit code.
        beginning = re.match(rb'\{"status":"(success|failed)"', self.raw)
        return beginning[1].decode() if beginning else str(self._document["status"])

    @property
    def ok(self) -> bool:
        """Whether :attr:`status` is ``"success"``."""
        return self.status == "success"

    @property
    def message(self) -> str:
        """The run's message."""
        beginning = re.match(rb'\{"status":"[a-z]+","message":("(?:[^"\\]|\\.)*")', self.raw)
        return str(json.loads(beginning[1]) if beginning else self._document["message"])

    @property
    def action_results(self) -> list[dict[str, Any]]:
        """One dictionary per ActionResult: data, extra_data, summary, status, message, parameter, context."""
        results: list[dict[str, Any]] = self._document["result_data"]
        return results

    @property
    def data(self) -> list[Any]:
        """The data of all action results, in order."""
        return [item for result in self.action_results for item in result["data"]]

    @property
    def summary(self) -> dict[str, Any]:
        """The run's summary: ``total_objects``, ``total_objects_successful`` and the connector's own keys."""
        summary: dict[str, Any] = self._document["result_summary"]
        return summary

    @overload
    def collect(self, path: str) -> list[Any]: ...

    @overload
    def collect(self, path: Sequence[str]) -> list[tuple[Any, ...]]: ...

    def collect(self, path: str | Sequence[str]) -> list[Any]:
        """The values at a data path, in order; of several paths, aligned rows.

        >>> result.collect("action_result.data.*.ip")                                     # doctest: +SKIP
        ['192.0.2.7', '192.0.2.9']
        >>> result.collect(["action_result.parameter.domain", "action_result.data.*.ip"])  # doctest: +SKIP
        [('example.org', '192.0.2.7'), ('example.org', '192.0.2.9')]

        :raises ValueError: a path that does not start at a known root, or is malformed
        """
        from soarkit_app import datapaths

        if isinstance(path, str):
            return datapaths.collect(self._document, path)
        return datapaths.collect_rows(self._document, list(path))

    def to_dict(self) -> dict[str, Any]:
        """The whole result JSON as a dictionary; a copy of its own."""
        document: dict[str, Any] = json.loads(self.raw)
        return document

    def __repr__(self) -> str:
        count = len(self.action_results)
        return f"<RunResult {self.status}: {self.message!r}, {count} action result{'' if count == 1 else 's'}>"
