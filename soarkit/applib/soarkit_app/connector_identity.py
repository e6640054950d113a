"""What a connector can ask about the run, the app, the asset and the platform (connector API 2.2)."""

from __future__ import annotations

from soarkit_app import installation, session
from soarkit_app.connector_parts import ConnectorPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional


class IdentityMethods(ConnectorPart):
    """Getters. Every one works before a run too: apps call some in ``__init__``, and some on the class."""

    # The run

    def get_action_identifier(self) -> str:
        """``identifier`` of the action JSON."""
        return self._BaseConnector__run.identifier

    def get_action_name(self) -> str:
        """The action's display name, "lookup ip"."""
        return str(self._BaseConnector__run.echo()["action"])

    def get_app_run_id(self) -> int:
        """``connector_run_id`` of the action JSON."""
        return int(self._BaseConnector__run.echo()["connector_run_id"])

    def get_container_id(self) -> int:
        """The container that the action was run on; 0 without one."""
        return int(self._BaseConnector__run.echo()["container_id"])

    def get_config(self) -> Dict[str, Any]:
        """The asset's configuration, decrypted: the live dict."""
        return self._BaseConnector__run.config

    def get_current_param(self) -> Dict[str, Any]:
        """The parameters being handled; {} outside ``handle_action``."""
        return self._BaseConnector__run.param

    def get_current_param_context(self) -> Dict[str, Any]:
        """Where these parameters come from; {} when nothing says."""
        context = self._BaseConnector__run.param.get("context")
        return context if isinstance(context, dict) else {}

    def get_app_config(self) -> Dict[str, Any]:
        """Settings of the app, not of the asset; {} without any, since apps subscript it unchecked."""
        app_config = self._BaseConnector__run.values.get("app_config")
        return app_config if isinstance(app_config, dict) else {}

    def is_poll_now(self) -> bool:
        """Whether a person asked for this poll, and not the schedule."""
        return self._BaseConnector__run.is_poll_now

    # The asset

    def get_asset_id(self) -> str:
        """The asset's id as text; "0" without an asset."""
        return self._BaseConnector__run.asset_id

    def get_asset_name(self) -> str:
        """The asset's name, where the action JSON has it; else its id."""
        run = self._BaseConnector__run
        return str(run.values.get("asset_name") or run.asset_id)

    # The app

    def get_app_json(self) -> Dict[str, Any]:
        """The whole app JSON."""
        return self._soarkit_app_json()

    def get_app_id(self) -> str:
        """``appid`` of the app JSON."""
        return self._soarkit_app_text("appid")

    def get_connector_id(self) -> str:
        """The same as :meth:`get_app_id`."""
        return self._soarkit_app_text("appid")

    def get_app_name(self) -> str:
        """``name`` of the app JSON."""
        return self._soarkit_app_text("name")

    def get_product_name(self) -> str:
        """``product_name`` of the app JSON."""
        return self._soarkit_app_text("product_name")

    def get_product_vendor(self) -> str:
        """``product_vendor`` of the app JSON."""
        return self._soarkit_app_text("product_vendor")

    def get_product_version_regex(self) -> str:
        """``product_version_regex`` of the app JSON; empty means anything."""
        return self._soarkit_app_text("product_version_regex")

    # The platform

    @staticmethod
    def _get_phantom_base_url() -> str:
        """The platform's address; ends in ``/``."""
        return session.current.base_url

    @staticmethod
    def get_phantom_base_url() -> str:
        """The platform's address; ends in ``/``."""
        return session.current.base_url

    @staticmethod
    def _get_phantom_home() -> str:
        """The platform's folder."""
        return session.current.home

    @staticmethod
    def get_phantom_home() -> str:
        """The platform's folder."""
        return session.current.home

    @staticmethod
    def get_ca_bundle() -> str:
        """The platform's file of CA certificates."""
        from soarkit_app import ca_bundle

        return ca_bundle.path()

    def get_product_version(self) -> str:
        """The platform's version, like ``8.6.0``."""
        return installation.get_product_version()

    def get_product_installation_id(self) -> str:
        """A hexadecimal text that is the same in every run of this installation."""
        return installation.get_product_installation_id()

    def _set_csrf_info(self, token: Any, referer: Any) -> None:
        """What an app's command-line block got when it logged in to the platform; kept for REST posts."""
        self.__csrf_info: Optional[Any] = (token, referer)
