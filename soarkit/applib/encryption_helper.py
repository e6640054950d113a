"""Encryption for what apps keep in their state files."""

from soarkit_app.encryption import decrypt, encrypt

__all__ = ["decrypt", "encrypt"]
