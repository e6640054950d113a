"""State files, connector API section 6."""

from __future__ import annotations

import json
import os
import stat

import pytest
from phantom.base_connector import APPS_STATE_PATH, BaseConnector


class Stateful(BaseConnector):
    def handle_action(self, param):
        self.seen = self.load_state()
        return self.set_status(True)


@pytest.fixture
def connector(bench):
    """A connector after a run, with asset 5."""
    connector = Stateful()
    assert bench.run(connector)["status"] == "success"
    return connector


def test_a_missing_state_file_is_created_with_the_apps_version(connector, bench, home):
    assert connector.seen == {"app_version": "1.2.3"}
    path = home / "local_data" / "app_states" / bench.manifest["appid"] / "5_state.json"
    assert json.loads(path.read_text()) == {"app_version": "1.2.3"}
    assert connector.get_state_file_path() == str(path)
    assert connector.get_state_dir() == str(path.parent) + "/"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(home.stat().st_mode) == 0o700
    assert os.path.commonpath([str(path.parent), str(home)]) == str(home)


def test_save_and_load(connector):
    state = {"token": "x", "app_version": "0.0.1"}
    assert connector.save_state(state) is True
    assert state == {"token": "x", "app_version": "0.0.1"}
    assert connector.load_state() == {"token": "x", "app_version": "1.2.3"}
    assert connector.get_state() == {"token": "x", "app_version": "1.2.3"}


def test_loading_again_sees_what_another_process_wrote(connector):
    with open(connector.get_state_file_path(), "w", encoding="utf-8") as file:
        json.dump({"code": "from the browser"}, file)
    assert connector.load_state() == {"code": "from the browser"}


@pytest.mark.parametrize("state", [None, "text", [1], 0])
def test_what_is_no_state_never_wipes_the_file(connector, state):
    connector.save_state({"token": "x"})
    assert connector.save_state(state) is True
    assert connector.load_state()["token"] == "x"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_an_unreadable_state_is_none(connector, content, surroundings):
    with open(connector.get_state_file_path(), "wb") as file:
        file.write(content)
    assert connector.load_state() is None
    assert connector.get_state() is None
    assert "state file" in surroundings.errors()[-1]


def test_values_that_do_not_serialise(connector):
    assert connector.save_state({"odd": {1, 2}, "nan": float("nan")}) is True
    assert connector.load_state() == {"odd": [1, 2], "nan": None, "app_version": "1.2.3"}


def test_a_file_that_cannot_be_written_is_a_failure_and_not_an_exception(connector, surroundings):
    os.remove(connector.get_state_file_path())
    os.mkdir(connector.get_state_file_path())
    assert connector.save_state({"a": 1}) is False
    assert connector.load_state() is None
    assert os.listdir(connector.get_state_dir()) == ["5_state.json"]


def test_temporary_files_of_killed_runs_are_removed(connector):
    folder = connector.get_state_dir()
    stale, young, foreign = (
        f"5_state.json.{'0' * 16}.tmp",
        f"5_state.json.{'1' * 16}.tmp",
        f"6_state.json.{'0' * 16}.tmp",
    )
    for name in (stale, young, foreign, "5_state.json.tmp"):
        with open(folder + name, "w", encoding="utf-8") as file:
            file.write("{")
        if name != young:
            os.utime(folder + name, (1, 1))
    assert connector.save_state({"a": 1}) is True
    assert sorted(os.listdir(folder)) == sorted(["5_state.json", young, foreign, "5_state.json.tmp"])


def test_two_writers_never_share_a_temporary_file(connector, monkeypatch):
    # Processes of two containers have equal ids; what differs must not depend on them.
    opened = []
    monkeypatch.setattr(os, "getpid", lambda: 7)
    monkeypatch.setattr(os, "replace", lambda source, target: opened.append(source))
    assert connector.save_state({"a": 1}) is True and connector.save_state({"a": 2}) is True
    assert len(set(opened)) == 2


def test_a_home_that_cannot_be_made_does_not_stop_a_run(bench, surroundings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    surroundings.home = str(tmp_path / "file")
    connector = Stateful()
    assert bench.run(connector)["status"] == "success"
    assert connector.seen is None or connector.seen == {"app_version": "1.2.3"}


@pytest.mark.parametrize(
    ("asset_id", "name"),
    [
        (None, "0"),
        ("", "0"),
        (12, "12"),
        ("my asset", "my asset"),
        ("../../x", ".._.._x"),
        ("..", "__"),
        ("a\0b", "a_b"),
    ],
)
def test_names_of_state_files(bench, asset_id, name):
    connector = Stateful()
    bench.run(connector, asset_id=asset_id)
    assert os.listdir(connector.get_state_dir()) == [f"{name}_state.json"]


def test_apps_overwrite_load_and_save(bench):
    class Encrypting(Stateful):
        def load_state(self):
            state = super().load_state()
            state["opened"] = True
            return state

        def finalize(self):
            return self.save_state({"token": 1})

    connector = Encrypting()
    assert bench.run(connector)["status"] == "success"
    assert connector.seen["opened"] is True
    assert BaseConnector.load_state(connector) == {"token": 1, "app_version": "1.2.3"}


def test_the_state_path_is_where_slack_looks(connector, bench):
    # Its bot process builds the path itself, from a constant it imported.
    assert APPS_STATE_PATH.endswith("local_data/app_states")
    assert connector.get_state_dir().endswith(f"local_data/app_states/{bench.manifest['appid']}/")
