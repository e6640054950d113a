"""Counts its runs in its state file."""

import encryption_helper

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def initialize(self):
        self._state = self.load_state()
        return phantom.APP_SUCCESS

    def finalize(self):
        self.save_state(self._state)
        return phantom.APP_SUCCESS

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        self._state["runs"] = self._state.get("runs", 0) + 1
        result.add_data({"runs": self._state["runs"]})
        if self.get_action_identifier() == "keep_secret":
            secret = encryption_helper.encrypt("tök{en}", self.get_asset_id())
            result.add_data(
                {"secret": secret, "again": encryption_helper.decrypt(secret, self.get_asset_id())}
            )
        return result.set_status(phantom.APP_SUCCESS)
