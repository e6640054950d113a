"""The command that runs an offered action on a value, as it is copied into a shell."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from typing import TYPE_CHECKING, Any

from soarkit.cli.values import is_literal

if TYPE_CHECKING:
    from soarkit.offers import Offer

#: Unicode categories of what cannot be seen, or that a terminal would obey.
_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))


def run_command(offer: Offer, value: Any = None) -> str:
    """The exact ``soarkit run`` command.

    The script of result pages makes the same text (render/page/assets/commands.js); both follow these
    rules:

    1. The words are ``soarkit run APP ACTION``, then ``--asset NAME`` where there is an asset or one is needed, then
       ``--param NAME=VALUE`` for the value, then ``--param`` for each missing parameter, with a space between. Where
       the action's name begins with ``-``, ``-- APP ACTION`` comes last instead.
    2. A number, true or false is its JSON text; anything else than these and text likewise.
    3. The value is ``NAME=VALUE`` as it is. Where it begins with ``=``, ``@``, ``env:`` or ``run:``, or is a
       placeholder itself, it is ``NAME==VALUE``.
    4. Where it has a character that cannot be seen or that a terminal would obey (Unicode categories Cc, Cf, Co, Cs,
       Zl and Zp), it is ``NAME:=`` with the value as a JSON text, in which these characters stand as ``\\uXXXX`` with
       lower-case digits, those beyond U+FFFF as two of them, but for ``\\b \\t \\n \\f \\r``.
    5. What nobody can know is a placeholder that stands out and that `soarkit run` refuses: ``NAME=<NAME>`` for a
       parameter, the value as well where it is None, ``<asset>`` for an asset.
    6. Each word is quoted for a POSIX shell as Python's ``shlex.quote`` does it: as it stands when it is not empty and
       has nothing but ASCII letters, digits and ``_@%+=:,./-``; else in single quotes, each single quote in it written
       as ``'"'"'``. Characters of rule 4 in names become ``?``: no command can have them that is safe to paste, so
       this one will find no such action, asset or parameter.

    :param value: None where it is not known yet
    """
    asset = "<asset>" if offer.needs_asset else offer.asset
    options = [] if asset is None else ["--asset", asset]
    options += ["--param", assignment(offer.parameter, value)]
    for name in offer.missing:
        options += ["--param", assignment(name, None)]
    target = [offer.word, offer.action]
    words = [*options, "--", *target] if offer.action.startswith("-") else [*target, *options]
    return " ".join(shlex.quote(_visible(word)) for word in ["soarkit", "run", *words])


def assignment(name: str, value: Any) -> str:
    """``NAME=VALUE`` by rules 2 to 5 of :func:`run_command`; a placeholder for None."""
    if value is None:
        return f"{name}=<{name}>"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if _visible(text) != text:
        return f"{name}:={_json(text)}"
    return f"{name}={text}" if is_literal(name, text) else f"{name}=={text}"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join("?" if unicodedata.category(character) in _HIDDEN else character for character in text)


def _json(text: str) -> str:
    def escaped(found: re.Match[str]) -> str:
        character = found[0]
        if unicodedata.category(character) not in _HIDDEN:
            return character
        return json.dumps(character)[1:-1]

    # JSON's own escapes are plain ASCII, and what is left of the hidden ones is not.
    return re.sub(r"[\x7f-\U0010ffff]", escaped, json.dumps(text, ensure_ascii=False))
