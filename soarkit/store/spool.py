"""The spool: a file for each run that the store has not taken in yet, so that no run waits for a database.

``<key>.running`` is there while a run lasts, and locked by its host: one that nobody holds belongs to a host that
died. ``<key>.run`` is a finished run: a line of JSON about it, then the bytes of its result. Both appear whole or not
at all. They are not forced to the disk, which would take longer than all the rest: after a power failure the last runs
may be missing.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from typing import IO, Any

#: Digits and letters without vowels: keys that are no words.
_ALPHABET = "0123456789bcdfghjklmnpqrstvwxyz"
_KEY_LENGTH = 10
#: A first line longer than this is no line of ours: parameters of a run do not come near it.
_LONGEST_HEADER = 256 << 20
RUNNING, FINISHED = ".running", ".run"


class OpenRun:
    """A run that is under way. Its record never breaks it: what cannot be written is said once, and left out.

    :ivar key: the run's name for people and programs; None where the spool cannot be written
    :ivar problem: why there will be no record; None while all is well
    """

    def __init__(self, home: str, about: dict[str, Any]) -> None:
        self.key: str | None = None
        self.problem: str | None = None
        self._about = about
        self._folder = folder(home)
        self._descriptor: int | None = None
        key = _new_key()
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            temporary = os.path.join(self._folder, f".{key}")
            self._descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            # Locked before it has its name: whoever finds it by that name finds it held.
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write(self._descriptor, _line({**about, "key": key}))
            os.rename(temporary, self._path(key, RUNNING))
            self.key = key
        except OSError as error:
            self._give_up(error)

    def finish(
        self,
        *,
        status: str,
        message: str,
        exit_code: int,
        elapsed: float | None,
        result: bytes | None = None,
        error: dict[str, Any] | None = None,
        log_path: str | None = None,
    ) -> None:
        """Leave the finished run to the store. Calling it again does nothing.

        :param status: success, failed or cancelled
        :param message: what people are told
        :param exit_code: of ``soarkit run``
        :param elapsed: seconds it took
        :param result: the result JSON, secrets masked
        :param error: what broke, as :meth:`soarkit.errors.SoarkitError.to_dict` says it, secrets masked
        :param log_path: absolute path of its log
        """
        if self.key is None or self._descriptor is None:
            return
        header = {
            **self._about,
            "key": self.key,
            "status": status,
            "message": message,
            "exit_code": exit_code,
            "elapsed": elapsed,
            "error": error,
            "log_path": log_path,
            "result_size": 0 if result is None else len(result),
        }
        temporary = os.path.join(self._folder, f".{self.key}{FINISHED}")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            try:
                _write(descriptor, _line(header))
                _write(descriptor, result or b"")
            finally:
                os.close(descriptor)
            os.rename(temporary, self._path(self.key, FINISHED))
            os.unlink(self._path(self.key, RUNNING))
        except OSError as problem:
            self._give_up(problem, temporary)
        else:
            self._release()

    def discard(self) -> None:
        """Forget the run: it never began. Calling it after :meth:`finish` does nothing."""
        if self.key is None or self._descriptor is None:
            return
        try:
            os.unlink(self._path(self.key, RUNNING))
        except OSError as error:
            self._give_up(error)
        else:
            self._release()

    def _give_up(self, error: OSError, temporary: str | None = None) -> None:
        self.problem = f"the run is not recorded: {error.strerror or error}: {self._folder}"
        for path in (temporary, None if self.key is None else self._path(self.key, RUNNING)):
            try:
                if path is not None:
                    os.unlink(path)
            except OSError:
                pass
        self._release()

    def _release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _path(self, key: str, ending: str) -> str:
        return os.path.join(self._folder, key + ending)


def begin(home: str, about: dict[str, Any]) -> OpenRun:
    """Note that a run begins.

    :param home: soarkit's home folder
    :param about: app (its name), slug or None, appid, app_version, action, identifier, asset (name) and asset_id or
        None, container (its id) or None, parameters (a list of sets, masked), started (ISO 8601, UTC), host, pid,
        app_path
    """
    return OpenRun(home, about)


def now() -> str:
    """The present time as ``started`` wants it: ISO 8601, UTC, with microseconds."""
    seconds, rest = divmod(time.time_ns() // 1000, 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:06d}Z"


def folder(home: str) -> str:
    """Where the spool is."""
    return os.path.join(home, "store", "spool")


class SpoolError(ValueError):
    """A spool file is damaged."""


class FinishedRun:
    """A ``.run`` file, opened for reading.

    :ivar header: what :meth:`OpenRun.finish` wrote about the run
    :raises SpoolError: it is damaged
    :raises FileNotFoundError: somebody else has taken it in
    """

    def __init__(self, path: str) -> None:
        self._file: IO[bytes] = open(path, "rb")  # noqa: SIM115 - open as long as we are
        try:
            self.header = read_header(self._file)
            self._require_whole()
        except BaseException:
            self._file.close()
            raise

    def _require_whole(self) -> None:
        size = self.header.get("result_size")
        rest = os.fstat(self._file.fileno()).st_size - self._file.tell()
        if size != rest:
            raise SpoolError(f"its result has {rest} bytes, not {size}")

    def result(self) -> Iterator[bytes]:
        """The result's bytes, in pieces."""
        while piece := self._file.read(1 << 20):
            yield piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_header(file: IO[bytes]) -> dict[str, Any]:
    """The first line of a spool file.

    :raises SpoolError: it is none
    """
    line = file.readline(_LONGEST_HEADER)
    try:
        header = json.loads(line)
    except ValueError:
        raise SpoolError("its first line is no JSON") from None
    if not line.endswith(b"\n") or not isinstance(header, dict) or not isinstance(header.get("key"), str):
        raise SpoolError("its first line does not describe a run")
    return header


