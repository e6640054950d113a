"""Raises in initialize."""

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def initialize(self):
        raise RuntimeError("no good in initialize")

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
