"""A run that is cancelled, whatever the app does about it."""

from __future__ import annotations

import pytest
from phantom import base_connector
from soarkit_app import lifecycle, session

from .connectors import Contoso, failing


@pytest.mark.parametrize("flagged", [False, True])
def test_cancelled_while_the_app_works(bench, flagged):
    class Cancelled(Contoso):
        def handle_cancel(self):
            self.calls.append("handle_cancel")
            raise ValueError("also this is survived")

    def act(param):
        connector.succeed(param)
        assert base_connector.connector_obj is session.current.connector is connector
        if flagged:
            connector._soarkit_note_cancel()
            assert connector.is_action_cancelled()
            assert "handle_cancel" not in connector.calls
        raise lifecycle.ActionCancelled

    connector = Cancelled(act)
    result = bench.run(connector, parameters=[{}, {}])
    assert result["status"] == "failed" and result["action_cancelled"] is True
    assert result["exception_occured"] is False and len(result["result_data"]) == 1
    assert result["message"] == "The action was cancelled"
    assert [call for call in connector.calls if isinstance(call, str)] == ["initialize", "handle_cancel"]


def test_an_app_that_swallows_the_cancellation(bench):
    class Cancelled(Contoso):
        def handle_cancel(self):
            self.calls.append("handle_cancel")

    def act(param):
        try:
            connector._soarkit_note_cancel()
            raise lifecycle.ActionCancelled
        except BaseException:
            return connector.succeed(param)

    connector = Cancelled(act)
    result = bench.run(connector, parameters=[{}, {}])
    assert result["status"] == "failed" and result["action_cancelled"] is True
    assert len(result["result_data"]) == 1
    assert connector.calls.count("handle_cancel") == 1


def test_handle_cancel_is_called_once_in_a_run(bench):
    class Cancelled(Contoso):
        def handle_cancel(self):
            self.calls.append("handle_cancel")
            raise SystemExit

    def act(_):
        connector._soarkit_cancel()
        connector._soarkit_cancel()
        raise lifecycle.ActionCancelled

    connector = Cancelled(act)
    assert bench.run(connector)["action_cancelled"] is True
    assert connector.calls.count("handle_cancel") == 1
    assert bench.run(connector)["action_cancelled"] is True
    assert connector.calls.count("handle_cancel") == 2


def test_cancelled_while_the_app_cleans_up_after_an_exception(bench):
    connector = Contoso(failing(ValueError("first")), handle_exception=failing(lifecycle.ActionCancelled()))
    result = bench.run(connector)
    assert result["action_cancelled"] is True and result["exception_occured"] is True


def test_no_trace_of_cancelling_otherwise(bench):
    assert "action_cancelled" not in bench.run(Contoso)
