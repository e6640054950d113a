"""Who sends a request, and what it may use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from soarkit.store.opened import Store


class Handlers(Protocol):
    """What calls the REST handlers of apps."""

    def __call__(self, request: HttpRequest, directory: str, path_parts: Sequence[str]) -> HttpResponse:
        """Let an app answer a request.

        :param directory: the part of the path that names the app, ``<name>_<appid>``
        :param path_parts: the decoded parts behind it
        """


def _silent(_: str) -> None:
    pass


@dataclass(frozen=True)
class Caller:
    """On whose behalf a request comes.

    :param store: the store, whose connection belongs to the thread that answers
    :param base_url: the address that people and providers reach this platform by
    :param product_version: the platform version that is told
    :param own_session: whether an app calls its own platform from inside an action; a duplicate is answered with
        status 200 then, since apps' clients never read the body of a refusal
    :param user: the name of whoever calls
    :param asset_id: the asset that the app runs with: it can be looked at, stored or not
    :param asset_name: what that is called
    :param appid: the app that calls
    :param app_home: what that app knows as PHANTOM_HOME
    :param label: label of containers that say none
    :param run: key of the run that calls
    :param handlers: what calls the apps' REST handlers; None: there are none here
    :param note: takes what went wrong here, for the log
    """

    store: Store
    base_url: str
    product_version: str
    own_session: bool = False
    user: str = "admin"
    asset_id: int = 0
    asset_name: str = ""
    appid: str | None = None
    app_home: str | None = None
    label: str = "events"
    run: str | None = None
    handlers: Handlers | None = None
    note: Callable[[str], None] = _silent
