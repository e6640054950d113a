"""Apps, assets and runs, as they are installed and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rest.conftest import Ask
from store.conftest import about, manifest, version

from soarkit.store import spool

if TYPE_CHECKING:
    from collections.abc import Callable

    from soarkit.store.opened import Store

RESULT = {
    "status": "success",
    "message": "1 found",
    "result_data": [
        {"status": "success", "message": "", "parameter": {"hash": "ff"}, "summary": {}, "data": [{"x": 1}]}
    ],
    "result_summary": {"total_objects": 1},
}


@pytest.fixture
def installed(store: Store, tmp_path: Path) -> Store:
    """One app with two actions, an asset of it, and one of its product."""
    app = manifest(
        configuration={"server": {"data_type": "string"}, "token": {"data_type": "password"}},
        actions=[
            {"action": "test connectivity", "identifier": "test", "type": "test", "parameters": {}, "output": []},
            {"action": "file reputation", "parameters": {"hash": {"data_type": "string", "required": True}}},
        ],
    )
    folder = tmp_path / "installed"
    folder.mkdir()
    (folder / "app.json").write_text(json.dumps(app))
    store.apps.activate(app, version(folder=str(folder)))
    slug = store.apps.list()[0].slug
    store.assets.create("Box", app=slug, configuration={"server": "s", "token": "s3cret"})
    store.assets.create("any", product_vendor="Contoso", product_name="Reputation", configuration={"server": "s"})
    return store


def test_apps(installed: Store, ask: Ask) -> None:
    (app,) = ask("GET", "app", page_size=0, pretty="", sort="name").json["data"]
    assert (app["id"], app["name"], app["app_version"]) == (1, "Contoso Reputation", "1.0.0")
    assert app["directory"] == f"contosoreputation_{app['appid']}"
    assert app["configuration"]["token"] == {"data_type": "password"}
    assert app["_pretty_asset_count"] == 1
    assert [one["name"] for one in app["_pretty_actions"]] == ["test connectivity", "file reputation"]
    assert ask("GET", "app", _filter_name__iexact='"contoso reputation"').ids == [1]
    assert ask("GET", "app", _filter_appid=f'"{app["appid"]}"').ids == [1]
    assert ask("GET", "app", _filter_product_vendor='"other"').ids == []
    assert ask("GET", "app/1").json["id"] == 1
    assert ask("GET", "app/2").status == 404


def test_actions(installed: Store, ask: Ask) -> None:
    actions = ask("GET", "app/1/actions", page_size=0, pretty="").json["data"]
    assert [one["action"] for one in actions] == ["test connectivity", "file reputation"]
    assert actions[1]["parameters"]["hash"]["required"] is True
    assert actions[1]["_pretty_app"] == "Contoso Reputation"
    numbers = [one["id"] for one in actions]
    assert ask("GET", "app_action", _filter_app='"1"').ids == numbers
    assert ask("GET", "app_action", _filter_app__name='"nobody"').ids == []
    assert ask("GET", f"app_action/{numbers[0]}").json["action"] == "test connectivity"
    built = ask("GET", "build_action").json
    assert built["assets"] == [{"id": 2, "name": "any", "apps": [1]}, {"id": 1, "name": "Box", "apps": [1]}]


def test_assets(installed: Store, ask: Ask) -> None:
    asset = ask("GET", "asset/1", pretty="").json
    assert (asset["name"], asset["app"], asset["_pretty_app"]) == ("Box", 1, "Contoso Reputation")
    assert asset["configuration"] == {"server": "s", "token": "********"}
    assert b"s3cret" not in ask("GET", "asset", page_size=0).content
    assert ask("GET", "asset", _filter_name__iexact='"BOX"').ids == [1]
    assert ask("GET", "asset", _filter_app='"1"').ids == [2, 1]
    assert ask("GET", "asset", _filter_configuration__server='"s"').ids == [2, 1]
    assert ask("GET", "asset/9").status == 404


def test_containers_know_asset_and_app(installed: Store, ask: Ask) -> None:
    appid = installed.apps.list()[0].appid
    ask("POST", "container", body={"name": "c", "asset_id": 1, "ingest_app_id": 1})
    ask("POST", "container", body={"name": "d", "asset_id": 2, "ingest_app_id": appid})
    assert [one["ingest_app"] for one in ask("GET", "container").json["data"]] == [1, 1]
    assert ask("GET", "container", _filter_asset__name='"Box"').ids == [1]
    assert ask("GET", "container", _filter_ingest_app="1").ids == [1, 2]
    assert ask("GET", "container", _filter_ingest_app__name__startswith='"Cont"').ids == [1, 2]
    assert ask("GET", "container/1/asset").json["name"] == "Box"


def test_runs(opened: Callable[[], Store], installed: Store, ask: Ask, home: Path) -> None:
    def keep(status: str, result: dict[str, Any] | None, **changes: Any) -> None:
        record = spool.begin(str(home), about(**changes))
        record.finish(
            status=status,
            message=f"it was {status}",
            exit_code=0,
            elapsed=1.5,
            result=None if result is None else json.dumps(result).encode(),
            error=None,
            log_path=None,
        )

    keep("success", RESULT)
    opened()
    keep("cancelled", None, asset=None, asset_id=None)
    opened()
    run = ask("GET", "action_run/1", pretty="").json
    assert (run["status"], run["action"], run["cancelled"]) == ("success", "file reputation", False)
    assert run["targets"][0]["parameters"] == [{"hash": "ff"}]
    assert ask("GET", "action_run", _filter_status='"failed"').ids == [2]
    assert ask("GET", "action_run", sort="create_time", order="desc", page_size=100).json["count"] == 2
    assert ask("POST", "action_run/1", body={"cancel": True}).json["success"] is True
    (part,) = ask("GET", "action_run/1/app_runs").json["data"]
    assert part["result_data"] == RESULT["result_data"]
    listed = ask("GET", "app_run", _filter_app="1", _filter_asset="1").json["data"]
    assert [(one["id"], "result_data" in one) for one in listed] == [(1, False)]
    whole = ask("GET", "app_run", include_expensive="", _filter_app_name='"Contoso Reputation"', page_size=0)
    assert [one["result_data"] for one in whole.json["data"]] == [RESULT["result_data"], []]
    assert ask("GET", "app_run", _filter_result_data__regex='"ff"').ids == [1]
    detail = ask("GET", "app_run/1", pretty="").json
    assert (detail["app"], detail["asset"], detail["_pretty_app"]) == (1, 1, "Contoso Reputation")
    assert detail["end_time"] > detail["start_time"]
    assert ask("GET", "app_run/1/action_result").json == {"data": RESULT["result_data"]}
    assert ask("GET", "app_run/1/log").json == {"data": []}
    assert ask("GET", "app_run", _filter_action_run="2").ids == [2]
