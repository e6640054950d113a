"""Starts the app side's process: the only place that does, besides :mod:`soarkit.execute.command`.

On the way to every run, so imports here are counted: no subprocess, no socket or signal module, no dataclasses.
"""

from __future__ import annotations

import _signal
import _socket
import os
import sys
import time

from soarkit.paths import APPLIB

#: The variable that marks every process of a run, so that detached ones can be found when it is cancelled. Apps get
#: it, so it must not begin with SOARKIT, which never passes.
RUN_MARK = "APP_RUN_MARK"

#: What an app's process inherits. Everything else stays with the host: connectors are third-party code, and results
#: should not depend on whose shell they were started from.
_PASSED = frozenset(
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR LD_LIBRARY_PATH DYLD_LIBRARY_PATH SSH_AUTH_SOCK KRB5CCNAME "
    "KRB5_CONFIG HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy "
    "REQUESTS_CA_BUNDLE CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR OPENSSL_CONF".split()
)

#: Signals with their default meaning in the app, whatever the host does with them: a host that ignores SIGCHLD would
#: make every subprocess of the app look successful.
_DEFAULT_SIGNALS = (_signal.SIGHUP, _signal.SIGINT, _signal.SIGPIPE, _signal.SIGTERM, _signal.SIGCHLD)


class AppProcess:
    """A started app-side process that waits for its request.

    :ivar pid: its process id, also the id of its process group and session
    :ivar python: the interpreter it runs
    :ivar started: when it was started, on the monotonic clock
    :ivar link: our end of the link
    :ivar stdout: read end of its standard output, non-blocking; ``stderr`` likewise
    :ivar mark: the value of :data:`RUN_MARK` in its environment
    :ivar prepared_for: the folder of the app whose imports it has begun; None so far
    """

    def __init__(self, python: str) -> None:
        """Start it.

        :raises OSError: the interpreter cannot be executed, or there are no descriptors left
        """
        self.python = python
        self.started = time.monotonic()
        self.mark = os.urandom(16).hex()
        self.prepared_for: str | None = None
        self.link, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
        for_us: list[int] = []
        for_app: list[int] = []
        try:
            for _ in range(2):
                read, write = os.pipe()
                for_us.append(read)
                for_app.append(write)
            for_app.append(os.open(os.devnull, os.O_RDONLY))
            self.pid = _spawn(python, self.mark, theirs.fileno(), *for_app)
        except BaseException:
            self.link.close()
            _close(for_us)
            raise
        finally:
            theirs.close()
            _close(for_app)
        self.stdout, self.stderr = for_us
        self.link.setblocking(False)
        os.set_blocking(self.stdout, False)
        os.set_blocking(self.stderr, False)

    def prepare(self, app_dir: str, main_module: str, home: str, trusted: list[str]) -> None:
        """Let it import, while it waits, what that app will import from its environment.

        :param home: what apps know as PHANTOM_HOME
        :param trusted: files of certificates that apps trust beside the usual ones
        """
        from soarkit_app.link import pack_message

        self.prepared_for = app_dir
        try:
            about = {"app_dir": app_dir, "main_module": main_module, "home": home, "trusted": trusted}
            self.link.sendall(pack_message({"t": "prepare", **about}))
        except OSError:  # gone already; the run will find out how
            pass

    def discard(self) -> None:
        """End a process that never got a request: nothing of an app ran in it, so it need not be asked."""
        self.close()
        try:
            os.kill(self.pid, _signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):  # the program around us reaps its children by itself
            pass

    def close(self) -> None:
        """Close our descriptors."""
        self.link.close()
        _close([self.stdout, self.stderr])

    def marked_processes(self) -> list[int]:
        """Process ids of everything this run started and that still lives, detached or not (Linux; else empty)."""
        if not sys.platform.startswith("linux"):
            return []
        wanted = f"{RUN_MARK}={self.mark}".encode()
        found = []
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) != os.getpid():
                try:
                    with open(f"/proc/{name}/environ", "rb") as environ:
                        if wanted in environ.read().split(b"\0"):
                            found.append(int(name))
                except OSError:  # gone meanwhile, or another user's
                    continue
        return found


def _spawn(python: str, mark: str, link: int, stdout: int, stderr: int, null: int) -> int:
    # A number that none of the descriptors being arranged has: a dup2 onto one of them would lose it.
    target = max(link, stdout, stderr, null, 2) + 1
    environment = {name: os.environ[name] for name in os.environ if name in _PASSED or name.startswith("LC_")}
    environment[RUN_MARK] = mark
    main = os.path.join(APPLIB, "soarkit_app", "__main__.py")
    return os.posix_spawn(
        python,
        [python, "-I", "-X", "utf8", main, str(target), str(os.getpid())],
        environment,
        file_actions=[
            # Moved up first: the host's own 0, 1 or 2 may have been closed and reused for one of these.
            (os.POSIX_SPAWN_DUP2, link, target),
            (os.POSIX_SPAWN_DUP2, stdout, target + 1),
            (os.POSIX_SPAWN_DUP2, stderr, target + 2),
            (os.POSIX_SPAWN_DUP2, null, 0),
            (os.POSIX_SPAWN_DUP2, target + 1, 1),
            (os.POSIX_SPAWN_DUP2, target + 2, 2),
            (os.POSIX_SPAWN_CLOSE, target + 1),
            (os.POSIX_SPAWN_CLOSE, target + 2),
        ],
        setsigdef=_DEFAULT_SIGNALS,
        setsigmask=(),
        setsid=True,  # of its own, so that a Ctrl-C in the terminal reaches the host alone
    )


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)
