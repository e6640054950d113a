"""Whether a custom view has drawn anything of the data it was given.

Some views meet data that they do not expect and draw their headings alone, or nothing, where others fail. Nobody should
take that for an empty result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape, unescape
from itertools import islice
from typing import Any

_LOOKED_AT = 2000  # values
_SHORTEST = 2  # characters; shorter ones are found in any mark-up
_BEGINNING = 40  # characters of a long text that are looked for: views cut texts short


def draws_some(html: str, items: Iterable[Any]) -> bool:
    """Whether a value of the data stands in a view's mark-up. Where there is none that could be found: yes.

    :param html: what the view has drawn
    :param items: the data items
    """
    texts = list(islice(_texts(items), _LOOKED_AT))
    if not texts:
        return True
    shown = " ".join(unescape(html).split())
    bare = shown.replace(",", "")  # of the commas that make large numbers readable
    return any(text in shown or text in bare or escape(text) in html for text in texts)


def _texts(items: Iterable[Any]) -> Iterator[str]:
    stack = [iter(items)]
    while stack:
        for value in stack[-1]:
            if isinstance(value, (dict, list)):
                stack.append(iter(value.values() if isinstance(value, dict) else value))
                break
            if value is not None and not isinstance(value, bool):
                text = " ".join(str(value).split())[:_BEGINNING].strip()
                if len(text) >= _SHORTEST:
                    yield text
        else:
            stack.pop()
