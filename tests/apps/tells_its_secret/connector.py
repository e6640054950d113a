"""Puts its password into everything it can reach."""

import sys

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        secret = self.get_config()["password"] + "" if param.get("from_config", True) else param["password"]
        print("printed", secret)
        print("printed to stderr", secret, file=sys.stderr)
        self.save_progress("progress " + secret)
        self.debug_print("debug", {"password": secret})
        self.error_print("error " + secret)
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data({"password": secret, "nested": [{"text": "see " + secret}]})
        result.update_summary({"password": secret})
        if self.get_action_identifier() == "raise":
            raise RuntimeError("failed with " + secret)
        return result.set_status(phantom.APP_SUCCESS, "message " + secret)
