"""Trees and texts as Markdown, in GitHub's flavour."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeGuard

from soarkit.render.appdocs.sanitising import BLOCKS
from soarkit.render.appdocs.tree import Element, Node, fit, plain, walk
from soarkit.render.text import printable

# What means something anywhere in a line; an underscore between letters does not.
_SPECIAL = re.compile(r"[\\`*\[\]<~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?[A-Za-z0-9]+;)")
_START = re.compile(r"(\d{1,9}(?=[.)](?:\s|$)))|(?=[-+=#>])")
_SPACE = re.compile(r"\s+")
_FENCE = re.compile(r"`+")
_WORDS = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~"}
_PIPE = "\\|"  # as it is written in a table, in code too
_RAW = frozenset(["kbd", "sub", "sup"])
_CODE = frozenset(["code", "pre", "samp", "var"])


def text(given: str) -> str:
    """A text of the app's JSON, so that it reads as it is."""
    return escaped(_SPACE.sub(" ", fit(printable(given, lines=True))).strip())


def escaped(given: str) -> str:
    """A text with everything escaped that Markdown gives a meaning inside of a line."""
    return _SPECIAL.sub(lambda found: "\\" + found.group(), given)


def code(given: str) -> str:
    """A text as a code span."""
    # Not folded: keys of data paths can have two spaces.
    shown = re.sub(r"\s", " ", fit(printable(given, lines=True)), flags=re.ASCII)
    if not shown.strip():
        return ""
    fence = "`" * (1 + max((len(run) for run in _FENCE.findall(shown)), default=0))
    if shown[0] == "`" or shown[-1] == "`" or (shown[0] == shown[-1] == " "):
        shown = f" {shown} "
    return f"{fence}{shown}{fence}"


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |"


def table(heads: list[str], rows: Iterable[Iterable[str]]) -> str:
    """A table, with an empty line behind it."""
    return "\n".join([row(heads), row(["---"] * len(heads)), *map(row, rows)]) + "\n\n"


def starting(line: str) -> str:
    """A line of text that would begin a list, a heading or a quotation, so that it does not."""
    found = _START.match(line)
    return line if found is None else f"{found.group()}\\{line[found.end() :]}"


def markdown(nodes: list[Node]) -> str:
    """A shaped tree as Markdown; each block ends with an empty line."""
    linked = {one.attributes["href"][1:] for one in walk(nodes) if one.attributes.get("href", "").startswith("#")}
    return "".join(f"{block}\n\n" for block in _blocks(nodes, linked))


def _blocks(nodes: Iterable[Node], linked: set[str]) -> list[str]:
    found: list[str] = []
    before = ""
    for is_text, run in groupby(nodes, lambda one: isinstance(one, str) or one.tag not in BLOCKS):
        members = list(run)
        if is_text:
            shown = starting(line(members).strip())
            found += [shown] if shown else []
            before = "" if shown else before
            continue
        for one in filter(_is_element, members):
            if shown := _block(one, linked):
                # Two lists behind each other would become one.
                found += ["<!-- -->", shown] if one.tag == before and before in ("ul", "ol") else [shown]
                before = one.tag
    return found


def _is_element(node: Node) -> TypeGuard[Element]:
    return isinstance(node, Element)


def _block(node: Element, linked: set[str]) -> str:
    draw = {
        "ul": _list,
        "ol": _list,
        "pre": _preformatted,
        "blockquote": _quotation,
        "table": _table,
        "hr": lambda node, linked: "---",
        **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6"], _heading),
    }.get(node.tag)
    return starting(line(node.children).strip()) if draw is None else draw(node, linked)


def _preformatted(node: Element, linked: set[str]) -> str:
    shown = plain(node.children)
    fence = "`" * max(3, 1 + max((len(run) for run in _FENCE.findall(shown)), default=0))
    return f"{fence}\n{shown}\n{fence}"


def _quotation(node: Element, linked: set[str]) -> str:
    inside = "\n\n".join(_blocks(node.children, linked))
    return "\n".join(f"> {one}".rstrip() for one in inside.split("\n"))


