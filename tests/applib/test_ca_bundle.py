"""``CA_CERTS_PEM`` and ``get_ca_bundle()`` name a file of all certificates to trust, connector API section 6."""

from __future__ import annotations

import os
import ssl
import stat
import sys
from types import SimpleNamespace

import pytest
from phantom.base_connector import BaseConnector
from soarkit_app import ca_bundle


@pytest.fixture(autouse=True)
def nothing(monkeypatch, tmp_path):
    """A machine without any certificates."""
    for name in ca_bundle.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ca_bundle, "_named", None)
    monkeypatch.setattr(ca_bundle, "_SYSTEM", (str(tmp_path / "system"),))
    monkeypatch.setattr(sys, "path", [str(tmp_path / "packages")])
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(cafile=None))


def certificate(name):
    return f"-----BEGIN CERTIFICATE-----\n{name}\n-----END CERTIFICATE-----\n"


def put(path, *names):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# a comment\n" + "".join(map(certificate, names)))
    return str(path)


def trusted():
    """What the bundle holds, by the words in it."""
    with open(BaseConnector.get_ca_bundle(), encoding="utf-8") as bundle:
        lines = bundle.read().splitlines()[1:]
    return [line for line in lines if not line.startswith("-----")]


def test_the_sources(monkeypatch, tmp_path, home):
    bundle = BaseConnector.get_ca_bundle()
    assert bundle == str(home / "etc" / "cacerts.pem") and not os.path.exists(bundle)
    own = put(tmp_path / "ssl", "ssl")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(cafile=own))
    assert trusted() == ["ssl"]
    put(tmp_path / "system", "a", "b")
    assert trusted() == ["a", "b"]
    put(tmp_path / "packages" / "certifi" / "cacert.pem", "b", "c")
    assert trusted() == ["b", "c", "a"]  # each once
    put(tmp_path / "soarkit" / "trust" / "x.pem", "x", "a")
    put(tmp_path / "soarkit" / "rest" / "certificate.pem", "rest")
    assert trusted() == ["b", "c", "a", "x", "rest"]
    assert stat.S_IMODE(os.stat(home / "etc").st_mode) == 0o700
    assert stat.S_IMODE(os.stat(bundle).st_mode) == 0o600
    assert os.listdir(home / "etc") == ["cacerts.pem"]


def test_what_the_user_names_takes_the_place_of_the_usual_ones(monkeypatch, tmp_path):
    put(tmp_path / "system", "system")
    put(tmp_path / "soarkit" / "trust" / "x.pem", "x")
    monkeypatch.setenv("SSL_CERT_FILE", put(tmp_path / "openssl", "openssl"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))  # a folder of certificates, which is no bundle
    assert trusted() == ["openssl", "x"]
    # Later the variables name the bundle itself.
    for name in ca_bundle.VARIABLES:
        monkeypatch.setenv(name, BaseConnector.get_ca_bundle())
    put(tmp_path / "soarkit" / "trust" / "y.pem", "y")
    assert trusted() == ["openssl", "x", "y"]


def test_variables_that_name_no_file_are_left_alone(monkeypatch, tmp_path):
    put(tmp_path / "system", "system")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    monkeypatch.setenv("CURL_CA_BUNDLE", "/not/there")
    bundle = BaseConnector.get_ca_bundle()
    assert ca_bundle.variables(bundle) == {"SSL_CERT_FILE": bundle}
    assert ca_bundle.variables(str(tmp_path / "nothing")) == {}


def test_it_is_composed_anew_only_when_a_source_has_changed(tmp_path):
    source = tmp_path / "system"
    put(source, "a")
    bundle = BaseConnector.get_ca_bundle()
    before = os.stat(bundle).st_ino
    assert BaseConnector.get_ca_bundle() == bundle and os.stat(bundle).st_ino == before
    put(source, "a", "b")
    assert trusted() == ["a", "b"]
    source.unlink()
    assert trusted() == ["a", "b"]  # better these than none


def test_a_file_of_somebody_s_own_is_left_alone(tmp_path, home):
    put(tmp_path / "system", "system")
    put(home / "etc" / "cacerts.pem", "an authority of our own")
    assert trusted() == ["an authority of our own"]


def test_a_run_can_be_told_to_use_another_file(tmp_path, surroundings, home):
    surroundings.ca_bundle = str(tmp_path / "mine.pem")
    assert BaseConnector.get_ca_bundle() == surroundings.ca_bundle
    assert not home.exists()


def test_a_home_that_cannot_be_written(monkeypatch, tmp_path, surroundings):
    put(tmp_path / "system", "system")
    (tmp_path / "in the way").write_text("")
    surroundings.home = str(tmp_path / "in the way")
    assert BaseConnector().get_ca_bundle() == os.path.join(surroundings.home, "etc", "cacerts.pem")
    assert "cannot be created" in surroundings.errors()[0]
