"""Calls sys.exit in its action."""

import sys

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        self.add_action_result(ActionResult(dict(param)))
        sys.exit(0)
