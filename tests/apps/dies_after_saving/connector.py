"""Ends without a word as soon as what it saved is said to be saved."""

import os
import signal
import threading

import phantom.app as phantom
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        how = param["how"]
        if how == "thread":
            thread = threading.Thread(target=self._save_and_die, args=(param,))
            thread.start()
            thread.join()
        self._save_and_die(param)
        return phantom.APP_SUCCESS

    def _save_and_die(self, param):
        saved = self.save_container({"name": "kept", "artifacts": [{"name": f"a{number}"} for number in range(50)]})
        with open(param["marker"], "w") as file:
            file.write(str(saved[2]))
        if param["how"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(0)
