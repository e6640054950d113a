"""Every action of the sample app, and every answer the service can give."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services.certificate import make_certificate, server_context
from tests.services.contoso import EICAR, EMPTY, ContosoService, digests
from tests.services.echo import EchoService

from .conftest import APP, ROOT, Act

BAD, CLEAN, UNKNOWN = digests(EICAR)["sha256"], digests(EMPTY)["md5"], "0" * 40


def data(result: dict[str, Any]) -> list[Any]:
    return [row for item in result["result_data"] for row in item["data"]]


def failed(result: dict[str, Any], message: str) -> bool:
    """Failed by what the service said, not by an exception in the app."""
    assert result["exception_occured"] is False
    assert result["message"] == message
    return bool(result["status"] == "failed")


def test_connectivity(act: Act, service: ContosoService, capsys: pytest.CaptureFixture[str]) -> None:
    result = act("test_connectivity", {})
    assert (result["status"], result["message"]) == ("success", "Test Connectivity Passed")
    assert [item.path for item in service.requests] == ["/api/v1/status"]


def test_connectivity_with_a_wrong_key(act: Act) -> None:
    result = act("test_connectivity", {}, apikey="wrong")
    assert failed(result, "The Contoso service answered with status 401. Details: The API key is not valid.")


def test_file_reputation(act: Act, service: ContosoService) -> None:
    result = act("file_reputation", {"hash": BAD})
    assert result["message"] == "Total hashes: 1, Known hashes: 1, Malicious hashes: 1"
    (row,) = data(result)
    assert (row["hash"], row["found"], row["verdict"], row["names"]) == (
        BAD,
        True,
        "malicious",
        ["eicar.com", "eicar.txt"],
    )
    (request,) = service.requests
    assert (request.method, request.path, request.body) == ("GET", f"/api/v1/files/{BAD}", b"")
    assert (request.headers["X-Api-Key"], request.headers["Accept"]) == ("s3cr3t-key", "application/json")


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("identifier", ["file_reputation", "file_reputation_v2"])
def test_every_kind_of_hash(kind: str, identifier: str, act: Act) -> None:
    value = digests(EICAR)[kind].upper()
    (row,) = data(act(identifier, {"hash": value}))
    assert (row["hash"], row["sha256"]) == (value, BAD)


def test_a_list_of_hashes_gives_a_row_each(act: Act) -> None:
    result = act("file_reputation", {"hash": f"{BAD}, {CLEAN},,{UNKNOWN}, {BAD}"})
    assert [(row["hash"], row["verdict"]) for row in data(result)] == [
        (BAD, "malicious"),
        (CLEAN, "clean"),
        (UNKNOWN, "unknown"),
    ]
    assert result["message"] == "Total hashes: 3, Known hashes: 2, Malicious hashes: 1"


def test_version_2_asks_its_own_resource(act: Act, service: ContosoService) -> None:
    result = act("file_reputation_v2", {"hash": f"{BAD},{UNKNOWN}"})
    assert [row["verdict"] for row in data(result)] == ["malicious", "unknown"]
    assert [item.path for item in service.requests] == [f"/api/v2/files?hash={BAD}", f"/api/v2/files?hash={UNKNOWN}"]


def test_what_is_no_hash_is_not_asked_for(act: Act, service: ContosoService) -> None:
    result = act("file_reputation", {"hash": f"{BAD},../../token"})
    assert result["status"] == "failed"
    assert "hash" in result["message"]
    assert service.requests == []


def test_several_parameter_sets(act: Act) -> None:
    result = act("file_reputation", {"hash": BAD}, {"hash": CLEAN})
    assert [item["parameter"]["hash"] for item in result["result_data"]] == [BAD, CLEAN]
    assert result["result_summary"]["total_objects_successful"] == 2


def test_what_was_found_before_an_error_stays(act: Act, service: ContosoService) -> None:
    act("file_reputation", {"hash": BAD})
    service.requests.clear()
    service.fail_next("pass", "rate_limit")
    result = act("file_reputation", {"hash": f"{BAD},{CLEAN}"})
    assert failed(result, "The Contoso service takes no more requests for now (status 429). Try again in 30 seconds")
    assert [row["hash"] for row in data(result)] == [BAD]
    assert result["result_data"][0]["summary"] == {"total_hashes": 1, "known_hashes": 1, "malicious_hashes": 1}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("rate_limit", "The Contoso service takes no more requests for now (status 429). Try again in 30 seconds"),
        ("error_page", "The Contoso service answered with status 500. Details: Oops {0}"),
        ("not_json", "The Contoso service gave an answer that is not JSON. Details: it works"),
        ("empty", "The Contoso service gave an answer that is not JSON. Details: the answer is empty"),
    ],
)
@pytest.mark.parametrize(
    ("identifier", "parameters"),
    [
        ("test_connectivity", {}),
        ("file_reputation", {"hash": BAD}),
        ("file_reputation_v2", {"hash": BAD}),
        ("block_hash", {"hash": BAD}),
        ("unblock_hash", {"hash": BAD}),
        ("generate_report", {}),
    ],
)
def test_error_answers(
    kind: str, message: str, identifier: str, parameters: dict[str, str], act: Act, service: ContosoService
) -> None:
    service.fail_next(kind)
    assert failed(act(identifier, parameters), message)


def test_a_connection_that_breaks(act: Act, service: ContosoService) -> None:
    service.fail_next("hang_up")
    result = act("file_reputation", {"hash": BAD})
    assert result["message"].startswith("Could not reach the Contoso service. Details: ")
    assert (result["status"], result["exception_occured"]) == ("failed", False)


def test_a_service_that_does_not_listen(act: Act) -> None:
    with socket.socket() as taken:  # bound, not listening: nobody else can answer there meanwhile
        taken.bind(("127.0.0.1", 0))
        result = act("test_connectivity", {}, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert result["message"].startswith("Could not reach the Contoso service. Details: ")


def test_a_service_that_does_not_answer(act: Act) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert failed(
            act("test_connectivity", {}, base_url=url, timeout=0.05),
            "The Contoso service did not answer within 0.05 seconds",
        )


def test_a_certificate_nobody_vouches_for(act: Act, tmp_path: Path) -> None:
    with EchoService(tls=server_context(make_certificate(tmp_path))) as other:
        result = act("test_connectivity", {}, base_url=other.url)
        assert result["message"].startswith("The certificate of the Contoso service is not trusted. Details: ")
        assert other.requests == []


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_certificates_are_not_checked_when_the_asset_says_so(
    act: Act, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.with_name("absent.pem")))
    with EchoService(tls=server_context(certificate)) as other:
        assert act("test_connectivity", {}, base_url=other.url, verify_server_cert=False)["status"] == "success"


def test_block_unblock_and_report(act: Act, service: ContosoService) -> None:
    blocked = act("block_hash", {"hash": BAD, "comment": "seen in {case} 7"})
    assert (blocked["status"], blocked["message"]) == ("success", "Hash blocked")
    assert data(blocked) == [{"hash": BAD, "blocked": True, "already_blocked": False}]
    assert service.blocked == {BAD: "seen in {case} 7"}
    assert [(item.method, item.path) for item in service.requests] == [("PUT", f"/api/v1/blocklist/{BAD}")]
    assert json.loads(service.requests[0].body) == {"comment": "seen in {case} 7"}

    again = act("block_hash", {"hash": BAD})
    assert (again["status"], again["message"]) == ("success", "Hash was blocked already")
    assert service.blocked == {BAD: "Blocked by SOAR"}, "the default of the parameter"

    report = act("generate_report", {})
    assert report["message"] == "Total blocked: 1"
    assert data(report) == [{"hash": BAD, "comment": "Blocked by SOAR"}]
    assert data(act("generate_report", {"detail": "full"}))[0]["verdict"] == "malicious"

    assert act("unblock_hash", {"hash": BAD})["message"] == "Hash unblocked"
    assert service.blocked == {}
    once_more = act("unblock_hash", {"hash": BAD})
    assert (once_more["status"], once_more["message"]) == ("success", "Hash was not blocked")
    assert data(act("generate_report", {"detail": "full"})) == []


def test_a_detail_that_is_not_offered(act: Act, service: ContosoService) -> None:
    assert failed(
        act("generate_report", {"detail": "{everything}"}), "The parameter 'detail' must be one of: short, full"
    )
    assert service.requests == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"base_url": "contoso.example"}, "The base URL must begin with http:// or https://"),
        ({"timeout": 0}, "The timeout must be a number greater than zero"),
        ({"timeout": -1}, "The timeout must be a number greater than zero"),
    ],
)
def test_assets_that_cannot_work(config: dict[str, Any], message: str, act: Act, service: ContosoService) -> None:
    assert failed(act("test_connectivity", {}, **config), message)
    assert service.requests == []


@pytest.mark.parametrize("missing", ["base_url", "apikey"])
def test_an_asset_without_what_is_required(missing: str, act: Act, service: ContosoService) -> None:
    result = act("test_connectivity", {}, **{missing: ""})
    assert result["status"] == "failed"
    assert missing in result["message"]
    assert service.requests == []


def test_the_key_is_in_no_result(act: Act, service: ContosoService) -> None:
    service.fail_next("hang_up")
    assert "s3cr3t-key" not in json.dumps([act("file_reputation", {"hash": BAD}), act("generate_report", {})])


def test_by_hand(service: ContosoService, tmp_path: Path) -> None:
    action = json.loads((APP / "examples" / "file_reputation.json").read_text("utf-8"))
    action["config"].update(base_url=service.url, apikey="s3cr3t-key")
    path = tmp_path / "input.json"
    path.write_text(json.dumps(action))
    done = subprocess.run(
        [sys.executable, str(APP / "sampleapp_connector.py"), str(path)],
        env={"PYTHONPATH": str(ROOT / "soarkit" / "applib"), "SOARKIT_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout
    assert printed.startswith("Querying hash 1 of 1\n")
    assert json.loads(printed[printed.index("{") :])["result_data"][0]["data"][0]["verdict"] == "malicious"


ACTIONS = {item["identifier"]: item for item in json.loads((APP / "sampleapp.json").read_text("utf-8"))["actions"]}


def test_every_action_of_the_manifest_is_handled(act: Act) -> None:
    parameters = {"hash": BAD}
    assert len(ACTIONS) == 6
    for identifier in ACTIONS:
        assert act(identifier, parameters)["status"] == "success"


@pytest.mark.parametrize("identifier", ACTIONS)
def test_documented_outputs_are_filled(identifier: str, act: Act) -> None:
    from soarkit_app import datapaths

    act("block_hash", {"hash": BAD, "comment": "why"})
    parameters = {"hash": BAD, "comment": "why", "detail": "full"}
    declared = ACTIONS[identifier].get("parameters", {})
    result = act(identifier, {name: value for name, value in parameters.items() if name in declared})
    empty = [
        output["data_path"]
        for output in ACTIONS[identifier]["output"]
        if output.get("example_values") and not datapaths.collect(result, output["data_path"])
    ]
    assert empty == []
