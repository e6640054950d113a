"""The documentation page in Markdown, as GitHub shows it."""

from __future__ import annotations

from collections.abc import Iterable

from soarkit.manifest.model import App
from soarkit.manifest.pictures import Picture, addressed
from soarkit.render.appdocs import mdtext
from soarkit.render.appdocs.contents import ActionPart, Contents, Fact, Field, Output, Use, contents, merged
from soarkit.render.appdocs.mdtext import code, table, text
from soarkit.render.appdocs.shaping import Rules, in_line, shaped
from soarkit.render.appdocs.tree import fit
from soarkit.render.text import printable

_MOST_PLACES = 3  # data paths that the index names for one action


def page(app: App, folder: str | None) -> tuple[str, dict[str, bytes]]:
    """The documentation page of an app.

    :param folder: where its pictures are to be, as the page names it; None for a page without any
    :returns: the page, and the pictures by their paths
    """
    about = contents(app)
    pictures = _Pictures(folder)
    parts = [
        f"# {text(about.name)}\n\n",
        _logo(about, pictures),
        f"{_said(about.description)}\n\n" if about.description else "",
        _facts(about.facts),
        _navigation(about),
        _own(about, pictures),
        _heading("configuration", "Asset configuration"),
        _fields("Setting", about.configuration, about) if about.configuration else "There is nothing to configure.\n\n",
        _actions(about),
        _types(about),
    ]
    return "".join(parts).rstrip("\n") + "\n", pictures.files


class _Pictures:
    """Pictures that lie beside the page."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._names: dict[bytes, str] = {}
        self.files: dict[str, bytes] = {}

    def add(self, found: Picture | None, name: str) -> str | None:
        """Where a picture is; None for no picture."""
        if found is None or self._folder is None:
            return None
        if found.content not in self._names:
            path = f"{self._folder}/{name}{found.suffix}"
            self._names[found.content] = path
            self.files[path] = found.content
        return self._names[found.content]


def _logo(about: Contents, pictures: _Pictures) -> str:
    light, dark = pictures.add(about.logo, "logo"), pictures.add(about.logo_dark, "logo_dark")
    if light is None:
        return ""
    if dark is None or dark == light:
        return f"![Logo]({light})\n\n"
    source = f'<source media="(prefers-color-scheme: dark)" srcset="{dark}">'
    return f'<picture>{source}<img src="{light}" alt="Logo"></picture>\n\n'


def _facts(facts: list[Fact]) -> str:
    rows = [[text(one.name), _linked(one)] for one in facts]
    return table(["", ""], rows) if rows else ""


def _linked(fact: Fact) -> str:
    return _said(fact.value) if fact.link is None else f"[{text(fact.value)}](#{fact.link})"


def _said(value: str) -> str:
    """A text in which addresses are links."""
    return mdtext.starting(mdtext.line(in_line(fit(printable(value, lines=True)))).strip())


def _heading(anchor: str, title: str, level: int = 2) -> str:
    return f'<a id="{anchor}"></a>\n\n{"#" * level} {title}\n\n'


def _navigation(about: Contents) -> str:
    parts = [("about", "About this app")] if about.own is not None else []
    parts += [("configuration", "Asset configuration"), ("actions", "Actions")]
    parts += [("content-types", "Content types")] if about.types else []
    return "".join(f"- [{title}](#{anchor})\n" for anchor, title in parts) + "\n"


def _own(about: Contents, pictures: _Pictures) -> str:
    if about.own is None:
        return ""

    def image(name: str) -> str | None:
        return pictures.add(addressed(about.folder, name), f"picture-{len(pictures.files)}")

    nodes = shaped(about.own.nodes, Rules(3, about.anchors, "page-", image, about.links))
    return _heading("about", "About this app") + mdtext.markdown(nodes)


def _fields(kind: str, fields: list[Field], about: Contents) -> str:
    with_types = any(one.contains for one in fields)
    heads = [kind, "Required", "Type", "Description", *(["Takes"] if with_types else [])]
    rows = []
    for one in fields:
        described = [_said(one.description)] if one.description else []
        cells = [code(one.name), "**required**" if one.required else "optional", text(one.data_type)]
        cells.append("<br>".join(described + _notes(one.notes)))
        rows.append(cells + ([_type_links(one.contains, about)] if with_types else []))
    return table(heads, rows)


def _notes(notes: Iterable[Fact]) -> list[str]:
    return [
        f"{text(name)}: {' '.join(map(code, values)) if name in ('Default', 'One of') else text(values[0])}"
        for name, values in merged(notes).items()
    ]


def _actions(about: Contents) -> str:
    listed = "".join(
        f"- [{text(one.name)}](#{one.anchor})" + (f": {_said(one.description)}" if one.description else "") + "\n"
        for one in about.actions
    )
    parts = [_heading("actions", "Actions"), f"{listed}\n" if listed else "This app has no actions.\n\n"]
    return "".join(parts + [_action(one, about) for one in about.actions])


def _action(part: ActionPart, about: Contents) -> str:
    verbose = shaped(part.verbose, Rules(4, about.anchors, f"{part.anchor}-", lambda name: None))
    shown = [
        _heading(part.anchor, text(part.name), 3),
        f"{_said(part.description)}\n\n" if part.description else "",
        mdtext.markdown(verbose),
        _facts(part.facts),
        "#### Parameters\n\n",
        _fields("Parameter", part.parameters, about) if part.parameters else "This action takes no parameters.\n\n",
    ]
    if part.outputs:
        with_columns = any(one.column for one in part.outputs)
        heads = ["Data path", "Type", "Contains", "Example values", *(["Column"] if with_columns else [])]
        rows = [_output(one, about, with_columns) for one in part.outputs]
        shown += ["#### Output\n\n", table(heads, rows)]
    return "".join(shown)


def _output(one: Output, about: Contents, with_columns: bool) -> list[str]:
    examples = " ".join(map(code, one.examples)) + (f" and {one.more_examples} more" if one.more_examples else "")
    cells = [code(one.path), text(one.data_type), _type_links(one.contains, about), examples]
    return cells + ([text(one.column)] if with_columns else [])


def _type_links(names: Iterable[str], about: Contents) -> str:
    return " ".join(f"[{code(name)}](#{about.types[name].anchor})" for name in names)


def _types(about: Contents) -> str:
    if not about.types:
        return ""
    rows = [
        [f'<a id="{one.anchor}"></a>{code(one.name)}', _uses(one.takes), _uses(one.gives)]
        for one in about.types.values()
    ]
    intro = "Values are marked with what they contain. An action can be run on any value of a type that it takes.\n\n"
    return _heading("content-types", "Content types") + intro + table(["Type", "Taken by", "Given by"], rows)


def _uses(uses: list[Use]) -> str:
    return "<br>".join(
        f"[{text(use.action.name)}](#{use.action.anchor}) {' '.join(map(code, use.places[:_MOST_PLACES]))}"
        + (f" and {more} more" if (more := len(use.places) - _MOST_PLACES) > 0 else "")
        for use in uses
    )
