"""Registers an exit handler that never returns."""

import atexit
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        def hang():
            if param.get("marker"):
                open(param["marker"], "w").close()
            time.sleep(1000)


        atexit.register(hang)
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
