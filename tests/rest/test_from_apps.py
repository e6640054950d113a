"""Apps call their own platform from inside an action."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished

from tests.services.echo import EchoService

APP = "asks_its_platform_by_rest"
Run = Callable[..., Finished]
CONTAINER = {
    "name": "One",
    "label": "events",
    "source_data_identifier": "a : 1",
    "artifacts": [{"name": "x", "cef": {"k": "v"}}],
}


def asks(*requests: dict[str, Any]) -> tuple[str, ...]:
    return (APP, "ask", "-f", "json", "-p", f"asks={json.dumps(requests)}")


def test_what_is_asked_is_answered(run: Run) -> None:
    done = run(
        *asks(
            {"path": "rest/version"},
            {"path": "/rest/system_info", "verify": "bundle"},
            {"path": "rest/asset/{asset}", "verify": "default"},
            {"method": "POST", "path": "rest/container", "body": CONTAINER},
            {"method": "POST", "path": "//rest/container", "body": CONTAINER},
            {"path": 'rest/container?_filter_source_data_identifier="a : 1"&_filter_asset=0&sort=id&order=desc'},
            {"path": "rest/artifact", "params": {"_filter_cef__k": '"v"', "page_size": 0, "pretty": "true"}},
            {"path": "rest/container/7"},
            {"path": "rest/version", "library": "httpx"},
            {"method": "POST", "path": "rest/playbook_run", "body": {"run": True}},
        )
    )
    assert done.code == 0, done.stdout + done.stderr
    answers = done.data
    summary = done.json()["result_data"][0]["summary"]
    assert [one["status"] for one in answers] == [200, 200, 200, 200, 200, 200, 200, 404, 200, 400]
    version, info, asset, made, again, found, artifacts, missing, *_ = (one["json"] for one in answers)
    assert version == {"version": "8.6.0.0"}
    assert info["base_url"] == summary["base_url"]
    assert asset["name"]
    assert (made["success"], made["id"]) == (True, 1)
    assert (again["message"][:9], again["existing_container_id"]) == ("duplicate", 1)
    assert (found["count"], found["data"][0]["id"]) == (1, 1)
    assert artifacts["data"][0]["_pretty_container"] == "One"
    assert missing["failed"] is True
    assert all("json" in one["type"] for one in answers)


def test_it_stays(run: Run) -> None:
    run(*asks({"method": "POST", "path": "rest/container", "body": CONTAINER}))
    answer = run(*asks({"path": "rest/container/1"})).data[0]["json"]
    assert (answer["name"], answer["artifact_count"]) == ("One", 1)


def test_several_requests_while_the_app_saves(run: Run) -> None:
    (seen,) = run(APP, "save at once", "-f", "json").data
    assert seen == {"answers": [200] * 60, "saved": [True] * 30}
    listed = run(*asks({"path": "rest/container?page_size=1&_exclude_status='new'"})).data[0]["json"]
    assert listed["count"] == 30


def test_the_public_address(run: Run) -> None:
    answer = run(*asks({"path": "rest/system_info"}), SOARKIT_BASE_URL="https://soar.example").data[0]["json"]
    assert answer["base_url"] == "https://soar.example"


def test_signing_in(run: Run) -> None:
    (answer,) = run(APP, "sign in", "-f", "json").data
    assert answer["session"]
    assert answer["token"]


def test_proxies_are_for_elsewhere(run: Run) -> None:
    proxy = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "NO_PROXY": "intern.example"}
    done = run(*asks({"path": "rest/version"}, {"path": "rest/version", "library": "httpx"}), **proxy)
    assert [one["status"] for one in done.data] == [200, 200]
    assert done.json()["result_data"][0]["summary"]["no_proxy"] == "intern.example,127.0.0.1,localhost"


def test_an_assets_own_proxies(run: Run, tmp_path: Path) -> None:
    variables = {"NO_PROXY": {"value": "10.0.0.1"}, "HTTPS_PROXY": {"value": "http://127.0.0.1:9"}}
    asset = tmp_path / "asset.json"
    asset.write_text(json.dumps({"configuration": {"_reserved_environment_variables": variables}}))
    done = run(*asks({"path": "rest/version"}), "--asset-file", str(asset))
    assert [one["status"] for one in done.data] == [200]
    assert done.json()["result_data"][0]["summary"]["no_proxy"] == "10.0.0.1,127.0.0.1,localhost"


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_recordings_leave_it_out(run: Run, tmp_path: Path, home: Path, library: str) -> None:
    with EchoService() as service:
        wanted = asks(
            {"path": "rest/version", "library": library},
            {"path": service.url + "/hook", "method": "POST", "text": "seen", "library": library},
            {"path": "rest/container", "method": "POST", "text": json.dumps(CONTAINER), "library": library},
            {"path": "rest/container/1", "library": library},
        )
        file = tmp_path / "recording.json"
        recorded = run(*wanted, "--record", str(file))
        assert recorded.code == 0, recorded.stdout + recorded.stderr
    text = file.read_text()
    assert len(json.loads(text)["exchanges"]) == 1
    assert "rest/version" not in text
    store = home / "store" / "soarkit.sqlite3"
    before = store.stat().st_mtime_ns
    replayed = run(*wanted, "--replay", str(file))
    assert replayed.code == 0, replayed.stdout + replayed.stderr
    assert [one["status"] for one in replayed.data] == [200, 200, 200, 200]
    assert replayed.data[3]["json"]["name"] == "One"
    # The replay had a store of its own.
    assert store.stat().st_mtime_ns == before


def test_its_address_is_another_in_each_run(run: Run, tmp_path: Path) -> None:
    with EchoService() as service:
        wanted = (APP, "tell", "-f", "json", "-p", f"url={service.url}/hook")
        file = tmp_path / "recording.json"
        first = run(*wanted, "--record", str(file))
        assert first.code == 0, first.stdout + first.stderr
    assert "https://localhost:9999" in file.read_text()
    assert first.data[0]["base_url"] not in file.read_text()
    second = run(*wanted, "--replay", str(file))
    assert second.code == 0, second.stdout + second.stderr
    assert first.data[0]["base_url"] != second.data[0]["base_url"]
    assert second.data[0]["echoed"] is True


def test_sockets_to_it_in_a_replay(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "recording.json"
    with EchoService() as service:
        run(*asks({"path": service.url + "/x"}), "--record", str(file))
    done = run(APP, "connect", "-f", "json", "--replay", str(file))
    assert (done.code, done.json()["message"]) == (0, "connected")


def test_a_run_that_never_asks_loads_nothing_of_it(soarkit: Run, app: Callable[[str], str]) -> None:
    arguments = ("run", app("echo"), "echo", "-p", "text=x", "-c", "server=s", "--python", os.sys.executable)  # type: ignore[attr-defined]
    soarkit(*arguments)
    done = soarkit(*arguments, PYTHONPROFILEIMPORTTIME="1")
    names = [line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")]
    loaded = set(names[names.index("soarkit.errors") :])  # what measures the tests comes before, with its own
    assert "soarkit.rest.loopback" in loaded
    assert not loaded & {
        "ssl",
        "django",
        "http.server",
        "socket",
        "soarkit.rest.serving",
        "cryptography",
        "socketserver",
    }
