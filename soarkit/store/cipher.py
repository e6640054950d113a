"""Secrets of assets: encrypted with the installation's key and the asset's own salt."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

from soarkit.errors import SurroundingsError
from soarkit.paths import APPLIB_EXTRAS
from soarkit.store.records import salt


class AssetCipher:
    """Encrypts and decrypts for one asset.

    :param home: soarkit's home folder, which holds the key
    :param asset_id: the asset's id
    :param name: the asset's name, for errors
    """

    def __init__(self, home: str, asset_id: int, name: str) -> None:
        self._home, self._salt, self._name = home, salt(asset_id), name

    def encrypt(self, text: str) -> str:
        """The cipher text.

        :raises SurroundingsError: the key cannot be used
        """
        try:
            return str(_encryption().encrypt(text, self._salt, self._home))
        except ValueError as error:
            raise SurroundingsError(str(error), hint="`soarkit doctor` looks at the key") from None

    def decrypt(self, token: str) -> str:
        """What was encrypted.

        :raises SurroundingsError: it was damaged, or encrypted with another key
        """
        try:
            return str(_encryption().decrypt(token, self._salt, self._home))
        except ValueError as error:
            raise SurroundingsError(
                f"a secret cannot be decrypted: {error}",
                where=f"asset {self._name}",
                hint="bring back the key it was encrypted with (SOARKIT_KEY, or the file key in the home folder)",
            ) from None


def _encryption() -> ModuleType:
    # Shared with apps run by hand, which is why it lives beside the app-side library and is found by its path.
    if APPLIB_EXTRAS not in sys.path:
        sys.path.append(APPLIB_EXTRAS)
    return import_module("soarkit_encryption")
