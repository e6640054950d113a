"""Has files called like modules that are imported late."""

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
