"""Raises in handle_action, after one result was added."""

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        result.set_status(phantom.APP_SUCCESS, "so far so good")
        raise RuntimeError("no good in handle_action")
