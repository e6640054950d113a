"""The app JSON of an app that runs by hand: found beside its module."""

from __future__ import annotations

import json
import sys

import pytest
from soarkit_app import session


@pytest.fixture
def by_hand(tmp_path, monkeypatch):
    """A connector class in a module file of its own, and no session that knows the manifest."""
    folder = tmp_path / "contoso"
    folder.mkdir()
    (folder / "contoso_connector.py").write_text(
        "from phantom.base_connector import BaseConnector\n"
        "class Contoso(BaseConnector):\n"
        "    def handle_action(self, param):\n"
        "        return self.set_status(True, self.get_app_json()['name'])\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(folder))
    session.install(session.Session())
    from importlib import import_module

    yield folder, import_module("contoso_connector").Contoso
    sys.modules.pop("contoso_connector")


def write(folder, name, **values):
    manifest = {"appid": name, "name": name, "main_module": "contoso_connector.py", "actions": [{"identifier": "a"}]}
    (folder / name).write_text(json.dumps({**manifest, **values}), encoding="utf-8")


def message_of(cls):
    return json.loads(cls()._handle_action('{"identifier": "a", "config": {}}'))["message"]


@pytest.mark.parametrize("main_module", ["contoso_connector.py", "contoso_connector.pyc", "src.app:app"])
def test_the_app_json_is_the_one_that_names_the_module(by_hand, main_module):
    folder, cls = by_hand
    write(folder, "right.json", main_module=main_module)
    write(folder, "other.json", main_module="other_connector.py")
    write(folder, "no-app.json", appid=None)
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "list.json").write_text("[]", encoding="utf-8")
    assert message_of(cls) == "right.json"


def test_no_app_json(by_hand):
    folder, cls = by_hand
    assert "No app JSON in" in message_of(cls) and str(folder) in message_of(cls)


def test_two_app_jsons_are_told_apart_by_the_action(by_hand):
    folder, cls = by_hand
    write(folder, "one.json")
    write(folder, "two.json", actions=[{"identifier": "b"}])
    assert message_of(cls) == "one.json"
    write(folder, "three.json")
    assert "'one.json', 'three.json'" in message_of(cls)


def test_an_override_of_get_app_dir_decides(by_hand, tmp_path):
    _, cls = by_hand
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write(elsewhere, "there.json")

    class Moved(cls):
        def get_app_dir(self):
            return elsewhere

    Moved.__module__ = cls.__module__
    assert message_of(Moved) == "there.json"

    connector = Moved()
    assert connector._load_app_json() is True
    assert connector.get_app_name() == "there.json"


def test_load_app_json_says_what_is_wrong(by_hand):
    _, cls = by_hand
    connector = cls()
    assert connector._load_app_json() is False
    assert "no app JSON" in connector.get_status_message()
