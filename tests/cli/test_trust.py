"""``soarkit trust``: a private authority, and apps that meet its servers."""

from __future__ import annotations

import datetime
import http.server
import ipaddress
import json
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from installing import install
from jsonschema import Draft202012Validator

Soarkit = Callable[..., Finished]
ENVELOPE = Path(__file__).parents[2] / "schemas" / "envelope.schema.json"
NOW = datetime.datetime.now(datetime.timezone.utc)
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


class Authority:
    """A certificate authority with a key."""

    def __init__(self, name: str, days: int = 30) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key.public_key(), days, authority=True)

    def server(self, folder: Path) -> Path:
        """A file with key and certificate for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        certificate = self._sign(name, key.public_key(), 30, authority=False)
        path = folder / "server.pem"
        path.write_bytes(private(key) + certificate.public_bytes(PEM))
        return path

    def _sign(self, name: x509.Name, key: Any, days: int, *, authority: bool) -> x509.Certificate:
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"), False
        )
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(days=60))
            .not_valid_after(NOW + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
            .add_extension(
                x509.KeyUsage(
                    digital_signature=not authority,
                    key_cert_sign=authority,
                    encipher_only=False,
                    decipher_only=False,
                    **usage,
                ),
                critical=True,
            )
            .sign(self.key, hashes.SHA256())
        )


def private(key: Any) -> bytes:
    return bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


class Page(http.server.BaseHTTPRequestHandler):
    """Says hello."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority("Contoso Root")
    (tmp_path / "root.pem").write_bytes(made.certificate.public_bytes(PEM))
    return made


