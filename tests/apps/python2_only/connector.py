"""Written for Python 2."""

from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        print "hello"
        return True
