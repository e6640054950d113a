"""Encryption with the installation's keys: the one place that has them.

A cipher text is ``sk1:`` and a Fernet token; its key is derived (HKDF, SHA-256) from a master key and the salt, so
that a text can only be read back with the salt it was written with. The master key is the text of the environment
variable ``SOARKIT_KEY``, else that of the file ``key`` in soarkit's home folder, created on first use.

What was written with an earlier master key can still be read: those in the variable ``SOARKIT_OLD_KEYS`` (between
blanks) and, where the key comes from its file, those in the file ``old-keys.json`` beside it. Apps keep cipher texts
in files of their own, which only they can write anew.
"""

from __future__ import annotations

import json
import os
import re

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

PREFIX = "sk1:"
#: Names of the key's file and of the earlier keys' file in soarkit's home folder.
KEY_FILE, OLD_KEYS_FILE = "key", "old-keys.json"
#: Shorter keys can be guessed.
_SHORTEST_KEY = 32


def encrypt(text: str, salt: str, home: str) -> str:
    """Encrypt ``text``. Each call gives another cipher text.

    :param home: soarkit's home folder, which holds the key file
    :raises ValueError: the key cannot be read, created or used
    """
    # "surrogatepass": any str a program can hold must come back as it was
    token = _fernet(salt, present_key(home, create=True)).encrypt(text.encode("utf-8", "surrogatepass"))
    return PREFIX + token.decode("ascii")


def decrypt(token: str, salt: str, home: str) -> str:
    """Give back what :func:`encrypt` got, with the present key or an earlier one.

    :raises ValueError: ``token`` is not one of ours, is damaged, or was written with another salt or key
    """
    return _decrypt(token, salt, _keys(home))


def is_current(token: str, salt: str, home: str) -> bool:
    """Whether a cipher text was written with the present key.

    :raises ValueError: the key cannot be read
    """
    key = present_key(home, create=False)
    try:
        _decrypt(token, salt, iter([key]))
    except ValueError:
        return False
    return True


def written_at(token: str) -> int:
    """When a cipher text was written, in seconds since 1970: part of it that needs no key.

    :raises ValueError: it is none of ours
    """
    from base64 import urlsafe_b64decode

    try:
        head = urlsafe_b64decode(token[len(PREFIX) :][:12])
    except ValueError:
        head = b""
    if not token.startswith(PREFIX) or len(head) < 9:
        raise ValueError("this is no cipher text of soarkit")
    return int.from_bytes(head[1:9], "big")


def present_key(home: str, *, create: bool) -> bytes:
    """The master key that texts are encrypted with.

    :param create: make one where there is none; what is to be decrypted is not helped by a new one
    :raises ValueError: it cannot be read, created or used
    """
    text = os.environ.get("SOARKIT_KEY", "").strip()
    source = "the environment variable SOARKIT_KEY"
    if not text:
        source = os.path.join(home, KEY_FILE)
        text = _read_key(source, create=create)
    if len(text) < _SHORTEST_KEY:
        raise ValueError(f"{source} must hold a key of at least {_SHORTEST_KEY} characters")
    return text.encode("utf-8", "surrogateescape")


def old_keys(home: str) -> list[tuple[bytes, int]]:
    """The earlier master keys, latest first, each with the time it was replaced (seconds since 1970; 0: not known).

    :raises ValueError: their file cannot be read
    """
    found = [(one.encode("utf-8", "surrogateescape"), 0) for one in os.environ.get("SOARKIT_OLD_KEYS", "").split()]
    if os.environ.get("SOARKIT_KEY", "").strip():
        return found
    path = os.path.join(home, OLD_KEYS_FILE)
    try:
        with open(path, encoding="utf-8") as file:
            listed: list[dict[str, Any]] = json.load(file)["keys"]
        return found + [(one["key"].encode("utf-8", "surrogateescape"), int(one["until"])) for one in listed]
    except FileNotFoundError:
        return found
    except OSError as error:
        raise ValueError(f"the file of earlier keys {path} cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise ValueError(f"the file of earlier keys {path} is damaged") from error


def fingerprint(key: bytes) -> str:
    """What a key is told apart by; it says nothing about the key."""
    return HKDF(algorithm=SHA256(), length=8, salt=None, info=b"soarkit key fingerprint").derive(key).hex()


def new_key() -> str:
    """The text of a new master key."""
    import secrets

    return secrets.token_urlsafe(48)


def _keys(home: str) -> Iterator[bytes]:
    # The present key first: a rotation puts a key among the earlier ones before it replaces it.
    yield present_key(home, create=False)
    for key, _ in old_keys(home):
        yield key


def _decrypt(token: str, salt: str, keys: Iterator[bytes]) -> str:
    if not token.startswith(PREFIX):
        raise ValueError(f"this is no cipher text of soarkit: it does not begin with {PREFIX!r}")
    # Base64 decoding skips what it does not know, which would let through a text with additions.
    whole = re.fullmatch(r"[A-Za-z0-9_=-]*", token[len(PREFIX) :])
    for key in keys:
        try:
            return _fernet(salt, key).decrypt(whole.group() if whole else "").decode("utf-8", "surrogatepass")
        except InvalidToken:
            continue
    raise ValueError("the cipher text is damaged, or was written with another salt or key")


def _fernet(salt: str, master_key: bytes) -> Fernet:
    from base64 import urlsafe_b64encode

    # The salt separates assets, so it belongs into `info`; HKDF's own salt must not be chosen by a caller.
    info = b"soarkit field " + salt.encode("utf-8", "surrogatepass")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master_key)
    return Fernet(urlsafe_b64encode(key))


def _read_key(path: str, *, create: bool) -> str:
    """The key file's text. Only what is about to be encrypted makes one: a new key reads nothing that is there."""
    try:
        for _ in range(2):
            try:
                with open(path, encoding="utf-8", errors="surrogateescape") as file:
                    return file.read().strip()
            except FileNotFoundError:
                if not create:
                    raise ValueError(f"the key file {path} is not there") from None
                _create_key(path)
        raise ValueError(f"the key file {path} vanishes as soon as it is written")
    except OSError as error:
        raise ValueError(f"the key file {path} cannot be used: {error.strerror or error}") from error


def _create_key(path: str) -> None:
    """Create the key file whole or not at all; when two processes do so at once, both use the first one's key."""
    import secrets

    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    temporary = f"{path}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # unlike a rename it never replaces a key
        except FileExistsError:
            pass
    finally:
        os.unlink(temporary)
