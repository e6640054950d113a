"""Every name and signature of the connector API's reference, and what importing them costs."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import subprocess
import sys
from pathlib import Path

import phantom.action_result
import phantom.app
import phantom.base_connector
import phantom.connector_result
import pytest

APPLIB = Path(phantom.app.__file__).parents[1]

BASE_CONNECTOR = """
handle_action(self, param)
initialize(self)
finalize(self)
handle_exception(self, exception)
handle_cancel(self)
validate_parameters(self, param)
_handle_action(self, in_json, handle=None)
get_action_identifier(self)
add_action_result(self, action_result)
remove_action_result(self, action_result)
get_action_results(self)
debug_print(self, tag='', dump_object='', *surplus, **unknown)
error_print(self, tag='', dump_object='', *surplus, **unknown)
telemetry_print(self, tag='', dump_object='', *surplus, **unknown)
save_progress(self, progress_str_const, *args, **kwargs)
send_progress(self, progress_str_const, *args, **kwargs)
get_config(self)
load_state(self)
save_state(self, state_dict)
get_state(self)
get_state_dir(self)
get_state_file_path(self)
_set_csrf_info(self, token, referer)
set_status(self, status_code, status_message='', exception=None, *args, **kwargs)
set_status_save_progress(self, status_code, status_message='', exception=None, *args, **kwargs)
get_status(self)
get_status_message(self)
append_to_message(self, message)
is_success(self)
is_fail(self)
get_container_id(self)
get_app_json(self)
save_container(self, container, fail_on_duplicate=False)
save_containers(self, containers)
save_artifacts(self, artifacts)
save_artifact(self, artifact)
save_container_ingest(self, container, fail_on_duplicate=False)
save_artifact_ingest(self, artifact)
get_container_info(self, container_id=None)
is_poll_now(self)
get_asset_id(self)
get_asset_name(self)
set_validator(self, contains, validator)
get_app_run_id(self)
get_action_name(self)
get_product_version(self)
get_app_id(self)
get_connector_id(self)
get_current_param(self)
get_current_param_context(self)
get_app_config(self)
get_product_version_regex(self)
get_product_installation_id(self)
get_app_name(self)
get_product_name(self)
get_product_vendor(self)
get_app_dir(self)
unknown_action(self)
update_summary(self, summary)
suspend_run(self, key)
lock(self, param=None, action_result=None)
unlock(self)
is_action_cancelled(self)
_load_app_json(self)
_soarkit_cancel(self)
_soarkit_note_cancel(self)
"""
STATIC = ["_get_phantom_base_url", "get_phantom_base_url", "_get_phantom_home", "get_phantom_home", "get_ca_bundle"]
ACTION_RESULT = """
set_status(self, status_code, status_message='', exception=None, *args, **kwargs)
add_data(self, item)
get_status(self)
update_summary(self, summary)
add_debug_data(self, item)
get_message(self)
get_data_size(self)
set_summary(self, summary)
append_to_message(self, message)
get_data(self)
get_param(self)
get_summary(self)
update_data(self, items)
update_param(self, param)
set_param(self, param)
add_extra_data(self, item)
get_status_message(self)
add_exception_details(self, exception)
set_data_size(self, size)
set_extra_data_size(self, size)
get_dict(self)
get_debug_data(self)
get_debug_data_size(self)
set_debug_data_size(self, size)
dump_debug_data(self)
get_extra_data(self)
get_extra_data_size(self)
update_extra_data(self, items)
is_success(self)
is_fail(self)
set_base_connector(self, base_connector)
set_param_context(self, context)
set_result_index(self, index)
"""
FUNCTIONS = {
    "phantom.utils": """
