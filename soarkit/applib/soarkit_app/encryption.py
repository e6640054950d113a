"""Encrypting values that apps and assets keep (connector API, section 6).

The key is the host's: under the runtime it answers. By hand the same code, ``soarkit_encryption`` in the sibling
folder ``applib_extras``, runs here, with the same key file.
"""

from __future__ import annotations

import os
import sys

from soarkit_app import session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: How every cipher text begins; a value that begins otherwise is plain.
PREFIX = "sk1:"


def encrypt(plain: Any, salt: Any = "") -> str:
    """Encrypt a text.

    :param salt: the asset id, as a rule; the same is needed to decrypt
    :raises TypeError: an argument is None or no text
    :raises soarkit_app.session.ServiceUnavailable: there is no key, or no ``cryptography`` package
    """
    return str(session.current.call("encrypt", text=_checked(plain, "encrypt"), salt=_salt(salt)))


def decrypt(cipher: Any, salt: Any = "") -> str:
    """Give back the text that was encrypted with this salt.

    :raises TypeError: an argument is None or no text
    :raises Exception: the cipher text is empty or damaged, or the salt is another one
    """
    text = _checked(cipher, "decrypt")
    if not text:
        raise ValueError("there is nothing to decrypt: the cipher text is empty")
    return str(session.current.call("decrypt", text=text, salt=_salt(salt)))


def is_encrypted(value: object) -> bool:
    """Whether a configuration value is one of our cipher texts; hand-written files hold plain ones."""
    return isinstance(value, str) and value.startswith(PREFIX)


def _checked(text: Any, verb: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{verb} takes text, not {type(text).__name__}")
    return text


def _salt(salt: Any) -> str:
    if salt is None:
        raise TypeError("the salt must be text (the asset id, as a rule), not None")
    return str(salt)


def call_here(name: str, text: str, salt: str) -> str:
    """Answer an "encrypt" or "decrypt" call in this process, for an app that is run by hand."""
    try:
        module = _soarkit_encryption()
    except ImportError as error:
        raise session.ServiceUnavailable(
            f"{name} needs the package 'cryptography' in this Python ({error}): pip install cryptography"
        ) from error
    return str(getattr(module, name)(text, salt, session.soarkit_home()))


def _soarkit_encryption() -> Any:
    """The module of that name, from its file: its folder is no part of ``sys.path`` by hand."""
    name = "soarkit_encryption"
    if name not in sys.modules:
        from importlib import util

        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        spec = util.spec_from_file_location(name, os.path.join(root, "applib_extras", f"{name}.py"))
        if spec is None or spec.loader is None:
            raise ImportError(f"the module {name} cannot be loaded")
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
    return sys.modules[name]
