"""What is wrong with this installation, and the command that mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from soarkit.doctor import installed, leftovers, machine, stored
from soarkit.doctor.findings import Finding
from soarkit.errors import SoarkitError
from soarkit.host import Host

__all__ = ["Finding", "examine"]

_Check = Callable[[Host], Iterator[Finding]]
_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("home", machine.home),  # first: some of the others make it
    ("interpreters", machine.interpreters),
    ("installer", machine.installer),
    ("certificates", machine.certificates),
    ("store", stored.store),
    ("key", stored.key),
    ("runs", stored.runs),
    ("apps", installed.apps),
    ("assets", installed.assets),
    ("environments", installed.environments),
    ("locks", leftovers.locks),
    ("leftovers", leftovers.files),
)


def examine(host: Host) -> Iterator[Finding]:
    """Look at everything, one thing after the other; nothing is changed by it.

    A check that finds nothing wrong gives one finding too, which says what there is.
    """
    told: dict[str, str] = {}
    for name, check in _CHECKS:
        try:
            yield from check(host)
        except SoarkitError as error:
            where = f"{error.where}: " if error.where else ""
            message, hint = where + error.message, error.hint
            if message in told:  # a store that cannot be opened stands in the way of several
                message, hint = f"not looked at, for what is wrong with: {told[message]}", None
            else:
                told[message] = name
            yield Finding(name, "error", message, hint)
        except OSError as error:
            yield Finding(name, "error", f"this could not be checked: {error.filename}: {error.strerror}", None)
        except Exception as error:  # one check that fails must not hide what the others have to say
            yield Finding(name, "error", f"this could not be checked: {type(error).__name__}: {error}", None)
