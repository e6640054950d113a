"""Runs a bundle's script in the app's process, as ``python script.py`` would (enrichment reference, section 2.1).

What the script writes to standard output is its output. The host reads it from the process itself, so that it counts
whatever ends the process: the script's end, ``os._exit``, or a crash.

The request (message ``run``, key ``transform``) holds:

``source``, ``script``
    the bundle's folder of scripts, where the script starts, and the script's file name in it
``arguments``
    what follows the script's name on its command line
``credentials``
    name → value; they are on standard input as a JSON object, where process lists do not show them
``scratch``
    a folder for temporary files, the run's own
``variables``, ``salt``
    environment variables as an action JSON has them: those for every app, and those of the asset, which win; what
    encrypted ones were salted with
"""

from __future__ import annotations

import builtins
import json
import os
import sys
import threading
from types import ModuleType

import AnomaliEnrichment
import anomalienrichment
import AnomaliTransform
import anomalitransform

from soarkit_app import bytecode, environment_variables, session
from soarkit_app.enrichment import arguments
from soarkit_app.link import LinkClosed
from soarkit_app.messages import exception_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from soarkit_app.link import AppLink

#: All that scripts may import of the library: imported here, so that a copy in their own folder is never found.
_MODULES = (AnomaliEnrichment, anomalienrichment, AnomaliTransform, anomalitransform)
_LIBRARIES = frozenset(module.__name__.lower() for module in _MODULES)


def surround(transform: Dict[str, Any], bytecode_folder: str) -> None:
    """Set the process up as the script expects to find it.

    :raises RunRefused: an environment variable cannot be set
    """
    source = transform["source"]
    for variables in transform["variables"]:
        environment_variables.put(variables, transform["salt"], {})
    environment_variables.spare_this_machine(os.environ)
    os.environ["TMPDIR"] = transform["scratch"]
    bytecode.keep_in(bytecode_folder, source)
    sys.path.insert(0, source)
    sys.argv = [os.path.join(source, transform["script"]), *transform["arguments"]]
    os.chdir(source)
    arguments.exact = True
    _offer_credentials(transform["credentials"])
    copies = [name for name in sorted(os.listdir(source)) if name.partition(".")[0].lower() in _LIBRARIES]
    if copies:
        session.log("warning", f"the bundle's own {', '.join(copies)} is not used: soarkit's library takes its place")


def run(link: AppLink, script: str) -> int:
    """Run the script to its end, and tell the host of an exception that ended it.

    :param script: path of the file
    :returns: the exit status that Python would end with
    """
    code = 0
    failure = None
    main = ModuleType("__main__")
    main.__file__ = script
    main.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = main
    try:
        with open(script, "rb") as file:
            compiled = compile(file.read(), script, "exec", dont_inherit=True)
        exec(compiled, main.__dict__)
    except SystemExit as error:
        code = _exit_code(error.code)
    except BaseException as error:
        code = 1
        failure = {"t": "failure", "code": "script", "message": _told(error, script), "where": _place(error, script)}
        _print_traceback(error)
    _wait_for_threads()
    try:
        if failure is not None:
            link.send({**failure, "hint": None})
    except LinkClosed:  # the script closed what it did not know, or this is a child that it forked
        pass
    return code


def _offer_credentials(credentials: Dict[str, Any]) -> None:
    """Put the credentials on standard input. Without any it stays empty."""
    if not credentials:
        return
    read, write = os.pipe()
    os.dup2(read, 0)
    os.close(read)
    content = json.dumps(credentials).encode()

    def fill() -> None:
        with os.fdopen(write, "wb") as pipe:
            pipe.write(content)

    # What a pipe takes is at hand at once; more needs somebody to wait until it is read.
    if len(content) <= 4096:
        fill()
    else:
        threading.Thread(target=fill, daemon=True).start()


def _exit_code(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    sys.stderr.write(f"{code}\n")
    return 1


def _print_traceback(error: BaseException) -> None:
    """As Python ends a program: the lines from the script on, on standard error."""
    trace = error.__traceback__
    below = None if trace is None else trace.tb_next
    try:
        sys.excepthook(type(error), error.with_traceback(below), below)
    except BaseException:  # a hook of the script's own, or a closed stream
        pass


def _told(error: BaseException, script: str) -> str:
    from soarkit_app import loader

    name, said = type(error).__name__, exception_text(error)
    text = name if said == name else f"{name}: {said}"
    explained = loader.explain(error, script, os.path.dirname(script)).message
    # The first bundles were written for it, and what Python 3 says to them is no help.
    return f"{text}: this is Python 2 code" if explained.startswith("Python 2 code") else text


def _place(error: BaseException, script: str) -> str:
    """The innermost line of the bundle's own files that the exception passed through."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        return f"{os.path.basename(error.filename)}:{error.lineno}"
    folder = os.path.dirname(script) + os.sep
    place, step = os.path.basename(script), error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file.startswith(folder):
            place = f"{os.path.basename(file)}:{step.tb_lineno}"
        step = step.tb_next
    return place


def _wait_for_threads() -> None:
    """As Python does at its end, without limit: the host has one."""
    try:
        threading._shutdown()  # type: ignore[attr-defined]
    except BaseException as error:  # whatever an executor's callback raises
        _print_traceback(error)
