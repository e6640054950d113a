"""The documentation page in Markdown: it says what the HTML page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from render.documented import PNG, action, make_app

from soarkit.render.appdocs.anchors import Anchors
from soarkit.render.appdocs.markdown import page
from soarkit.render.appdocs.mdtext import code, markdown, text
from soarkit.render.appdocs.sanitising import from_markdown, sanitised
from soarkit.render.appdocs.shaping import Rules, shaped
from soarkit.render.appdocs.tree import Node, plain, walk


def shape(nodes: list[Node]) -> list[Node]:
    return shaped(nodes, Rules(3, Anchors(), "x-", lambda name: name))


def test_a_whole_page(tmp_path: Path) -> None:
    declared = action(
        verbose="Mind the <b>limit</b>.",
        parameters={"hash": {"data_type": "string", "description": "a|b <c>", "contains": ["md5"], "required": True}},
        output=[
            {
                "data_path": "action_result.data.*.a|b",
                "data_type": "string",
                "contains": ["md5"],
                "example_values": ["`x`", "a|b"],
                "column_name": "A_",
            }
        ],
    )
    files: dict[str, str | bytes] = {"logo.png": PNG, "p.png": PNG + b"\1", "README.md": "## Set *up*\n\n![P](p.png)"}
    configuration = {"key": {"data_type": "password", "default": "hunter2", "description": "https://example.org/ key"}}
    app = make_app(tmp_path, files, actions=[declared], configuration=configuration, logo="logo.png")
    shown, pictures = page(app, "sample-files")
    assert sorted(pictures) == ["sample-files/logo.png", "sample-files/picture-1.png"]
    assert shown.startswith("# Sample Lookup\n\n![Logo](sample-files/logo.png)\n\nLooks things up\n\n")
    for expected in (
        "\n### Set *up*\n\n![P](sample-files/picture-1.png)\n",
        "\n| `key` | optional | password | <https://example.org/> key<br>Has a default: not shown |\n",
        "\n- [file reputation](#action-file-reputation): Asks about a file\n",
        '\n<a id="action-file-reputation"></a>\n\n### file reputation\n\nAsks about a file\n\nMind the **limit**.\n',
        "\n| `hash` | **required** | string | a\\|b \\<c> | [`md5`](#type-md5) |\n",
        "\n| `action_result.data.*.a\\|b` | string | [`md5`](#type-md5) | `` `x` `` `a\\|b` | A\\_ |\n",
        '\n| <a id="type-md5"></a>`md5` | [file reputation](#action-file-reputation) `hash` |',
    ):
        assert expected in shown
    assert "hunter2" not in shown
    places = set(re.findall(r'<a id="([^"]+)">', shown))
    assert set(re.findall(r"\]\(#([^)]+)\)", shown)) <= places
    assert not page(app, None)[1]
    assert "![" not in page(app, None)[0]


@pytest.mark.parametrize(
    "html",
    [
        "<p>a <b>b </b>c<i>d</i> <b>!e!</b>f <s>g</s> <sub>h</sub> <kbd>i</kbd></p>",
        "<ul><li>a<ul><li>b<li>c<ol start=3><li>d<li>e</ol></ul><li><p>f</p><p>g</p><li>h<pre>i\n\n  j</pre></ul>k",
        "<ul><li>a</ul><ul><li>b</ul><ol><li>c</ol>",
        "<blockquote><p>a</p><ul><li>b</ul></blockquote><hr><p>c",
        "<pre>```\ncode\n````</pre><p><code>`a`|</code>",
        "<table><tr><th>a|b<th>c<tr><td><code>|</code><td>e<br>f</table>",
        "<table><tr><td>a<td>b<tr><td>c</table>",
        "<p>1. a</p><p>- b</p><p># c</p><p>+ d</p><p>&gt; e</p><p>=== f</p><p>--- g</p><p>2) h</p>",
        "<p>*a* _b_ c_d_e `f` [g](h) &amp;amp; \\* ~~i~~ $j$ &lt;b>k&lt;/b> ![l](m) https://example.org/a_b_(c)</p>",
        '<h2>a</h2><h3>b</h3><p><a href="https://example.org/(x)_y_">c [d]</a> <a href="#a">e</a>',
    ],
)
def test_what_is_written_reads_as_it_was(html: str) -> None:
    before = shape(sanitised(html))
    after = shape(from_markdown(markdown(before)))
    assert "".join(plain(after).split()) == "".join(plain(before).split())
    kept = ("ul", "ol", "li", "pre", "table", "td", "th", "h3", "h4", "blockquote", "code", "a", "strong", "b")
    if "<table><tr><td>" not in html:  # a table in Markdown has a head
        renamed = {"b": "strong"}
        assert [renamed.get(one.tag, one.tag) for one in walk(after) if one.tag in kept] == [
            renamed.get(one.tag, one.tag) for one in walk(before) if one.tag in kept
        ]


def test_texts_on_one_line() -> None:
    assert text("a\r\nb\tc \x1b[0m") == "a b c \\\\x1b\\[0m"
    assert code("") == ""
    assert code("TLS 1.3 /  / AES\nx") == "`TLS 1.3 /  / AES x`"
    assert code(" `a` ") == "``  `a`  ``"
