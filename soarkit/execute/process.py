"""Starts the app side's process: the only place that does, besides :mod:`soarkit.execute.command`.

On the way to every run, so imports here are counted: no subprocess, no socket module, no dataclasses.
"""

from __future__ import annotations

import _socket
import os
import sys
import time

from soarkit.paths import APPLIB

#: The variable that marks every process of a run, so that detached ones can be found when it is cancelled.
RUN_MARK = "APP_RUN_MARK"

#: What an app's process inherits. Everything else stays with the host: connectors are third-party code, and results
#: should not depend on whose shell they were started from.
_PASSED = frozenset(
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LANGUAGE",
        "TZ",
        "TMPDIR",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "SSH_AUTH_SOCK",
        "KRB5CCNAME",
        "KRB5_CONFIG",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "OPENSSL_CONF",
    ]
)


class AppProcess:
    """A started app-side process that waits for its request.

    :ivar pid: its process id, also the id of its process group and session
    :ivar python: the interpreter it runs
    :ivar started: when it was started, on the monotonic clock
    :ivar link: our end of the link
    :ivar stdout: read end of its standard output, non-blocking; ``stderr`` likewise
    :ivar mark: the value of :data:`RUN_MARK` in its environment
    """

    def __init__(self, python: str) -> None:
        """Start it.

        :raises OSError: the interpreter cannot be executed
        """
        self.python = python
        self.started = time.monotonic()
        self.mark = os.urandom(16).hex()
        ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_STREAM)
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        null = os.open(os.devnull, os.O_RDONLY)
        # A number that none of the descriptors being arranged has: a dup2 onto one of them would lose it.
        target = max(theirs.fileno(), out_write, err_write, null, 2) + 1
        environment = {name: os.environ[name] for name in os.environ if name in _PASSED or name.startswith("LC_")}
        environment[RUN_MARK] = self.mark
        main = os.path.join(APPLIB, "soarkit_app", "__main__.py")
        try:
            self.pid = os.posix_spawn(
                python,
                [python, "-I", "-X", "utf8", main, str(target), str(os.getpid())],
                environment,
                file_actions=[
                    # Moved up first: the host's own 0, 1 or 2 may have been closed and reused for one of these.
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), target),
                    (os.POSIX_SPAWN_DUP2, out_write, target + 1),
                    (os.POSIX_SPAWN_DUP2, err_write, target + 2),
                    (os.POSIX_SPAWN_DUP2, null, 0),
                    (os.POSIX_SPAWN_DUP2, target + 1, 1),
                    (os.POSIX_SPAWN_DUP2, target + 2, 2),
                    (os.POSIX_SPAWN_CLOSE, target + 1),
                    (os.POSIX_SPAWN_CLOSE, target + 2),
                ],
                setsigdef=[2, 13, 15],  # SIGINT, SIGPIPE, SIGTERM: a host that ignores them must not hand that on
                setsid=True,  # of its own, so that a Ctrl-C in the terminal reaches the host alone
            )
        except BaseException:
            ours.close()
            os.close(out_read)
            os.close(err_read)
            raise
        finally:
            theirs.close()
            for descriptor in (out_write, err_write, null):
                os.close(descriptor)
        ours.setblocking(False)
        os.set_blocking(out_read, False)
        os.set_blocking(err_read, False)
        self.link = ours
        self.stdout = out_read
        self.stderr = err_read

    def prepare(self, app_dir: str, main_module: str) -> None:
        """Let it import, while it waits, what that app will import from its environment."""
        from soarkit_app.link import pack_message

        try:
            self.link.sendall(pack_message({"t": "prepare", "app_dir": app_dir, "main_module": main_module}))
        except OSError:  # gone already; the run will find out how
            pass

    def discard(self) -> None:
        """End a process that never got a request: at the link's end of file it leaves by itself."""
        self.close()
        os.waitpid(self.pid, 0)

    def close(self) -> None:
        """Close our descriptors."""
        self.link.close()
        os.close(self.stdout)
        os.close(self.stderr)

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
