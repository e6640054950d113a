"""One run in the app's process: take the request, load the app, let the connector work, hand over the result.

The request (message ``run``) holds:

``app_dir``, ``main_module``, ``manifest_path``
    the app, as the host found it; the JSON may lie elsewhere than the app
``input``
    the action JSON that every app's ``_handle_action`` takes (connector API 2.4); None: import the app and find its
    connector class, nothing more; the result is then an empty object
``handler``, ``webhook``, ``view``
    instead of an action: an HTTP request for the app's REST handler or its web hook (see :mod:`soarkit_app.handlers`),
    or results for a custom view (:mod:`soarkit_app.views`); at most one of the three is there. The result is the
    response, or what the view made
``transform``
    instead of all these: a script of an enrichment bundle (see :mod:`soarkit_app.enrichment.running`), whose output
    the host reads itself
``home``, ``base_url``, ``product_version``
    what the app asks its platform for
``installation``
    what else it asks about the installation: ``{"seed", "trusted", "fips"}``, the file that its id is made of, files of
    certificates to trust, and what SOARKIT_FIPS says; absent where an app is only imported
``bytecode``
    folder for the byte code of the app's own modules
``environment``
    variables to set before anything of the app is imported
``recording``
    None, or ``{"path", "mode", "secrets", "packages"}`` (see applib_extras/soarkit_recordings)
"""

from __future__ import annotations

import gc
import os
import sys

from soarkit_app import bytecode, environment_variables, process, session
from soarkit_app.link import LOST_LINK_STATUS, AppLink, LinkClosed
from soarkit_app.loader import LoadError, is_sdk_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, NoReturn, Optional

#: Exit status of a process that has told the host why there is no result.
_BROKEN = 70


class LinkedSession(session.Session):
    """What surrounds an app under the runtime: everything goes through the link."""

    def __init__(self, link: AppLink, request: dict[str, Any]) -> None:
        super().__init__()
        self._link = link
        self.runtime = True
        self.app_dir = request["app_dir"]
        self.manifest_path = request["manifest_path"]
        self.home = request["home"]
        self.base_url = request["base_url"]
        self.product_version = request["product_version"]
        self.ca_bundle = request["environment"].get("REQUESTS_CA_BUNDLE")
        about = request.get("installation") or {"trusted": [], "fips": None, "seed": ""}
        self.trusted, self.fips, self.installation = about["trusted"], about["fips"], about["seed"]

    def progress(self, text: str, transient: bool) -> None:
        self._send({"t": "progress", "text": text, "transient": transient})

    def log(self, level: str, text: str) -> None:
        self._send({"t": "log", "level": level, "text": text})

    def call(self, name: str, **arguments: Any) -> object:
        try:
            reply = self._link.call(name, arguments)
        except LinkClosed as error:
            raise session.ServiceUnavailable(f"{name}: {error}") from error
        if "unknown" in reply:
            # As by hand: the default says what is missing, and for what.
            return super().call(name, **arguments)
        if "error" in reply:
            raise session.ServiceUnavailable(reply["error"])
        return reply["value"]

    def _send(self, message: dict[str, Any]) -> None:
        # A process the app forked has no say, and a lost link is reported once, where the result is due.
        try:
            self._link.send(message)
        except LinkClosed:
            pass


def serve(link_fd: int, host_pid: int) -> NoReturn:
    """Be the app's process from its first moment to its last."""
    process.die_with(host_pid)
    link = AppLink(_out_of_reach(link_fd))
    # Before the request is there, so that it costs the run no time; before the app could put its own in front.
    # All that is used once the app's folder comes first on the path, where a file may be called like any of these.
    import signal  # noqa: F401
    import traceback  # noqa: F401

    import phantom.action_result
    import phantom.app
    import phantom.base_connector  # noqa: F401

    from soarkit_app import lifecycle, loader  # noqa: F401

    try:
        request = link.receive()
        while request["t"] != "run":
            if request["t"] == "prepare":
                _prepare(request)
            request = link.receive()
    except LinkClosed:
        os._exit(0)
    code = LOST_LINK_STATUS
    try:
        code = _run(link, request)
    except LinkClosed:
        pass
    if os.getpid() != link.owner:
        # The app forked and its child came back through our frames: it has nothing to say here.
        os._exit(code)
    process.leave(code)


