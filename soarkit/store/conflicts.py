"""Transactions that lost against another one are tried again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError

_P = ParamSpec("_P")
_R = TypeVar("_R")
_ATTEMPTS = 5
#: What PostgreSQL calls a transaction that it ended in favour of another: serialization failure, deadlock.
_LOST = ("40001", "40P01")


def conflicts_retried(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """A function that does all it does in one transaction, begun anew where another client's was faster."""

    @functools.wraps(method)
    def retried(*arguments: _P.args, **named: _P.kwargs) -> _R:
        for _ in range(_ATTEMPTS - 1):
            try:
                return method(*arguments, **named)
            except IntegrityError:  # the other one has put there what was missing just now
                pass
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", None) not in _LOST:
                    raise
        return method(*arguments, **named)

    return retried
