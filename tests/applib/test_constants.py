"""The constants, JSON keys, messages and tables of the connector API's reference."""

from __future__ import annotations

import importlib

import phantom.action_result
import phantom.app
import phantom.base_connector
import phantom.connector_result
import pytest

CONSTANTS = {
    "APP_SUCCESS": True,
    "APP_ERROR": False,
    "APP_SUCCESS_STR": "success",
    "APP_ERROR_STR": "failed",
    "ACTION_ID_TEST_ASSET_CONNECTIVITY": "test_asset_connectivity",
    "ACTION_ID_INGEST_ON_POLL": "on_poll",
    "ACTION_ID_INGEST_ON_RECEIVE": "on_receive",
    "APP_DEFAULT_ARTIFACT_LABEL": "artifact",
    "APP_DEFAULT_ARTIFACT_TYPE": "network",
    "APP_DEFAULT_CONTAINER_LABEL": "incident",
    "ARTIFACT_BATCH_SIZE": 100,
    "DEFAULT_REST_BASE_URL": "https://127.0.0.1/rest/",
    "SEVERITY_LOW": "low",
    "SEVERITY_MEDIUM": "medium",
    "SEVERITY_HIGH": "high",
    "SENSITIVITY_RED": "red",
    "SENSITIVITY_AMBER": "amber",
    "SENSITIVITY_GREEN": "green",
    "SENSITIVITY_WHITE": "white",
    "KILL_CHAIN_CNC": "cnc",
    "KILL_CHAIN_RECON": "reconnaissance",
}
REGULAR_KEYS = """
ARTIFACT_COUNT ASSET_ID APP_CONFIG ALLOW_LIST ACTIONS CONFIG CONFIGURATION CONTAINER_COUNT CONTAINER_ID CONTAINS DATA
DATA_TYPE DEBUG_LEVEL DEC_KEY DESCRIPTION DEVICE DOMAIN DOWNLOAD ENDPOINT END_TIME ERROR_DETAILS EXTRA_DATA HASH HOST
HOSTNAME INFO IP IP_HOSTNAME IP_MACADDRESS LABEL LOCK MACADDRESS MACHINE_IP_NAME MACHINE_NAME MESSAGE NAME PARAMETERS
PASSWORD PATH PID PORT PROCESS PRODUCT_NAME PRODUCT_VENDOR PRODUCT_VERSION_REGEX RESULT_DATA RESULT_SUMMARY
RUN_AUTOMATION SERVER SIZE START_TIME STATE STATUS SUMMARY SYSTEM TIMEZONE TYPE URL USERNAME VAULT_ID APP_RUN_ID
EXCEPTION_OCCURED ACTION_CANCELLED
"""
IRREGULAR_KEYS = {
    "ACTION_NAME": "action",
    "ACTION_IDENTIFIER": "identifier",
    "APP_ID": "appid",
    "APP_NAME": "name",
    "VERIFY": "verify_server_cert",
    "CONNECTOR": "main_module",
    "ENV_VARS": "environment_variables",
    "PARAM_CONTEXT": "context",
    "RES_PARAMS": "parameter",
    "CONFIG_PARAMETERS": "parameters",
    "CONFIGURATION_REQUIRED": "required",
    "INGEST_CONNECTOR_ID": "ingest_app_id",
    "INGEST_APP_ID": "ingest_app_id",
    "TOTAL_OBJECTS_TO_ACT_ON": "total_objects",
    "TOTAL_OBJECTS_SUCCESS": "total_objects_successful",
    "CONT_SUCC": "containers_successful",
    "CONT_FAIL": "containers_failed",
    "CONT_DUP": "containers_duplicate",
    "ART_SUCC": "artifacts_successful",
    "ART_FAIL": "artifacts_failed",
    "ART_DUP": "artifacts_duplicate",
    "IPC_ACTION_NAME": "action",
    "IPC_ACTION_RUN_ID": "action_run_id",
    "IPC_APP_RUN_ID": "connector_run_id",
    "IPC_RESULT": "result",
    "IPC_RESULT_DATA": "result_data",
    "LOCK_ENABLED": "enabled",
    "LOCK_NAME": "name",
    "LOCK_TIMEOUT": "timeout",
    "LOCK_CONCURRENCY": "concurrency",
    "LOCK_DATA_PATH": "data_path",
    "LOCK_DEFAULT_NAME": "default_name",
}
#: Message constants and the arguments that apps fill them with.
MESSAGES = {
    "APP_PROG_CONNECTING_TO_ELLIPSES": (("s",), {}),
    "APP_PROG_CONNECTING_WITH_URL": (("u",), {}),
    "APP_PROG_CONNECTED_TO_SERVER": ((), {"server": "s"}),
    "APP_PROG_FILE_SIZE": ((), {"value": 1, "type": "B"}),
    "APP_PROG_FINISHED_DOWNLOADING_STATUS": ((), {"value": 1, "type": "B"}),
    "APP_PROG_DOWNLOADING_FILE_FROM_TO": ((), {"src": "a", "dest": "b"}),
    "APP_ERR_UNK_CMD": ((), {"action_identifier": "x"}),
    "APP_SUCC_SOME_CMDS": ((), {"total_failures": 2}),
}
PLAIN_MESSAGES = """
APP_PROG_ADDING_TO_VAULT APP_PROG_LOADED_CONFIG APP_ERR_FILE_ADD_TO_VAULT APP_SUCC_FILE_ADD_TO_VAULT
APP_SUCC_FILE_DOWNLOAD APP_SUCC_CMD_EXEC APP_ERR_CMD_EXEC APP_SUCC_CONN_RUN APP_ERR_CONN_RUN APP_ERR_EXCEPTION_OCCURED
APP_ERR_NYI
"""


