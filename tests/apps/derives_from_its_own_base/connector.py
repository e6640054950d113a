"""Has a connector class and a base class of its own."""

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Base(BaseConnector):
    pass


class Connector(Base):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        return result.set_status(phantom.APP_SUCCESS, "done")
