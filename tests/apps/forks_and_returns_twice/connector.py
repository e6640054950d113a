"""Forks, and lets the child return from its action as well."""

import os

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        child = os.fork()
        if child:
            os.waitpid(child, 0)
        return result.set_status(phantom.APP_SUCCESS, "child" if child == 0 else "parent")
