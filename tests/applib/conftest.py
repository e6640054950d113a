"""The app side is tested as apps see it: soarkit/applib on sys.path, soarkit itself not needed (it may be absent)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

APPLIB = Path(__file__).resolve().parents[2] / "soarkit" / "applib"
if str(APPLIB) not in sys.path:
    sys.path.insert(0, str(APPLIB))

from soarkit_app import session  # noqa: E402
from soarkit_app.link import Encoded  # noqa: E402

MANIFEST = {
    "appid": "8f1f3c6e-5b6a-4a52-9b3e-6f4e0f7d1c11",
    "name": "Contoso Reputation",
    "app_version": "1.2.3",
    "main_module": "contoso_connector.py",
    "product_vendor": "Contoso",
    "product_name": "Reputation",
    "product_version_regex": ".*",
    "configuration": {},
    "actions": [
        {"action": "lookup ip", "identifier": "lookup_ip", "parameters": {}},
        {"action": "on poll", "identifier": "on_poll", "parameters": {}},
        {"action": "test connectivity", "identifier": "test_connectivity", "parameters": {}},
    ],
}


class RecordingSession(session.Session):
    """The runtime's place, taken by lists: what an app says, and answers to what it asks."""

    def __init__(self):
        super().__init__()
        self.runtime = True
        self.progressed = []
        self.logged = []
        self.asked = []
        self.answers = {}

    def progress(self, text, transient):
        self.progressed.append((text, transient))

    def log(self, level, text):
        self.logged.append((level, text))

    def call(self, name, **arguments):
        plain = {
            key: json.loads(value.text) if isinstance(value, Encoded) else value for key, value in arguments.items()
        }
        self.asked.append((name, plain))
        if name in self.answers:
            return self.answers[name]
        return super().call(name, **arguments)

    def errors(self):
        return [text for level, text in self.logged if level == "error"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Every test has a home of its own."""
    monkeypatch.setenv("SOARKIT_HOME", str(tmp_path / "soarkit"))
    monkeypatch.setenv("PHANTOM_HOME", str(tmp_path / "phantom"))
    monkeypatch.delenv("SOARKIT_KEY", raising=False)
    session.install(session.Session())
    yield tmp_path / "phantom"
    session.install(session.Session())


@pytest.fixture
def surroundings(home):
    """A session that remembers."""
    recording = RecordingSession()
    session.install(recording)
    return recording


class Bench:
    """Runs an action of a connector class or object against a manifest, and gives the result as a dict."""

    def __init__(self, folder):
        self.folder = folder
        self.manifest = json.loads(json.dumps(MANIFEST))
        self.configuration = self.manifest["configuration"]
        self.parameters = self.manifest["actions"][0]["parameters"]

    def input(self, **values):
        return {
            "action": "lookup ip",
            "identifier": "lookup_ip",
            "asset_id": "5",
            "config": {},
            "parameters": [{}],
            **values,
        }

    def write_manifest(self):
        path = self.folder / "contoso.json"
        path.write_text(json.dumps(self.manifest), encoding="utf-8")
        session.current.app_dir = str(self.folder)
        session.current.manifest_path = str(path)

    def run(self, connector, **values):
        self.write_manifest()
        if isinstance(connector, type):
            connector = connector()
        return json.loads(connector._handle_action(json.dumps(self.input(**values)), None))


@pytest.fixture(scope="session")
def result_schema():
    """Asserts that a result is one by schemas/result.schema.json; without a validator only what it requires."""
    schema = json.loads((APPLIB.parents[1] / "schemas" / "result.schema.json").read_text(encoding="utf-8"))
    try:
        import jsonschema_rs
    except ImportError:  # the app side is tested without the host's packages too
        return lambda result: _assert_required(schema, result)
    validator = jsonschema_rs.validator_for(schema)

    def check(result):
        assert [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(result)] == []

    return check


def _assert_required(schema, result):
    assert set(schema["required"]) <= set(result)
    entry = schema["properties"]["result_data"]["items"]
    assert all(set(entry["required"]) <= set(one) for one in result["result_data"])


@pytest.fixture
def bench(tmp_path, surroundings):
    folder = tmp_path / "app"
    folder.mkdir()
    return Bench(folder)
