"""The platform of one run, put together when the run begins and gone with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from soarkit.answers import containers, encryption, records, vault, webhooks
from soarkit.answers.opened import LazyStore
from soarkit.errors import SoarkitError
from soarkit.rest.loopback import Loopback
from soarkit.runtime.platform import RunContext
from soarkit.settings import platform_version

if TYPE_CHECKING:
    from soarkit.rest.caller import Caller, Handlers

#: What apps are told the platform's address is where nothing can listen. The SDK's own placeholder.
BASE_URL = "https://localhost:9999/"


class RunPlatform:
    """See :class:`soarkit.runtime.platform.Platform`.

    :param home: soarkit's home folder
    :param public_url: what people and providers reach the platform by, where that is not the address for the run alone
    :param handlers: makes what calls the apps' REST handlers; None: there are none here
    """

    def __init__(
        self,
        home: str,
        context: RunContext,
        *,
        public_url: str | None = None,
        handlers: Callable[[], Handlers] | None = None,
    ) -> None:
        self._home, self._context, self._public_url, self._handlers = home, context, public_url, handlers
        self._stack = ExitStack()
        #: What answers use; they are all called in one thread.
        self._store = LazyStore(home, context)
        self.base_url = BASE_URL
        self.variables: Mapping[str, str] = {}
        self.answers: Mapping[str, Callable[..., object]] = {
            **encryption.answers(home),
            **containers.answers(self._store, context),
            **vault.answers(self._store, home, context),
            **records.answers(self._store, context),
            **webhooks.answers(),
        }

    def done(self) -> None:
        """Close what the answers have opened."""
        self._store.close()

    def __enter__(self) -> RunPlatform:
        with ExitStack() as stack:
            self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _begin(self, stack: ExitStack) -> None:
        """What lasts as long as the run. Whatever is entered into ``stack`` is left when the run is over."""
        try:
            loopback = stack.enter_context(Loopback(self._home, self._caller, self._context.note))
        except (OSError, SoarkitError) as error:  # most apps never ask
            self._context.note(f"the platform's REST address is not there: {error}")
        else:
            self.base_url = loopback.base_url

    def _caller(self, base_url: str) -> Caller:
        """The app, as the platform's REST address knows it. Called when the app first asks there."""
        from soarkit.rest.caller import Caller

        context = self._context
        return Caller(
            # One of its own: connections to the database belong to threads.
            store=LazyStore(self._home, context).get(),
            base_url=self._public_url or base_url,
            product_version=platform_version(),
            own_session=True,
            asset_id=int(context.asset_id) if context.asset_id.isdecimal() else 0,
            asset_name=context.asset_name or context.asset_id,
            appid=context.app.appid,
            app_home=context.app_home,
            label=context.container_label,
            run=context.key,
            handlers=None if self._handlers is None else self._handlers(),
            note=context.note,
        )
