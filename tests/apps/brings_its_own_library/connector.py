"""Has a module of its own that is called like an installed one."""

import requests

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data({"file": requests.__file__, "whose": requests.WHOSE})
        return result.set_status(phantom.APP_SUCCESS)
