"""Prints a gigabyte before it answers."""

import os

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        line = b"x" * 1023 + b"\n"
        block = line * 1024
        for _ in range(1024):
            os.write(1, block)
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
