"""Encryption with the installation's key, for apps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from soarkit import encryption


def answers(home: str) -> Mapping[str, Callable[..., object]]:
    """``encrypt`` and ``decrypt``.

    :param home: soarkit's home folder
    """
    return {
        "encrypt": partial(encryption.encrypt, home=home),
        "decrypt": partial(_decrypt, home=home),
    }


def _decrypt(text: str, salt: str, home: str) -> str:
    return encryption.decrypt(text, salt, home)