is_fail(status)
is_success(status)
is_ip(value)
is_sha1(value)
is_sha256(value)
is_sha512(value)
is_md5(value)
is_hash(value)
is_url(value)
is_email(value)
is_domain(value)
is_hostname(value)
is_mac(value)
get_host_from_url(url)
get_list_from_string(text, drop_blanks=True, remove_duplicates=True)
get_random_chars(size=6, chars='ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
get_req_value(in_dict, in_key, strip_it=True)
get_value(in_dict, in_key, def_val=None, strip_it=True)
get_str_val(in_dict, in_key, def_val=None, strip_it=True)
extract_data_paths(json_object_list, paths)
get_cef_data(input_dict, map_dict)
remove_none_values(in_dict)
run_ext_command(command, dump_ouput=False)
get_file_name_from_url(url, should_unquote=True)
get_valid_file_name(file_name)
""",
    "phantom.vault": """
vault_add(container=None, file_location=None, file_name=None, metadata=None, trace=False)
vault_info(vault_id=None, file_name=None, container_id=None, trace=False, download_file=True)
vault_delete(vault_id=None, file_name=None, container_id=None, remove_all=False, trace=False)
get_vault_tmp_dir()
create_attachment(file_contents, container_id, file_name=None, metadata=None)
add_attachment(file_location, container_id, file_name=None, metadata=None)
get_file_path(vault_id)
get_file_info(vault_id=None, file_name=None, container_id=None)
get_meta_by_hash(container_id, vault_id, calculate=False)
get_vault_file(file_hash)
""",
    "phantom.rules": """
get_list(list_name=None, values=None, column_index=-1, trace=False)
set_list(list_name, values)
add_list(list_name, values)
delete_from_list(list_name, value, column=None, remove_all=False, remove_row=False, trace=False)
check_list(list_name, value, case_sensitive=False, substring=False)
add_note(container=None, note_type=None, trace=False, note_format='html', **kwargs)
delete_artifact(artifact_id)
get_container(container_id)
build_phantom_rest_url(*parts)
""",
    "encryption_helper": "encrypt(plain, salt='')\ndecrypt(cipher, salt='')",
    "pudb": "set_trace(*args, **kwargs)",
    "ph_ipc": "sendstatus(*args)\ndebugprint(*args)\nerrorprint(*args)",
    "phantom_common.install_info": """
get_product_version()
get_rest_base_url()
get_verify_ssl_setting()
is_fips_enabled()
is_cloud_install()
is_onprem_broker_install()
is_onprem_broker_rpc_install()
""",
    "phantom_common.credential_managers.hashicorp": "get_credential(fields, config)",
    "phantom_common.credential_managers.cyberark": "get_credential(fields, config)",
    "phantom_common.credential_managers.cyberark_rest": "get_credential(fields, config)",
    "phantom_common.credential_managers.thycotic": "get_credential(fields, config)",
}
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


def signature_of(function):
    signature = inspect.signature(function)
    parameters = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty))


def lines(table):
    return [line for line in table.split("\n") if line]


@pytest.mark.parametrize("line", lines(BASE_CONNECTOR))
def test_base_connector_signatures(line):
    name = line.partition("(")[0]
    assert name + signature_of(getattr(phantom.base_connector.BaseConnector, name)) == line


@pytest.mark.parametrize("name", STATIC)
def test_methods_that_apps_call_on_the_class(name):
    assert isinstance(inspect.getattr_static(phantom.base_connector.BaseConnector, name), staticmethod)


@pytest.mark.parametrize("line", lines(ACTION_RESULT))
def test_action_result_signatures(line):
    name = line.partition("(")[0]
    assert name + signature_of(getattr(phantom.action_result.ActionResult, name)) == line


@pytest.mark.parametrize(
    ("module", "line"), [(module, line) for module, table in FUNCTIONS.items() for line in lines(table)]
)
def test_function_signatures(module, line):
    name = line.partition("(")[0]
    assert name + signature_of(getattr(importlib.import_module(module), name)) == line


@pytest.mark.parametrize("name", ["from_dict", "add_item", "postprocess_action_results", "get_dict", "add_exception"])
def test_connector_result_has_what_webhooks_call(name):
    assert callable(getattr(phantom.connector_result.ConnectorResult, name))


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


def test_phantom_app_re_exports_utils_and_the_classes():
    import phantom.utils

    for name in phantom.utils.__all__:
        assert getattr(phantom.app, name) is getattr(phantom.utils, name)
    assert phantom.app.BaseConnector is phantom.base_connector.BaseConnector
    assert phantom.app.ActionResult is phantom.action_result.ActionResult


def test_phantom_rules_re_exports_utils_and_the_vault():
    import phantom.rules
    import phantom.utils
    import phantom.vault

    for name in (*phantom.utils.__all__, *phantom.vault.__all__):
        wanted = getattr(phantom.vault if name in phantom.vault.__all__ else phantom.utils, name)
        assert getattr(phantom.rules, name) is wanted


@pytest.mark.parametrize("module", ["phantom.consts", "phantom.json_keys", "soarkit_app.constants"])
def test_a_star_import_gives_constants_only(module):
    namespace = {}
    exec(f"from {module} import *", namespace)
    assert not {name for name in namespace if not name.isupper()} - {"__builtins__", "is_fail", "is_success"}


def test_a_star_import_of_the_main_module_brings_no_name_of_ours():
    namespace = {}
    exec("from phantom.app import *\nfrom phantom.rules import *", namespace)
    assert not {"annotations", "find", "session", "TYPE_CHECKING"} & set(namespace)


@pytest.mark.parametrize("path", sorted((APPLIB / "soarkit_app").glob("*.py")), ids=lambda path: path.name)
def test_the_names_stand_on_the_code_and_never_the_other_way_round(path):
    if path.name == "runner.py":  # where a process starts; it loads the names before an app can bring its own
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names = {"phantom", "phantom_common", "encryption_helper", "ph_ipc", "pudb"}
    assert not {name for name in imported if name.split(".")[0] in names}


def test_the_vault_class_and_the_module_are_interchangeable():
    from phantom import vault

    names = {name for name in vars(vault.Vault) if not name.startswith("__")}
    assert len(names) == 6
    for name in names:
        assert getattr(vault.Vault, name) is getattr(vault, name)


def test_requests_is_reached_through_phantom_app_only_when_asked_for(tmp_path):
    (tmp_path / "requests.py").write_text("name = 'the library'", encoding="utf-8")
    code = (
        "import sys, phantom.app, phantom.rules; assert 'requests' not in sys.modules;"
        "assert phantom.app.requests.name == phantom.rules.requests.name == 'the library'"
    )
    path = os.pathsep.join([str(APPLIB), str(tmp_path)])
    subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": path}, check=True)


def test_without_requests_an_app_still_loads():
    code = (
        "import phantom.app, phantom.rules; assert not hasattr(phantom.app, 'requests');"
        "assert not hasattr(phantom.rules, 'nothing')"
    )
    subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(APPLIB)}, check=True)


def test_start_up_imports_nothing_heavy():
    code = (
        "import sys, json, os, re; before = set(sys.modules); import phantom.app, phantom.base_connector;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; print(*new)"
    )
    command = [sys.executable, "-S", "-c", code]
    output = subprocess.check_output(command, env={"PYTHONPATH": str(APPLIB), "HOME": "x"}, text=True)
    assert set(output.split()) == {"__future__", "phantom", "soarkit_app"}


@pytest.mark.parametrize("path", sorted(APPLIB.rglob("*.py")), ids=lambda path: str(path.relative_to(APPLIB)))
def test_python_3_9_syntax_and_no_import_of_soarkit(path):
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name.split(".")[0] == "soarkit"}


def test_names_the_sdk_takes_from_the_platform():
    import ph_ipc
    from phantom.consts import APP_DEFAULT_ARTIFACT_LABEL, APP_DEFAULT_ARTIFACT_TYPE, APP_DEFAULT_CONTAINER_LABEL
    from phantom.json_keys import (
        APP_JSON_ASSET_ID,
        APP_JSON_DESCRIPTION,
        APP_JSON_INGEST_APP_ID,
        APP_JSON_LABEL,
        APP_JSON_RUN_AUTOMATION,
        APP_JSON_TYPE,
    )
    from phantom.vault import Vault, vault_add, vault_delete, vault_info
    from phantom_common.app_interface.app_interface import SoarRestClient
    from phantom_common.encryption.encryption_manager_factory import platform_encryption_backend
    from phantom_common.install_info import get_product_version
    from phantom_common.paths import NGINX_CERT

    assert ph_ipc.PH_STATUS_PROGRESS == 1
    assert (APP_JSON_LABEL, APP_JSON_TYPE, APP_JSON_ASSET_ID) == ("label", "type", "asset_id")
    assert (APP_JSON_DESCRIPTION, APP_JSON_RUN_AUTOMATION) == ("description", "run_automation")
    assert APP_JSON_INGEST_APP_ID == "ingest_app_id"
    assert (APP_DEFAULT_ARTIFACT_LABEL, APP_DEFAULT_ARTIFACT_TYPE) == ("artifact", "network")
    assert APP_DEFAULT_CONTAINER_LABEL == "incident"
    assert NGINX_CERT.endswith("httpd_cert.crt")
    assert [int(part) for part in get_product_version().split(".")] >= [7, 0, 0]
    for thing in (Vault, vault_add, vault_delete, vault_info, SoarRestClient):
        assert callable(thing)
    assert callable(platform_encryption_backend.encrypt) and callable(platform_encryption_backend.decrypt)


def test_the_sdk_reaches_into_mangled_names():
    connector = phantom.base_connector.BaseConnector()
    assert connector._BaseConnector__action_run_id == 0
    assert connector._BaseConnector__conn_result.add_exception(ValueError("x")) is True
    assert phantom.base_connector.BaseConnector.__name__ == "BaseConnector"


def test_nothing_of_the_connectors_own_has_a_name_an_app_could_use():
    connector = phantom.base_connector.BaseConnector()
    taken = {name for name in vars(connector) if not name.startswith("_BaseConnector__")}
    assert taken == {"print_progress_message"}
    for name in ("_state", "state", "config", "_config", "_param", "asset_id", "_asset_id"):
        assert not hasattr(connector, name)
        setattr(connector, name, {})


def test_getters_work_before_a_run(home):
    connector = phantom.base_connector.BaseConnector()
    connector.debug_print("x", {"a": 1})
    assert connector.get_config() == {}
    assert connector.get_app_config() == {}
    assert connector.get_app_json() == {}
    assert connector.get_current_param() == {}
    assert connector.get_state() is None
    assert connector.get_asset_id() == "0"
    assert connector.get_container_id() == 0
    assert connector.get_app_run_id() == 0
    assert connector.get_action_identifier() == ""
    assert connector.get_status() is False
    assert connector.is_poll_now() is False
    assert phantom.base_connector.BaseConnector._get_phantom_base_url() == "https://localhost:9999/"
    assert phantom.base_connector.BaseConnector._get_phantom_home() == str(home)
    assert connector.get_ca_bundle() == str(home / "etc" / "cacerts.pem")
    assert connector.lock({}, None) is True and connector.unlock() is True


def test_the_installation_id_is_stable_hexadecimal():
    first = phantom.base_connector.BaseConnector().get_product_installation_id()
    assert first == phantom.base_connector.BaseConnector().get_product_installation_id()
    assert int(first, 16) and len(first) == 64


def test_install_info_at_import_time():
    from phantom_common import install_info

    assert install_info.get_rest_base_url() == "https://localhost:9999/rest/"
    assert install_info.is_fips_enabled() is False
    assert install_info.get_verify_ssl_setting() is False
    assert install_info.is_onprem_broker_install() is False
    assert install_info.is_onprem_broker_rpc_install() is False


def test_paths_follow_the_session(home, surroundings, tmp_path):
    from phantom.base_connector import APPS_STATE_PATH
    from phantom_common.paths import CA_CERTS_PEM, PHANTOM_VAULT

    assert str(home / "local_data" / "app_states") == APPS_STATE_PATH
    assert str(home / "vault") == PHANTOM_VAULT and os.path.isdir(PHANTOM_VAULT + "/tmp")
    assert str(home / "etc" / "cacerts.pem") == CA_CERTS_PEM
    surroundings.home = str(tmp_path / "other")
    assert phantom.base_connector.APPS_STATE_PATH.startswith(str(tmp_path / "other"))
    with pytest.raises(AttributeError):
        phantom.base_connector.NOTHING  # noqa: B018


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


def test_the_stub_debugger_does_nothing():
    import pudb

    assert pudb.set_trace() is None


def test_ph_ipc_takes_both_forms(surroundings):
    import ph_ipc

    ph_ipc.sendstatus(ph_ipc.PH_STATUS_PROGRESS, "new", False)
    ph_ipc.sendstatus(None, ph_ipc.PH_STATUS_PROGRESS, "old", True)
    ph_ipc.debugprint("d")
    ph_ipc.errorprint(None, "e", 2)
    assert surroundings.progressed == [("new", True), ("old", False)]
    assert surroundings.logged == [("debug", "d"), ("error", "e")]
