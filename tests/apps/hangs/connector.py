"""Never returns; one of its actions does not react to being asked to stop."""

import signal
import subprocess
import time

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_cancel(self):
        self.save_progress("cancelled: cleaning up")

    def handle_action(self, param):
        open(param["marker"], "w").close()
        if self.get_action_identifier() == "hang_stubbornly":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen(["sleep", "1000"])
        while True:
            time.sleep(1000)
