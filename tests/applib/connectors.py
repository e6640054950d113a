"""A connector for the tests of a run: it notes what is called, and does what a test wants done."""

from __future__ import annotations

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Contoso(BaseConnector):
    """Notes what is called; ``act`` is what a test wants done."""

    def __init__(self, act=None, **hooks):
        super().__init__()
        self.calls = []
        self.act = act or self.succeed
        self.hooks = hooks

    def succeed(self, param):
        return self.add_action_result(ActionResult(dict(param))).set_status(phantom.APP_SUCCESS, "fine")

    def initialize(self):
        self.calls.append("initialize")
        return self.hooks.get("initialize", lambda: True)()

    def handle_action(self, param):
        self.calls.append(("handle_action", param))
        return self.act(param)

    def finalize(self):
        self.calls.append("finalize")
        return self.hooks.get("finalize", lambda: True)()

    def handle_exception(self, exception):
        self.calls.append(("handle_exception", exception))
        return self.hooks.get("handle_exception", lambda: None)()


def failing(error):
    def fail(*_):
        raise error

    return fail
