"""Has an action for each kind of parameter that takes indicators, and answers with what each was given."""

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data({"given": dict(param)})
        return result.set_status(phantom.APP_SUCCESS)
