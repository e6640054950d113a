"""Calls the REST address of its own platform, in the ways that published apps do."""

import json
import os
import socket
import threading

import requests

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom_common import paths


class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult({}))
        identifier = self.get_action_identifier()
        if identifier == "sign_in":
            return self._sign_in(result)
        if identifier == "save_at_once":
            return self._save_at_once(result)
        if identifier == "connect":
            host, port = self.get_phantom_base_url().split("/")[2].split(":")
            socket.create_connection((host, int(port)), timeout=5).close()
            return result.set_status(phantom.APP_SUCCESS, "connected")
        base = self.get_phantom_base_url()
        if identifier == "tell":
            given = {"params": {"redirect_uri": base + "rest/handler/x"}, "json": {"link": base + "container/1"}}
            echoed = requests.post(param["url"], timeout=30, **given).json()["body"]
            result.add_data({"base_url": base, "echoed": base in json.dumps(echoed)})
            return result.set_status(phantom.APP_SUCCESS)
        for ask in json.loads(param["asks"]):
            path = ask["path"].replace("{asset}", self.get_asset_id())
            answer = self._send(ask, path if path.startswith("http") else base + path)
            shown = {"status": answer.status_code, "type": answer.headers.get("Content-Type", "")}
            try:
                shown["json"] = answer.json()
            except ValueError:
                shown["text"] = answer.text
            result.add_data(shown)
        result.update_summary({"no_proxy": os.environ["NO_PROXY"], "base_url": base})
        return result.set_status(phantom.APP_SUCCESS)

    def _save_at_once(self, result):
        """Several threads by REST, and the action itself by its own calls."""
        answers = []

        def save(name):
            for number in range(5):
                ask = {"name": f"{name} {number}", "artifacts": [{"name": "a", "cef": {"k": number}}]}
                made = self._send({"method": "POST", "body": ask}, self.get_phantom_base_url() + "rest/container")
                change = {"method": "POST", "body": {"status": "open"}}
                url = f"{self.get_phantom_base_url()}rest/container/{made.json().get('id')}"
                answers.extend([made.status_code, self._send(change, url).status_code])

        threads = [threading.Thread(target=save, args=(name,)) for name in "abcdef"]
        for thread in threads:
            thread.start()
        saved = [self.save_container({"name": f"own {number}"})[0] for number in range(30)]
        for thread in threads:
            thread.join()
        result.add_data({"answers": answers, "saved": saved})
        return result.set_status(phantom.APP_SUCCESS)

    def _send(self, ask, url):
        if ask.get("library") == "httpx":
            import httpx

            return httpx.request(ask.get("method", "GET"), url, verify=False, content=ask.get("text"), timeout=30)
        verify = {"bundle": paths.CA_CERTS_PEM, "default": True}.get(ask.get("verify"), False)
        return requests.request(
            ask.get("method", "GET"),
            url,
            params=ask.get("params"),
            # Most of them say nothing of its type.
            data=json.dumps(ask["body"]) if "body" in ask else ask.get("text"),
            verify=verify,
            timeout=30,
        )

    def _sign_in(self, result):
        """The block with which apps are tried by hand."""
        login_url = self.get_phantom_base_url() + "/login"
        first = requests.get(login_url, verify=False, timeout=30)
        csrftoken = first.cookies["csrftoken"]
        data = {"username": "somebody", "password": "anything", "csrfmiddlewaretoken": csrftoken}
        headers = {"Cookie": "csrftoken=" + csrftoken, "Referer": login_url}
        second = requests.post(login_url, verify=False, data=data, headers=headers, timeout=30)
        result.add_data({"session": second.cookies["sessionid"], "token": csrftoken})
        return result.set_status(phantom.APP_SUCCESS)
