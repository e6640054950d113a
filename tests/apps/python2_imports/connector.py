"""Imports what only Python 2 had."""

import urllib2

from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        return bool(urllib2)
