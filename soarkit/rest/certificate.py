"""The installation's certificate: what its REST addresses show, and what apps may check them against.

Made once, self-signed, and in the CA bundle of every app. On the way to every run: what makes it is imported only then.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssl import SSLContext

#: Days that a certificate is good for. Nobody is there to renew it.
_DAYS = 7300


def path(home: str) -> str:
    """Where the certificate is, or would be.

    :param home: soarkit's home folder
    """
    return os.path.join(home, "rest", "certificate.pem")


def key_path(home: str) -> str:
    """Where its private key is, or would be."""
    return os.path.join(home, "rest", "key.pem")


def ensure(home: str) -> str:
    """The path of the certificate, which is made when there is none.

    :param home: soarkit's home folder
    :raises OSError: it cannot be written
    :raises SoarkitError: another process has been making it for an hour
    """
    found = path(home)
    if not os.path.exists(found):
        from soarkit import homefiles

        with homefiles.locked(home, "certificate", waiting=lambda: None):
            if not os.path.exists(found):
                certificate, key = _made()
                # The certificate last: where it is, the key is.
                homefiles.write_bytes(key_path(home), key)
                homefiles.write_bytes(found, certificate)
    return found


def server_context(home: str) -> SSLContext:
    """A server's TLS settings with the certificate, which is made when there is none.

    :raises OSError: it cannot be written, or not be read
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ensure(home), key_path(home))
    return context


def _made() -> tuple[bytes, bytes]:
    """A certificate and its private key."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "soarkit")])
    addresses = [x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1")]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # clocks differ
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *addresses]), critical=False)
        # No authority: whoever trusts it trusts these addresses, and nothing that its key could sign.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
