"""Sets every descriptor it finds to non-blocking."""

import os

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        for number in range(3, 5000):
            try:
                os.set_blocking(number, False)
            except OSError:
                continue
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data({"text": "x" * (8 << 20)})
        return result.set_status(phantom.APP_SUCCESS, "done")