@pytest.mark.parametrize("module", ["phantom.app", "phantom.rules", "phantom.consts"])
def test_constants(module):
    namespace = vars(importlib.import_module(module))
    assert {name: namespace.get(name) for name in CONSTANTS} == CONSTANTS


@pytest.mark.parametrize("module", ["phantom.app", "phantom.rules", "phantom.json_keys"])
def test_json_keys(module):
    wanted = {f"APP_JSON_{name}": name.lower() for name in REGULAR_KEYS.split()}
    wanted.update((f"APP_JSON_{name}", value) for name, value in IRREGULAR_KEYS.items())
    namespace = vars(importlib.import_module(module))
    assert {name: namespace.get(name) for name in wanted} == wanted


@pytest.mark.parametrize("name", MESSAGES)
def test_message_slots_take_what_apps_fill_in(name):
    args, kwargs = MESSAGES[name]
    text = getattr(phantom.app, name).format(*args, **kwargs)
    assert all(str(value) in text for value in (*args, *kwargs.values()))
    assert "{" not in text


@pytest.mark.parametrize("name", PLAIN_MESSAGES.split())
def test_messages_without_slots(name):
    text = getattr(phantom.app, name)
    assert text and text.format("surplus") == text


@pytest.mark.parametrize("module", ["phantom.consts", "phantom.json_keys", "soarkit_app.constants"])
def test_a_star_import_gives_constants_only(module):
    namespace = {}
    exec(f"from {module} import *", namespace)
    assert not {name for name in namespace if not name.isupper()} - {"__builtins__", "is_fail", "is_success"}


def test_cef_tables():
    from phantom.cef import CEF_JSON, CEF_NAME_MAPPING

    assert CEF_NAME_MAPPING["sourceAddress"] == "src" and CEF_NAME_MAPPING["src"] == "sourceAddress"
    assert CEF_NAME_MAPPING["destinationPort"] == "dpt" and CEF_NAME_MAPPING["request"] == "requestURL"
    assert CEF_NAME_MAPPING["fileHash"] == "fileHash"
    assert all(CEF_NAME_MAPPING[other] == name for name, other in CEF_NAME_MAPPING.items())
    assert CEF_JSON["sourceTranslatedAddress"] == {"contains": ["ip"]}
    assert CEF_JSON["suser"] == {"contains": ["user name"]}
    assert CEF_JSON["vaultId"] == {"contains": ["vault id"]}
    assert CEF_JSON["act"] == {"contains": []}
    assert set(CEF_JSON) == set(CEF_NAME_MAPPING)
