"""Replaces the standard streams, and closes them."""

import os
import sys

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        sys.stdout = sys.stderr = None
        os.close(1)
        os.close(2)
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
