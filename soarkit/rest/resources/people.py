"""Users and roles: soarkit has no accounts, so these are the two that every platform has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.conditions import Test
from soarkit.rest.fields import Kind, keys
from soarkit.rest.literals import Literal
from soarkit.rest.query import Filter, Query
from soarkit.rest.resource import Record, Records

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_ADMIN, _AUTOMATION = "admin", "automation"
_NUMBERS = {_ADMIN: 1, _AUTOMATION: 2}


class Users(Records):
    """``ph_user``."""

    name = "ph_user"
    fields = (
        *keys(Kind.NUMBER, "id"),
        *keys(Kind.TEXT, "username first_name last_name email type time_zone"),
        *keys(Kind.TRUTH, "is_active"),
        *keys(Kind.JSON, "roles"),
    )

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        return [_user(_NUMBERS[_ADMIN], _ADMIN, "normal"), _user(_NUMBERS[_AUTOMATION], _AUTOMATION, "automation")]

    def page(self, call: Call, query: Query, tests: Sequence[Test]) -> tuple[int, list[Any]]:
        """The automation user is seen only by those who look for it."""
        if not tests:
            tests = [self.test(call.store, one) for one in _plain_list()]
        return super().page(call, query, tests)


class Roles(Records):
    """``role``."""

    name = "role"
    fields = (*keys(Kind.NUMBER, "id"), *keys(Kind.TEXT, "name description"), *keys(Kind.JSON, "permissions users"))

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        return [
            {"id": 1, "name": "Administrator", "description": "", "permissions": [], "users": [1]},
            {"id": 2, "name": "Automation", "description": "", "permissions": [], "users": [2]},
        ]


def user_info(call: Call) -> HttpResponse:
    """Who calls."""
    return answer(_user(user_id(call.caller.user) or 0, call.caller.user, "normal"))


def user_id(name: str) -> int | None:
    """The number of a user; names that no user has have none."""
    return _NUMBERS.get(name)


def user_name(given: Any) -> Any:
    """The name of a user that is given by name or by number; what is neither stays."""
    return next((name for name, number in _NUMBERS.items() if str(given) == str(number)), given)


def _user(number: int, name: str, kind: str) -> Record:
    names = {"first_name": name.capitalize(), "last_name": "", "email": ""}
    known = {"is_active": True, "roles": [number], "time_zone": "UTC"}
    return {"id": number, "username": name, **names, "type": kind, **known}


def _plain_list() -> list[Filter]:
    return [Filter("", ("type",), (Literal(_AUTOMATION, _AUTOMATION),), excludes=True)]
