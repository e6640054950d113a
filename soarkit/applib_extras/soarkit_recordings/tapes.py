"""What is kept while recording, and what answers in a replay."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from .exchange import Exchange, Request, capture_request, capture_response, playable
from .masking import Mask
from .matching import Matcher
from .own import OwnPlatform
from .secrets import parts_of
from .storage import Tape

_LONGEST_URL = 300  # in a message


class UnknownRequest(Exception):
    """What the app gets for a request that its recording does not hold.

    Not an ``OSError``: HTTP libraries would try again, with pauses.
    """


class RecordTape:
    """Lets every request go out and keeps what came back.

    :param own: the app's own platform, which is left out
    """

    def __init__(self, own: OwnPlatform) -> None:
        self._own = own
        self.exchanges: list[Exchange] = []  #: in the order in which they ended, secrets and all
        self.refusal: str | None = None  #: why what was kept must not be written

    def keep(self, request: Any, response: dict[str, Any]) -> None:
        """Take in vcrpy's request and response."""
        try:
            exchange = Exchange(capture_request(request), capture_response(response))
            self.exchanges.append(self._own.hidden_in(exchange))
        except ValueError as error:
            self.refusal = str(error)


class ReplayTape:
    """Answers requests from a recording, and none other.

    :param tape: the recording
    :param secrets: name → value, as they are now
    :param own: the app's own platform, whose address stands otherwise in the recording
    :param problem: called with a text for each request that has no answer
    """

    def __init__(self, tape: Tape, secrets: dict[str, str], own: OwnPlatform, problem: Callable[[str], None]) -> None:
        self._own = own
        self._exchanges = tape.exchanges
        self._played = [False] * len(tape.exchanges)
        self._lock = threading.Lock()
        self._problem = problem
        self._mask = Mask(secrets)
        meanings: dict[str, list[str] | None] = {
            placeholder: [part for name in names for part in parts_of(secrets.get(name, "")) if part]
            for placeholder, names in tape.secrets.items()
        }
        for placeholder in tape.tokens:
            meanings[placeholder] = [] if _handed_out(placeholder, tape.exchanges) else None
        # A part of what is another value now: there is no telling how the app would cut it.
        meanings.update(dict.fromkeys(tape.pieces))
        self._matcher = Matcher(meanings)

    def has_answer(self, request: Any) -> bool:
        """Whether vcrpy's request would get an answer now."""
        return self._find(self._captured(request)) is not None

    def answer(self, request: Any) -> dict[str, Any]:
        """The answer to vcrpy's request, in vcrpy's form; it is used up by that.

        :raises UnknownRequest: there is none
        """
        captured = self._captured(request)
        with self._lock:
            number = self._find(captured)
            if number is not None:
                self._played[number] = True
                return playable(self._own.shown(self._exchanges[number].response))
        return self.refuse(request)

    def refuse(self, request: Any) -> NoReturn:
        """Note the request that has no answer.

        :raises UnknownRequest: always, with the text that was noted
        """
        captured = self._captured(request)
        url = self._mask.shown_url(captured.url)
        url = url if len(url) <= _LONGEST_URL else url[: _LONGEST_URL - 1] + "…"
        text = f"{captured.method} {url} is not in the recording{self._reason(captured)}"
        self._problem(text)
        raise UnknownRequest(text)

    def _captured(self, request: Any) -> Request:
        return self._own.hidden(capture_request(request))

    def _find(self, request: Request) -> int | None:
        matching = self._matching(request)
        left = [number for number in matching if not self._played[number]]
        if left:
            return left[0]
        responses = [self._exchanges[number].response for number in matching]
        return matching[-1] if len({(response.status, response.body) for response in responses}) == 1 else None

    def _matching(self, request: Request) -> list[int]:
        masked = self._mask.request(request)
        return [
            number
            for number, exchange in enumerate(self._exchanges)
            if self._matcher.differs_in(exchange.request, request) is None
            or self._matcher.differs_in(exchange.request, masked) is None
        ]

    def _reason(self, request: Request) -> str:
        """What the nearest recorded request has different."""
        count = len(self._matching(request))
        if count:
            return f" a {_ordinal(count + 1)} time"
        masked = self._mask.request(request)
        differences = {self._matcher.differs_in(exchange.request, masked) for exchange in self._exchanges}
        nearest = next((part for part in ("body", "query") if part in differences), None)
        return f" with this {nearest}" if nearest else ""


def _handed_out(placeholder: str, exchanges: list[Exchange]) -> bool:
    """Whether an answer gives a credential, to come back as it is. Else the app has it from a saved session or so."""
    this = re.compile(rf"{re.escape(placeholder)}(?!\d)")
    for exchange in exchanges:
        if this.search(repr(exchange.request)):
            return False
        if this.search(repr(exchange.response)):
            return True
    return False


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
