"""Answers with the data it is given, for each kind of widget that shows results."""

import json
import shutil

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        if self.get_action_identifier() == "replace_folder":
            shutil.rmtree(json.loads(param["data"]))
            open(json.loads(param["data"]), "w").close()
            return result.set_status(phantom.APP_SUCCESS)
        for item in json.loads(param.get("data") or "[]"):
            if isinstance(item, dict) and item.get("name"):
                item["token"] = "tok-" + item["name"]
                item["key"] = "key-" + item["name"]
            result.add_data(item)
        result.update_summary({"found": len(result.get_data())})
        if param.get("refuse"):
            return result.set_status(phantom.APP_ERROR, param["refuse"])
        return result.set_status(phantom.APP_SUCCESS)
