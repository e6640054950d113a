"""The documentation page as one HTML file: no scripts, nothing from elsewhere."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable
from functools import partial
from html import escape

from soarkit import __version__
from soarkit.manifest.model import App
from soarkit.manifest.pictures import Picture, addressed
from soarkit.render.appdocs.contents import ActionPart, Contents, Fact, Field, Output, Use, contents, merged
from soarkit.render.appdocs.shaping import Rules, in_line, shaped
from soarkit.render.appdocs.tree import Element, Node, fit, html, plain
from soarkit.render.text import printable

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_CSS = os.path.join(os.path.dirname(__file__), "assets", "docs.css")
_OPEN_ROWS = 15  # a longer list of outputs is folded at first
_LONGEST_ENTRY = 70  # characters of a heading in the table of contents
_WIDE = 60  # characters of a fact that takes a line of its own
_MOST_PLACES = 3  # data paths that the index names for one action
_MOST_PICTURES = 20_000_000  # bytes of pictures in the app's own page


def page(app: App) -> str:
    """The documentation page of an app as an HTML document."""
    about = contents(app)
    own, headings = _own(about)
    with open(_CSS, encoding="utf-8") as file:
        css = file.read()
    title = _text(f"{about.name} {about.version}")
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f'<meta name="generator" content="soarkit {escape(__version__)}">\n',
            f"<title>{title}: documentation</title>\n<style>\n{css}</style>\n</head>\n<body>\n",
            '<a class="skip" href="#top">To the page</a>\n',
            _navigation(about, headings),
            '<main id="top">\n',
            _head(about),
            own,
            _configuration(about),
            _actions(about),
            _types(about),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _own(about: Contents) -> tuple[str, list[tuple[str, str]]]:
    """The app's own page, and the ids and titles of its main headings."""
    if about.own is None:
        return "", []
    left = [_MOST_PICTURES]

    def image(name: str) -> str | None:
        found = addressed(about.folder, name)
        if found is None or len(found.content) > left[0]:
            return None
        left[0] -= len(found.content)
        return found.uri

    nodes = shaped(about.own.nodes, Rules(3, about.anchors, "page-", image, about.links))
    headings = [
        (node.attributes["id"], textwrap.shorten(plain(node.children), _LONGEST_ENTRY, placeholder=" …"))
        for node in nodes
        if isinstance(node, Element) and node.tag == "h3"
    ]
    return _section("about", "About this app", _blocks(nodes), "own"), headings


def _blocks(nodes: Iterable[Node]) -> str:
    return "".join(f"{html([node])}\n" for node in nodes)


def _section(anchor: str, title: str, shown: str, kind: str = "part") -> str:
    return f'<section class="{kind}" aria-labelledby="{anchor}">\n<h2 id="{anchor}">{title}</h2>\n{shown}</section>\n'


def _navigation(about: Contents, headings: list[tuple[str, str]]) -> str:
    def part(anchor: str, title: str, inside: Iterable[tuple[str, str]] = ()) -> str:
        entries = "".join(f'<li><a href="#{escape(to)}">{_text(name)}</a></li>\n' for to, name in inside)
        return f'<li><a href="#{anchor}">{title}</a>' + (f"\n<ul>\n{entries}</ul>" if entries else "") + "</li>\n"

    parts = [part("top", _text(about.name))]
    parts += [part("about", "About this app", headings)] if about.own is not None else []
    parts.append(part("configuration", "Asset configuration"))
    parts.append(part("actions", "Actions", [(one.anchor, one.name) for one in about.actions]))
    parts += [part("content-types", "Content types")] if about.types else []
    return f'<nav id="contents" aria-label="Contents">\n<ul>\n{"".join(parts)}</ul>\n</nav>\n'


def _head(about: Contents) -> str:
    logo = _logo(about.logo, about.logo_dark, about.name)
    description = f'<p class="lead">{_line(about.description)}</p>\n' if about.description else ""
    return f"<header>\n{logo}<h1>{_text(about.name)}</h1>\n{description}</header>\n{_facts(about.facts)}"


def _logo(light: Picture | None, dark: Picture | None, name: str) -> str:
    if light is None:
        return ""
    shown = f'<img class="logo" src="{light.uri}" alt="{_text(name)}: logo">'
    if dark is None:
        return shown + "\n"
    return f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark.uri}">{shown}</picture>\n'


def _facts(facts: list[Fact]) -> str:
    lines = []
    for fact in facts:
        value = _line(fact.value) if fact.link is None else f'<a href="#{escape(fact.link)}">{_text(fact.value)}</a>'
        wide = ' class="wide"' if len(fact.value) > _WIDE else ""
        lines.append(f"<div{wide}><dt>{_text(fact.name)}</dt><dd>{value}</dd></div>\n")
    return f'<dl class="facts">\n{"".join(lines)}</dl>\n' if lines else ""


def _configuration(about: Contents) -> str:
    shown = "<p>There is nothing to configure.</p>\n"
    if about.configuration:
        shown = _fields("Setting", about.configuration, about)
    return _section("configuration", "Asset configuration", shown)


