"""What apps and their SDK reach for outside a run: names of the platform, getters, paths, stubs."""

from __future__ import annotations

import os

import phantom.action_result
import phantom.app
import phantom.base_connector
import phantom.connector_result
import pytest


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