def _heading(node: Element, linked: set[str]) -> str:
    anchor = node.attributes.get("id", "")
    place = f'<a id="{anchor}"></a>\n\n' if anchor in linked else ""
    return f"{place}{'#' * int(node.tag[1])} {line(node.children).strip()}"


def _list(node: Element, linked: set[str]) -> str:
    number = int(node.attributes.get("start", "1"))
    items = []
    for item in node.children:
        if not isinstance(item, Element):
            continue
        mark = "- " if node.tag == "ul" else f"{number}. "
        number += 1
        inside = (
            "\n".join(_blocks(item.children, linked))
            if _is_tight(item)
            else "\n\n".join(_blocks(item.children, linked))
        )
        items.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
    return re.sub(r"(?m)^ +$", "", "\n".join(items))


def _is_tight(item: Element) -> bool:
    """Whether an entry is a line of text, and lists under it at most: such that may follow text, counted from 1."""
    blocks = [one for one in item.children if isinstance(one, Element) and one.tag in BLOCKS]
    return all(one.tag in ("ul", "ol") and one.attributes.get("start", "1") == "1" for one in blocks)


def _table(node: Element, linked: set[str]) -> str:
    rows = [one for one in walk([node]) if one.tag == "tr"]
    cells = [[line(cell.children).strip() for cell in one.children if isinstance(cell, Element)] for one in rows]
    width = max(map(len, cells))
    cells = [one + [""] * (width - len(one)) for one in cells]
    has_head = all(isinstance(cell, Element) and cell.tag == "th" for cell in rows[0].children)
    head, body = (cells[0], cells[1:]) if has_head else ([""] * width, cells)
    return table(head, body).rstrip("\n")


def line(nodes: Iterable[Node]) -> str:
    """A tree as one line; blocks in it are set apart by line breaks, as in the cell of a table."""
    return "".join(map(_piece, nodes))


def _piece(node: Node) -> str:
    if isinstance(node, str):
        return escaped(_SPACE.sub(" ", node))
    if node.tag == "img":
        return f"![{escaped(node.attributes['alt'])}]({node.attributes['src']})"
    if node.tag in _CODE:
        return code(plain(node.children))
    inside = line(node.children)
    if node.tag == "a":
        return _link(node, inside)
    if node.tag in BLOCKS:
        return _in_cell(node.tag, inside.strip())
    return _SHAPES.get(node.tag, _marked)(node, inside)


_SHAPES: dict[str, Callable[[Element, str], str]] = {
    "br": lambda node, inside: "<br>",
    "q": lambda node, inside: f"“{inside}”",
    "span": lambda node, inside: f'<a id="{node.attributes["id"]}"></a>{inside}' if "id" in node.attributes else inside,
    **dict.fromkeys(_RAW, lambda node, inside: f"<{node.tag}>{inside}</{node.tag}>"),
}


def _in_cell(tag: str, inside: str) -> str:
    """A block in the cell of a table."""
    return f"{'• ' if tag == 'li' else ''}{inside}<br>" if inside else ""


def _marked(node: Element, inside: str) -> str:
    """Text between asterisks or tildes, which must stand next to letters; else as HTML."""
    mark = _MARKS.get(node.tag)
    bare = inside.strip()
    if mark is None or not bare:
        return inside
    first = len(inside) - len(inside.lstrip())
    before, after = inside[:first], inside[first + len(bare) :]
    if _WORDS.fullmatch(bare):
        return f"{before}{mark}{bare}{mark}{after}"
    tag = {"b": "strong", "i": "em"}.get(node.tag, node.tag)
    return f"{before}<{tag}>{bare}</{tag}>{after}"


def _link(node: Element, inside: str) -> str:
    address = node.attributes["href"]
    place = f'<a id="{node.attributes["id"]}"></a>' if "id" in node.attributes else ""
    if plain(node.children) == address and not any(sign in address for sign in "|`"):
        return f"{place}<{address}>"
    safe = address.replace("(", "%28").replace(")", "%29").replace("*", "%2A").replace("_", "\\_")
    return f"{place}[{inside}]({safe})"
