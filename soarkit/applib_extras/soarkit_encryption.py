"""Encryption with the installation's key: the one place that has it.

A cipher text is ``sk1:`` and a Fernet token; its key is derived (HKDF, SHA-256) from the master key and the salt, so
that a text can only be read back with the salt it was written with. The master key is the text of the environment
variable ``SOARKIT_KEY``, else that of the file ``key`` in soarkit's home folder, created on first use.
"""

from __future__ import annotations

import os
import re

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX = "sk1:"
#: Shorter keys can be guessed.
_SHORTEST_KEY = 32


def encrypt(text: str, salt: str, home: str) -> str:
    """Encrypt ``text``. Each call gives another cipher text.

    :param home: soarkit's home folder, which holds the key file
    :raises ValueError: the key cannot be read, created or used
    """
    # "surrogatepass": any str a program can hold must come back as it was
    token = _fernet(salt, _master_key(home, create=True)).encrypt(text.encode("utf-8", "surrogatepass"))
    return PREFIX + token.decode("ascii")


def decrypt(token: str, salt: str, home: str) -> str:
    """Give back what :func:`encrypt` got.

    :raises ValueError: ``token`` is not one of ours, is damaged, or was written with another salt or key
    """
    if not token.startswith(PREFIX):
        raise ValueError(f"this is no cipher text of soarkit: it does not begin with {PREFIX!r}")
    try:
        # Base64 decoding skips what it does not know, which would let through a text with additions.
        whole = re.fullmatch(r"[A-Za-z0-9_=-]*", token[len(PREFIX) :])
        plain = _fernet(salt, _master_key(home, create=False)).decrypt(whole.group() if whole else "")
    except InvalidToken:
        raise ValueError("the cipher text is damaged, or was written with another salt or key") from None
    return plain.decode("utf-8", "surrogatepass")


def _fernet(salt: str, master_key: bytes) -> Fernet:
    from base64 import urlsafe_b64encode

    # The salt separates assets, so it belongs into `info`; HKDF's own salt must not be chosen by a caller.
    info = b"soarkit field " + salt.encode("utf-8", "surrogatepass")
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master_key)
    return Fernet(urlsafe_b64encode(key))


def _master_key(home: str, *, create: bool) -> bytes:
    text = os.environ.get("SOARKIT_KEY", "").strip()
    source = "the environment variable SOARKIT_KEY"
    if not text:
        source = os.path.join(home, "key")
        text = _read_key(source, create=create)
    if len(text) < _SHORTEST_KEY:
        raise ValueError(f"{source} must hold a key of at least {_SHORTEST_KEY} characters")
    return text.encode("utf-8", "surrogateescape")


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
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)  # unlike a rename it never replaces a key
        except FileExistsError:
            pass
    finally:
        os.unlink(temporary)