@pytest.fixture
def url(authority: Authority, tmp_path: Path) -> Iterator[str]:
    """A server with a certificate of the authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_apps_trust_what_was_added(soarkit: Soarkit, home: Path, url: str, tmp_path: Path) -> None:
    install(home, "fetches_a_page")

    def fetched(*words: str, **variables: str) -> dict[str, str]:
        finished = soarkit(
            *("run", "fetches-a-page", "fetch", "-c", f"url={url}", "--python", sys.executable, *words), **variables
        )
        assert finished.code == 0, finished
        answers: dict[str, str] = finished.data[0]
        return answers

    hello = {"requests": "hello", "urllib": "hello"}
    assert all("CERTIFICATE_VERIFY_FAILED" in one for one in fetched().values())
    assert fetched("--ca-bundle", str(tmp_path / "root.pem")) == hello
    assert all("CERTIFICATE_VERIFY_FAILED" in one for one in fetched().values())
    assert soarkit("trust", "add", str(tmp_path / "root.pem")).code == 0
    assert fetched() == hello
    other = tmp_path / "other.pem"
    other.write_bytes(Authority("Other").certificate.public_bytes(PEM))
    assert fetched(REQUESTS_CA_BUNDLE=str(other)) == hello  # beside what the user names
    assert soarkit("trust", "remove", "CN=Contoso Root").code == 0
    assert all("CERTIFICATE_VERIFY_FAILED" in one for one in fetched().values())


def test_adding_listing_and_removing(soarkit: Soarkit, authority: Authority, home: Path, tmp_path: Path) -> None:
    assert "none were added" in soarkit("trust", "list").stderr
    second, old = Authority("Second"), Authority("Old", days=-1)
    (tmp_path / "several.pem").write_bytes(
        b"".join(one.certificate.public_bytes(PEM) for one in (authority, second, old))
    )
    added = soarkit("trust", "add", str(tmp_path / "several.pem"), "-f", "json")
    assert added.code == 0, added
    assert "left out, as it expired" in added.stderr and "CN=Old" in added.stderr
    Draft202012Validator(json.loads(ENVELOPE.read_text())).validate(added.json())
    digest = authority.certificate.fingerprint(hashes.SHA256()).hex()
    assert [one["subject"] for one in added.json()["certificates"]] == ["CN=Contoso Root", "CN=Second"]
    assert added.json()["certificates"][0]["sha256"] == digest
    (tmp_path / "root.der").write_bytes(authority.certificate.public_bytes(DER))
    assert soarkit("trust", "add", str(tmp_path / "root.der")).code == 0  # once more: nothing new
    listed = soarkit("trust", "list").stdout
    assert listed.count("sha-256") == 2 and digest in listed and "issuer   CN=Second" in listed
    assert soarkit("trust", "remove", digest[:12].upper()).code == 0
    assert [one["subject"] for one in soarkit("trust", "list", "-f", "json").json()["certificates"]] == ["CN=Second"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in (home / "trust").iterdir())


def test_what_is_refused(soarkit: Soarkit, authority: Authority, home: Path, tmp_path: Path) -> None:
    server = authority.server(tmp_path)
    (tmp_path / "text").write_text("no certificate")
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    (tmp_path / "old.pem").write_bytes(Authority("Old", days=-1).certificate.public_bytes(PEM))
    for path, said in (
        (server, "a private key in this file"),
        (tmp_path / "text", "holds no certificate"),
        (tmp_path / "broken.pem", "holds no certificate"),
        (tmp_path / "old.pem", "expired on"),
        (tmp_path / "absent", "cannot be read"),
    ):
        refused = soarkit("trust", "add", str(path))
        assert refused.code == 2 and said in refused.stderr, refused
    assert not (home / "trust").exists()
    assert soarkit("trust", "add").code == 2
    assert "no such certificate" in soarkit("trust", "remove", "CN=Nobody").stderr


def test_a_server_s_own_certificate_is_warned_of(soarkit: Soarkit, authority: Authority, tmp_path: Path) -> None:
    pem = authority.server(tmp_path).read_bytes()
    (tmp_path / "leaf.pem").write_bytes(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    added = soarkit("trust", "add", str(tmp_path / "leaf.pem"))
    assert added.code == 0 and "neither an authority's certificate nor" in added.stderr


def test_a_bundle_of_somebody_s_own_is_mentioned(
    soarkit: Soarkit, authority: Authority, home: Path, tmp_path: Path
) -> None:
    own = home / "phantom" / "etc" / "cacerts.pem"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    added = soarkit("trust", "add", str(tmp_path / "root.pem"))
    assert f"{own} is not soarkit's" in added.stderr


def test_files_that_hold_odd_certificates(soarkit: Soarkit, authority: Authority, home: Path, tmp_path: Path) -> None:
    pem, der = (authority.certificate.public_bytes(one) for one in (PEM, DER))
    (tmp_path / "several.pem").write_bytes(
        "# Römer\nsubject=CN\n".encode() + pem + pem.replace(b"\n", b"\r\n") + b"end"
    )
    added = soarkit("trust", "add", str(tmp_path / "several.pem"), str(tmp_path / "root.pem"), "-f", "json")
    assert added.code == 0 and len(added.json()["certificates"]) == 1, added
    removed = soarkit("trust", "remove", added.json()["certificates"][0]["sha256"])
    assert removed.code == 0 and list((home / "trust").iterdir()) == []
    (tmp_path / "version.der").write_bytes(der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020109"), 1))
    (tmp_path / "twice.der").write_bytes(_with_an_extension_twice(authority))
    (tmp_path / "large.pem").write_bytes(pem + b"\n" * (16 << 20) + pem)
    for name, said in (
        ("version.der", "holds no certificate"),
        ("twice.der", "a certificate in this file is damaged"),
        ("large.pem", "more than 16 MiB"),
    ):
        refused = soarkit("trust", "add", str(tmp_path / "root.pem"), str(tmp_path / name))
        assert refused.code == 2 and said in refused.stderr, refused
        assert list((home / "trust").iterdir()) == []  # not the good one either


def test_a_serial_number_that_nobody_minds(soarkit: Soarkit, authority: Authority, tmp_path: Path) -> None:
    der = authority.certificate.public_bytes(DER)
    number = authority.certificate.serial_number.to_bytes(20, "big")
    assert number in der
    (tmp_path / "negative.der").write_bytes(der.replace(number, b"\x80" + number[1:], 1))
    added = soarkit("trust", "add", str(tmp_path / "negative.der"))
    assert added.code == 0 and added.stderr == "", added


def _with_an_extension_twice(authority: Authority) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(authority.name)
        .issuer_name(authority.name)
        .public_key(authority.key.public_key())
        .serial_number(1)
        .not_valid_before(NOW)
        .not_valid_after(NOW + datetime.timedelta(days=1))
    )
    for number in (4, 5):
        extension = x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.2.3.{number}"), b"\5\0")
        builder = builder.add_extension(extension, critical=False)
    made = builder.sign(authority.key, hashes.SHA256()).public_bytes(DER)
    return made.replace(bytes.fromhex("06032a0305"), bytes.fromhex("06032a0304"))


def test_completion_offers_digests(soarkit: Soarkit, authority: Authority, tmp_path: Path) -> None:
    soarkit("trust", "add", str(tmp_path / "root.pem"))
    digest = authority.certificate.fingerprint(hashes.SHA256()).hex()
    words = {"COMP_WORDS": f"soarkit trust remove {digest[:3]}", "COMP_CWORD": "3"}
    assert soarkit(_SOARKIT_COMPLETE="zsh_complete", **words).stdout.split() == ["plain", digest, "CN=Contoso", "Root"]
