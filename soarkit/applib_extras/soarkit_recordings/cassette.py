"""vcrpy's cassette, with a tape in its place: vcrpy patches the HTTP libraries and asks, the tape decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any
from unittest import mock

from vcr.cassette import Cassette
from vcr.stubs import VCRConnection

from .own import OwnPlatform
from .tapes import RecordTape, ReplayTape


class TapeCassette(Cassette):  # type: ignore[misc]  # vcrpy has no types
    """Overrides all that the patches of vcrpy 7 to 9 call, and the loading and saving around them."""

    def __init__(self, tape: RecordTape | ReplayTape, own: OwnPlatform, **options: Any) -> None:
        super().__init__(**options)
        self._tape, self._own = tape, own

    @property
    def write_protected(self) -> bool:
        return isinstance(self._tape, ReplayTape)

    def can_play_response_for(self, request: Any) -> bool:
        is_replayed = isinstance(self._tape, ReplayTape) and not self._own.concerns(request)
        return is_replayed and self._tape.has_answer(request)  # type: ignore[union-attr]  # a replay's

    def play_response(self, request: Any) -> dict[str, Any]:
        assert isinstance(self._tape, ReplayTape)  # noqa: S101  called after can_play_response_for only
        return self._tape.answer(request)

    def append(self, request: Any, response: dict[str, Any]) -> None:
        if isinstance(self._tape, RecordTape) and not self._own.concerns(request):
            self._tape.keep(request, response)

    def filter_request(self, request: Any) -> Any:
        """What the patches ask last, before they refuse a request in their own words; None lets it go out."""
        if self._own.concerns(request):
            return None
        if isinstance(self._tape, ReplayTape):
            self._tape.refuse(request)
        return request

    def _load(self) -> None:
        """Nothing to load: the tape has it."""

    def _save(self, force: bool = False) -> None:
        """Nothing to save: the recording is written elsewhere."""


@contextmanager
def patched(tape: RecordTape | ReplayTape, own: OwnPlatform) -> Iterator[None]:
    """HTTP libraries ask the tape inside this context; those that are installed are imported by it."""
    with _seeing_through_proxies(), TapeCassette.use(path="recording", tape=tape, own=own):
        yield


def _seeing_through_proxies() -> AbstractContextManager[Any]:
    """vcrpy 7, the last for Python 3.9, takes the proxy of an HTTPS request for its server."""
    if hasattr(VCRConnection, "_real_host"):
        return nullcontext()
    return mock.patch.multiple(VCRConnection, _uri=_uri, _url=_url)


def _uri(connection: Any, path: str) -> str:
    return _origin(connection) + path if path.startswith("/") else path


def _url(connection: Any, uri: str) -> str:
    return uri.replace(_origin(connection), "", 1)


def _origin(connection: Any) -> str:
    real, scheme = connection.real_connection, connection._protocol
    host, port = (real._tunnel_host, real._tunnel_port) if real._tunnel_host else (real.host, real.port)
    return f"{scheme}://{host}" if port == {"http": 80, "https": 443}[scheme] else f"{scheme}://{host}:{port}"
