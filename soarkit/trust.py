"""Whose certificates apps trust beside the usual ones: a file of PEM each in the folder ``trust`` of the home."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soarkit import homefiles
from soarkit.errors import RequestError

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509

_LARGEST = 16 << 20  # bytes; a bundle of all authorities there are has a third of a million


@dataclass(frozen=True)
class Trusted:
    """A certificate, as people tell it apart.

    :param sha256: digest of the certificate, hexadecimal
    :param begins: when its validity begins, UTC
    :param ends: when it ends, UTC
    :param authority: whether it vouches for others
    :param own: whether it is signed with its own key
    """

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    sha256: str
    authority: bool
    own: bool

    @property
    def expired(self) -> bool:
        """Whether its validity has ended."""
        from datetime import datetime, timezone

        return self.ends < datetime.now(timezone.utc)

    def to_dict(self) -> dict[str, Any]:
        """The certificate for JSON."""
        return {
            "sha256": self.sha256,
            "subject": self.subject,
            "issuer": self.issuer,
            "begins": self.begins.isoformat().replace("+00:00", "Z"),
            "ends": self.ends.isoformat().replace("+00:00", "Z"),
        }


def files(home: str) -> list[str]:
    """The files of certificates that apps trust, that of the installation's own REST address among them."""
    folder = _folder(home)
    found = [os.path.join(folder, name) for name in homefiles.names(folder) if name.endswith(".pem")]
    return [*found, os.path.join(home, "rest", "certificate.pem")]


def add(home: str, paths: Sequence[str]) -> list[Trusted]:
    """Let apps trust the certificates in files, PEM or DER. Those whose validity has ended are left out.

    :returns: all in the files, each once, those left out too
    :raises RequestError: a file holds no certificate, a private key, or only what has expired; nothing was added
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    found: dict[x509.Certificate, Trusted] = {}
    for path in paths:
        held = {one: _about(one, path) for one in _read(path)}
        if all(about.expired for about in held.values()):
            raise RequestError(
                f"expired on {next(iter(held.values())).ends:%Y-%m-%d}: nobody would trust it",
                where=path,
                hint="ask whoever runs the authority for its present certificate",
            )
        found.update(held)
    for certificate, about in found.items():
        if not about.expired:
            homefiles.write_bytes(_path(home, about.sha256), certificate.public_bytes(Encoding.PEM))
    return list(found.values())


def listed(home: str) -> list[Trusted]:
    """The certificates that were added, by subject.

    :raises RequestError: a file in the folder is none
    """
    paths = [os.path.join(_folder(home), name) for name in _names(home)]
    found = [_about(one, path) for path in paths for one in _read(path)]
    return sorted(found, key=lambda one: (one.subject, one.sha256))


def remove(home: str, word: str) -> Trusted:
    """Trust a certificate no more.

    :param word: its digest, the beginning of it, or its subject
    :raises RequestError: there is none, or more than one
    """
    wanted = word.replace(":", "").lower()
    found = [one for one in listed(home) if one.subject == word or (wanted and one.sha256.startswith(wanted))]
    if len(found) != 1:
        problem = "several certificates begin so" if found else "there is no such certificate"
        raise RequestError(problem, where=word, hint="`soarkit trust list` shows their SHA-256")
    path = _path(home, found[0].sha256)
    if not os.path.exists(path):
        raise RequestError("the certificate is in a file that soarkit did not write", hint=f"look into {_folder(home)}")
    os.unlink(path)
    return found[0]


def _read(path: str) -> list[x509.Certificate]:
    from cryptography import x509

    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise RequestError(f"the file cannot be read: {error.strerror}", where=path) from None
    if len(data) > _LARGEST:
        raise RequestError(f"the file has more than {_LARGEST >> 20} MiB; it holds something else", where=path)
    if b"PRIVATE KEY-----" in data:
        raise RequestError(
            "there is a private key in this file; nothing of it was copied",
            where=path,
            hint="name a file with certificates alone: openssl x509 -in FILE -out CERT.pem",
        )
    try:
        with _quiet():
            if b"-----BEGIN" in data:
                return x509.load_pem_x509_certificates(data)
            return [x509.load_der_x509_certificate(data)]
    except (ValueError, x509.InvalidVersion):
        raise RequestError("this holds no certificate", where=path, hint="PEM or DER is needed") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Certificates that break a rule nobody minds, such as the sign of a serial number, are read without a word."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _about(certificate: x509.Certificate, path: str) -> Trusted:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        with _quiet():
            basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        basic = False
    except (x509.DuplicateExtension, ValueError) as error:
        raise RequestError(f"a certificate in this file is damaged: {error}", where=path) from None
    return Trusted(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        begins=certificate.not_valid_before_utc,
        ends=certificate.not_valid_after_utc,
        sha256=certificate.fingerprint(SHA256()).hex(),
        authority=basic,
        own=certificate.issuer == certificate.subject,
    )


def _names(home: str) -> list[str]:
    return [name for name in homefiles.names(_folder(home)) if name.endswith(".pem")]


def _folder(home: str) -> str:
    return os.path.join(home, "trust")


def _path(home: str, sha256: str) -> str:
    return os.path.join(_folder(home), f"{sha256[:40]}.pem")
