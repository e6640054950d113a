"""One run, several parameter sets: none, some incomplete, some that the app itself refuses."""

from __future__ import annotations

import phantom.app as phantom
import pytest

from .connectors import Contoso


@pytest.mark.parametrize("parameters", [None, []])
def test_no_parameters_are_one_empty_set(bench, parameters):
    connector = Contoso()
    bench.run(connector, parameters=parameters)
    assert connector.calls == ["initialize", ("handle_action", {}), "finalize"]


def test_an_incomplete_set_does_not_stop_the_complete_ones(bench):
    bench.parameters["ip"] = {"data_type": "string", "required": True}
    bench.parameters["days"] = {"data_type": "numeric", "required": True}
    connector = Contoso()
    given = [{"ip": "1", "days": "x"}, {"ip": "2", "days": 3}, {"ip": "", "context": {"artifact_id": 5}}]
    result = bench.run(connector, parameters=given)
    assert [call[1] for call in connector.calls if isinstance(call, tuple)] == [{"ip": "2", "days": 3}]
    first, second, third = result["result_data"]
    assert second["status"] == "success" and first["status"] == third["status"] == "failed"
    assert first["message"] == "Parameter 'days' failed validation: takes a number, not 'x'"
    assert third["message"] == (
        "Parameter 'ip' failed validation: it is required and missing."
        " Parameter 'days' failed validation: it is required and missing"
    )
    assert third["context"] == {"artifact_id": 5}
    assert result["status"] == "success" and connector.calls[-1] == "finalize"


@pytest.mark.parametrize(
    ("config", "parameters", "message"),
    [
        ({"server": "s"}, [{}], "Required parameters are missing: 'ip'"),
        (
            {"server": "s"},
            [{}, {"ip": ""}],
            "Required parameters are missing (set 1 of 2): 'ip'; required parameters are missing (set 2 of 2): 'ip'",
        ),
        (
            {},
            [{"ip": "1"}, {}],
            "Required configuration is missing: 'server'; required parameters are missing (set 2 of 2): 'ip'",
        ),
    ],
)
def test_where_nothing_could_run_everything_missing_is_in_one_message(bench, config, parameters, message):
    bench.configuration["server"] = {"data_type": "string", "required": True}
    bench.parameters["ip"] = {"data_type": "string", "required": True}
    connector = Contoso()
    result = bench.run(connector, config=config, parameters=parameters)
    assert result["message"] == message and result["result_data"] == []
    assert connector.calls == []


# Parameters that the app itself refuses


class Refusing(Contoso):
    refuse = staticmethod(lambda connector, param: False)

    def validate_parameters(self, param):
        return self.refuse(self, param)


@pytest.mark.parametrize(
    ("refuse", "message"),
    [
        (lambda c, _: c.set_status(phantom.APP_ERROR, "no way"), "no way"),
        (lambda c, _: c.append_to_message("no way") or False, "no way"),
        (lambda c, _: c.set_status(phantom.APP_ERROR, "{0} {{x}}", None, "no"), "no {x}"),
        (lambda c, _: c.set_status(phantom.APP_ERROR), "The parameters failed validation"),
        (lambda c, _: False, "The parameters failed validation"),
    ],
)
def test_the_apps_own_message_of_validation_counts(bench, refuse, message):
    connector = Refusing()
    connector.refuse = refuse
    result = bench.run(connector)
    assert (result["status"], result["message"]) == ("failed", message)
    assert [one["message"] for one in result["result_data"]] == [message]


def test_each_refused_set_has_a_message_of_its_own(bench):
    def refuse(connector, param):
        if param["n"] == 3:
            return False
        return param["n"] == 2 or connector.set_status(phantom.APP_ERROR, "no way")

    connector = Refusing(initialize=lambda: connector.set_status(phantom.APP_SUCCESS, "Connected"))
    connector.refuse = refuse
    result = bench.run(connector, parameters=[{"n": n} for n in (1, 1, 2, 3)])
    stock = "The parameters failed validation"
    assert [one["message"] for one in result["result_data"]] == ["no way", "no way", "fine", stock]
    assert result["status"] == "success"
