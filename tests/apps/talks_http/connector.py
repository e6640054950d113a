"""Sends a request with requests, and opens a raw socket when asked to."""

import socket
import requests

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        if self.get_action_identifier() == "connect":
            try:
                socket.create_connection((param["host"], int(param["port"])), timeout=5).close()
            except OSError as error:
                return result.set_status(phantom.APP_SUCCESS, "swallowed: " + str(error))
            return result.set_status(phantom.APP_SUCCESS, "connected")
        try:
            answer = requests.get(
                param["url"],
                headers={"Authorization": "Bearer " + self.get_config().get("token", "")},
                timeout=10,
            )
        except Exception as error:
            return result.set_status(phantom.APP_SUCCESS, "swallowed: " + str(error))
        result.add_data({"status": answer.status_code, "body": answer.text})
        return result.set_status(phantom.APP_SUCCESS)
