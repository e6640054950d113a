"""Environment variables of a run and of its asset."""

from __future__ import annotations

import os

from soarkit_app.environment_variables import is_secret_type

from .connectors import Contoso


def test_environment_variables_are_set_for_the_run_only(bench, monkeypatch):
    monkeypatch.setenv("CONTOSO_OLD", "old")
    seen = {}

    def act(param):
        seen.update((k, v) for k, v in os.environ.items() if k.startswith("CONTOSO"))
        return connector.succeed(param)

    connector = Contoso(act)
    bench.run(
        connector,
        environment_variables={
            "CONTOSO_OLD": {"type": "string", "value": "new"},
            "CONTOSO_A": {"type": "string", "value": "run"},
            "CONTOSO_N": {"value": 5},
            "CONTOSO_PLAIN": "plain",
        },
        config={"_reserved_environment_variables": {"CONTOSO_A": {"type": "string", "value": "asset"}}},
    )
    assert seen == {"CONTOSO_OLD": "new", "CONTOSO_A": "asset", "CONTOSO_N": "5", "CONTOSO_PLAIN": "plain"}
    assert {k: v for k, v in os.environ.items() if k.startswith("CONTOSO")} == {"CONTOSO_OLD": "old"}


def test_an_impossible_environment_variable(bench, monkeypatch):
    variables = {"CONTOSO_A": "x", "A=B\0": {"value": "x"}}
    result = bench.run(Contoso, environment_variables=variables)
    assert "'A=B" in result["message"] and result["status"] == "failed"
    assert "CONTOSO_A" not in os.environ


def test_the_type_of_a_secret_variable():
    assert [is_secret_type(one) for one in (None, "string", "password", "", 3)] == [False, False, True, True, True]
