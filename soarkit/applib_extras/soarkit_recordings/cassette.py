"""vcrpy's cassette, with a tape in its place: vcrpy patches the HTTP libraries and asks, the tape decides."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from vcr.cassette import Cassette

from .tapes import RecordTape, ReplayTape


class TapeCassette(Cassette):  # type: ignore[misc]  # vcrpy has no types
    """Overrides all that the patches of vcrpy 7 to 9 call, and the loading and saving around them."""

    def __init__(self, tape: RecordTape | ReplayTape, **options: Any) -> None:
        super().__init__(**options)
        self._tape = tape

    @property
    def write_protected(self) -> bool:
        return isinstance(self._tape, ReplayTape)

    def can_play_response_for(self, request: Any) -> bool:
        return isinstance(self._tape, ReplayTape) and self._tape.has_answer(request)

    def play_response(self, request: Any) -> dict[str, Any]:
        assert isinstance(self._tape, ReplayTape)  # noqa: S101  called after can_play_response_for only
        return self._tape.answer(request)

    def append(self, request: Any, response: dict[str, Any]) -> None:
        if isinstance(self._tape, RecordTape):
            self._tape.keep(request, response)

    def filter_request(self, request: Any) -> Any:
        """What the patches ask last, before they refuse a request in their own words."""
        if isinstance(self._tape, ReplayTape):
            self._tape.refuse(request)
        return request

    def _load(self) -> None:
        """Nothing to load: the tape has it."""

    def _save(self, force: bool = False) -> None:
        """Nothing to save: the recording is written elsewhere."""


def patched(tape: RecordTape | ReplayTape) -> AbstractContextManager[Any]:
    """HTTP libraries ask the tape inside this context; those that are installed are imported by it."""
    context: AbstractContextManager[Any] = TapeCassette.use(path="recording", tape=tape)
    return context
