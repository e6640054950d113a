"""Answers with what it was given: parameters, configuration and what surrounds it."""

import os
import sys

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        identifier = self.get_action_identifier()
        self.save_progress("Working on {0}", identifier)
        if identifier == "echo":
            result.add_data(
                {
                    "parameters": dict(param),
                    "config": dict(self.get_config()),
                    "asset_id": self.get_asset_id(),
                }
            )
            result.update_summary({"parameter_count": len(param)})
            return result.set_status(phantom.APP_SUCCESS)
        if identifier == "surroundings":
            result.add_data(
                {
                    "environment": dict(os.environ),
                    "python": sys.executable,
                    "arguments": sys.argv,
                    "path": sys.path,
                    "folder": os.getcwd(),
                    "home": self.get_phantom_home(),
                    "state_dir": self.get_state_dir(),
                    "descriptors": sorted(int(n) for n in os.listdir("/proc/self/fd"))
                    if os.path.isdir("/proc/self/fd")
                    else [],
                }
            )
            return result.set_status(phantom.APP_SUCCESS)
        if identifier == "rows":
            for number in range(int(param["count"])):
                result.add_data({"number": number, "text": "row {}".format(number), "tags": ["a", "b"]})
            return result.set_status(phantom.APP_SUCCESS)
        if identifier == "refuse":
            return result.set_status(phantom.APP_ERROR, "the product said no")
        return result.set_status(phantom.APP_ERROR, "unknown action")
