"""Recording and replaying one run."""

from __future__ import annotations

import logging
import os
from contextlib import AbstractContextManager
from typing import Any

from . import storage
from .masking import Mask
from .network import Guard
from .own import OwnPlatform
from .secrets import SHORTEST, parts_of
from .tapes import RecordTape, ReplayTape

MODES = ("record", "replay")


class Recording:
    """Keeps the HTTP exchanges of one run in a file, or answers a run from such a file.

    Record: every request goes out as ever. The file is written by :meth:`stop`, in one step, for the owner's eyes only
    (0600), and only when no written form of a secret is left in it. Masked are the given secrets everywhere (those
    shorter than four characters only where they stand alone, which is said), their unusual pieces, and the credentials
    that the exchanges themselves contain: tokens and cookies that a response hands out, credential headers, fields with
    names like ``access_token``.

    A run without any HTTP answer writes no file.

    Replay: nothing leaves the process. A request gets the recorded answer; the same request recorded several times
    gets the answers in their order. Once all are used up, one more is refused, unless they were all alike: then
    nothing can depend on their number, and it gets that one again. Any other request is refused, and so are sockets.

    :param path: the file
    :param mode: ``"record"`` or ``"replay"``
    :param secrets: name → value of the configuration variables and parameters that are passwords; empty values do not
        count. In a replay they may have other values than when it was recorded
    :param base_url: the address of the app's own platform: what goes there is neither recorded nor refused, and in
        recordings a placeholder stands for it
    :raises ValueError: an unknown mode
    """

    def __init__(self, path: str, mode: str, secrets: dict[str, str], base_url: str = "") -> None:
        if mode not in MODES:
            raise ValueError(f"mode is {mode!r}; it must be one of {', '.join(MODES)}")
        self.path = os.path.abspath(path)
        self.mode = mode
        self.problems: list[str] = []  #: what makes the run's outcome an error, for the user; free of secrets
        self._secrets = {name: str(value) for name, value in secrets.items() if value not in (None, "")}
        self._own = OwnPlatform(base_url)
        self._patches: AbstractContextManager[Any] | None = None
        self._tape: RecordTape | ReplayTape | None = None
        self._guard: Guard | None = None

    def start(self) -> None:
        """Stand in for the HTTP libraries; call it before the app is imported.

        :raises ValueError: replay: no such file, or it is damaged. Record: there is no folder to write it to
        :raises ImportError: vcrpy is not importable
        """
        if self.mode == "replay":
            self._tape = ReplayTape(storage.load(self.path), self._secrets, self._own, self._problem)
            self._guard = Guard(
                lambda place: self._problem(f"raw socket to {place} refused: a replay answers HTTP only"),
                self._own.place,
            )
        else:
            self._tape = RecordTape(self._own)
            # Before the run, not after: by then the action has changed something somewhere.
            refusal = storage.why_not_writable(self.path)
            if refusal is not None:
                raise ValueError(f"the recording {self.path} cannot be written: {refusal}")
        from .cassette import patched

        # vcrpy logs whole requests, secrets included; an app that logs everything would pass them on.
        logging.getLogger("vcr").setLevel(logging.CRITICAL + 1)
        self._patches = patched(self._tape, self._own)
        self._patches.__enter__()
        if self._guard is not None:
            self._guard.start()

    def stop(self) -> None:
        """Undo :meth:`start`; when recording, write the file. What goes wrong then is one more problem. Idempotent."""
        patches, self._patches = self._patches, None
        if patches is None:
            return
        if self._guard is not None:
            self._guard.stop()
        patches.__exit__(None, None, None)
        logging.getLogger("vcr").setLevel(logging.NOTSET)
        if isinstance(self._tape, RecordTape):
            self._write(self._tape)

    def _problem(self, text: str) -> None:
        if text not in self.problems:
            self.problems.append(text)

    def _write(self, tape: RecordTape) -> None:
        if not tape.exchanges and not tape.refusal:
            is_there = os.path.lexists(self.path)
            self._problem(
                f"nothing to record: the run had no HTTP answer; {self.path} is "
                + ("left as it was" if is_there else "not written")
            )
            return
        if tape.refusal:
            self._problem(f"the recording is not written: {tape.refusal}")
            return
        mask = Mask(self._secrets, tape.exchanges)
        text = storage.dumps(mask.tape())
        left = mask.left_in(text)
        if left is not None:
            self._problem(
                f"the recording is not written: the value of {left!r} is still in it. It is a word that recordings are "
                "made of, or part of one; use another value"
            )
            return
        try:
            storage.write(self.path, text)
        except OSError as error:
            self._problem(
                f"the recording {self.path} cannot be written: {error.strerror or error}; "
                "record again into another file"
            )
            return
        short = sorted(
            name for name, value in self._secrets.items() if any(len(part) < SHORTEST for part in parts_of(value))
        )
        if short:
            names = ", ".join(map(repr, short))
            self._problem(
                f"shorter than {SHORTEST} characters is the value of {names}: in the recording it is masked only where "
                f"it stands alone; look whether {self.path} shows it inside other text, or record with a longer value"
            )
