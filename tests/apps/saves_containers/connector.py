"""Calls methods of its platform as it is told, polls, and takes the time of a large call."""

import json
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


def artifact(number):
    return {
        "name": f"Suspicious connection {number}",
        "label": "event",
        "severity": "High",
        "source_data_identifier": f"contoso-alert-{number:06}",
        "cef": {
            "sourceAddress": f"10.0.{number // 256}.{number % 256}",
            "destinationAddress": "192.0.2.7",
            "requestURL": f"https://contoso.example/path/{number}",
            "fileHash": "ab" * 32,
            "deviceCustomNumber1": number,
        },
        "cef_types": {"fileHash": ["hash", "sha256"]},
        "data": {"raw": "z" * 200, "id": number},
        "tags": ["contoso"],
        "start_time": "2024-05-05T10:11:12.123456Z",
    }


class Connector(BaseConnector):
    def handle_action(self, param):
        return getattr(self, f"_{self.get_action_identifier()}")(param)

    def _call(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        for method, *arguments in json.loads(param["calls"]):
            result.add_data({"answer": list(getattr(self, method)(*arguments))})
        return result.set_status(phantom.APP_SUCCESS)

    def _time(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        _, _, container = self.save_container({"name": "large"})
        artifacts = [{**artifact(number), "container_id": container} for number in range(param["count"])]
        began = time.perf_counter()
        status, message, ids = self.save_artifacts(artifacts)
        result.add_data({"seconds": time.perf_counter() - began, "saved": len(ids or [])})
        return result.set_status(status, message)

    def _on_poll(self, param):
        for container in range(min(param["container_count"], 3)):
            self.save_container(
                {
                    "name": f"alert {container}",
                    "source_data_identifier": f"alert-{container}",
                    "artifacts": [artifact(number) for number in range(min(param["artifact_count"], 2))],
                }
            )
        return self.set_status(phantom.APP_SUCCESS)
