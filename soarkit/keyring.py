"""The keys of an installation: which there are, a new one in the place of the present one, old ones forgotten.

The order of writing is what keeps a rotation safe: a key is among the earlier ones before it is replaced, so at every
moment each cipher text can be read by whoever reads the keys after it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from soarkit import encryption, homefiles
from soarkit.errors import RequestError, SurroundingsError

_LOCK = "keys"
_CIPHER_TEXT = re.compile(rb"sk1:[A-Za-z0-9_=-]{20,}")


@dataclass(frozen=True)
class KnownKey:
    """A key, without what makes it one.

    :param fingerprint: what it is told apart by
    :param present: whether it is the one that is encrypted with
    :param replaced: when another took its place, seconds since 1970; None for the present one, 0 where nobody knows
    """

    fingerprint: str
    present: bool
    replaced: int | None


def in_variable() -> bool:
    """Whether the key comes from SOARKIT_KEY."""
    return bool(os.environ.get("SOARKIT_KEY", "").strip())


def source(home: str) -> str:
    """Where the present key is, for people."""
    return "SOARKIT_KEY" if in_variable() else os.path.join(home, encryption.module().KEY_FILE)


def known(home: str) -> list[KnownKey]:
    """The present key, then the earlier ones; none where no key has been made yet.

    :raises SurroundingsError: they cannot be read
    """
    module = encryption.module()
    if not in_variable() and not os.path.lexists(source(home)):
        return []
    try:
        present = module.present_key(home, create=False)
        # After a rotation that was killed halfway the present key is among the earlier ones, too.
        earlier = [(key, until) for key, until in module.old_keys(home) if key != present]
        return [
            KnownKey(module.fingerprint(present), True, None),
            *(KnownKey(module.fingerprint(key), False, until) for key, until in earlier),
        ]
    except ValueError as error:
        raise _unusable(error) from None


def replace(home: str) -> None:
    """Put a new key in the place of the present one, which from then on is an earlier one.

    :raises RequestError: the key comes from SOARKIT_KEY
    :raises SurroundingsError: the keys cannot be read or written
    """
    module = encryption.module()
    if in_variable():
        raise RequestError(
            "the key comes from SOARKIT_KEY, so only you can change it",
            hint="set SOARKIT_KEY to a new key, SOARKIT_OLD_KEYS to the present one (several: between blanks),\n"
            "and then: soarkit key rotate  writes all secrets anew",
        )
    with homefiles.locked(home, _LOCK, waiting=lambda: None):
        try:
            present = module.present_key(home, create=True)
            listed = _listed(home)
            path = os.path.join(home, module.OLD_KEYS_FILE)
            entry = {"key": present.decode("utf-8", "surrogateescape"), "until": int(time.time())}
            homefiles.write_json(path, {"keys": [entry, *(one for one in listed if one["key"] != entry["key"])]})
            _settle(home)
            homefiles.write_bytes(source(home), f"{module.new_key()}\n".encode())
            _settle(home)
        except ValueError as error:
            raise _unusable(error) from None
        except OSError as error:
            raise SurroundingsError(
                f"the key cannot be changed: {error.strerror}",
                where=error.filename,
                hint="mend the rights of the home folder, or make room; nothing is lost",
            ) from error


def forget_old(home: str) -> int:
    """Forget the earlier keys; what only they can read is lost.

    :returns: how many there were
    :raises RequestError: they are in SOARKIT_OLD_KEYS
    """
    if os.environ.get("SOARKIT_OLD_KEYS", "").strip():
        raise RequestError("the earlier keys are in SOARKIT_OLD_KEYS", hint="unset SOARKIT_OLD_KEYS")
    module = encryption.module()
    with homefiles.locked(home, _LOCK, waiting=lambda: None):
        count = len(_listed(home))
        path = os.path.join(home, module.OLD_KEYS_FILE)
        if os.path.exists(path):
            os.unlink(path)
    return count


def files_of_apps(home: str) -> Iterator[str]:
    """Files in which apps keep cipher texts that are older than the present key: paths, sorted."""
    keys = known(home)
    if len(keys) < 2:
        return
    since = keys[1].replaced or int(time.time())
    module = encryption.module()
    for top in (os.path.join(home, "phantom", "local_data"), os.path.join(home, "apps")):
        for folder, folders, names in os.walk(top):
            folders.sort()
            for name in sorted(names):
                if name.endswith((".json", ".out", ".txt")):
                    path = os.path.join(folder, name)
                    if any(module.written_at(text.decode()) < since for text in _cipher_texts(path)):
                        yield path


def _cipher_texts(path: str) -> list[bytes]:
    try:
        with open(path, "rb") as file:
            return _CIPHER_TEXT.findall(file.read())
    except OSError:
        return []


def _listed(home: str) -> list[dict[str, object]]:
    return [
        {"key": key.decode("utf-8", "surrogateescape"), "until": until}
        for key, until in encryption.module().old_keys(home)
    ]


def _settle(home: str) -> None:
    """Let the names of files in the home reach the disk, in the order of writing."""
    descriptor = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusable(error: ValueError) -> SurroundingsError:
    return SurroundingsError(str(error), hint="`soarkit doctor` looks at the key")
