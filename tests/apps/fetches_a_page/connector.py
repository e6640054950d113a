"""Fetches an address with urllib and with requests, and says what the platform tells it about certificates."""

import os
import ssl
import urllib.request

import requests

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom_common import install_info


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        if self.get_action_identifier() == "describe":
            variables = {name: os.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "CONTOSO", "TOKEN")}
            result.add_data(
                {
                    "variables": variables,
                    "config": dict(self.get_config()),
                    "installation": self.get_product_installation_id(),
                    "fips": install_info.is_fips_enabled(),
                }
            )
            for value in variables.values():
                self.save_progress("given {0}".format(value))
            return result.set_status(phantom.APP_SUCCESS)
        answers = {}
        for name, fetch in (("requests", self._with_requests), ("urllib", self._with_urllib)):
            try:
                answers[name] = fetch(self.get_config()["url"])
            except (requests.RequestException, OSError) as error:
                answers[name] = "refused: {0}".format(error)
        result.add_data(answers)
        return result.set_status(phantom.APP_SUCCESS)

    def _with_requests(self, url):
        return requests.get(url, timeout=10).text

    def _with_urllib(self, url):
        context = ssl.create_default_context()
        with urllib.request.urlopen(url, timeout=10, context=context) as answer:
            return answer.read().decode()
