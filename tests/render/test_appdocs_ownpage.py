"""The page that an app brings itself: which one, which part of it, and how it stands in ours."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from render.documented import PNG, action, document, make_app, words

from soarkit.render.appdocs.html import page
from soarkit.render.appdocs.ownpage import own_page, without_generated

GENERATED = """# Sample Lookup

Publisher: Somebody <br>
Connector Version: 1.2.3 <br>
Product Vendor: Vendor <br>
Minimum Product Version: 6.3.0

Looks things\\_up

{manual}
### Configuration variables

This table lists the configuration variables.

VARIABLE | REQUIRED | TYPE | DESCRIPTION
-------- | -------- | ---- | -----------
**key** | required | password | The key |

### Supported Actions

[file reputation](#action-file-reputation) - Asks about a file

## action: 'file reputation'

Asks about a file

#### Action Output

No Output

______________________________________________________________________

Auto-generated Splunk SOAR Connector documentation.
"""


def own(tree: Any) -> Any:
    return next(one for one in tree.iter("section") if one.get("class") == "own")


def has_own(text: str) -> bool:
    return 'id="about"' in text


def test_the_first_page_that_says_something_is_taken(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "readme.html": "<p>From HTML</p>",
        "manual_readme_content.md": "From the manual",
        "README.md": "From README",
    }
    for empty, expected in [
        (None, "From HTML"),
        ("readme.html", "From the manual"),
        ("manual_readme_content.md", "From README"),
    ]:
        if empty is not None:
            files[empty] = "<!-- nothing -->\n\n"
        tree = document(page(make_app(tmp_path, files)))
        assert words(own(tree)) == f"About this app {expected}"
    files["README.md"] = ""
    assert not has_own(page(make_app(tmp_path, files)))


def test_of_a_generated_readme_only_what_its_author_wrote_is_taken(tmp_path: Path) -> None:
    manual = "## Ports\n\nUses port 443.\n\nSee [the action](#action-file-reputation).\n"
    text = GENERATED.format(manual=manual)
    assert without_generated(text, "Looks things_up").strip() == manual.strip()
    app = make_app(tmp_path, {"README.md": text}, description="Looks things_up")
    shown = page(app)
    assert words(own(document(shown))) == "About this app Ports Uses port 443. See the action."
    assert '<a href="#action-file-reputation">the action</a>' in shown
    assert not has_own(
        page(make_app(tmp_path, {"README.md": GENERATED.format(manual="")}, description="Looks things_up"))
    )


def test_what_was_not_generated_stays_whole() -> None:
    text = "# Title\n\n### Configuration variables\n\nMine\n\n### Supported Actions\n\nNone\n"
    assert without_generated(text, "x") == text
    # Another description than that of the JSON is the author's.
    assert without_generated(GENERATED.format(manual=""), "Other").strip() == "Looks things\\_up"


def test_the_apps_name_is_not_said_twice(tmp_path: Path) -> None:
    tree = document(page(make_app(tmp_path, {"readme.html": "<h2> sample LOOKUP </h2><p>Text</p>"})))
    assert words(own(tree)) == "About this app Text"


def test_headings_stand_below_ours(tmp_path: Path) -> None:
    text = page(make_app(tmp_path, {"README.md": "### A\n\n##### B\n\n### C\n\n# D\n\n#\n"}))
    headings = [(one.tag, words(one)) for one in own(document(text)).iter() if one.tag in ("h1", "h3", "h4", "h5")]
    assert headings == [("h3", "A"), ("h4", "B"), ("h3", "C"), ("h3", "D")]


def test_pictures_of_the_app_are_in_the_page_and_others_are_links(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    folder = tmp_path / "app"
    folder.mkdir()
    os.symlink(secret, folder / "link.png")
    readme = (
        "![Own](img/a%20b.png?raw=1) ![Outside](../secret.png) ![Linked](link.png) ![Text](notes.txt)\n\n"
        "![Far](https://example.org/x.png) [![Badge](https://example.org/b.svg)](https://example.org/ci)\n"
        '<img src="data:image/png;base64,AAAA" alt="Data"><img src="/etc/passwd">'
    )
    app = make_app(folder, {"README.md": readme, "img/a b.png": PNG, "notes.txt": "<html>no picture"})
    section = own(document(page(app)))
    assert [one.get("alt") for one in section.iter("img")] == ["Own"]
    assert [one.get("href") for one in section.iter("a")] == ["https://example.org/x.png", "https://example.org/ci"]
    text = words(section)
    for name in ("Outside", "Linked", "Text", "Data", "Far", "Badge"):
        assert f"[picture: {name}]" in text


def test_links_inside_of_the_page_lead_there(tmp_path: Path) -> None:
    readme = "[to](#set-up) [out](#nowhere) [file](docs/x.md) [bare](mailto:a@example.org)\n\n## Set up\n\nhttps://a.example/x_(y)."
    section = own(document(page(make_app(tmp_path, {"README.md": readme}))))
    assert [one.get("href") for one in section.iter("a")] == [
        "#page-set-up",
        "mailto:a@example.org",
        "https://a.example/x_(y)",
    ]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00<p>x", b"\xef\xbb\xbf# Title\r\n\r\ntext", b"\x00\x01\x02", b"a" * 5_000_000]
)
def test_any_bytes_make_a_page(tmp_path: Path, content: bytes) -> None:
    for name in ("readme.html", "README.md"):
        document(page(make_app(tmp_path / name, {name: content})))


def test_what_is_no_file_is_no_page(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    (tmp_path / "readme.html").mkdir()
    os.mkfifo(tmp_path / "README.md")
    assert own_page(app) is None


def test_verbose_takes_html_and_stays_below_its_action(tmp_path: Path) -> None:
    verbose = '<h1 id="top">Note</h1><table><tr><td>a<td>b</table><a href="https://example.org/">link</a>'
    tree = document(page(make_app(tmp_path, actions=[action(verbose=verbose)])))
    part = next(one for one in tree.iter("div") if one.get("class") == "verbose")
    assert [one.tag for one in part] == ["h4", "table", "p"]
    assert part[0].get("id") == "action-file-reputation-top"
