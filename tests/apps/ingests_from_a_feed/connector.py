"""Saves what is new in a feed: a file with a JSON object in each line, which grows.

An entry is ``{"id", "artifacts": [...]}``. The state holds how many lines were read, and is saved after every third entry
and at the end. A line ``{"fail": text}`` makes the poll fail there, ``{"wait": seconds}`` makes it wait.
"""

import json
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def initialize(self):
        self._state = self.load_state()
        return phantom.APP_SUCCESS

    def finalize(self):
        self.save_state(self._state)
        return phantom.APP_SUCCESS

    def handle_cancel(self):
        self.save_progress("told to stop")

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        config = self.get_config()
        pause = float(config.get("pause") or 0)
        self.save_progress("Polling from {0} to {1}, at most {2} and {3}, {4!r}, now: {5}".format(
            *(int(param[name]) for name in ("start_time", "end_time", "container_count", "artifact_count")),
            param["container_id"],
            self.is_poll_now(),
        ))
        with open(config["feed"]) as feed:
            lines = feed.read().splitlines()
        done = 0 if self.is_poll_now() else self._state.get("lines", 0)
        for number, line in enumerate(lines[done : done + int(param["container_count"])], done + 1):
            entry = json.loads(line)
            if "fail" in entry:
                return result.set_status(phantom.APP_ERROR, entry["fail"])
            if "wait" in entry:
                time.sleep(entry["wait"])
                continue
            status, message = self._save(entry)
            if phantom.is_fail(status):
                return result.set_status(phantom.APP_ERROR, message)
            if not self.is_poll_now():
                self._state["lines"] = number
            if number % 3 == 0:
                self.save_state(self._state)
            time.sleep(pause)
        return result.set_status(phantom.APP_SUCCESS)

    def _save(self, entry):
        """The container with its first artifact, then the others: a poll that ends in between has to go on there."""
        artifacts = [
            {"name": name, "source_data_identifier": name, "cef": {"deviceExternalId": name}} for name in entry["artifacts"]
        ]
        container = {
            "name": "Entry {0}".format(entry["id"]),
            "source_data_identifier": entry["id"],
            "artifacts": artifacts[:1],
        }
        status, message, container_id = self.save_container(container)
        if phantom.is_fail(status):
            return status, message
        rest = [dict(one, container_id=container_id) for one in artifacts[1:]]
        status, message, _ = self.save_artifacts(rest)
        return status, message
