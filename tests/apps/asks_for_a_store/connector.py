"""Saves a container and adds a file to the vault."""

import phantom.app as phantom
import phantom.rules as phantom_rules
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data(
            {
                "container": list(self.save_container({"name": "x"})),
                "vault": list(phantom_rules.vault_add(container=1, file_location=__file__)),
            }
        )
        return result.set_status(phantom.APP_SUCCESS)