def running(home: str) -> list[dict[str, Any]]:
    """The runs that are under way now, newest first."""
    found = []
    for name in _names(home, RUNNING):
        header = _held(os.path.join(folder(home), name))
        if header is not None:
            found.append(header)
    return sorted(found, key=lambda header: str(header.get("started")), reverse=True)


def orphans(home: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The ``.running`` files whose host has died without leaving a ``.run``: path and header, None for a damaged one.

    Each stays locked while the caller has it.
    """
    for name in _names(home, RUNNING):
        path = os.path.join(folder(home), name)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            continue
        with os.fdopen(descriptor, "rb") as file:
            if not _lock(descriptor) or os.fstat(descriptor).st_nlink == 0:
                continue  # its host lives, or has just finished
            if os.path.exists(path[: -len(RUNNING)] + FINISHED):
                os.unlink(path)  # its host died after it had said everything
                continue
            try:
                header = read_header(file)
            except SpoolError:
                header = None
            yield path, header


def anything(home: str) -> bool:
    """Whether there may be something to take in."""
    return bool(_names(home, FINISHED) or _names(home, RUNNING))


def finished(home: str) -> list[str]:
    """Paths of the ``.run`` files."""
    return [os.path.join(folder(home), name) for name in _names(home, FINISHED)]


def leftovers(home: str) -> list[str]:
    """Files that a host which died left half written, an hour old or more."""
    found = []
    for name in _names(home, ""):
        path = os.path.join(folder(home), name)
        try:
            if name.startswith(".") and time.time() - os.stat(path).st_mtime > 3600:
                found.append(path)
        except OSError:
            continue
    return found


def _names(home: str, ending: str) -> list[str]:
    try:
        names = os.listdir(folder(home))
    except OSError:
        return []
    hidden = not ending
    return sorted(name for name in names if name.endswith(ending) and (hidden or not name.startswith(".")))


def _held(path: str) -> dict[str, Any] | None:
    try:
        with open(path, "rb") as file:
            return None if _lock(file.fileno()) else read_header(file)
    except (OSError, SpoolError):
        return None


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _new_key() -> str:
    number = int.from_bytes(os.urandom(12), "big")
    letters = []
    for _ in range(_KEY_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters)


def _line(header: dict[str, Any]) -> bytes:
    # What JSON cannot hold becomes text: the record of a run must not fail for what an app puts into a parameter.
    return json.dumps(header, separators=(",", ":"), default=str).encode() + b"\n"


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