def _prepare(request: dict[str, Any]) -> None:
    from soarkit_app import ca_bundle
    from soarkit_app.ahead import import_ahead

    gc.disable()
    try:
        if request["main_module"].startswith("source/"):  # a script of an enrichment bundle
            from soarkit_app.enrichment import running  # noqa: F401
        # Some libraries read certificates when they are imported.
        bundle = ca_bundle.path_in(request["home"])
        ca_bundle.compose(bundle, request["trusted"])
        os.environ.update(ca_bundle.variables(bundle))
        import_ahead(request["app_dir"], request["main_module"])
    except OSError:  # the run itself will find out, and say so
        pass
    finally:
        gc.enable()


def _out_of_reach(fd: int) -> Any:
    """Move the link to a high descriptor, since apps close low ones, and close all others.

    What the host itself inherited without the close-on-exec flag (a shell's ``3>file``) is none of the app's business.
    """
    import _socket
    import fcntl
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = min(soft, 4096) if soft > 0 else 4096
    high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, max(32, limit - 64))
    os.closerange(3, high)
    os.closerange(high + 1, limit)
    return _socket.socket(fileno=high)


def _run(link: AppLink, request: dict[str, Any]) -> int:
    current = LinkedSession(link, request)
    session.install(current)
    if request.get("transform") is not None:
        return _run_script(link, request)
    # With all they need, before the app's folder is on the path.
    if _is_http(request):
        from soarkit_app import handlers
    elif _is_view(request):
        from soarkit_app import views
    _surround(request)
    recording = _start_recording(link, request["recording"])
    if isinstance(recording, int):
        return recording
    text: Optional[str] = None
    try:
        link.send({"t": "phase", "phase": "import"})
        if _is_http(request):
            text = handlers.answer(request)
        elif _is_view(request):
            text = views.answer(request)
        else:
            text = _load_and_act(link, request)
    except LoadError as error:
        if error.__cause__ is not None:
            session.log_traceback(error.__cause__)
        _fail(link, "app-import", error.message, error.where, error.hint)
    finally:
        _be_done()
        # A child that the app forked may come back through here; the recording is not its to write.
        if recording is not None and os.getpid() == link.owner:
            recording.stop()
            link.send({"t": "problems", "problems": recording.problems})
    if text is None:
        return _BROKEN
    link.send({"t": "phase", "phase": "end"})
    link.send_result(text)
    return 0


def _run_script(link: AppLink, request: dict[str, Any]) -> int:
    from soarkit_app.enrichment import running
    from soarkit_app.refusal import RunRefused

    _set_variables(request)
    try:
        running.surround(request["transform"], request["bytecode"])
    except RunRefused as error:
        _fail(link, "app-import", str(error), None, None)
        return _BROKEN
    recording = _start_recording(link, request["recording"])
    if isinstance(recording, int):
        return recording
    try:
        link.send({"t": "phase", "phase": "action"})
        code = running.run(link, sys.argv[0])
        if os.getpid() != link.owner:
            process.leave(code)  # a child that the script forked ends as by hand, with what it printed
        return code
    finally:
        if recording is not None and os.getpid() == link.owner:
            recording.stop()
            link.send({"t": "problems", "problems": recording.problems})


def _is_http(request: dict[str, Any]) -> bool:
    return request.get("handler") is not None or request.get("webhook") is not None


def _is_view(request: dict[str, Any]) -> bool:
    return request.get("view") is not None


