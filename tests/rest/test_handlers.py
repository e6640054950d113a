"""REST handlers of apps, called at the platform's address of a run."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from installing import install

from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.runtime.asset import Asset
from soarkit.runtime.platform import RunContext
from soarkit.store import open_store

DIRECTORY = "answersrequests_5d1c52bd-9f0e-4b25-8b56-3f0e0a5f2c11"
PLACE = f"rest/handler/{DIRECTORY}/my%20asset"


@pytest.fixture
def asks(run: Callable[..., Finished]) -> Callable[..., list[Any]]:
    """An action that sends these requests to its own platform."""

    def ask(*requests: dict[str, Any], **more: str) -> list[Any]:
        done = run("asks_its_platform_by_rest", "ask", "-f", "json", "-p", f"asks={json.dumps(requests)}", **more)
        assert done.code == 0, done.stdout + done.stderr
        return list(done.data)

    return ask


def test_of_another_app(asks: Any, home: Path) -> None:
    slug = install(home, "answers_requests").slug
    variables = {"MINE": {"type": "string", "value": "v"}}
    with open_store(str(home)) as store:
        store.assets.create(
            "my asset", app=slug, configuration={"server": "s", "_reserved_environment_variables": variables}
        )
    seen, cookie, stray, failed, deleted, died, unknown, bare = asks(
        {"method": "POST", "path": f"{PLACE}/members/a%2Fb?a=1&a=2", "text": "x"},
        {"path": f"/{PLACE}/cookie"},
        {"path": f"{PLACE}/absent"},
        {"path": f"{PLACE}/raise?password=x"},
        {"method": "DELETE", "path": f"{PLACE}/members"},
        {"path": f"{PLACE}/die"},
        {"path": "rest/handler/no_5d1c52bd-9f0e-4b25-8b56-3f0e0a5f2c11/my%20asset/members"},
        {"path": "rest/handler"},
    )
    assert (seen["status"], seen["json"]["method"], seen["json"]["parts"]) == (200, "POST", ["members", "a/b"])
    assert seen["json"]["path"] == f"/rest/handler/{DIRECTORY}/my asset/members/a/b"
    assert (seen["json"]["asset"], seen["json"]["GET"]) == ("my asset", {"a": "2"})
    assert (cookie["status"], cookie["type"], cookie["text"]) == (202, "text/plain", "set")
    assert (stray["status"], stray["text"]) == (404, "there is no such thing")
    assert (failed["status"], "Traceback" in failed["text"]) == (500, False)
    assert [one["status"] for one in (deleted, died, unknown, bare)] == [405, 500, 404, 404]
    assert "before it answered" in died["json"]["message"]
    (found,) = asks({"path": f"{PLACE}/variables/MINE"})
    assert found["json"] == {"MINE": ["v", "v"]}


def test_its_own_with_the_asset_of_the_run(home: Path) -> None:
    from soarkit.store.database import set_up

    set_up()
    from django.test import RequestFactory

    from soarkit.rest.handlers import AppHandlers

    app = load(str(APPS / "answers_requests"))
    asset = Asset(configuration={"_reserved_environment_variables": {"MINE": {"value": "v"}}}, name="mine")
    host, notes = Host(str(home), python=sys.executable), []
    context = RunContext(app, "7", "mine", 0, "events", None, host.app_home, None, notes.append, asset)
    handlers = AppHandlers(host, context)

    def ask(path: str) -> Any:
        return handlers(RequestFactory().get("/"), DIRECTORY, path.split("/"))

    assert json.loads(ask("mine/variables/MINE").content) == {"MINE": ["v", "v"]}
    assert json.loads(ask("other/variables/MINE").content) == {"MINE": [None, None]}
    assert ask("mine/raise").status_code == 500
    assert "raised ValueError; the log: " in notes[-1]
    answer = ask("mine/cookie")
    assert (answer["Content-Type"], answer.cookies["a"].OutputString()) == ("text/plain", "a=b; Path=/")
    answer = ask("mine/split")
    assert (answer.status_code, answer.get("X-Split"), answer.get("X-Whole")) == (200, None, "ok")


def test_a_request_to_one_leads_to_no_other(home: Path) -> None:
    app = load(str(APPS / "answers_requests"))
    host = Host(str(home), python=sys.executable)
    for asset, recording, is_reached in ((Asset(), None, True), (None, None, False), (Asset(), "replay", False)):
        context = RunContext(app, "7", None, 0, "events", None, host.app_home, recording, asset=asset)
        with host.platform(context) as platform:
            assert (platform._handlers is not None) is is_reached  # type: ignore[attr-defined]
