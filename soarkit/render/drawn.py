"""Whether a custom view has drawn anything of the data it was given.

Some views meet data that they do not expect and draw their headings alone, or nothing, where others fail. Nobody should
take that for an empty result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape, unescape
from itertools import islice
from typing import Any

_LOOKED_AT = 2000  # values
_SHORTEST = 2  # characters; shorter ones are in any mark-up, so they must stand alone
_LARGEST = 5_000_000  # characters of mark-up; that much is not made of headings
_BEGINNING = 40  # characters of a long text that are looked for: views cut texts short
_IN_SCRIPTS = re.compile(r"\\u(00[0-9a-f]{2})")
_TAGS = re.compile(r"<[^>]*>")


def draws_some(html: str, items: Iterable[Any]) -> bool:
    """Whether a value of the data stands in a view's mark-up. Where there is none that could be found: yes.

    :param html: what the view has drawn
    :param items: the data items
    """
    texts = list(islice(_texts(items), _LOOKED_AT))
    if len(html) > _LARGEST or all(len(text) < _SHORTEST for text in texts):
        return True
    html = html.casefold()  # views write in capitals what came in small letters
    # As a browser shows it, and a script takes it: `escapejs` writes a hyphen as \u002d.
    shown = " ".join(_IN_SCRIPTS.sub(lambda found: chr(int(found[1], 16)), unescape(html)).split())
    bare = shown.replace(",", "")  # of the commas that make large numbers readable
    words = set(_TAGS.sub(" ", shown).split())
    return any(
        text in words if len(text) < _SHORTEST else text in shown or text in bare or escape(text) in html
        for text in texts
    )


def _texts(items: Iterable[Any]) -> Iterator[str]:
    stack = [iter(items)]
    while stack:
        for value in stack[-1]:
            if isinstance(value, (dict, list)):
                stack.append(iter(value.values() if isinstance(value, dict) else value))
                break
            if value is not None and not isinstance(value, bool):
                text = " ".join(str(value).split())[:_BEGINNING].strip().casefold()
                if text:
                    yield text
        else:
            stack.pop()
