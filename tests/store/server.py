"""A real PostgreSQL server for tests, in a temporary folder."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

USER, PASSWORD = "soarkit", "p@ss/word:é"


def programs() -> str | None:
    """The folder of initdb and postgres; installed first where that is possible."""
    found = _search()
    if found is None and os.getuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "-y", "-q", "postgresql"]
        subprocess.run(command, capture_output=True, timeout=240, check=False, env={**os.environ, "LC_ALL": "C"})
        found = _search()
    return found


def _search() -> str | None:
    on_path = shutil.which("initdb")
    folders = [os.path.dirname(os.path.realpath(on_path))] if on_path else []
    folders += sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    return next((one for one in folders if {"initdb", "postgres"} <= set(os.listdir(one))), None)


class Server:
    """A server that listens on loopback and on a socket.

    :param durable: whether what it has committed survives the machine's end; tests do not need that
    :ivar port: where
    :ivar folder: the folder of its socket
    """

    def __init__(self, programs: str, *, durable: bool = False) -> None:
        self.folder = tempfile.mkdtemp(prefix="soarkit-pg-", dir="/tmp")  # paths of sockets must be short
        self._programs = programs
        self._as = {}
        if os.getuid() == 0:  # the server refuses to run as root
            user = next(one for one in ("postgres", "nobody") if _exists(one))
            entry = pwd.getpwnam(user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self._as = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        secret = Path(self.folder, "secret")
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        self._run(
            "initdb", "-D", self._data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "-N"
        )
        fsync = "on" if durable else "off"
        options = ["-c", f"fsync={fsync}", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=40"]
        self._process = subprocess.Popen(
            [os.path.join(programs, "postgres"), "-D", self._data, "-k", self.folder, "-p", str(self.port), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as,
        )
        self._wait()

    @property
    def _data(self) -> str:
        return os.path.join(self.folder, "data")

    def url(self, database: str, *, user: str = USER, password: str = PASSWORD, by_socket: bool = False) -> str:
        """The address of a database."""
        place = quote(self.folder, safe="") if by_socket else "127.0.0.1"
        return f"postgresql://{user}:{quote(password, safe='')}@{place}:{self.port}/{database}"

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """Execute statements as the server's owner."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=database, autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def stop(self) -> None:
        """End it, and remove its files."""
        self._process.send_signal(2)  # end at once, cleanly
        self._process.wait(30)
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [os.path.join(self._programs, program), *arguments],
            capture_output=True,
            check=True,
            cwd="/",
            timeout=120,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            **self._as,
        )

    def _wait(self) -> None:
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                assert self._process.poll() is None, "postgres has ended"
                assert time.monotonic() < deadline, "postgres does not answer"
                time.sleep(0.05)
            else:
                return


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
