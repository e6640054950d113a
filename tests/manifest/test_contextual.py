"""Which actions take a value of which types."""

from __future__ import annotations

from conftest import APPS

from soarkit.manifest.contextual import actions_for
from soarkit.manifest.loader import build, load
from soarkit.manifest.model import App
from soarkit.manifest.source import AppSource

LOOKS_UP = str(APPS / "looks_up_indicators")


def names(types: list[str] | None, *apps: App) -> list[str]:
    return [f"{one.action.name}/{one.parameter.name}" for one in actions_for(apps or [load(LOOKS_UP)], types)]


def test_reading_actions_come_first_and_tests_never() -> None:
    assert names(["ip"]) == ["compare/ip", "lookup ip/ip", "whois ip/ip", "block ip/ip"]
    assert names(["IPv6"]) == ["block ip/ip"]


def test_types_meet_by_kind_and_spelling() -> None:
    assert names(["sha256"]) == names(["hash"]) == ["lookup files/hashes"]
    assert names(["host_name"]) == ["compare/host"]
    assert names(["domain", "port"]) == ["compare/host", "lookup port/port"]
    assert names(["Looked Up Text"]) == ["look up text/text"]
    assert names(["text"]) == names([]) == []


def test_without_types_everything_that_takes_a_value() -> None:
    found = names(None)
    assert found[:2] == ["compare/ip", "compare/host"]
    assert len(found) == 8


def test_what_is_still_missing_has_no_default() -> None:
    block = actions_for([load(LOOKS_UP)], ["ipv6"])[0]
    assert block.missing == ["reason"]


def test_apps_by_name_and_a_star_takes_anything() -> None:
    raw = load(LOOKS_UP).raw
    action = {**raw["actions"][2], "parameters": {"any": {"data_type": "string", "contains": ["*"], "primary": True}}}
    document = {**raw, "name": "Another", "appid": "1", "actions": [action, {**action, "versions": "EQ(2)"}]}
    other = build(document, AppSource("/other", "/other/app.json"))
    assert names(["ipv6"], load(LOOKS_UP), other) == ["whois ip/any", "block ip/ip"]


def test_parameters_that_are_not_primary_or_say_nothing_do_not_count() -> None:
    raw = load(LOOKS_UP).raw
    action = {
        **raw["actions"][2],
        "parameters": {
            "a": {"data_type": "string", "contains": ["ip"]},
            "b": {"data_type": "string", "primary": True},
            "c": {"data_type": "password", "contains": ["ip"], "primary": True},
            "d": {"data_type": "string", "contains": [1, " "], "primary": True},
        },
    }
    assert names(None, build({**raw, "actions": [action]}, AppSource("/other", "/other/app.json"))) == []
