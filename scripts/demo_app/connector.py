"""Answers from a file: what the pictures in docs/ show."""

import json
import os

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class DemoConnector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")) as file:
            answers = json.load(file)[self.get_action_identifier()]
        for item in answers:
            result.add_data(item)
        result.update_summary({"total_" + self.get_action_identifier().split("_")[-1]: len(answers)})
        return result.set_status(phantom.APP_SUCCESS)
