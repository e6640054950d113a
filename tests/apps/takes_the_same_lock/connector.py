"""Writes when it begins and ends, so that overlaps can be seen."""

import os
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        def note(what):
            with open(param["journal"], "a") as journal:
                journal.write("{} {} {}\n".format(what, os.getpid(), param["name"]))

        note("begin")
        time.sleep(float(param.get("seconds", 0.2)))
        note("end")
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
