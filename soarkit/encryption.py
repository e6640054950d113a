"""Encryption with the installation's keys."""

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
    return str(module().encrypt(text, salt, home))


def decrypt(token: str, salt: str, home: str) -> str:
    """What was encrypted, with the present key or an earlier one.

    :raises ValueError: it is none of our cipher texts, is damaged, or was written with another salt or key
    """
    return str(module().decrypt(token, salt, home))


def is_current(token: str, salt: str, home: str) -> bool:
    """Whether a cipher text was written with the present key.

    :raises ValueError: the key cannot be read
    """
    return bool(module().is_current(token, salt, home))


def module() -> Any:
    """The module that has the keys."""
    # Shared with apps run by hand, which is why it lives beside the app-side library and is found by its path.
    if APPLIB_EXTRAS not in sys.path:
        sys.path.append(APPLIB_EXTRAS)
    return import_module("soarkit_encryption")
