"""Secrets of a run are masked in all that is logged, shown and given back."""

from __future__ import annotations

import json

import ph_ipc
import pytest
from phantom.action_result import ActionResult

from .connectors import Contoso


def test_secrets_are_masked_in_log_and_progress_and_absent_from_parameters(bench, surroundings):
    bench.configuration["password"] = {"data_type": "password"}
    bench.parameters["token"] = {"data_type": "password"}

    def act(param):
        assert param["token"] == "a-long-token"
        connector.debug_print("config", connector.get_config())
        connector.save_progress("using {0}", "topsecret")
        raise_from = connector.add_action_result(ActionResult(param))
        return raise_from.set_status(True)

    connector = Contoso(act)
    result = bench.run(connector, config={"password": "topsecret"}, parameters=[{"token": "a-long-token"}])
    assert surroundings.logged == [("debug", "config {'password': '********'}")]
    assert surroundings.progressed == [("using ********", False)]
    assert result["result_data"][0]["parameter"] == {"token": "********"}
    assert "a-long-token" not in json.dumps(result)


def test_nothing_that_is_logged_holds_a_secret(bench, surroundings):
    bench.configuration["password"] = bench.configuration["longer"] = {"data_type": "password"}
    bench.parameters["ip"] = {"data_type": "string", "contains": ["ip"]}

    def rejects(value):
        raise ValueError(f"topsecret and {value}")

    def act(param):
        result = connector.add_action_result(ActionResult(param))
        result.add_debug_data({"Authorization": "topsecret"})
        result.set_status(False, "wrong", ValueError("topsecret"))
        connector.set_validator("ip", rejects)
        connector.validate_parameters({"ip": "topsecret-and-more"})
        ph_ipc.debugprint("topsecret")
        ph_ipc.sendstatus(1, "topsecret", True)
        connector.debug_print("x" * 99_995 + "topsecret")
        raise KeyError("topsecret")

    connector = Contoso(act)
    bench.run(connector, config={"password": "topsecret", "longer": "topsecret-and-more"}, parameters=[{}])
    logged = [text for _, text in surroundings.logged]
    assert sum("Traceback" in text or "ValueError" in text for text in logged) == 3
    assert len(logged) == 6 and len(surroundings.progressed) == 1
    assert not [text for text in logged if "topse" in text or "and-more" in text]
    assert surroundings.progressed == [("********", False)]


@pytest.mark.parametrize(
    "values",
    [
        {"environment_variables": {"CONTOSO_A": {"type": "password", "value": "topsecret"}}},
        {"environment_variables": {"CONTOSO_A": {"type": "Secret", "value": "topsecret"}}},
        {"environment_variables": {"CONTOSO_A": {"type": "", "value": "topsecret"}}},
        {"config": {"_reserved_environment_variables": {"CONTOSO_A": {"type": "token", "value": "topsecret"}}}},
        {"config": {"password": "topsecret"}},
        {"user_session_token": "topsecret"},
        {"user_hash_key": "topsecret"},
        {"broker_ph_auth_token": "topsecret"},
        {"soar_auth": {"username": "admin", "password": "topsecret"}},
    ],
)
def test_what_counts_as_a_secret(bench, surroundings, values):
    bench.configuration["password"] = {"data_type": "password"}
    connector = Contoso(lambda _: connector.debug_print("is topsecret") or True)
    bench.run(connector, **values)
    assert surroundings.logged == [("debug", "is ********")]


def test_secrets_that_are_numbers(bench, surroundings):
    bench.configuration["password"] = {"data_type": "password"}
    connector = Contoso(lambda _: connector.debug_print("pin", "12345678", "3456789") or True)
    variables = {"CONTOSO_A": {"type": "password", "value": 3456789}}
    bench.run(connector, config={"password": 12345678}, environment_variables=variables)
    assert surroundings.logged == [("debug", "pin ******** ********")]


@pytest.mark.parametrize(
    "values",
    [
        {
            "environment_variables": {
                "CONTOSO_A": {"type": "string", "value": "plain-text"},
                "B": {"value": "plain-text"},
            }
        },
        {"environment_variables": {"CONTOSO_A": "plain-text"}, "soar_auth": "plain-text"},
    ],
)
def test_what_is_no_secret(bench, surroundings, values):
    connector = Contoso(lambda _: connector.debug_print("plain-text") or True)
    bench.run(connector, **values)
    assert surroundings.logged == [("debug", "plain-text")]
