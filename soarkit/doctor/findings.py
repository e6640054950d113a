"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    :param check: what it belongs to, a word
    :param severity: "ok", "warning" (something to know of) or "error" (something does not work)
    :param message: what there is, or what is wrong
    :param hint: the command that mends it, or what else to do; None where there is nothing to do
    """

    check: str
    severity: str
    message: str
    hint: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The finding for JSON."""
        return {"check": self.check, "severity": self.severity, "message": self.message, "hint": self.hint}
