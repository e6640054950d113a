"""Configuration values that a credential manager holds."""

from __future__ import annotations

import pytest

from .connectors import Contoso


def test_credentials_of_a_manager_that_is_not_reachable_stop_the_run(bench):
    connector = Contoso()
    management = {"fields": [{"name": "password"}], "settings": {"manager": "hashicorp", "config": {}}}
    result = bench.run(connector, config={"_reserved_credential_management": management})
    assert result["status"] == "failed" and "'hashicorp'" in result["message"]
    assert connector.calls == []


@pytest.mark.parametrize("manager", ["hashicorp", "cyberark_rest", "thycotic"])
def test_credentials_that_the_host_answers(bench, surroundings, manager):
    surroundings.answers["get_credential"] = [{"name": "password", "value": "sk1:only looks encrypted"}]
    bench.configuration["password"] = {"data_type": "password", "required": True}
    management = {"fields": [{"name": "password"}], "settings": {"manager": manager, "config": {"a": 1}}}
    connector = Contoso()
    result = bench.run(connector, config={"_reserved_credential_management": management})
    assert result["status"] == "success", result["message"]
    assert connector.get_config()["password"] == "sk1:only looks encrypted"
    assert surroundings.asked == [
        ("get_credential", {"manager": manager, "fields": [{"name": "password"}], "config": {"a": 1}})
    ]


def test_cyberark_is_asked_field_by_field(bench, surroundings):
    surroundings.answers["get_credential"] = "value"
    fields = [{"name": "a"}, {"name": "b"}]
    connector = Contoso()
    bench.run(
        connector,
        config={"_reserved_credential_management": {"fields": fields, "settings": {"manager": "cyberark"}}},
    )
    assert connector.get_config()["a"] == connector.get_config()["b"] == "value"
    assert [arguments["fields"] for _, arguments in surroundings.asked] == fields


def test_an_unknown_manager_is_refused(bench):
    management = {"fields": [{"name": "p"}], "settings": {"manager": "os"}}
    assert "'os'" in bench.run(Contoso, config={"_reserved_credential_management": management})["message"]
