"""Finds the link among its descriptors and writes rubbish into it."""

import os
import stat

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        for number in range(3, 5000):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    os.write(number, b"J" + (5).to_bytes(8, "big") + b"hello")
            except OSError:
                continue
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
