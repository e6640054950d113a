"""Saves containers from several threads at once, and from a process that it forks meanwhile."""

import json
import os
import threading

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector


class Connector(BaseConnector):
    def handle_action(self, param):
        return getattr(self, f"_{self.get_action_identifier()}")(param)

    def _on_poll(self, param):
        def save(thread):
            for number in range(20):
                self.save_container({"name": f"{thread}-{number}", "artifacts": [{"name": "a"}, {"name": "b"}]})

        threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.set_status(phantom.APP_SUCCESS)

    def _fork(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        enough, busy = threading.Event(), threading.Event()

        def save():
            while not enough.is_set():
                self.save_container({"name": "of the thread"})
                busy.set()

        thread = threading.Thread(target=save)
        thread.start()
        busy.wait()
        for _ in range(3):
            result.add_data({"child": self._from_child()})
        enough.set()
        thread.join()
        result.add_data({"parent": self.save_container({"name": "of the parent"})})
        return result.set_status(phantom.APP_SUCCESS)

    def _from_child(self):
        readable, writable = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writable, json.dumps(self.save_container({"name": "of the child"})).encode())
            os._exit(0)
        os.close(writable)
        with os.fdopen(readable) as answer:
            said = json.load(answer)
        os.waitpid(child, 0)
        return said
