"""Reads from address zero."""

import ctypes

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        ctypes.string_at(0)
