"""A first version of the documentation that a certification wants (reference, section 6; guide, chapter 8).

What metadata.json says is written out; what only the author knows is a place marked with :data:`TO_DO`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soarkit.manifest.bundles.metadata import Metadata, Transform
from soarkit.render.appdocs import mdtext

#: Marks a place that the author has to fill; a submission with one left is refused.
TO_DO = "TO DO:"
#: What the documentation is called, and the folder of its screenshots beside it.
FILE, PICTURES = "documentation.md", "images"
#: Screenshots by surface: file and what they have to show.
SCREENSHOTS = {
    "context": ("observable-page.png", "the tabs on the details page of an observable"),
    "pivot": ("graph.png", "what the pivots add to the graph"),
}
#: Entity types as people read them.
TYPES = {
    "anomali.Domain": "Domain",
    "anomali.IPv4Address": "IP address (IPv4)",
    "anomali.Hash": "Hash",
    "anomali.EmailAddress": "Email address",
    "anomali.URL": "URL",
    "anomali.Phrase": "Phrase",
    "anomali.AS": "Autonomous system (AS)",
    "anomali.NSRecord": "Name server (NS record)",
}
_SURFACES = {"context": "details page of an observable", "pivot": "graph"}


def seen(metadata: Metadata) -> list[Transform]:
    """The transforms that people meet: all but those that only check the credentials."""
    return [one for one in metadata.transforms if one.surface in SCREENSHOTS]


def surfaces(metadata: Metadata) -> list[str]:
    """The surfaces that a bundle has, in the order of :data:`SCREENSHOTS`."""
    there = {one.surface for one in metadata.transforms}
    return [name for name in SCREENSHOTS if name in there]


def entity_types(metadata: Metadata) -> list[str]:
    """The entity types that people can ask about, in the order of the file."""
    return list(dict.fromkeys(one.entity_type for one in seen(metadata)))


def first_version(metadata: Metadata) -> str:
    """The documentation in Markdown, with everything that rules D2 to D5 ask for or a marked place for it."""
    return "".join(f"{block}\n\n" for block in _blocks(metadata)).rstrip("\n") + "\n"


def _blocks(metadata: Metadata) -> Iterator[str]:
    title = mdtext.text(metadata.title)
    yield f"# {title}"
    yield f"Version {mdtext.text(metadata.version)}"
    yield mdtext.text(metadata.long_description or metadata.description)
    yield f"## What's new in {mdtext.text(metadata.version)}"
    yield f"{TO_DO} what changed in this version, for people who use the one before. A first version says so."
    yield "## Supported observable types"
    yield _items(TYPES.get(one, one) for one in entity_types(metadata))
    for name in surfaces(metadata):
        yield from _surface(metadata, name)
    yield "## Transformations"
    yield _transformations(metadata).rstrip("\n")
    yield from _activation(metadata)
    yield "## More information"
    yield _links(metadata)
    yield "## Help"
    yield f"{TO_DO} the address that people write to when something does not work."


def _surface(metadata: Metadata, name: str) -> Iterator[str]:
    file, shows = SCREENSHOTS[name]
    set_name = mdtext.text(metadata.transform_set_name)
    if name == "context":
        yield "## On the details page of an observable"
        yield f"Open an observable and choose **{set_name}** under Enrichments."
    else:
        yield "## On the graph"
        yield f"Choose an observable on the graph, then Enrichments, **{set_name}** and a transformation."
    yield f"![{set_name}: {shows}]({PICTURES}/{file})"
    yield f"{TO_DO} the screenshot {PICTURES}/{file} shows {shows}."


def _transformations(metadata: Metadata) -> str:
    rows = [
        [
            mdtext.text(one.display_name),
            TYPES.get(one.entity_type, mdtext.text(one.entity_type)),
            _SURFACES[one.surface],
            mdtext.text(one.description) + _results(one.output_entity_types),
        ]
        for one in seen(metadata)
    ]
    return mdtext.table(["Name", "For", "Where", "What it gives"], rows)


def _results(types: Sequence[str]) -> str:
    return f"; gives {', '.join(TYPES.get(one, one) for one in types)}" if types else ""


def _activation(metadata: Metadata) -> Iterator[str]:
    yield "## Activation"
    steps = [
        "Log in and open **Integrations** in the settings.",
        f"Choose **Set Up** in the box of {mdtext.text(metadata.title)}.",
    ]
    if metadata.credentials:
        steps.append("Choose **I have already registered** and enter:")
    yield "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    if metadata.credentials:
        rows = [
            [mdtext.text(one.label), "yes" if one.required else "no", mdtext.text(one.description)]
            for one in metadata.credentials
        ]
        yield mdtext.table(["Field", "Required", "What it is"], rows).rstrip("\n")
    yield f"{len(steps) + 1}. Choose **Activate**."
    if any(one.required for one in metadata.credentials):
        yield f"{TO_DO} how people who have no account get one, with a link."


def _links(metadata: Metadata) -> str:
    author = mdtext.text(metadata.author or metadata.title)
    enrichment = f"<{metadata.source_url}>" if _is_address(metadata.source_url) else f"{TO_DO} a link"
    return _items([f"About {author}: {TO_DO} a link", f"About this enrichment: {enrichment}"])


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not set(text) & set("<> \n")


def _items(texts: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"- {one}" for one in texts)
