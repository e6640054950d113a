"""The documentation of bundles: its first version, and what a certification wants of it (D2 to D5, D7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import credential, make_bundle, png, transform

from soarkit.enrichments.documentation import TO_DO, first_version
from soarkit.enrichments.documentation_checks import check_documentation, check_scripts
from soarkit.enrichments.reading_documentation import read_documentation
from soarkit.errors import ArchiveError, UsageError
from soarkit.manifest.bundles.metadata import Metadata, read
from soarkit.manifest.findings import Findings

GOOD = """\
# Example Source

## What's new in 2.0.0

- Asks about IP addresses too.

## Observables

Domains and IP addresses are supported.

## On the details page of an observable

![The tabs](pictures/tabs.png)

## On the graph

![Nodes](pictures/graph.png)

## Transformations

- **Overview**: what is known of a domain
- **IP to domain**: the domains of an address

## Activation

Choose Set Up, enter your Api Key and choose Activate.

More of [Example](https://example.com) and of [the enrichment](https://example.com/enrichment).
"""


@pytest.fixture
def metadata(tmp_path: Path) -> Metadata:
    return read(
        str(
            make_bundle(
                tmp_path / "bundle",
                version="2.0.0",
                credentials=[credential(), credential("api_url", required=False, sensitive=False)],
                transforms=[
                    transform("overview", display_name="Overview", description="What is known | of it"),
                    transform(
                        "ipToDomain",
                        pivoting=True,
                        display_name="IP to domain",
                        entity_type="anomali.IPv4Address",
                        output_entity_types=["anomali.Domain"],
                    ),
                    transform("check", enrichment=False, activation=True, entity_type="anomali.Hash"),
                ],
            )
        )
    )


Check = Callable[..., list[str]]


@pytest.fixture
def check(metadata: Metadata, tmp_path: Path) -> Check:
    """``check({file: text or bytes}, update=True)`` gives the findings in short."""

    def run(files: dict[str, str | bytes], *, update: bool = False) -> list[str]:
        folder = tmp_path / "documentation"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        findings = Findings("documentation")
        check_documentation(metadata, read_documentation(str(folder)), findings, update=update)
        assert all(one.hint or one.severity == "info" for one in findings.items), "the next step"
        return [f"{one.severity} {one.message}" for one in findings.items]

    return run


PICTURES: dict[str, str | bytes] = {"pictures/tabs.png": png(), "pictures/graph.png": png()}


@pytest.mark.acceptance("A47")
def test_what_has_everything_is_fine(check: Check) -> None:
    assert check({"manual.md": GOOD, **PICTURES}, update=True) == []


def test_it_may_be_html_or_text(check: Check) -> None:
    page = """<html><head><title>T</title><style>.x{}</style></head><body><h1>Example 2.0.0</h1>
    <h2>Change log</h2><p>2.0.0: new</p><h2>Use</h2><p>Domains, IPs.</p>
    <p>Overview, IP to domain. Activate with the Api Key.</p>
    <h3>Graph</h3><img src="pictures/graph.png"><h3>Details</h3><img src="data:image/png;base64,xx">
    <a href="https://example.com">us</a> <a href="https://example.com/it">it</a></body></html>"""
    assert check({"manual.html": page, "pictures/graph.png": png()}, update=True) == []


def test_text_shows_pictures_beside_it(check: Check) -> None:
    text = """Example

What's new in version 2.0.0:

- faster

Domains and IP addresses. Overview, IP to domain.
Activate it with your API key. See www.example.com and https://example.com/it.
"""
    assert check({"manual.txt": text, "graph.png": png(), "observable.png": png()}, update=True) == []


def test_each_thing_that_is_missing_is_said(check: Check) -> None:
    assert check({"manual.md": "# Nothing\n"}) == [
        "error D2: it does not say that observables of the type Domain are supported",
        "error D2: it does not say that observables of the type IP address (IPv4) are supported",
        "error D2: it does not say how to activate the enrichment",
        "error D2: there is no link to your organisation",
        "error D2: there is no link to the enrichment",
        "warning D4: the list of transformations lacks 'Overview'",
        "warning D4: the list of transformations lacks 'IP to domain'",
        "error D3: there is no screenshot of the tabs on the details page of an observable",
        "error D3: there is no screenshot of what the pivots add to the graph",
    ]


def test_what_stands_below_the_heading_of_the_activation_tells_of_it(check: Check) -> None:
    told = GOOD.replace("Choose Set Up, enter your Api Key and choose Activate.", "Enter your Api Key.")
    assert told != GOOD
    assert not [one for one in check({"manual.md": told, **PICTURES}) if not one.startswith("info")]


def test_a_text_that_nobody_wrote_is_not_read(check: Check) -> None:
    found = check({"manual.md": GOOD, "dump.md": b"[a](" * (1 << 20) + b"x", **PICTURES})
    assert found == ["info D2-D5: the contents of dump.md cannot be read here"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("Domains and IP addresses are", "Domains are"), "error D2: it does not say that observables of the type IP"),
        (("Choose Set Up, enter your Api Key and choose Activate.", ""), "error D2: it does not say how to activate"),
        (("enter your Api Key", "enter it"), "warning D2: it does not name the required credential 'Api Key'"),
        ((" and of [the enrichment](https://example.com/enrichment)", ""), "error D2: there is one link only"),
        (("**IP to domain**", "**Other**"), "warning D4: the list of transformations lacks 'IP to domain'"),
        (("pictures/graph.png", "pictures/lost.png"), "error D3: the picture pictures/lost.png is not there"),
        (("pictures/graph.png", "https://e.example/graph.png"), "warning D3: the picture https://e.example/graph.png"),
        (("# Example Source", "# Example Source, version 1.4.0"), "warning D7: the documentation says version 1.4.0"),
        (("- Asks about IP", "TO DO: say what\n\nAsks about IP"), "error D2: a place is not filled yet: say what"),
    ],
)
def test_what_was_taken_away_is_found(check: Check, change: tuple[str, str], found: str) -> None:
    assert change[0] in GOOD
    changed = GOOD.replace(*change)
    findings = [one for one in check({"manual.md": changed, **PICTURES}) if not one.startswith("info")]
    assert len(findings) == 1
    assert findings[0].startswith(found)


@pytest.mark.acceptance("A47")
def test_an_update_needs_a_change_log_with_its_version(check: Check) -> None:
    without = GOOD.replace("## What's new in 2.0.0", "## Note")
    assert check({"manual.md": without, **PICTURES}) == []
    assert check({"manual.md": without, **PICTURES}, update=True) == [
        "error D5: this is an update, and there is no change log"
    ]
    older = GOOD.replace("new in 2.0.0", "new in 12.0.0")
    assert check({"manual.md": older, **PICTURES}, update=True) == [
        "error D5: the change log does not name the version 2.0.0"
    ]
    # One in a file of its own counts too.
    assert check({"manual.md": without, "CHANGELOG.md": "# 2.0.0\n\nFaster.\n", **PICTURES}, update=True) == []


def test_pictures_that_say_nothing_are_for_a_person(check: Check) -> None:
    vague = GOOD.replace("## On the graph\n\n![Nodes](pictures/graph.png)", "## More\n\n![](one.png)")
    found = check({"manual.md": vague, "one.png": png(), "pictures/tabs.png": png()})
    assert found == ["info D3: look yourself whether one.png is a screenshot of what the pivots add to the graph"]


def test_pdf_files_are_taken_unread(check: Check) -> None:
    assert check({"manual.pdf": b"%PDF-1.7"}, update=True) == [
        "info D2-D5: the contents of manual.pdf cannot be read here"
    ]


def test_a_folder_of_pictures_is_no_documentation(check: Check) -> None:
    assert check(PICTURES)[0] == "error D1: there is no document among the files"


def test_what_systems_leave_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    (folder / "__MACOSX").mkdir(parents=True)
    for name in ("a.md", ".DS_Store", "._a.md", "__MACOSX/x"):
        (folder / name).write_text("x")
    found = read_documentation(str(folder))
    assert list(found.files) == ["a.md"]
    assert sorted(found.left_out) == [".DS_Store", "._a.md", "__MACOSX"]


def test_what_cannot_travel_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (tmp_path / "outside.md").write_text("x")
    (folder / "a.md").symlink_to(tmp_path / "outside.md")
    with pytest.raises(ArchiveError, match="leads out"):
        read_documentation(str(folder))
    with pytest.raises(UsageError, match="no such documentation"):
        read_documentation(str(tmp_path / "nowhere"))


def test_the_first_version_has_everything_or_a_place_for_it(metadata: Metadata, check: Check) -> None:
    text = first_version(metadata)
    assert "| Overview | Domain | details page of an observable | What is known \\| of it |" in text
    assert "gives Domain" in text
    assert "check" not in text, "what only tries the credentials is nothing that people use"
    for place in ("images/observable-page.png", "images/graph.png", "What's new in 2.0.0", "| Api Key | yes |"):
        assert place in text
    found = check({"documentation.md": text}, update=True)
    assert {one.split(":")[0] for one in found} <= {"error D2", "error D3"}
    assert not [one for one in found if "not say" in one], "only places and pictures are left to the author"
    # Filled and with its pictures it is fine.
    filled = text.replace(f"{TO_DO} a link", "https://example.com/a").replace(
        "About this enrichment: https://example.com/a", "About this enrichment: https://example.com/b"
    )
    filled = "\n".join(line for line in filled.splitlines() if TO_DO not in line)
    pictures: dict[str, str | bytes] = {"images/observable-page.png": png(), "images/graph.png": png()}
    assert check({"documentation.md": filled, **pictures}, update=True) == []


def test_the_first_version_of_one_surface_asks_for_that_alone(tmp_path: Path) -> None:
    text = first_version(read(str(make_bundle(tmp_path))))
    assert "graph" not in text.lower()
    assert "Choose **Activate**" in text


def test_scripts_that_say_another_version_are_told_of(metadata: Metadata) -> None:
    findings = Findings("bundle")
    scripts = [("a.py", 'x = 1\nVERSION = "1.9.0"\n'), ("b.py", '__version__ = "2.0.0"\n')]
    check_scripts(metadata, scripts, findings)
    assert [one.message for one in findings.items] == [
        "D7: source/a.py, line 2 says version 1.9.0, but metadata.json 2.0.0"
    ]
