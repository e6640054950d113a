"""What a script is called with: ``TRANSFORM VALUE [FIELDS] --credentials JSON`` (enrichment reference, section 2.1)."""

from __future__ import annotations

import json
import os
import re

from soarkit_app.enrichment.aside import say
from soarkit_app.enrichment.plain import quoted
from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Sequence

_CREDENTIALS = "--credentials"
#: Seconds that standard input gets to bring credentials: who writes it may be slower than this program's start.
_PATIENCE = 1.0
#: Under soarkit the positional arguments are known to stand alone and in their places: a value may look like an option.
exact = False
_stdin: List[Optional[str]] = []  # what stood there, once it has been read: a script may parse its arguments twice


class Arguments:
    """The parts of a command line; what is absent is None or empty."""

    def __init__(self) -> None:
        self.transform: Optional[str] = None
        self.value: Optional[str] = None
        self.fields: Dict[str, Optional[str]] = {}
        self.credentials: Dict[str, Optional[str]] = {}


def parse(words: Sequence[str]) -> Arguments:
    """Take a command line apart. Nothing that is wrong or missing ends the program: scripts look for themselves.

    :param words: the arguments after the script's name
    """
    arguments = Arguments()
    given: Optional[str] = None
    places: List[str] = []
    rest = [_readable(word) for word in words]
    if exact:
        places = rest[:3]
        rest = []
    while rest:
        word = rest.pop(0)
        if word == _CREDENTIALS and rest:
            given = rest.pop(0)
        elif word.startswith(_CREDENTIALS + "="):
            given = word[len(_CREDENTIALS) + 1 :]
        elif len(places) == 1 or not word.startswith("-"):
            # What follows the transform is the value, whatever it looks like; elsewhere unknown options are ignored.
            places.append(word)
    arguments.transform, arguments.value, fields = [*places, None, None, None][:3]
    arguments.fields = _fields(fields) if fields else {}
    if given is None:
        if not _stdin:
            _stdin.append(_from_stdin())
        given = _stdin[0]
    if given is not None:
        arguments.credentials = _credentials(given)
    return arguments


def as_text(value: Any) -> Optional[str]:
    """A value of a JSON object as scripts get it: text, whatever it was; null is None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, dict, list)):
        return json.dumps(value)
    return text_of(value)


def _readable(word: str) -> str:
    """A word of the command line where Python took it for another encoding than UTF-8, as in an ASCII locale."""
    try:
        word.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return os.fsencode(word).decode("utf-8", "replace")
        except UnicodeEncodeError:  # half a character, which no command line holds: soarkit was given it in JSON
            return re.sub("[\ud800-\udfff]", "\ufffd", word)
    return word


def _credentials(given: str) -> Dict[str, Optional[str]]:
    try:
        values = json.loads(given)
    except (ValueError, RecursionError) as error:
        # Not the text itself: most of it may be a secret.
        say(f"the credentials are no JSON, so there are none: {str(error).partition(':')[0]}")
        return {}
    if not isinstance(values, dict):
        say(f"the credentials must be a JSON object of names and values, not {type(values).__name__}; there are none")
        return {}
    return {name: as_text(value) for name, value in values.items()}


def _fields(given: str) -> Dict[str, Optional[str]]:
    """The fields of an observable: a JSON object, or ``name=value#name=value`` as local Maltego transforms get them."""
    if given.lstrip().startswith("{"):
        try:
            values = json.loads(given)
            return {name: as_text(value) for name, value in values.items()}
        except (ValueError, RecursionError):
            pass
    found: Dict[str, Optional[str]] = {}
    for part in re.split(r"(?<!\\)#", given):
        name, equals, value = re.sub(r"(?<!\\)=", "\0", part, count=1).partition("\0")
        if equals:
            found[_unescaped(name)] = _unescaped(value)
        elif part:
            say(f"a field without a value is left out: {quoted(part)}")
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\([#=\\])", r"\1", text)


def _from_stdin() -> Optional[str]:
    """What stands on standard input, if that is a pipe with something in it. Never waits for a person."""
    import select
    import stat

    try:
        mode = os.fstat(0).st_mode
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)) or not select.select([0], [], [], _PATIENCE)[0]:
            return None
        content = b""
        while True:
            piece = os.read(0, 1 << 16)
            if not piece:
                break
            content += piece
    except (OSError, ValueError):  # closed, or not for select
        return None
    text = content.decode("utf-8", "replace")
    return text if text.strip() else None
