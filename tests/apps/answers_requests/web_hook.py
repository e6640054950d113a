"""Answers web hooks."""

import base64
import json

import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.connector_result import ConnectorResult
from phantom_common.install_info import get_verify_ssl_setting


def handle_webhook(method, headers, path_parts, query, body, asset, soar_rest_client):
    if path_parts == ["bytes"]:
        return {"status_code": 200, "headers": {"Content-Type": "application/zip"}, "content": b"PK\x00\xff"}
    if path_parts == ["base64"]:
        content = base64.b64encode(b"\x00\xff").decode()
        return {"status_code": 200, "headers": [("X-A", "b")], "content": content, "is_base64_encoded": True}
    if path_parts == ["broken"]:
        return "nothing"
    if path_parts[0:1] == ["answer"]:
        return _answer(path_parts[1], body, soar_rest_client)
    seen = {
        "method": method,
        "headers": headers,
        "parts": path_parts,
        "query": query,
        "body": body,
        "asset": asset,
        "asset_id": soar_rest_client.asset_id,
        "base_url": soar_rest_client.base_url,
        "cookie": soar_rest_client.session.headers["Cookie"],
        "verify": get_verify_ssl_setting(),
        "run": soar_rest_client.get_related_connector_run("no such key"),
    }
    return {"status_code": 201, "headers": [("Content-Type", "application/json")], "content": json.dumps(seen)}


def _answer(key, body, soar_rest_client):
    run = soar_rest_client.get_related_connector_run(key)
    if not run.get("result_data"):
        return {"status_code": 404, "content": "nobody asked"}
    connector_result = ConnectorResult.from_dict(run["result_data"][0])
    result = ActionResult(run["result_data"][0]["parameter"])
    result.set_status(phantom.APP_SUCCESS)
    result.add_data({"answer": body})
    connector_result.add_item(result)
    connector_result.postprocess_action_results()
    soar_rest_client.finish_related_connector_run(key, result=connector_result.get_dict())
    return {"status_code": 200, "content": "thank you"}
