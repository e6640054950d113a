"""Findings of Enterprise Security, as the SDK's ``on es poll`` sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest.conftest import Ask

if TYPE_CHECKING:
    from soarkit.store.opened import Store

BULK = "enterprise_security/findings/bulk_create"
CALLER = {"asset_id": 3, "appid": "a", "label": "es"}


def finding(title: str, **more: object) -> dict[str, object]:
    return {"rule_title": title, "security_domain": "access", "run_threat_analysis": False, **more}


def test_each_becomes_a_container(ask: Ask, store: Store) -> None:
    sent = [finding("one", urgency="critical", rule_description="d"), finding("two"), {"no": "title"}]
    answered = ask("POST", BULK, body=sent, caller=CALLER).json
    first, second, _ = answered["container_ids"]
    assert (answered["status"], answered["created"], answered["failed"]) == ("partial", 2, 1)
    assert answered["errors"] == [{"index": 2, "error": "a finding must be an object with a rule_title"}]
    kept = store.containers.get(first)
    assert (kept["name"], kept["severity"], kept["label"], kept["description"]) == ("one", "high", "es", "d")
    assert kept["data"] == sent[0]
    again = ask("POST", BULK, body=sent[:2], caller=CALLER).json  # after a poll that was killed
    assert again["container_ids"] == [first, second] and again["status"] == "success"


def test_containers_that_are_there(ask: Ask, store: Store) -> None:
    place = store.containers.save({"name": "made before"}, asset_id=3, appid="a", label="es", run=None).id
    body = {"findings": [finding("one"), finding("two")], "container_ids": [place, None]}
    answered = ask("POST", BULK, body=body, caller=CALLER).json
    assert answered["container_ids"][0] == place != answered["container_ids"][1]
    assert store.containers.get(place)["name"] == "one"
    absent = ask("POST", BULK, body={"findings": [finding("x")], "container_ids": [999]}, caller=CALLER).json
    assert (absent["status"], absent["failed"]) == ("failed", 1)


def test_one_alone(ask: Ask) -> None:
    answered = ask("POST", "enterprise_security/findings", body=finding("one"), caller=CALLER).json
    assert answered["status"] == "success" and answered["container_id"] and answered["finding_id"]
    assert ask("POST", "enterprise_security/findings", body={}, caller=CALLER).status == 400
    assert ask("POST", BULK, body={"findings": "x"}, caller=CALLER).status == 400
    assert ask("POST", BULK, body=[finding("x")] * 26, caller=CALLER).status == 400
