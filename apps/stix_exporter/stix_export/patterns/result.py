"""What a value becomes: a pattern with its observable, or the reason why there is none."""

from typing import Any, Dict, Optional

from .observables import Observable, finished


class NoPattern(Exception):
    """No pattern can be written for this indicator.

    Attributes:
        reason: names the type and the value and says why; also the exception's text.
        cause: the same without the value, so that equal causes can be counted: "MD5: not 32 hexadecimal digits".
    """

    def __init__(self, reason: str, cause: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause or reason


class Unfit(ValueError):
    """The value is not one of its type; the text says what was expected."""


class Pattern:
    """A pattern (`text`) and the observable of the value, worked out when it is asked for: few exports need it."""

    __slots__ = ("_observable", "text")

    def __init__(self, text: str, observable: Optional[Observable] = None) -> None:
        self.text = text
        self._observable = observable

    @property
    def sco(self) -> Optional[Dict[str, Any]]:
        """The STIX cyber-observable with the standard's deterministic id; None when the type or the value has none."""
        return finished(self._observable) if self._observable else None

    def __repr__(self) -> str:
        return f"Pattern({self.text!r})"
