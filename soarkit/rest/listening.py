"""An app's REST handler and web hooks, at an address of this machine, for as long as an action of it runs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from soarkit.execute.executor import ProcessExecutor
from soarkit.manifest.model import App
from soarkit.rest.listener import Address, Listener
from soarkit.runtime.asset import Asset
from soarkit.runtime.redact import Redactor
from soarkit.runtime.run import Observer, Surroundings
from soarkit.runtime.site import AppSite
from soarkit.runtime.suspending import Suspensions

if TYPE_CHECKING:
    from ssl import SSLContext

#: The variable with the token that callers show where an app asks for one.
TOKEN_VARIABLE = "SOARKIT_REST_TOKEN"  # noqa: S105 - a name, not a token


class Listening:
    """Active inside a ``with``; the address is taken from the start.

    :param address: ``[http://|https://]HOST:PORT``; https has the installation's certificate
    :param home: soarkit's home folder
    :param redactor: that of the run that goes on meanwhile
    :param shared: environment variables for every app, as an action JSON has them
    :raises UsageError: it is no address
    :raises ManifestError: the app has nothing that could be called
    :raises SurroundingsError: the address cannot be had
    :ivar site: what is served
    :ivar suspensions: the runs that web hooks can finish
    :ivar url: the address that a browser on this machine reaches it by, without a slash at its end
    """

    def __init__(
        self,
        address: str,
        app: App,
        asset: Asset,
        *,
        surroundings: Surroundings,
        observer: Observer,
        home: str,
        redactor: Redactor,
        shared: Mapping[str, Any],
    ) -> None:
        self.suspensions = Suspensions()
        self.site = AppSite(
            app,
            asset,
            surroundings=surroundings,
            executor=self.suspensions.finishing(ProcessExecutor()),
            observer=observer,
            token=os.environ.get(TOKEN_VARIABLE) or None,
            redactor=redactor,
            shared=shared,
        )

        def context() -> SSLContext:
            from soarkit.rest.certificate import server_context

            return server_context(home)

        self._listener = Listener(Address.parse(address, "--listen"), self.site.answer, context)
        self.url = self._listener.url

    def __enter__(self) -> Listening:
        self._listener.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._listener.__exit__(*exception)
