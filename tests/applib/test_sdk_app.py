"""Apps built with the SDK, in the app's process: loading, acting, whose state a web hook has."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from phantom.base_connector import BaseConnector
from soarkit_app import encryption, lifecycle, sdk_app, session
from soarkit_app.ahead import import_ahead
from soarkit_app.loader import LoadError, main_module_file, sdk_module

ACTION = {"identifier": "act", "config": {}, "asset_id": "7", "parameters": [{}]}
MANIFEST = {
    "appid": "an-sdk-app",
    "app_version": "1",
    "main_module": "src.app:app",
    "actions": [{"action": "act", "identifier": "act", "parameters": {}}],
}


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What loading an app does to the process, undone."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    yield
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("src", "my-app-1"):
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my-app-1.0"
    (place / "src" / "actions").mkdir(parents=True)
    for package in ("src", "src/actions"):
        (place / package / "__init__.py").write_text("")
    (place / "src" / "part.py").write_text("from .app import made\n")
    return place


def load(folder: Path, code: str, main_module: str = "src.app:app") -> Any:
    (folder / "src" / "app.py").write_text(code)
    sys.path.insert(0, str(folder))
    sdk_app.surround(str(folder), main_module)
    return sdk_app.load(str(folder), main_module)


@pytest.mark.parametrize(
    ("written", "module"), [("src.app:app", "src.app"), ("src/app.py:app", "src.app"), ("app:app", "app")]
)
def test_both_ways_to_name_module_and_object(written: str, module: str) -> None:
    assert sdk_module(written) == (module, "app")


def test_the_main_module_lies_in_the_apps_folder(folder: Path) -> None:
    (folder / "src" / "app.py").write_text("")
    assert main_module_file(str(folder), "src.app:app") == str(folder / "src" / "app.py")
    assert main_module_file(str(folder), "src/app.py:app") == str(folder / "src" / "app.py")
    assert main_module_file(str(folder), "src.other:app") is None
    assert main_module_file(str(folder / "src" / "actions"), "../app.py:app") is None


def test_the_object_is_called_with_the_action_json(folder: Path) -> None:
    app = load(folder, "def app(text, handle=None):\n    return text\n")
    assert json.loads(app('{"a": 1}')) == {"a": 1}


def test_modules_under_the_name_of_the_folder_are_the_same_ones(folder: Path) -> None:
    (folder / "src" / "actions" / "one.py").write_text("from ..app import made\nfrom ..part import made as again\n")
    code = (
        "import importlib.util, sys\nmade = object()\n"
        "name, path = 'my-app-1.0.src.actions.one', __file__[:-6] + 'actions/one.py'\n"
        "spec = importlib.util.spec_from_file_location(name, path)\n"
        "one = importlib.util.module_from_spec(spec)\nsys.modules[spec.name] = one\nspec.loader.exec_module(one)\n"
        "def app(text):\n    return one.made is one.again is made\n"
    )
    assert load(folder, code)("") is True
    assert sys.modules["my-app-1.0.src.app"] is sys.modules["src.app"]
    assert sys.modules["src.app"].__spec__.name == "src.app"
    assert not list(folder.rglob("one*.pyc"))


@pytest.mark.parametrize(
    ("code", "problem", "hint"),
    [
        ("import what_is_absent", "imports 'what_is_absent'", "pyproject.toml"),
        ("def app(", "syntax error", "Python 3"),
        ("try:\n    import what_is_absent\nexcept Exception as e:\n    raise RuntimeError from e", "absent'", "uv add"),
        ("raise SystemExit(3)", "SystemExit: 3", None),
        ("", "has no 'app'", "app = App(...)"),
        ("app = 5", "'app' is no app object but int", "app = App(...)"),
    ],
)
def test_what_cannot_be_loaded_is_said_in_words(folder: Path, code: str, problem: str, hint: str | None) -> None:
    with pytest.raises(LoadError) as raised:
        load(folder, code)
    assert problem in raised.value.message
    assert str(raised.value.where).startswith(str(folder / "src" / "app.py"))
    assert hint is None or hint in str(raised.value.hint)


def test_a_main_module_that_is_not_there(folder: Path) -> None:
    with pytest.raises(LoadError, match="does not exist"):
        sdk_app.load(str(folder), "src.main:app")


def test_what_is_raised_before_the_life_cycle_is_a_failed_result() -> None:
    def app(text: str) -> str:
        raise RuntimeError("the asset is misconfigured")

    result = json.loads(sdk_app.act(app, ACTION))
    assert (result["status"], result["exception_occured"]) == ("failed", True)
    assert "the asset is misconfigured" in result["message"]
    assert json.loads(sdk_app.act(lambda text: None, ACTION))["status"] == "failed"

    def cancelled(text: str) -> str:
        raise lifecycle.ActionCancelled

    assert json.loads(sdk_app.act(cancelled, ACTION))["action_cancelled"] is True


class Client:
    """What soarkit knows of the SDK's client of the platform."""

    def __init__(self) -> None:
        self.client = self
        self.headers: dict[str, str] = {}

    def __login(self) -> None:
        raise AssertionError("the platform was asked")

    _AppClient__login = __login


