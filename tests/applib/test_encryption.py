"""Encryption, connector API section 6; by hand, with the installation's key file."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("cryptography")

import encryption_helper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from phantom.base_connector import BaseConnector
from phantom_common.encryption.encryption_manager_factory import platform_encryption_backend
from soarkit_app import session

APPLIB = Path(encryption_helper.__file__).parent


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters()), st.text(max_size=20))
def test_round_trip_of_any_text(text, salt):
    cipher = encryption_helper.encrypt(text, salt)
    assert cipher.startswith("sk1:") and cipher.isascii()
    assert encryption_helper.decrypt(cipher, salt) == text
    assert platform_encryption_backend.decrypt(cipher, salt) == text


def test_call_shapes():
    assert encryption_helper.decrypt(encryption_helper.encrypt("x", salt="5"), salt="5") == "x"
    assert encryption_helper.decrypt(encryption_helper.encrypt("x")) == "x"
    assert encryption_helper.decrypt(encryption_helper.encrypt("x", 5), "5") == "x"
    assert encryption_helper.encrypt("x", "5") != encryption_helper.encrypt("x", "5")


@pytest.mark.parametrize(
    "damage", [lambda c: c[:-5], lambda c: c[:20] + "AAAA" + c[24:], lambda c: c + "é", lambda c: c[4:]]
)
def test_damaged_text_raises(damage):
    with pytest.raises(ValueError, match="cipher text"):
        encryption_helper.decrypt(damage(encryption_helper.encrypt("x", "5")), "5")


def test_another_salt_raises():
    with pytest.raises(ValueError, match="another salt"):
        encryption_helper.decrypt(encryption_helper.encrypt("x", "5"), "6")


def test_empty_cipher_text_raises():
    with pytest.raises(ValueError, match="empty"):
        encryption_helper.decrypt("", "5")


@pytest.mark.parametrize("arguments", [(None, "5"), ("x", None), (b"x", "5"), (5, "5")])
@pytest.mark.parametrize("function", [encryption_helper.encrypt, encryption_helper.decrypt])
def test_none_and_other_types_raise(function, arguments):
    with pytest.raises(TypeError):
        function(*arguments)


def test_the_key_file_is_the_owners_only_and_stays(tmp_path):
    cipher = encryption_helper.encrypt("x", "5")
    key = tmp_path / "soarkit" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert os.listdir(key.parent) == ["key"]
    before = key.read_text()
    assert encryption_helper.decrypt(cipher, "5") == "x" and key.read_text() == before
    key.write_text("another key of more than thirty-two characters")
    with pytest.raises(ValueError, match="another salt or key"):
        encryption_helper.decrypt(cipher, "5")


@pytest.mark.parametrize("content", ["", "short"])
def test_a_key_file_that_is_no_key(tmp_path, content):
    (tmp_path / "soarkit").mkdir()
    (tmp_path / "soarkit" / "key").write_text(content)
    with pytest.raises(ValueError, match="at least 32 characters") as caught:
        encryption_helper.encrypt("x", "5")
    assert "soarkit/key" in str(caught.value)


def test_a_home_that_cannot_hold_a_key(tmp_path):
    (tmp_path / "soarkit").write_text("in the way")
    with pytest.raises(ValueError, match="cannot be used"):
        encryption_helper.encrypt("x", "5")


def test_the_key_of_the_environment_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("SOARKIT_KEY", "k" * 40)
    cipher = encryption_helper.encrypt("x", "5")
    assert not (tmp_path / "soarkit").exists()
    monkeypatch.delenv("SOARKIT_KEY")
    with pytest.raises(ValueError, match="key is not there"):
        encryption_helper.decrypt(cipher, "5")


def test_processes_that_start_at_once_share_one_key(tmp_path):
    code = "import encryption_helper; print(encryption_helper.encrypt('x', '5'))"
    environment = {"PYTHONPATH": str(APPLIB), "SOARKIT_HOME": str(tmp_path / "soarkit")}
    children = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for cipher in [child.communicate()[0].strip() for child in children]:
        assert encryption_helper.decrypt(cipher, "5") == "x"


def test_under_the_runtime_the_host_answers(surroundings):
    surroundings.answers["encrypt"] = "sk1:from the host"
    assert encryption_helper.encrypt("x", "5") == "sk1:from the host"
    assert surroundings.asked == [("encrypt", {"text": "x", "salt": "5"})]


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    for name in [name for name in sys.modules if name == "soarkit_encryption" or name.startswith("cryptography.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(session.ServiceUnavailable, match="pip install cryptography"):
        encryption_helper.encrypt("x", "5")


class Contoso(BaseConnector):
    def handle_action(self, param):
        return self.set_status(True, json.dumps([self.get_config(), param]).replace("{", "{{").replace("}", "}}"))


def test_password_values_are_decrypted_and_plain_ones_let_through(bench):
    bench.configuration.update(a={"data_type": "password"}, b={"data_type": "password"}, c={"data_type": "string"})
    bench.parameters["p"] = {"data_type": "password"}
    cipher = encryption_helper.encrypt("opened", "5")
    connector = Contoso()
    result = bench.run(connector, config={"a": cipher, "b": "plain", "c": cipher}, parameters=[{"p": cipher}])
    config, param = json.loads(result["message"])
    assert (config, param) == ({"a": "opened", "b": "plain", "c": cipher}, {"p": "opened"})


def test_the_decryption_key_of_the_action_json_is_the_salt(bench):
    bench.configuration["a"] = {"data_type": "password"}
    cipher = encryption_helper.encrypt("opened", "ephemeral")
    connector = Contoso()
    assert bench.run(connector, config={"a": cipher}, dec_key="ephemeral")["status"] == "success"
    assert connector.get_config() == {"a": "opened"}


def test_a_secret_that_does_not_open_fails_the_run_and_is_named(bench):
    bench.configuration["a"] = {"data_type": "password"}
    bench.parameters["p"] = {"data_type": "password"}
    cipher = encryption_helper.encrypt("secret text", "6")
    result = bench.run(Contoso, config={"a": cipher})
    assert result["status"] == "failed" and "configuration 'a' cannot be decrypted" in result["message"]
    result = bench.run(Contoso, parameters=[{"p": cipher}])
    assert "parameter 'p' cannot be decrypted" in result["message"]
    assert "secret text" not in json.dumps(result)


def test_an_encrypted_environment_variable(bench, monkeypatch):
    class Reads(BaseConnector):
        def handle_action(self, param):
            self.debug_print(os.environ["CONTOSO_PROXY"])
            return self.set_status(True, os.environ["CONTOSO_PROXY"])

    variable = {"type": "password", "value": encryption_helper.encrypt("http://user:pw@proxy", "5")}
    result = bench.run(Reads, environment_variables={"CONTOSO_PROXY": variable})
    assert result["message"] == "http://user:pw@proxy"
    assert session.current.logged == [("debug", "********")]
    variable["value"] = "sk1:damaged"
    result = bench.run(Reads, environment_variables={"CONTOSO_PROXY": variable})
    assert "'CONTOSO_PROXY' cannot be decrypted" in result["message"]
