"""An asset: one configured instance of the product an app works with."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soarkit.manifest.model import App


@dataclass(frozen=True)
class Asset:
    """What a run knows of its asset.

    :param configuration: values by configuration variable, as the user gave them
    :param id: its id as text (apps use it in file names and as salt); None when the run has no asset
    :param name: its name
    :param product_version: version of the product it points to; None: not known
    :param concurrency_limit: how many actions that allow it may run at once; None: any number
    :param stored: whether it is kept in the store, which is where to mend what it lacks
    :param secrets: variables whose values are secret, whatever the app declares
    """

    configuration: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    name: str | None = None
    product_version: str | None = None
    concurrency_limit: int | None = None
    stored: bool = False
    secrets: frozenset[str] = frozenset()

    @property
    def lock_name(self) -> str | None:
        """The name an action locks on by default: the asset's. None for a run without an asset."""
        if self.id is None and self.name is None:
            return None
        return f"asset {self.id if self.id is not None else self.name}"

    def effective_id(self, app: App) -> str:
        """The id to hand to the app: without one, an integer from a checksum of the app and the configuration.

        The same configuration so finds the same state file again, and apps that call ``int()`` on it succeed. Passwords
        are left out: the id is shown, and a new password makes no new asset.
        """
        if self.id is not None:
            return self.id
        passwords = {name for name, one in app.configuration.items() if one.data_type == "password"}
        told = {name: value for name, value in self.configuration.items() if name not in passwords}
        text = json.dumps([app.appid, self.name, told], sort_keys=True, default=str)
        # 31 bits of a digest are no more telling apart than 31 bits of a checksum, and hashlib takes longer to import.
        return str(zlib.crc32(text.encode()) & 0x7FFFFFFF)
