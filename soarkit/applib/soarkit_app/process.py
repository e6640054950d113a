"""How the app's process starts and ends: dying with its host, leaving without waiting for what never ends."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from threading import Thread
    from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
#: Seconds that threads get to end once the result is known.
EXIT_PATIENCE = 2.0


def die_with(host_pid: int) -> None:
    """Ask the kernel to kill this process when the host dies (Linux); leave at once when it already has.

    On macOS there is no such request: there the process ends when it next uses the link.
    """
    if sys.platform.startswith("linux"):
        # ctypes itself takes milliseconds to import; its extension module makes this one call just as well.
        try:
            import _ctypes

            library: Any = _ctypes
            program = library.dlopen(None, 0)
            library.call_function(library.dlsym(program, "prctl"), (_PR_SET_PDEATHSIG, 9, 0, 0, 0))
        except (ImportError, OSError):  # a Python built without ctypes: only this safeguard is missing
            pass
    if os.getppid() != host_pid:
        os._exit(1)


def leave(code: int) -> NoReturn:
    """End this process: exit handlers run, ending threads are joined, threads that never end are abandoned.

    The interpreter's own shut-down would wait for every thread, and takes some 30 ms for nothing. An exit handler
    that hangs is the host's business: it has the result by now and ends this process a few seconds later.
    """
    abandoned = _finish_threads()
    if abandoned:
        _write_error("threads still running when the run ended, abandoned: " + ", ".join(sorted(abandoned)) + "\n")
    import atexit

    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    os._exit(code)


def _finish_threads() -> list[str]:
    """Wait for the app's threads, as Python does at exit, but not for ever; the names of those still running."""
    threading = sys.modules.get("threading")
    if threading is None:
        return []

    def busy() -> list[Thread]:
        main = threading.main_thread()
        return [thread for thread in threading.enumerate() if thread is not main and not thread.daemon]

    if not busy():
        return []
    import time

    deadline = time.monotonic() + EXIT_PATIENCE
    # Executors end their idle workers in these callbacks, which only the interpreter's shut-down would call. They wait
    # for busy ones without limit, so they get a thread that nobody waits for.
    for callback in list(getattr(threading, "_threading_atexits", [])):
        helper = threading.Thread(target=callback, daemon=True)
        helper.start()
        helper.join(max(0.0, deadline - time.monotonic()))
    for thread in busy():
        thread.join(max(0.0, deadline - time.monotonic()))
    return [thread.name for thread in busy()]


def _write_error(text: str) -> None:
    try:
        sys.stderr.write(text)
    except Exception:
        pass
