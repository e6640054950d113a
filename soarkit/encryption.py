"""Encryption with the installation's key."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from soarkit.paths import APPLIB_EXTRAS


def encrypt(text: str, salt: str, home: str) -> str:
    """The cipher text of ``text``; each call gives another one.

    :param salt: separates what belongs to different owners; the same is needed to decrypt
    :param home: soarkit's home folder, which holds the key
    :raises ValueError: the key cannot be read, created or used
    """
    return str(_module().encrypt(text, salt, home))


def decrypt(token: str, salt: str, home: str) -> str:
    """What was encrypted.

    :raises ValueError: it is none of our cipher texts, is damaged, or was written with another salt or key
    """
    return str(_module().decrypt(token, salt, home))


def _module() -> Any:
    # Shared with apps run by hand, which is why it lives beside the app-side library and is found by its path.
    if APPLIB_EXTRAS not in sys.path:
        sys.path.append(APPLIB_EXTRAS)
    return import_module("soarkit_encryption")
