"""Whose certificates apps trust beside the usual ones: a file of PEM each in the folder ``trust`` of the home."""

from __future__ import annotations

import os
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


def add(home: str, path: str) -> list[Trusted]:
    """Let apps trust the certificates in a file, PEM or DER. Those whose validity has ended are left out.

    :returns: all in the file, those left out too
    :raises RequestError: the file holds no certificate, a private key, or only what has expired; nothing was added
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    found = [(_about(one), one.public_bytes(Encoding.PEM)) for one in _read(path)]
    if all(about.expired for about, _ in found):
        raise RequestError(
            f"expired on {found[0][0].ends:%Y-%m-%d}: nobody would trust it",
            where=path,
            hint="ask whoever runs the authority for its present certificate",
        )
    for about, pem in found:
        if not about.expired:
            homefiles.write_bytes(_path(home, about.sha256), pem)
    return [about for about, _ in found]


def listed(home: str) -> list[Trusted]:
    """The certificates that were added, by subject.

    :raises RequestError: a file in the folder is none
    """
    found = [_about(one) for name in _names(home) for one in _read(os.path.join(_folder(home), name))]
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
            data = file.read(_LARGEST)
    except OSError as error:
        raise RequestError(f"the file cannot be read: {error.strerror}", where=path) from None
    if b"PRIVATE KEY-----" in data:
        raise RequestError(
            "there is a private key in this file; nothing of it was copied",
            where=path,
            hint="name a file with certificates alone: openssl x509 -in FILE -out CERT.pem",
        )
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError:
        raise RequestError("this holds no certificate", where=path, hint="PEM or DER is needed") from None


def _about(certificate: x509.Certificate) -> Trusted:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        basic = False
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
