"""What metadata means where it says it in another JSON type (reference, rule M15)."""

from __future__ import annotations

from soarkit.manifest.model import is_whole, text_or_none

_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def flag(value: object) -> bool | None:
    """True or false, also where it is written as text or as 1 or 0; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _FLAGS.get(value.strip().lower())
    return bool(value) if isinstance(value, int) and value in (0, 1) else None


def rank(value: object) -> int | None:
    """A place in an order, from 1, also where it is written as text or as 1.0; None for anything else."""
    if isinstance(value, str) and is_whole(value.strip()):
        value = int(value.strip())
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9 else None


def text(value: object) -> str:
    """Text without spaces around it; empty where it is none."""
    return (text_or_none(value) or "").strip()


def tokens(parameters: object) -> tuple[str, ...]:
    """The parts of a transform's ``parameters``, split by the shell's quoting rules.

    :returns: none where it is no text, or a quote is left open
    """
    if not isinstance(parameters, str):
        return ()
    if not any(character in parameters for character in "'\"\\"):
        return tuple(parameters.split())
    import shlex  # late: most parameters need none, and every run of them would wait for it

    try:
        return tuple(shlex.split(parameters))
    except ValueError:
        return ()
