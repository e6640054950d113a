"""Encryption as the SOAR SDK asks for it."""

from soarkit_app import encryption


def _decrypt(cipher: object, salt: object = "") -> object:
    """Decrypt; what is no cipher text of ours is given back as it is.

    The SDK decrypts an app's sensitive settings with this, and those come in plain: the host has decrypted them, or
    somebody wrote them into a file.
    """
    return encryption.decrypt(cipher, salt) if encryption.is_encrypted(cipher) else cipher


class platform_encryption_backend:
    """``encrypt(plain, salt)`` and ``decrypt(cipher, salt)``."""

    encrypt = staticmethod(encryption.encrypt)
    decrypt = staticmethod(_decrypt)


__all__ = ["platform_encryption_backend"]
