"""HTML and Markdown of an app made harmless, and valid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from soarkit.render.appdocs.tree import Element, Node, fit, parse
from soarkit.render.frames.tags import tags

#: Elements that stand in a line of text.
INLINE = frozenset(
    "a abbr b br cite code del dfn em i img ins kbd mark q s samp small strike strong sub sup tt u var wbr".split()
)
#: Elements that stand by themselves.
BLOCKS = frozenset(
    "address article aside blockquote caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
# Whose content is code, data or markup of another kind: of no use as text.
_DROPPED = frozenset(
    "applet audio canvas embed frameset head iframe math noembed noframes noscript object script select style svg "
    "template textarea title video xmp".split()
)
_CELL = {"align", "colspan", "rowspan", "style"}
_ATTRIBUTES = {
    "a": {"href", "id", "name", "title"},
    "abbr": {"title"},
    "img": {"alt", "src", "title"},
    "ol": {"start"},
    "td": _CELL,
    "th": _CELL,
    **{f"h{level}": {"id"} for level in range(1, 7)},
}
_SCHEMES = {"http", "https", "mailto"}

# Without an end tag of their own: those that never have one, and those that the next of their kind ends.
_UNENDED = frozenset("br hr img input li p td th tr dt dd wbr".split())
_MOST_OPEN = 2000  # elements that may stay open; the sanitiser takes the square of that in time
_LONGEST = 1_000_000  # characters


def sanitised(html: str) -> list[Node]:
    """HTML as a tree of harmless elements, in any order of nesting.

    Text that is too long, or opens more elements than it closes by thousands, comes as it is written.
    """
    text = fit(html)
    if len(text) > _LONGEST or _leaves_too_much_open(text):
        return [Element("pre", {}, [text[:_LONGEST]])]
    return parse(
        nh3.clean(
            text,
            tags=set(INLINE | BLOCKS),
            clean_content_tags=set(_DROPPED),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            url_schemes=set(_SCHEMES),
            filter_style_properties={"text-align"},
            link_rel=None,
        )
    )


def _leaves_too_much_open(text: str) -> bool:
    """Whether thousands of elements are open at once. An end tag ends only what has its name."""
    opened: Counter[str] = Counter()
    total = 0
    for tag in tags(text):
        name = tag.name.removeprefix("/")
        if name in _UNENDED:
            continue
        if tag.name == name:
            opened[name] += 1
            total += 1
        elif opened[name]:
            opened[name] -= 1
            total -= 1
        if total > _MOST_OPEN:
            return True
    return False


def from_markdown(text: str) -> list[Node]:
    """Markdown as GitHub writes it, with HTML in it, as a tree of harmless elements."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    text = fit(text)[:_LONGEST]
    environment: dict[str, Any] = {}
    tokens = reader.parse(text, environment)
    # A long address that is defined once may be used everywhere, and is written out each time.
    if sum(len(str(value)) for one in _all(tokens) for value in one.attrs.values()) > _LONGEST:
        return [Element("pre", {}, [text])]
    return sanitised(reader.renderer.render(tokens, reader.options, environment))


def _all(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or ())


def is_blank(nodes: Iterable[Node]) -> bool:
    """Whether there is nothing to read, to see or to link to."""
    return not any(
        node.strip() if isinstance(node, str) else node.tag in ("img", "hr", "span") or not is_blank(node.children)
        for node in nodes
    )
