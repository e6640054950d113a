"""Files that look like somebody's secrets: keys, passwords, tokens. They have no place in a package."""

from __future__ import annotations

import fnmatch
import os
import re

_NAMES = (
    ".env .env.* .envrc .netrc _netrc .pgpass .my.cnf .pypirc .npmrc .git-credentials .htpasswd .dockercfg "
    ".vault_pass* id_rsa id_dsa id_ecdsa id_ed25519 *_rsa *.p12 *.pfx *.jks *.keystore *.kdbx *.ppk "
    "credentials credentials.json client_secret*.json service_account*.json token.json tokens.json "
    "secrets.json secrets.yml secrets.yaml"
).split()
_FOLDERS = (".aws", ".ssh", ".gnupg")
#: Samples of such files, and public keys.
_HARMLESS = ("*.example", "*.sample", "*.template", "*.dist", "*.pub")
#: Files of these kinds may speak of keys: they are code or documentation.
_SPEAKING = (".py", ".md", ".html", ".rst", ".js", ".json", ".yml", ".yaml", ".j2")
_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s+(?:[A-Za-z-]+: [^\n]*\s+)*[A-Za-z0-9+/=]{40}"
    rb"|\APuTTY-User-Key-File-"
)
_LARGEST = 1024**2  # bytes; keys are a few thousand


def is_secret_name(name: str, *, is_folder: bool) -> bool:
    """Whether a file or folder of this name holds secrets wherever it is found.

    :param name: without its folder
    """
    if is_folder:
        return name in _FOLDERS
    name = name.lower()
    return _fits(name, _NAMES) and not _fits(name, _HARMLESS)


def holds_private_key(path: str) -> bool:
    """Whether a file holds a private key; one of more than a mebibyte is not looked into.

    :raises OSError: it cannot be read
    """
    if os.stat(path).st_size > _LARGEST:
        return False
    with open(path, "rb") as file:
        return _KEY.search(file.read()) is not None


def may_speak_of_keys(path: str) -> bool:
    """Whether the file is code or documentation, which an app cannot do without."""
    return path.lower().endswith(_SPEAKING)


def _fits(name: str, patterns: tuple[str, ...] | list[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
