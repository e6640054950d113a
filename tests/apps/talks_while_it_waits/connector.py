"""Prints and reports its progress in a thread while its host takes its time."""

import sys
import threading

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        thread = threading.Thread(target=self._talk)
        thread.start()
        answer = self.save_container({"name": "x"})
        thread.join()
        result.add_data({"answer": list(answer), "printed": self._printed})
        return result.set_status(phantom.APP_SUCCESS)

    def _talk(self):
        self._printed = sys.stdout.write("x" * (1 << 20))
        sys.stdout.flush()
        self.save_progress("still here")
