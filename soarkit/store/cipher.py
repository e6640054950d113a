"""Secrets of assets: encrypted with the installation's key and the asset's own salt."""

from __future__ import annotations

from soarkit import encryption
from soarkit.errors import SurroundingsError
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
            return encryption.encrypt(text, self._salt, self._home)
        except ValueError as error:
            raise SurroundingsError(str(error), hint="`soarkit doctor` looks at the key") from None

    def is_current(self, token: str) -> bool:
        """Whether it was encrypted with the present key.

        :raises SurroundingsError: the key cannot be used
        """
        try:
            return encryption.is_current(token, self._salt, self._home)
        except ValueError as error:
            raise SurroundingsError(str(error), hint="`soarkit doctor` looks at the key") from None

    def decrypt(self, token: str) -> str:
        """What was encrypted.

        :raises SurroundingsError: it was damaged, or encrypted with another key
        """
        try:
            return encryption.decrypt(token, self._salt, self._home)
        except ValueError as error:
            raise SurroundingsError(
                f"a secret cannot be decrypted: {error}",
                where=f"asset {self._name}",
                hint="bring back the key it was encrypted with (SOARKIT_KEY, or the file key in the home folder)",
            ) from None
