"""Every function and method of the connector API's reference, with its signature."""

from __future__ import annotations

import importlib
import inspect

import phantom.action_result
import phantom.app
import phantom.base_connector
import phantom.connector_result
import pytest

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
