"""Leaves a child behind that keeps every descriptor open."""

import os
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        if os.fork() == 0:
            time.sleep(1000)
            os._exit(0)
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
