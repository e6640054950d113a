"""``python my_connector.py test.json``, as a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import phantom.app
import pytest
from soarkit_app import session

APPLIB = Path(phantom.app.__file__).parents[1]

CONNECTOR = """
import json
import sys

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

from contoso_consts import *


class ContosoConnector(BaseConnector):
    def __init__(self):
        super().__init__()
        self._state = None

    def initialize(self):
        self._state = self.load_state()
        return phantom.APP_SUCCESS

    def handle_action(self, param):
        self.save_progress(CONNECTING, self.get_config()["server"])
        self.send_progress("almost \\x1b[31m there")
        self.debug_print("param", param)
        result = self.add_action_result(ActionResult(dict(param)))
        if param["ip"] == "9.9.9.9":
            raise KeyError("port")
        result.add_data({"ip": param["ip"], "ü": "\\ud800"})
        self._state["runs"] = self._state.get("runs", 0) + 1
        return result.set_status(phantom.APP_SUCCESS, "Found {0}", None, param["ip"])

    def finalize(self):
        self.save_state(self._state)
        return phantom.APP_SUCCESS


if __name__ == "__main__":
    import pudb

    pudb.set_trace()
    with open(sys.argv[1]) as f:
        in_json = json.loads(f.read())
    connector = ContosoConnector()
    connector.print_progress_message = "quiet" not in sys.argv
    ret_val = connector._handle_action(json.dumps(in_json), None)
    print(json.dumps(json.loads(ret_val), indent=4))
    sys.exit(0)
"""
MANIFEST = {
    "appid": "8f1f3c6e-5b6a-4a52-9b3e-6f4e0f7d1c11",
    "name": "Contoso",
    "app_version": "1.0.0",
    "main_module": "contoso_connector.pyc",
    "configuration": {"server": {"data_type": "string", "required": True}},
    "actions": [
        {
            "action": "lookup ip",
            "identifier": "lookup_ip",
            "parameters": {"ip": {"data_type": "string", "contains": ["ip"], "required": True}},
        }
    ],
}


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "contoso"
    folder.mkdir()
    (folder / "contoso_connector.py").write_text(CONNECTOR, encoding="utf-8")
    (folder / "contoso_consts.py").write_text('CONNECTING = "Connecting to {0}..."\n', encoding="utf-8")
    (folder / "contoso.json").write_text(json.dumps(MANIFEST), encoding="utf-8")

    def run(*arguments, encoding="utf-8", **values):
        test_json = {"identifier": "lookup_ip", "config": {"server": "host"}, "parameters": [{"ip": "1.1.1.1"}]}
        (tmp_path / "test.json").write_text(json.dumps({**test_json, **values}), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(folder / "contoso_connector.py"), str(tmp_path / "test.json"), *arguments],
            env={"PYTHONPATH": str(APPLIB), "SOARKIT_HOME": str(tmp_path / "home"), "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
            cwd=str(tmp_path),
        )
        output = done.stdout.decode(encoding)
        progress, brace, result = output.partition("{\n")
        assert done.returncode == 0, done.stderr.decode()
        return progress, json.loads(brace + result), done.stderr.decode()

    return run


def test_a_run_by_hand(run, tmp_path):
    progress, result, errors = run()
    assert progress == "Connecting to host...\nalmost \ufffd[31m there\n"
    assert result["status"] == "success" and result["message"] == "Found 1.1.1.1"
    assert result["result_data"][0]["data"] == [{"ip": "1.1.1.1", "ü": "\ufffd"}]
    assert "lone surrogate" in errors and "param" not in errors
    run()
    folder = tmp_path / "home" / "phantom" / "local_data" / "app_states" / MANIFEST["appid"]
    assert json.loads((folder / "0_state.json").read_text()) == {"app_version": "1.0.0", "runs": 2}


def test_progress_only_when_asked_for(run):
    assert run("quiet")[0] == ""


def test_debug_lines_go_to_standard_error_by_the_debug_level(run):
    assert "debug: param {'ip': '1.1.1.1'}" in run(debug_level=1)[2]


def test_the_same_checks_apply(run):
    _, result, _ = run(config={}, parameters=[{}])
    assert result["message"] == "Required configuration is missing: 'server'; required parameters are missing: 'ip'"
    _, result, _ = run(parameters=[{"ip": "x"}])
    assert result["message"] == "Parameter 'ip' failed validation: 'x' is not of the type ip"


def test_a_traceback_is_shown_on_standard_error(run):
    _, result, errors = run(parameters=[{"ip": "9.9.9.9"}])
    assert result["exception_occured"] is True and result["message"] == "KeyError: 'port'"
    assert "Traceback" in errors and "contoso_connector.py" in errors


def test_a_terminal_that_knows_only_ascii(run):
    assert run(encoding="ascii")[0] == "Connecting to host...\nalmost \\ufffd[31m there\n"


def test_the_default_home(monkeypatch, tmp_path):
    monkeypatch.delenv("PHANTOM_HOME")
    assert session.Session().home == str(tmp_path / "soarkit" / "phantom")
    monkeypatch.delenv("SOARKIT_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert session.Session().home == str(tmp_path / ".soarkit" / "phantom")
    monkeypatch.setenv("PHANTOM_HOME", "relative")
    assert session.Session().home == os.path.abspath("relative")


def test_output_that_is_gone_stops_nothing(monkeypatch):
    class Closed:
        def write(self, text):
            raise ValueError("closed")

    monkeypatch.setattr(sys, "stdout", Closed())
    session.Session().progress("x", False)
    monkeypatch.setattr(sys, "stdout", None)
    session.Session().progress("x", False)


def test_nothing_is_imported_from_the_host_side():
    code = "import phantom.app, phantom.rules, sys; print('soarkit' in sys.modules)"
    command = [sys.executable, "-S", "-c", code]
    assert subprocess.check_output(command, env={"PYTHONPATH": str(APPLIB)}) == b"False\n"
