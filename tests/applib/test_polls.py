"""Polls: their parameters, their counters, and whether somebody waits for one."""

from __future__ import annotations

import pytest

from .connectors import Contoso


def test_a_poll_gets_all_five_parameters_and_its_counters(bench):
    seen = {}

    def act(param):
        seen.update(param)
        seen["now"] = connector.is_poll_now()
        connector.save_container({"name": "c"})
        connector.save_artifacts([{"name": "a"}, {"name": "b"}])
        return connector.set_status(True, "polled")

    connector = Contoso(act)
    result = bench.run(connector, identifier="on_poll", action="on poll")
    assert seen["container_count"] == seen["artifact_count"] == 4294967295
    assert seen["start_time"] < seen["end_time"] and seen["container_id"] == "" and seen["now"] is False
    assert result["result_summary"] == {
        "total_objects": 0,
        "total_objects_successful": 0,
        "containers_successful": 0,
        "containers_failed": 1,
        "containers_duplicate": 0,
        "artifacts_successful": 0,
        "artifacts_failed": 2,
        "artifacts_duplicate": 0,
    }


@pytest.mark.parametrize(
    ("answers", "counters"),
    [
        (
            {"save_container": [True, "Container saved", 1], "save_artifacts": [True, "saved", [1, 2]]},
            (1, 0, 0, 2, 0, 0),
        ),
        ({"save_container": [True, "Duplicate container found", 1]}, (0, 0, 1, 0, 2, 0)),
        ({"save_container": [False, "Duplicate container found", 1]}, (0, 1, 0, 0, 2, 0)),
        ({"save_artifacts": [False, "a duplicate key in the JSON", None]}, (0, 1, 0, 0, 2, 0)),
        ({"save_artifacts": [False, "one is broken", [1, None]]}, (0, 1, 0, 1, 1, 0)),
        ({"save_artifacts": [True, "artifact is a duplicate", [1, 2]]}, (0, 1, 0, 2, 0, 0)),
        (
            {
                "save_container": [True, "saved", 1, {"containers_successful": 1, "artifacts_duplicate": 3}],
                "save_artifacts": [True, "saved", [1, 2], {"artifacts_successful": 1, "artifacts_duplicate": 1}],
            },
            (1, 0, 0, 1, 0, 4),
        ),
    ],
)
def test_what_a_poll_counts(bench, surroundings, answers, counters):
    def act(_):
        connector.save_container({"name": "c"})
        connector.save_artifacts([{"name": "a"}, {"name": "b"}])
        return connector.set_status(True)

    surroundings.answers.update(answers)
    connector = Contoso(act)
    summary = bench.run(connector, identifier="on_poll")["result_summary"]
    outcomes = ("successful", "failed", "duplicate")
    names = [f"{what}_{outcome}" for what in ("containers", "artifacts") for outcome in outcomes]
    assert tuple(summary[name] for name in names) == counters


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({"parameters": [{"container_count": 3}]}, True),
        ({"parameters": [{"container_count": "3"}]}, True),
        ({"parameters": [{"container_count": 4294967295}]}, False),
        ({"parameters": [{}]}, False),
        ({"poll_now": True}, True),
        ({"poll_now": False}, False),
    ],
)
def test_is_poll_now(bench, values, now):
    def ask(*_):
        seen.append(connector.is_poll_now())
        return True

    seen = []
    connector = Contoso(ask, initialize=ask, finalize=ask)
    bench.run(connector, identifier="on_poll", **values)
    assert seen == [now, now, now]


def test_a_container_count_makes_no_poll_of_another_action(bench):
    connector = Contoso(lambda _: connector.set_status(True, str(connector.is_poll_now())))
    assert bench.run(connector, parameters=[{"container_count": 3}])["message"] == "False"
