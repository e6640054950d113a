"""What ``pip check`` finds in an environment: requirements of installed packages that are not met.

That is no failure: the platform installs wheels whatever they require, and most apps never use what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from soarkit.environments import baseline
from soarkit.execute.command import CommandOutcome

# pip's lines, and uv's.
_UNMET = re.compile(
    r"(?P<who>\S+) \S+ (?:requires (?P<absent>[^\s,]+), which is not installed"
    r"|has requirement (?P<other>[A-Za-z0-9._-]+)|is not supported on this platform)"
    r"|The package `(?P<package>[^`]+)` (?:requires `?(?P<wanted>[A-Za-z0-9._-]+)|was built for)"
)
_SHOWN = 3


def lines(outcome: CommandOutcome) -> tuple[str, ...]:
    """The lines of the output that name a requirement, sorted."""
    found = (line.strip() for line in outcome.tail.splitlines())
    return tuple(sorted(line for line in found if _UNMET.match(line)))


def warnings(found: Sequence[str], said: Iterable[str]) -> list[str]:
    """One warning about what no warning says already; none when there is nothing new.

    :param found: as :func:`lines` gives them
    :param said: the warnings so far
    """
    new = [line for line in found if not any(_speaks_of(text, line) for text in said)]
    more = f"; and {len(new) - _SHOWN} more" if len(new) > _SHOWN else ""
    return [f"pip check: {'; '.join(new[:_SHOWN])}{more}"] if new else []


def _speaks_of(text: str, line: str) -> bool:
    """Whether a text names both who requires and what."""
    found = _UNMET.match(line)
    names = [name for name in (found.groups() if found else ()) if name]
    return all(re.search(rf"(?<![\w-]){re.escape(baseline.normalised(name))}(?![\w-])", text) for name in names)
