"""Replaces what the standard library's json offers."""

import json

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        json.dumps = json.loads = lambda *arguments, **options: "hacked"
        json.JSONEncoder.default = json.JSONEncoder.encode = json.JSONDecoder.decode = None
        self.save_progress("still here")
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
