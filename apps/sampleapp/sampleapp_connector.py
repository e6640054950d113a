# File: sampleapp_connector.py
#
# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""SampleApp: file reputation and a block list from the Contoso Reputation service."""

import json
import re
import sys

import phantom.app as phantom
import requests
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from sampleapp_consts import *


class RetVal(tuple):
    """What a call to the service gives: the status, and the answer when it is a success."""

    def __new__(cls, status, response=None):
        return tuple.__new__(RetVal, (status, response))


class SampleAppConnector(BaseConnector):
    def __init__(self):
        super().__init__()
        self._base_url = None
        self._timeout = SAMPLEAPP_DEFAULT_TIMEOUT
        self._session = None

    def initialize(self):
        """Called once before the actions. What is wrong with the asset is said here, before anything is sent."""
        config = self.get_config()

        # The asset has it (it is required), or the action would not have been started.
        self._base_url = config["base_url"].strip().rstrip("/")
        if not re.match(r"https?://", self._base_url, re.IGNORECASE):
            return self.set_status(phantom.APP_ERROR, SAMPLEAPP_ERR_BASE_URL)

        try:
            self._timeout = float(config.get("timeout", SAMPLEAPP_DEFAULT_TIMEOUT))
        except (TypeError, ValueError):
            return self.set_status(phantom.APP_ERROR, SAMPLEAPP_ERR_TIMEOUT_VALUE)
        if self._timeout <= 0:
            return self.set_status(phantom.APP_ERROR, SAMPLEAPP_ERR_TIMEOUT_VALUE)

        # One session for all requests: the connection to the service is opened only once.
        self._session = requests.Session()
        self._session.headers.update({"X-Api-Key": config["apikey"], "Accept": "application/json"})
        # Given with each request, not set on the session: there the environment's CA bundle would win over False.
        self._verify = config.get("verify_server_cert", True)
        return phantom.APP_SUCCESS

    def finalize(self):
        """Called once after the actions."""
        if self._session is not None:
            self._session.close()
        return phantom.APP_SUCCESS

    @staticmethod
    def _escape_braces(text):
        """Messages pass through str.format(), so braces in text that comes from elsewhere have to be doubled."""
        return str(text).replace("{", "{{").replace("}", "}}")

    def _set_error(self, action_result, message, **details):
        details = {name: self._escape_braces(value) for name, value in details.items()}
        return action_result.set_status(phantom.APP_ERROR, message.format(**details))

    def _make_rest_call(self, endpoint, action_result, method="get", accept=(), **kwargs):
        """Send one request.

        :param accept: status codes beside 2xx that are an answer, not an error
        :param kwargs: handed to requests: params, json, ...
        :return: RetVal(status, {"status_code": int, "body": the JSON of the answer})
        """
        try:
            response = self._session.request(
                method, self._base_url + endpoint, timeout=self._timeout, verify=self._verify, **kwargs
            )
        except requests.exceptions.Timeout:
            return RetVal(self._set_error(action_result, SAMPLEAPP_ERR_TIMED_OUT, timeout=f"{self._timeout:g}"))
        except requests.exceptions.SSLError as e:
            return RetVal(self._set_error(action_result, SAMPLEAPP_ERR_CERTIFICATE, detail=e))
        except requests.exceptions.RequestException as e:
            return RetVal(self._set_error(action_result, SAMPLEAPP_ERR_CONNECTION, detail=e))

        action_result.add_debug_data({"status_code": response.status_code, "text": response.text[:2000]})
        return self._process_response(response, action_result, accept)

    def _process_response(self, response, action_result, accept):
        if response.status_code == 429:
            seconds = response.headers.get("Retry-After", "a few")
            return RetVal(self._set_error(action_result, SAMPLEAPP_ERR_RATE_LIMIT, seconds=seconds))

        try:
            body = response.json()
        except ValueError:
            body = None

        if not response.ok and response.status_code not in accept:
            detail = body.get("message") if isinstance(body, dict) else None
            detail = detail or self._text_of_page(response)
            return RetVal(
                self._set_error(action_result, SAMPLEAPP_ERR_STATUS, status=response.status_code, detail=detail)
            )
        if not isinstance(body, dict):
            return RetVal(self._set_error(action_result, SAMPLEAPP_ERR_NO_JSON, detail=self._text_of_page(response)))

        return RetVal(phantom.APP_SUCCESS, {"status_code": response.status_code, "body": body})

    @staticmethod
    def _text_of_page(response):
        """The readable text of an answer that is not JSON, often an error page of a proxy."""
        text = re.sub(r"(?is)<(script|style|head)\b.*?</\1>", " ", response.text)
        text = " ".join(re.sub(r"<[^>]*>", " ", text).split())
        return text[:500] or "the answer is empty"

    def _handle_test_connectivity(self, param):
        action_result = self.add_action_result(ActionResult(dict(param)))
        self.save_progress(SAMPLEAPP_PROG_CONNECTING, base_url=self._base_url)

        status, response = self._make_rest_call(SAMPLEAPP_STATUS_ENDPOINT, action_result)
        if phantom.is_fail(status):
            self.save_progress(SAMPLEAPP_ERR_CONNECTIVITY)
            return action_result.get_status()

        self.save_progress(SAMPLEAPP_PROG_VERSION, version=response["body"].get("version", "unknown"))
        self.save_progress(SAMPLEAPP_SUCC_CONNECTIVITY)
        return action_result.set_status(phantom.APP_SUCCESS, SAMPLEAPP_SUCC_CONNECTIVITY)

    def _handle_file_reputation(self, param):
        return self._reputation_of_list(param, self._query_file)

    def _handle_file_reputation_v2(self, param):
        return self._reputation_of_list(param, self._query_file_v2)

    def _reputation_of_list(self, param, query):
        """One row of data for each hash of the comma-separated list."""
        action_result = self.add_action_result(ActionResult(dict(param)))

        hashes = phantom.get_list_from_string(param["hash"])
        if not hashes:
            return action_result.set_status(phantom.APP_ERROR, SAMPLEAPP_ERR_NO_HASH)

        summary = action_result.update_summary({"total_hashes": 0, "known_hashes": 0, "malicious_hashes": 0})
        for number, file_hash in enumerate(hashes, start=1):
            self.send_progress(SAMPLEAPP_PROG_QUERYING, number=number, total=len(hashes))
            status, row = query(action_result, file_hash)
            if phantom.is_fail(status):
                # The rows so far stay in the result; the message says what went wrong.
                return action_result.get_status()
            action_result.add_data(row)
            summary["total_hashes"] += 1
            summary["known_hashes"] += int(row["found"])
            summary["malicious_hashes"] += int(row["verdict"] == "malicious")

        # No message: the platform makes one from the summary.
        return action_result.set_status(phantom.APP_SUCCESS)

    def _query_file(self, action_result, file_hash):
        # 404 says that Contoso does not know the file, which is an answer too.
        status, response = self._make_rest_call(
            SAMPLEAPP_FILE_ENDPOINT.format(hash=file_hash), action_result, accept=(404,)
        )
        if phantom.is_fail(status):
            return RetVal(status)
        return RetVal(status, self._row(file_hash, response["body"] if response["status_code"] != 404 else None))

    def _query_file_v2(self, action_result, file_hash):
        status, response = self._make_rest_call(
            SAMPLEAPP_FILE_V2_ENDPOINT, action_result, accept=(404,), params={"hash": file_hash}
        )
        if phantom.is_fail(status):
            return RetVal(status)
        files = response["body"].get("files") or [None]
        return RetVal(status, self._row(file_hash, files[0]))

    @staticmethod
    def _row(file_hash, facts):
        if facts is None:
            return {"hash": file_hash, "found": False, "verdict": "unknown"}
        return {"hash": file_hash, "found": True, **facts}

    def _handle_block_hash(self, param):
        action_result = self.add_action_result(ActionResult(dict(param)))

        status, response = self._make_rest_call(
            SAMPLEAPP_BLOCK_ENDPOINT.format(hash=param["hash"]),
            action_result,
            method="put",
            json={"comment": param.get("comment", "")},
        )
        if phantom.is_fail(status):
            return action_result.get_status()

        action_result.add_data(response["body"])
        already_blocked = bool(response["body"].get("already_blocked"))
        action_result.update_summary({"already_blocked": already_blocked})
        return action_result.set_status(
            phantom.APP_SUCCESS, SAMPLEAPP_SUCC_ALREADY_BLOCKED if already_blocked else SAMPLEAPP_SUCC_BLOCKED
        )

    def _handle_unblock_hash(self, param):
        action_result = self.add_action_result(ActionResult(dict(param)))

        # What was not blocked is as it should be: the action can be repeated.
        status, response = self._make_rest_call(
            SAMPLEAPP_BLOCK_ENDPOINT.format(hash=param["hash"]), action_result, method="delete", accept=(404,)
        )
        if phantom.is_fail(status):
            return action_result.get_status()

        was_blocked = response["status_code"] != 404
        action_result.add_data({"hash": param["hash"], "blocked": False})
        action_result.update_summary({"was_blocked": was_blocked})
        return action_result.set_status(
            phantom.APP_SUCCESS, SAMPLEAPP_SUCC_UNBLOCKED if was_blocked else SAMPLEAPP_SUCC_NOT_BLOCKED
        )

    def _handle_generate_report(self, param):
        action_result = self.add_action_result(ActionResult(dict(param)))

        # A value_list only helps the user; a playbook can pass anything.
        detail = str(param.get("detail", "short")).lower()
        if detail not in SAMPLEAPP_DETAIL_LEVELS:
            return self._set_error(action_result, SAMPLEAPP_ERR_DETAIL, levels=", ".join(SAMPLEAPP_DETAIL_LEVELS))

        status, response = self._make_rest_call(SAMPLEAPP_BLOCK_LIST_ENDPOINT, action_result)
        if phantom.is_fail(status):
            return action_result.get_status()

        for item in response["body"].get("items", []):
            if detail == "full":
                status, row = self._query_file(action_result, item["hash"])
                if phantom.is_fail(status):
                    return action_result.get_status()
                item["verdict"] = row["verdict"]
            action_result.add_data(item)

        action_result.update_summary({"total_blocked": action_result.get_data_size()})
        return action_result.set_status(phantom.APP_SUCCESS)

    def handle_action(self, param):
        """Called once for each set of parameters."""
        action_id = self.get_action_identifier()
        self.debug_print("action_id", action_id)

        action_mapping = {
            "test_connectivity": self._handle_test_connectivity,
            "file_reputation": self._handle_file_reputation,
            "file_reputation_v2": self._handle_file_reputation_v2,
            "block_hash": self._handle_block_hash,
            "unblock_hash": self._handle_unblock_hash,
            "generate_report": self._handle_generate_report,
        }
        handler = action_mapping.get(action_id)
        if handler is None:
            return self.unknown_action()
        return handler(param)


def main():
    """Run an action by hand: python sampleapp_connector.py examples/file_reputation.json"""
    import argparse

    parser = argparse.ArgumentParser(description="Run an action of SampleApp by hand")
    parser.add_argument("input_test_json", help="file with the action JSON")
    args = parser.parse_args()

    with open(args.input_test_json, encoding="utf-8") as f:
        in_json = json.load(f)

    connector = SampleAppConnector()
    connector.print_progress_message = True
    ret_val = connector._handle_action(json.dumps(in_json), None)
    print(json.dumps(json.loads(ret_val), indent=4))
    sys.exit(0 if json.loads(ret_val)["status"] == "success" else 1)


if __name__ == "__main__":
    main()
