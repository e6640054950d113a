"""Has no class derived from BaseConnector."""

import phantom.app as phantom


class Connector:
    def handle_action(self, param):
        return phantom.APP_SUCCESS
