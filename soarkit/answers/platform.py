"""The platform of one run, put together when the run begins and gone with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType

from soarkit.answers import encryption
from soarkit.runtime.platform import RunContext

#: What apps are told the platform's address is; nothing listens there yet. The SDK's own placeholder.
BASE_URL = "https://localhost:9999/"


class RunPlatform:
    """See :class:`soarkit.runtime.platform.Platform`.

    :param home: soarkit's home folder
    """

    def __init__(self, home: str, context: RunContext) -> None:
        self._home, self._context = home, context
        self.base_url = BASE_URL
        self.variables: Mapping[str, str] = {}
        self.answers: Mapping[str, Callable[..., object]] = {**encryption.answers(home)}

    def __enter__(self) -> RunPlatform:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close yet."""
