"""Has two connector classes, neither derived from the other."""

from phantom.base_connector import BaseConnector


class First(BaseConnector):
    def handle_action(self, param):
        return True


class Second(BaseConnector):
    def handle_action(self, param):
        return True
