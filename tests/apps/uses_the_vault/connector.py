"""Calls what it is told of phantom.rules and phantom.vault, and says what came of it."""

import json
import os

import phantom.app as phantom
import phantom.rules as phantom_rules
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.vault import Vault


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        if self.get_action_identifier() == "add_much":
            result.add_data(self._add_much(param["megabytes"], param["by"]))
            return result.set_status(phantom.APP_SUCCESS)
        for name, arguments in json.loads(param["calls"]):
            result.add_data(self._call(name, arguments))
        return result.set_status(phantom.APP_SUCCESS)

    def _call(self, name, arguments):
        if name == "read":
            with open(Vault.get_file_path(arguments["vault_id"]), "rb") as file:
                return {"returned": file.read().decode()}
        if name == "write into":
            with open(arguments["path"], "ab") as file:
                file.write(b"more")
            return {"returned": None}
        function = getattr(Vault, name[6:]) if name.startswith("Vault.") else getattr(phantom_rules, name)
        try:
            return {"returned": function(**arguments)}
        except Exception as error:
            return {"raised": f"{type(error).__name__}: {error}"}

    def _add_much(self, megabytes, by):
        if by == "contents":
            added = Vault.create_attachment(os.urandom(1 << 20) * megabytes, 0, file_name="much.bin")
        else:
            path = os.path.join(Vault.get_vault_tmp_dir(), "much.bin")
            with open(path, "wb") as file:
                for _ in range(megabytes):
                    file.write(os.urandom(1 << 20))
            added = Vault.add_attachment(path, 0)
            os.unlink(path)
        with open("/proc/self/status") as status:
            peak = next(line for line in status if line.startswith("VmHWM"))
        return {**added, "peak_kib": int(peak.split()[1])}
