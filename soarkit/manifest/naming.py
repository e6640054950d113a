"""What people call an installed app."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^a-z0-9]+")
_LONGEST = 80


def slug_of(name: str) -> str:
    """An app's name as a word that can be typed and used in file names.

    Lower case; every run of other characters than ``a-z0-9`` becomes one ``-``; cut after 80 characters.

    >>> slug_of("Palo Alto Networks Firewall")
    'palo-alto-networks-firewall'

    :returns: ``app`` where nothing of the name is left, as of one in another script
    """
    return _OTHER.sub("-", name.lower()).strip("-")[:_LONGEST].rstrip("-") or "app"