def _surround(request: dict[str, Any]) -> None:
    """Set the process up as the app expects to find it."""
    # For Django, which apps use parts of. First, so that the run's own variables win.
    os.environ["DJANGO_SETTINGS_MODULE"] = "soarkit_app.django_settings"
    _set_variables(request)
    bytecode.keep_in(request["bytecode"], request["app_dir"])
    sys.path.insert(0, request["app_dir"])
    sys.argv = [os.path.join(request["app_dir"], request["main_module"])]
    os.chdir(request["app_dir"])
    if is_sdk_module(request["main_module"]):
        from soarkit_app import sdk_app

        sdk_app.surround(request["app_dir"], request["main_module"])
    import signal

    signal.signal(signal.SIGTERM, _cancel)


def _set_variables(request: dict[str, Any]) -> None:
    if request.get("installation") is not None:
        from soarkit_app import ca_bundle

        os.environ.update(ca_bundle.variables(ca_bundle.path()))
    os.environ.update(request["environment"])
    environment_variables.spare_this_machine(os.environ)
    # What the app starts itself, a script or a bot, finds the library too.
    os.environ["PYTHONPATH"] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def _cancel(_signal: int, _frame: Optional[FrameType]) -> None:
    """The host's request to stop: the lifecycle lets the connector clean up, and ends the action as cancelled.

    No code of the app runs here, where any lock may be held. An app that catches everything cannot lose the request.
    """
    from soarkit_app.lifecycle import ActionCancelled

    if session.current.connector is not None:
        session.current.connector._soarkit_note_cancel()
    raise ActionCancelled


def _be_done() -> None:
    """From here on a request to stop comes too late: what the run came to is about to be handed over."""
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _start_recording(link: AppLink, wanted: Optional[dict[str, Any]]) -> Any:
    """Recording and replay patch the HTTP libraries, so they come before the app's imports."""
    if wanted is None:
        return None
    # Last on the path: an app's own copy of anything in it wins.
    extras = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "applib_extras")
    sys.path += [extras, wanted["packages"]]
    try:
        from soarkit_recordings import Recording

        recording = Recording(wanted["path"], wanted["mode"], wanted["secrets"], session.current.base_url)
        recording.start()
    except (ValueError, OSError, ImportError) as error:
        _fail(link, "recording", str(error), None, None)
        return _BROKEN
    return recording


def _load_and_act(link: AppLink, request: dict[str, Any]) -> str:
    loaded, action_json = _load(request), request["input"]
    if action_json is None:
        return "{}"
    if not is_sdk_module(request["main_module"]):
        return _act(link, loaded, action_json)
    from soarkit_app import sdk_app

    link.send({"t": "phase", "phase": "action"})
    return sdk_app.act(loaded, action_json)


def _load(request: dict[str, Any]) -> Any:
    from soarkit_app.loader import find_connector_class, import_main_module

    # Imports make many objects and no garbage; collecting meanwhile costs 5 % of a short run.
    gc.disable()
    try:
        if is_sdk_module(request["main_module"]):
            from soarkit_app import sdk_app

            return sdk_app.load(request["app_dir"], request["main_module"])
        return find_connector_class(import_main_module(request["app_dir"], request["main_module"]))
    finally:
        gc.enable()


def _act(link: AppLink, connector_class: Any, action_json: dict[str, Any]) -> str:
    import json

    from soarkit_app import lifecycle

    try:
        link.send({"t": "phase", "phase": "construct"})
        connector = connector_class()
        connector.print_progress_message = True
        link.send({"t": "phase", "phase": "action"})
        return lifecycle.checked_result(connector._handle_action(json.dumps(action_json), None), action_json)
    except LinkClosed:
        raise
    except BaseException as error:  # __init__ raised, or a class that overrides _handle_action
        return lifecycle.failed_result(action_json, "The connector could not be made", error)


def _fail(link: AppLink, code: str, message: str, where: Optional[str], hint: Optional[str]) -> None:
    link.send({"t": "failure", "code": code, "message": message, "where": where, "hint": hint})
