"""Leaves work to an exit handler and to a thread that ends."""

import atexit
import os
import threading

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        def write(name):
            open(os.path.join(param["folder"], name), "w").close()

        atexit.register(write, "exit")
        threading.Timer(0.1, write, args=("thread",)).start()
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
