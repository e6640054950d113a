"""Starts a process in a session of its own and hands over its id."""

import subprocess
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        daemon = subprocess.Popen(["sleep", "1000"], start_new_session=True)
        result.add_data({"pid": daemon.pid})
        if self.get_action_identifier() == "detach_and_hang":
            with open(param["marker"], "w") as marker:
                marker.write(str(daemon.pid))
            time.sleep(1000)
        return result.set_status(phantom.APP_SUCCESS)
