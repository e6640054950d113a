"""Whether a bundle's documentation has what a certification wants (reference, section 6, rules D2 to D5 and D7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from soarkit.enrichments.documentation import SCREENSHOTS, TO_DO, TYPES, entity_types, seen, surfaces
from soarkit.enrichments.reading_documentation import Documentation, Line, Picture
from soarkit.manifest.bundles.metadata import Metadata
from soarkit.manifest.findings import Findings

#: How a text speaks of an entity type.
_WORDS = {
    "anomali.Domain": r"domains?|host ?names?",
    "anomali.IPv4Address": r"ips?|ipv4|ip(v4)? address(es)?",
    "anomali.Hash": r"hash(es)?|md5|sha-?1|sha-?256|files?",
    "anomali.EmailAddress": r"e-?mails?",
    "anomali.URL": r"urls?",
    "anomali.Phrase": r"phrases?|key ?words?|search terms?|strings?",
    "anomali.AS": r"asn?s?|autonomous systems?",
    "anomali.NSRecord": r"ns ?records?|name ?servers?",
}
#: How it speaks of a surface.
_SHOWS = {
    "context": r"observable|details?|tabs?|context|widgets?|indicator|overview",
    "pivot": r"graph|pivot(s|ing)?|explore|investigations?|transforms?|nodes?",
}
_ACTIVATION = r"activat\w*"
_STEPS = r"enter|paste|type|click|press|choose|select|open|go to|set ?up|log in|credentials?|fill in"
_CHANGES = re.compile(r"what.?s new|change[ -]?log|release notes|changes\b|history", re.IGNORECASE)
_VERSION = r"(?<![\w.])v?{}(?![\w]|\.\d)"
_SAID_VERSION = re.compile(r"\bversion[\s:=]*[\"']?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)", re.IGNORECASE)
_SCRIPT_VERSION = re.compile(r"^\s*(?:__)?version(?:__)?\s*=\s*[\"']v?(\d+\.\d+\.\d+[\w.-]*)[\"']", re.IGNORECASE)


def check_documentation(metadata: Metadata, document: Documentation, findings: Findings, *, update: bool) -> None:
    """Add what is missing, each with the next step.

    :param update: an earlier version is with people, so the change log is wanted
    """
    _check_readable(document, findings)
    if document.lines:
        _check_places(document, findings)
        _check_types(metadata, document, findings)
        _check_activation(metadata, document, findings)
        _check_links(document, findings)
        _check_transforms(metadata, document, findings)
        _check_version(metadata, document, findings)
        if update:
            _check_changes(metadata, document, findings)
    if document.lines or not document.unread:
        _check_pictures(metadata, document.pictures, findings)


def check_scripts(metadata: Metadata, scripts: Iterable[tuple[str, str]], findings: Findings) -> None:
    """Add a warning for each script that calls itself another version (D7). :param scripts: name and text"""
    for name, text in scripts:
        for number, line in enumerate(text.splitlines(), 1):
            found = _SCRIPT_VERSION.match(line)
            if found and found[1] != metadata.version:
                findings.warning(
                    "",
                    f"D7: source/{name}, line {number} says version {found[1]}, but metadata.json {metadata.version}",
                    "write the same version in both",
                )


def _check_readable(document: Documentation, findings: Findings) -> None:
    for name in document.unread:
        findings.info(
            "",
            f"D2-D5: the contents of {name} cannot be read here",
            "look yourself: observable types, activation, links, screenshots, transformations, change log",
        )
    if not document.lines and not document.unread:
        findings.error(
            "",
            "D1: there is no document among the files",
            "add one as Markdown, HTML, text or PDF; soarkit docs BUNDLE -o FOLDER writes a first version",
        )


def _check_places(document: Documentation, findings: Findings) -> None:
    for line in document.lines:
        if TO_DO in line.text:
            wanted = " ".join(line.text.replace(TO_DO, " ").split())
            findings.error("", f"D2: a place is not filled yet: {wanted}", f"write it, and remove {TO_DO!r}")


def _check_types(metadata: Metadata, document: Documentation, findings: Findings) -> None:
    # Names such as "IP to domain" and news speak of types too, and do not say that they are supported.
    told = {id(line) for line in _changes(document.lines, sure=True)}
    text = "\n".join(line.text for line in document.lines if id(line) not in told)
    names = sorted({name for one in metadata.transforms for name in (one.display_name, one.name)}, key=len)
    text = re.sub("|".join(map(re.escape, reversed(names))), " ", text, flags=re.IGNORECASE)
    for one in entity_types(metadata):
        if not _has(_WORDS.get(one, re.escape(one)), text):
            findings.error(
                "",
                f"D2: it does not say that observables of the type {TYPES.get(one, one)} are supported",
                "list the supported observable types",
            )


def _check_activation(metadata: Metadata, document: Documentation, findings: Findings) -> None:
    text = document.text
    if not any(map(_tells_activation, pairwise([Line("", ""), *document.lines]))):
        findings.error("", "D2: it does not say how to activate the enrichment", "write the steps of the activation")
        return
    for one in metadata.credentials:
        if one.required and not any(_mentions(text, name) for name in (one.label, one.name)):
            findings.warning(
                "",
                f"D2: it does not name the required credential {one.label!r}",
                "say in the steps of the activation what to enter, and where people get it",
            )


def _tells_activation(lines: tuple[Line, Line]) -> bool:
    """Whether a line says how to activate. :param lines: the one before it, and itself"""
    before, line = lines
    if line.heading:
        return False
    # Steps below a heading that says activation need not say it again.
    below = before.heading and _has(_ACTIVATION, before.text) and before.file == line.file
    return _has(_ACTIVATION, line.text) or bool(below and _has(_STEPS, line.text))


def _check_links(document: Documentation, findings: Findings) -> None:
    links = {link.rstrip("/").lower().removeprefix("https://").removeprefix("http://") for link in document.links}
    if not links:
        for about in ("your organisation", "the enrichment"):
            findings.error("", f"D2: there is no link to {about}", "write an https:// address")
    elif len(links) == 1:
        findings.error(
            "",
            f"D2: there is one link only, {document.links[0]}; wanted are one to your organisation and one to the "
            "enrichment",
            "write the other one too",
        )


def _check_pictures(metadata: Metadata, pictures: Iterable[Picture], findings: Findings) -> None:
    shown = []
    for one in pictures:
        if one.there or one.path is not None:
            shown.append(one)
        if one.there:
            continue
        if one.path is not None:
            findings.error("", f"D3: the picture {one.target} is not there", "put the file beside the document")
        else:
            findings.warning(
                "", f"D3: the picture {one.target} is on the network and not in the zip", "put the file in its place"
            )
    unsaid = [one for one in shown if not any(_has(words, _spaced(one.about)) for words in _SHOWS.values())]
    for name in surfaces(metadata):
        file, shows = SCREENSHOTS[name]
        if any(_has(_SHOWS[name], _spaced(one.about)) for one in shown):
            continue
        if unsaid:
            findings.info("", f"D3: look yourself whether {unsaid.pop(0).target} is a screenshot of {shows}", None)
        else:
            hint = f"take one, for example as images/{file}, and let its name or heading say so"
            findings.error("", f"D3: there is no screenshot of {shows}", hint)


def _check_transforms(metadata: Metadata, document: Documentation, findings: Findings) -> None:
    for one in seen(metadata):
        if not any(_mentions(document.text, name) for name in (one.display_name, one.name)):
            findings.warning(
                f"/transforms/{one.index}",
                f"D4: the list of transformations lacks {one.display_name!r}",
                "name it, and say what it gives",
            )


def _check_changes(metadata: Metadata, document: Documentation, findings: Findings) -> None:
    named = re.compile(_VERSION.format(re.escape(metadata.version)))
    told = _changes(document.lines)
    if not told:
        hint = f"write what changed under a heading such as: What's new in {metadata.version}"
        findings.error("", "D5: this is an update, and there is no change log", hint)
    elif not any(named.search(line.text) for line in told):
        hint = f"say what changed in {metadata.version}, under that number"
        findings.error("", f"D5: the change log does not name the version {metadata.version}", hint)


def _changes(lines: list[Line], *, sure: bool = False) -> list[Line]:
    """The lines of the change logs: files that are called so, and what stands below headings that say so.

    :param sure: only where it is plain what belongs to them: in plain text no heading ends them
    """
    told = []
    level: int | None = None
    for line in lines:
        if _CHANGES.search(line.file.rpartition("/")[2].replace("_", " ")):
            told.append(line)
            continue
        if level is not None and line.heading and line.heading <= level:
            level = None
        # Plain text has no headings: a short line with a colon at its end is one.
        short = not sure and line.heading == 0 and len(line.text) < 80 and _CHANGES.match(line.text.strip("#*=- "))
        if (line.heading or short) and _CHANGES.search(line.text):
            level = line.heading or 6
        if level is not None:
            told.append(line)
    return told


def _check_version(metadata: Metadata, document: Documentation, findings: Findings) -> None:
    told = {id(line) for line in _changes(document.lines)}
    others = {
        found
        for line in document.lines
        if id(line) not in told
        for found in _SAID_VERSION.findall(line.text)
        if found != metadata.version
    }
    for other in sorted(others):
        findings.warning(
            "", f"D7: the documentation says version {other}, but metadata.json {metadata.version}", "write the same"
        )


def _has(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w)(?:{words})(?!\w)", text, re.IGNORECASE) is not None


def _mentions(text: str, name: str) -> bool:
    return " ".join(name.split()).casefold() in " ".join(text.split()).casefold()


def _spaced(about: str) -> str:
    """Names of files as words."""
    return re.sub(r"[-_/.]+", " ", about)
