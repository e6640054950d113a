"""What is answered when something cannot be answered, in the shape that clients read."""

from __future__ import annotations

from typing import Any

#: What the platform says of an object or a path that is not there.
NOT_FOUND = "Requested item not found"
#: What clients look for to know that they have read all pages.
NO_SUCH_PAGE = "That page contains no results"


class Failure(Exception):
    """A request that is refused: ``{"failed": true, "message": why}``.

    :param status: HTTP status
    :param message: why, for people
    :param more: further keys of the answer
    """

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.message, self.more = status, message, more

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"failed": True, "success": False, "message": self.message, **self.more}


def not_found() -> Failure:
    """For an object or a path that is not there."""
    return Failure(404, NOT_FOUND)


def not_allowed(method: str | None) -> Failure:
    """For a method that an address does not take."""
    return Failure(405, f"the method {method} is not allowed here")
