"""BaseConnector: the class that every app's connector derives from (connector API, section 2)."""

from __future__ import annotations

import os

from soarkit_app import app_json, checks, constants, lifecycle, session, state_file
from soarkit_app.connector_containers import ContainerMethods
from soarkit_app.connector_identity import IdentityMethods
from soarkit_app.connector_messages import MessageMethods
from soarkit_app.connector_result import ConnectorResult
from soarkit_app.refusal import RunRefused
from soarkit_app.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional, Tuple


class BaseConnector(MessageMethods, IdentityMethods, ContainerMethods):
    """What an app derives from: it overrides ``handle_action``, and more of the methods under "Hooks" as it likes.

    The class's name is part of the interface: apps, the SDK and tools reach for ``_BaseConnector__action_run_id`` and
    ``_BaseConnector__conn_result``.
    """

    ACTION_ID_TEST_ASSET_CONNECTIVITY = constants.ACTION_ID_TEST_ASSET_CONNECTIVITY
    ACTION_ID_INGEST_ON_POLL = constants.ACTION_ID_INGEST_ON_POLL

    def __init__(self) -> None:
        self.__run = self.__idle_run = Run()
        self.__conn_result = ConnectorResult()
        self.__action_run_id = 0
        self.print_progress_message = False

    # Hooks

    def initialize(self) -> Any:
        """Prepare for the actions. A falsy return ends the run, failed."""
        return constants.APP_SUCCESS

    def handle_action(self, param: Dict[str, Any]) -> Any:
        """Run the action on one parameter dict. Every app overrides it."""
        return self.__conn_result.set_status(False, constants.APP_ERR_NYI)

    def finalize(self) -> Any:
        """Finish: save the state, for one. Not called when ``initialize`` failed or an exception was raised."""
        return constants.APP_SUCCESS

    def handle_exception(self, exception: BaseException) -> Any:
        """Clean up after an exception that the app let out."""

    def handle_cancel(self) -> Any:
        """Clean up when the action is asked to stop."""

    def validate_parameters(self, param: Dict[str, Any]) -> Any:
        """Check the parameters' ``contains`` types. An app that returns success from its own switches this off."""
        run = self.__run
        problems = checks.check_contains(param, run.action.get("parameters"), run.all_validators())
        run.refused = checks.validation_message(problems)
        return not problems

    # The run

    def _handle_action(self, in_json: Any, handle: Any = None) -> str:
        """Run the action that an action JSON describes.

        :param in_json: the action JSON, text or bytes
        :param handle: of no meaning here
        :return: the result JSON, whatever happens
        """
        return lifecycle.perform(self, in_json)

    def is_action_cancelled(self) -> bool:
        """Whether the action was asked to stop."""
        return self.__conn_result.cancelled

    def set_validator(self, contains: str, validator: Optional[Callable[[Any], object]]) -> Tuple[bool, str]:
        """Use this validator for a ``contains`` type in this run; None removes the check. :return: status, message"""
        if validator is not None and not callable(validator):
            return False, f"the validator for '{contains}' must be a function or None"
        self.__run.validators[contains] = validator
        return True, f"the validator for '{contains}' is set"

    # The app's folder and JSON

    def get_app_dir(self) -> str:
        """The app's folder. An override decides where the app JSON is looked for."""
        return self.__app_dir()

    def __app_dir(self) -> str:
        if session.current.app_dir is not None:
            return session.current.app_dir
        return os.path.dirname(app_json.class_file(type(self)))

    def _load_app_json(self) -> bool:
        """Read the app JSON. :return: status; the reason of a failure is the connector's message"""
        try:
            self._soarkit_load_app_json()
        except RunRefused as refusal:
            return self.__conn_result.set_status(False, str(refusal))
        return True

    def _soarkit_load_app_json(self) -> Dict[str, Any]:
        folder = self.get_app_dir()
        if not isinstance(folder, (str, os.PathLike)):  # an app's own method of that name
            folder = self.__app_dir()
        run = self.__run
        app = app_json.load(type(self), os.fspath(folder), session.current.manifest_path, run.identifier or None)
        run.app = app
        return app

    def _soarkit_app_json(self) -> Dict[str, Any]:
        if self.__run.app is None:
            try:
                self._soarkit_load_app_json()
            except RunRefused:  # getters work before a run and beside no app JSON too
                return {}
        return self.__run.app or {}

    # The state file

    def load_state(self) -> Optional[Dict[str, Any]]:
        """Read the asset's state file, which is created when absent. None when it cannot be read."""
        self.__run.state = state_file.load(*self.__state_key(), self._soarkit_app_text("app_version"))
        return self.__run.state

    def save_state(self, state_dict: Any) -> bool:
        """Write the asset's state file, with the app's version added. :return: status

        None and what is no dict are ignored: apps pass them when ``initialize`` went wrong, and mean no harm to the
        file.
        """
        if not isinstance(state_dict, dict):
            return True
        self.__run.state = state_dict
        return state_file.save(state_dict, *self.__state_key(), self._soarkit_app_text("app_version"))

    def get_state(self) -> Optional[Dict[str, Any]]:
        """The state as it was last loaded or saved; None before."""
        return self.__run.state

    def get_state_dir(self) -> str:
        """The folder of the app's state files; ends in ``/``."""
        return state_file.folder(self.__state_key()[0])

    def get_state_file_path(self) -> str:
        """The asset's state file."""
        return state_file.path(*self.__state_key())

    def __state_key(self) -> Tuple[str, str]:
        return self._soarkit_app_text("appid"), self.__run.asset_id

    # For the life cycle and the runner

    def _soarkit_begin(self, run: Run, result: ConnectorResult) -> None:
        """Forget the run before: a connector object can be used again. What ``__init__`` set as validators stays."""
        run.validators.update(self.__idle_run.validators)
        self.__run, self.__conn_result, self.__action_run_id = run, result, 0

    def _soarkit_note_cancel(self) -> None:
        """The host asks the action to stop: flag it. Runs none of the app's code, so a signal's handler may call it."""
        self.__conn_result.cancelled = True

    def _soarkit_cancel(self) -> None:
        """Flag the action as cancelled and let the app clean up, once in a run."""
        self.__conn_result.cancelled = True
        if self.__run.cancel_handled:
            return
        self.__run.cancel_handled = True
        try:
            self.handle_cancel()
        except BaseException as error:  # sys.exit, or the next request to stop: the results made so far stay
            session.log_traceback(error)

    def _soarkit_mask(self, text: str) -> str:
        """The text without the secrets of the run."""
        return self.__run.mask(text)
