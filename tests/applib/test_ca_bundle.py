"""``CA_CERTS_PEM`` and ``get_ca_bundle()`` name a file that is there, connector API section 6."""

from __future__ import annotations

import os
import ssl
import stat
import sys
from types import SimpleNamespace

import pytest
from phantom.base_connector import BaseConnector


@pytest.fixture
def nothing(monkeypatch, tmp_path):
    """A machine without any certificates."""
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "certifi", None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(cafile=None))


def file(tmp_path, name):
    path = tmp_path / name
    path.write_text(name)
    return str(path)


def read(path):
    with open(path, encoding="utf-8") as bundle:
        return bundle.read()


def test_the_order_of_the_sources(nothing, monkeypatch, tmp_path, home):
    bundle = BaseConnector.get_ca_bundle()
    assert bundle == str(home / "etc" / "cacerts.pem") and not os.path.exists(bundle)

    def made():
        """What the bundle is made from when it is missing."""
        path = BaseConnector.get_ca_bundle()
        content = read(path)
        os.unlink(path)
        return content

    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(cafile=file(tmp_path, "ssl")))
    assert made() == "ssl"
    monkeypatch.setitem(sys.modules, "certifi", SimpleNamespace(where=lambda: file(tmp_path, "certifi")))
    assert made() == "certifi"
    monkeypatch.setenv("SSL_CERT_FILE", file(tmp_path, "openssl"))
    assert made() == "openssl"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))  # a folder of certificates, which is no bundle
    assert made() == "openssl"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", file(tmp_path, "requests"))
    assert made() == "requests"


def test_a_bundle_that_is_there_is_left_alone(monkeypatch, tmp_path, home):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", file(tmp_path, "requests"))
    from phantom_common import paths

    assert read(paths.CA_CERTS_PEM) == "requests"
    assert stat.S_IMODE(os.stat(home / "etc").st_mode) == 0o700
    assert os.listdir(home / "etc") == ["cacerts.pem"]
    (home / "etc" / "cacerts.pem").write_text("with an authority of our own")
    assert read(paths.CA_CERTS_PEM) == "with an authority of our own"


def test_a_certifi_that_fails(nothing, monkeypatch):
    def where():
        raise RuntimeError("packed badly")

    monkeypatch.setitem(sys.modules, "certifi", SimpleNamespace(where=where))
    assert not os.path.exists(BaseConnector.get_ca_bundle())


def test_a_home_that_cannot_be_written(monkeypatch, tmp_path, surroundings):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", file(tmp_path, "requests"))
    surroundings.home = file(tmp_path, "in the way")
    assert BaseConnector().get_ca_bundle() == os.path.join(surroundings.home, "etc", "cacerts.pem")
    assert "cannot be created" in surroundings.errors()[0]
