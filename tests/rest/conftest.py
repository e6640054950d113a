"""Fixtures for tests of the REST API: requests straight to the resources, over a real store on each database."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from store.conftest import database_url, engine, notes, opened, server, store

if TYPE_CHECKING:
    from soarkit.store.opened import Store

__all__ = ["database_url", "engine", "notes", "opened", "server", "store"]


class Answer(NamedTuple):
    """What was answered."""

    status: int
    kind: str
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def ids(self) -> list[int]:
        """The ids of a list."""
        assert self.status == 200, self.content
        return [row["id"] for row in self.json["data"]]

    @property
    def refusal(self) -> str:
        """Why it was refused."""
        assert self.json["failed"] is True
        assert self.json["success"] is False
        return str(self.json["message"])


Ask = Callable[..., Answer]


@pytest.fixture
def ask(store: Store) -> Ask:
    """Send a request: ``ask("GET", "container", page_size=0)``; ``body`` is sent as JSON, ``caller`` says who asks."""

    def send(
        method: str, path: str, /, *, body: Any = None, caller: dict[str, Any] | None = None, **given: Any
    ) -> Answer:
        from django.test import RequestFactory

        from soarkit.rest.caller import Caller
        from soarkit.rest.dispatch import dispatch

        who = {"base_url": "https://soar.example/", "product_version": "8.6.0", **(caller or {})}
        request = RequestFactory().generic(
            method,
            f"/rest/{path}",
            b"" if body is None else body if isinstance(body, bytes) else json.dumps(body),
            query_params={name: str(value) for name, value in given.items()},
        )
        response = dispatch(request, Caller(store=store, **who))
        try:
            content = b"".join(response.streaming_content) if response.streaming else response.content
        finally:
            response.close()
        return Answer(response.status_code, response["Content-Type"], content)

    return send
