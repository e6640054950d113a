"""Logs in with OAuth in the way that published apps do.

Test connectivity prints a link to the app's own REST handler and waits; the handler, in a process of its own, leaves the
provider's code in a file of the app's folder, and a marker beside it.
"""

import hmac
import json
import os
import secrets
import time
from urllib.parse import urlencode

import encryption_helper
import phantom.app as phantom
import requests
from django.http import HttpResponse
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

FOLDER = os.path.dirname(os.path.abspath(__file__))


def _file(asset_id, name):
    if not str(asset_id).isalnum():
        raise ValueError("no asset id")
    return os.path.join(FOLDER, f"{asset_id}_{name}")


def _load(asset_id):
    try:
        with open(_file(asset_id, "state.json")) as file:
            return json.load(file)
    except OSError:
        return {}


def _save(asset_id, state):
    with open(_file(asset_id, "state.json"), "w") as file:
        json.dump(state, file)


def handle_request(request, path_parts):
    if len(path_parts) < 2:
        return HttpResponse("no such endpoint", content_type="text/plain", status=404)
    if path_parts[1] == "start_oauth":
        return _start(request)
    if path_parts[1] == "result":
        response = _result(request)
        if response.status_code == 200:
            open(_file(request.GET["state"].partition(":")[0], "oauth_task.out"), "w").close()
        return response
    return HttpResponse("no such endpoint", content_type="text/plain", status=404)


def _start(request):
    url = _load(request.GET.get("asset_id", "")).get("authorization_url")
    if not url:
        return HttpResponse(f"nobody waits: {json.dumps(request.GET)}", content_type="text/plain", status=400)
    response = HttpResponse(status=302)
    response["Location"] = url
    return response


def _result(request):
    asset_id, _, nonce = request.GET.get("state", "").partition(":")
    state = _load(asset_id)
    if not hmac.compare_digest(state.get("nonce", ""), nonce) or not nonce:
        return HttpResponse("wrong state", content_type="text/plain", status=400)
    if "code" not in request.GET:
        return HttpResponse(f"no code: {json.dumps(request.GET)}", content_type="text/plain", status=400)
    state["code"] = encryption_helper.encrypt(request.GET["code"], asset_id)
    _save(asset_id, state)
    return HttpResponse("Code received. You can close this window.", content_type="text/plain")


class BrowserConnector(BaseConnector):
    def initialize(self):
        self._state = self.load_state()
        self._config = self.get_config()
        return phantom.APP_SUCCESS

    def finalize(self):
        self.save_state(self._state)
        return phantom.APP_SUCCESS

    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        if self.get_action_identifier() == "test_connectivity" and not self._log_in(result):
            return result.get_status()
        return self._who_am_i(result)

    def _log_in(self, result):
        asset_id = self.get_asset_id()
        base = requests.get(f"{self.get_phantom_base_url()}rest/system_info", verify=False).json()["base_url"]
        name = requests.get(f"{self.get_phantom_base_url()}/rest/asset/{asset_id}", verify=False).json()["name"]
        app = self.get_app_json()
        directory = "".join(one for one in app["name"] if one.isalnum()).lower()
        handler = f"{base.rstrip('/')}/rest/handler/{directory}_{app['appid']}/{name}"
        nonce = secrets.token_hex(16)
        query = {
            "response_type": "code",
            "client_id": self._config["client_id"],
            "redirect_uri": f"{handler}/result",
            "state": f"{asset_id}:{nonce}",
        }
        _save(asset_id, {"nonce": nonce, "authorization_url": f"{self._config['server']}/oauth/authorize?{urlencode(query)}"})
        self.save_progress("Please open this link in a browser:")
        self.save_progress(f"{handler}/start_oauth?asset_id={asset_id}")
        for _ in range(300):
            self.send_progress("Waiting for the browser")
            if os.path.isfile(_file(asset_id, "oauth_task.out")):
                os.unlink(_file(asset_id, "oauth_task.out"))
                break
            time.sleep(0.1)
        else:
            return result.set_status(phantom.APP_ERROR, "No browser came")
        code = encryption_helper.decrypt(_load(asset_id)["code"], asset_id)
        os.unlink(_file(asset_id, "state.json"))
        return self._get_token(result, grant_type="authorization_code", code=code, redirect_uri=f"{handler}/result")

    def _get_token(self, result, **grant):
        given = {"client_id": self._config["client_id"], "client_secret": self._config["client_secret"], **grant}
        answer = requests.post(f"{self._config['server']}/oauth/access_token", data=given)
        if answer.status_code != 200:
            return result.set_status(phantom.APP_ERROR, f"No token: {answer.text}")
        for name in ("access_token", "refresh_token"):
            self._state[name] = encryption_helper.encrypt(answer.json()[name], self.get_asset_id())
        self.save_state(self._state)
        return phantom.APP_SUCCESS

    def _who_am_i(self, result):
        if "access_token" not in self._state:
            return result.set_status(phantom.APP_ERROR, "Run test connectivity first")
        answer = self._ask()
        if answer.status_code == 401:
            refresh = encryption_helper.decrypt(self._state["refresh_token"], self.get_asset_id())
            if not self._get_token(result, grant_type="refresh_token", refresh_token=refresh):
                return result.get_status()
            answer = self._ask()
        if answer.status_code != 200:
            return result.set_status(phantom.APP_ERROR, f"Status {answer.status_code}")
        result.add_data(answer.json())
        return result.set_status(phantom.APP_SUCCESS, "Hello")

    def _ask(self):
        token = encryption_helper.decrypt(self._state["access_token"], self.get_asset_id())
        return requests.get(
            f"{self._config['server']}/api/v4/users/me", headers={"Authorization": f"Bearer {token}"}
        )
