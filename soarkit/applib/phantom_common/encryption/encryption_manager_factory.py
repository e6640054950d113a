"""Encryption as the SOAR SDK asks for it."""

from soarkit_app import encryption


class platform_encryption_backend:
    """``encrypt(plain, salt)`` and ``decrypt(cipher, salt)``."""

    encrypt = staticmethod(encryption.encrypt)
    decrypt = staticmethod(encryption.decrypt)


__all__ = ["platform_encryption_backend"]
