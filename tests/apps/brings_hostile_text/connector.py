"""Answers with text that tries to be something else wherever it is shown."""

import json
import os

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "app.json")) as _file:
    TEXT = json.load(_file)["description"] + "\0\ud800"


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        deep = "deep"
        for _ in range(300):
            deep = [deep]
        names = ("__proto__", "constructor", "hasOwnProperty", "toString", "$", TEXT)
        item = {"text": TEXT, "latitude": 1.0, "longitude": 2.0, "token": "hidden-token", "deep": deep}
        item["echo"] = "the secret is " + (param.get("secret") or "")
        result.add_data({**item, **{name: {"polluted": TEXT} for name in names}})
        result.update_summary(dict.fromkeys(names, TEXT))
        self.save_progress(TEXT)
        return result.set_status(phantom.APP_SUCCESS, TEXT)