class SdkApp:
    """What soarkit knows of the SDK's app object."""

    def __init__(self) -> None:
        self.soar_client = Client()
        self.actions_manager = BaseConnector()
        self.given: dict[str, Any] = {}

    def __call__(self, text: str) -> str:
        self.given = json.loads(text)
        if self.given["user_session_token"]:
            self.soar_client._AppClient__login()
        return lifecycle.failed_result(self.given, "", None)

    def handle_webhook(self) -> None:
        self.actions_manager._load_app_json()
        state = self.actions_manager.load_state() or {}
        self.actions_manager.save_state({**state, "seen": True})


def test_the_sdk_takes_itself_for_signed_in_under_the_runtime(monkeypatch: pytest.MonkeyPatch) -> None:
    app = SdkApp()
    sdk_app.act(app, {**ACTION, "user_session_token": ""})
    assert app.given["user_session_token"] == ""  # by hand there is no platform
    monkeypatch.setattr(session.current, "runtime", True)
    sdk_app.act(app, {**ACTION, "user_session_token": ""})
    assert app.given["user_session_token"]
    assert app.soar_client.headers["X-CSRFToken"]
    with pytest.raises(AssertionError):
        SdkApp()(json.dumps({**ACTION, "user_session_token": "of a person"}))


def test_a_web_hook_has_the_state_of_its_asset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(MANIFEST))
    monkeypatch.setattr(session.current, "manifest_path", str(path))
    monkeypatch.setattr(session.current, "home", str(tmp_path / "phantom"))
    app = SdkApp()
    sdk_app.begin_webhook(app.handle_webhook, 12, {"server": "here"})
    app.handle_webhook()
    assert [one.name for one in tmp_path.rglob("*_state.json")] == ["12_state.json"]
    assert app.actions_manager.get_config() == {"server": "here"}
    sdk_app.begin_webhook(lambda: None, 12, {})  # not an SDK app's


def test_sensitive_settings_may_come_in_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    from phantom_common.encryption.encryption_manager_factory import platform_encryption_backend

    monkeypatch.setattr(encryption, "decrypt", lambda cipher, salt: f"{cipher} with {salt}")
    assert platform_encryption_backend.decrypt("plain", "7") == "plain"
    assert platform_encryption_backend.decrypt(encryption.PREFIX + "x", "7") == f"{encryption.PREFIX}x with 7"


def test_the_sdk_itself_is_imported_ahead(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "site-packages"
    for name in ("ahead_sdk", "utils"):
        (packages / name).mkdir(parents=True)
        (packages / name / "__init__.py").write_text("")
    (packages / "ahead_sdk" / "app.py").write_text("")
    (folder / "src" / "app.py").write_text("from ahead_sdk.app import App\n")
    monkeypatch.setattr(sys, "path", [str(packages)])
    import_ahead(str(folder), "src.app:app")
    assert sys.modules.pop("ahead_sdk.app", None) is not None
    sys.modules.pop("ahead_sdk", None)
    # Some apps put the folder of their main module first: what lies there may come instead of what is installed.
    (folder / "src" / "utils.py").write_text("")
    import_ahead(str(folder), "src.app:app")
    assert "ahead_sdk" not in sys.modules