def _actions(about: Contents) -> str:
    entries = "".join(
        f'<li><a href="#{escape(one.anchor)}">{_text(one.name)}</a>'
        + (f" <span>{_line(one.description)}</span>" if one.description else "")
        + "</li>\n"
        for one in about.actions
    )
    listed = f'<ul class="actions">\n{entries}</ul>\n' if entries else "<p>This app has no actions.</p>\n"
    parts = "".join(map(partial(_action, about=about), about.actions))
    return _section("actions", "Actions", listed + parts)


def _action(part: ActionPart, about: Contents) -> str:
    verbose = shaped(part.verbose, Rules(4, about.anchors, f"{part.anchor}-", lambda name: None))
    parameters = (
        _fields("Parameter", part.parameters, about) if part.parameters else "<p>This action takes no parameters.</p>\n"
    )
    return (
        f'<article class="action" aria-labelledby="{escape(part.anchor)}">\n'
        f'<h3 id="{escape(part.anchor)}">{_text(part.name)}</h3>\n'
        + (f'<p class="said">{_line(part.description)}</p>\n' if part.description else "")
        + (f'<div class="verbose">{_blocks(verbose)}</div>\n' if verbose else "")
        + _facts(part.facts)
        + f"<h4>Parameters</h4>\n{parameters}{_outputs(part, about)}</article>\n"
    )


def _fields(kind: str, fields: list[Field], about: Contents) -> str:
    with_types = any(one.contains for one in fields)
    rows = []
    for one in fields:
        required = '<strong class="required">required</strong>' if one.required else "optional"
        said = f'<span class="said">{_line(one.description)}</span>' if one.description else ""
        cells = [
            _cell("", _code(one.name)),
            _cell("", required),
            _cell("Type", _text(one.data_type)),
            _cell("", said + _notes(one.notes)),
        ]
        cells += [_cell("Takes", _type_links(one.contains, about))] if with_types else []
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    heads = [kind, "Required", "Type", "Description", *(["Takes"] if with_types else [])]
    return _table("fields", heads, rows)


def _notes(notes: Iterable[Fact]) -> str:
    shown = [
        f"<li>{_text(name)}: {' '.join(map(_code, values)) if name in ('Default', 'One of') else _text(values[0])}</li>"
        for name, values in merged(notes).items()
    ]
    return f'<ul class="notes">{"".join(shown)}</ul>' if shown else ""


def _outputs(part: ActionPart, about: Contents) -> str:
    if not part.outputs:
        return ""
    with_columns = any(one.column for one in part.outputs)
    rows = "".join(_output(one, about, with_columns) for one in part.outputs)
    heads = ["Data path", "Type", "Contains", "Example values", *(["Column"] if with_columns else [])]
    number = len(part.outputs)
    opened = " open" if number <= _OPEN_ROWS else ""
    shown = f"{number} field{'' if number == 1 else 's'}"
    return (
        f"<h4>Output</h4>\n<details{opened}><summary>{shown}</summary>\n{_table('outputs', heads, [rows])}</details>\n"
    )


def _output(one: Output, about: Contents, with_columns: bool) -> str:
    examples = [_code(value) for value in one.examples]
    examples += [f"<span>and {one.more_examples} more</span>"] if one.more_examples else []
    cells = [
        _cell("", _code(one.path)),
        _cell("Type", _text(one.data_type)),
        _cell("Contains", _type_links(one.contains, about)),
        _cell("Examples", " ".join(examples)),
    ]
    cells += [_cell("Column", _text(one.column))] if with_columns else []
    return f"<tr>{''.join(cells)}</tr>\n"


def _types(about: Contents) -> str:
    if not about.types:
        return ""
    rows = [
        f'<tr id="{escape(one.anchor)}">{_cell("", _code(one.name))}'
        f"{_cell('Taken by', _uses(one.takes))}{_cell('Given by', _uses(one.gives))}</tr>\n"
        for one in about.types.values()
    ]
    intro = "Values are marked with what they contain. An action can be run on any value of a type that it takes."
    shown = _table("types", ["Type", "Taken by", "Given by"], rows)
    return _section("content-types", "Content types", f"<p>{intro}</p>\n{shown}")


def _uses(uses: list[Use]) -> str:
    entries = []
    for use in uses:
        places = " ".join(map(_code, use.places[:_MOST_PLACES]))
        more = len(use.places) - _MOST_PLACES
        entries.append(
            f'<li><a href="#{escape(use.action.anchor)}">{_text(use.action.name)}</a> {places}'
            + (f" and {more} more" if more > 0 else "")
            + "</li>"
        )
    return f"<ul>{''.join(entries)}</ul>" if entries else ""


def _type_links(names: Iterable[str], about: Contents) -> str:
    return " ".join(f'<a class="type" href="#{escape(about.types[name].anchor)}">{_text(name)}</a>' for name in names)


def _table(kind: str, heads: list[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th scope="col">{_text(one)}</th>' for one in heads)
    return f'<table class="{kind}">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{"".join(rows)}</tbody>\n</table>\n'


def _cell(label: str, shown: str) -> str:
    if not shown:
        return "<td></td>"
    return f'<td data-label="{label}">{shown}</td>' if label else f"<td>{shown}</td>"


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _line(text: str) -> str:
    """Text of the app's JSON, its addresses as links."""
    return html(in_line(_safe(text)))


def _text(text: str) -> str:
    return escape(_safe(text))


def _safe(text: str) -> str:
    """What cannot be seen, or reorders what is read, as visible escapes."""
    return fit(printable(text, lines=True))
