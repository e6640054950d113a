"""Views made ready for their frames."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.render.frames import frame_blocks, prepare

PIECES = [
    "<",
    ">",
    "</",
    "/>",
    '"',
    "'",
    "=",
    " ",
    "\n",
    "<!--",
    "-->",
    "--!>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
]
PIECES += [
    "<a ",
    "<img src=",
    "<link",
    "<iframe>",
    "</iframe>",
    "<meta ",
    "url(",
    ")",
    "@import",
    "style=",
    "src=",
    "srcset=x",
]
PIECES += ["onclick=", "$(x)", "DataTable(", "text", "&amp;", "é", "\0", "http://x/", "data:", "<textarea>", "<!", "<?"]
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def _text(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser.text


@given(SOUP)
def test_it_never_fails_and_is_done_after_once(html: str) -> None:
    ready = prepare(html)

    assert prepare(ready.html).html == ready.html


@given(st.text(alphabet=st.characters(exclude_characters="<", exclude_categories=["Cs"])))
def test_plain_text_stays(text: str) -> None:
    assert prepare(text).html == text


@given(st.lists(st.text(alphabet="abc$&;\"'= \n", max_size=8), max_size=6))
def test_the_text_of_elements_stays(texts: list[str]) -> None:
    html = "".join(
        f'<p style="background: url(http://x/)" class=a>{text}</p><link href=x><meta charset=y>' for text in texts
    )

    assert _text(prepare(html).html) == _text(html)


def test_what_is_inline_stays() -> None:
    html = """<style>p {color: red} .a {background: url("data:image/png;base64,AA==")}</style>
      <p onclick="go('<b>')" style='color: blue'>x &lt; y</p><script>if (a < b && c > d) { x = "<link>"; }</script>"""

    assert prepare(html).html == html


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<script src="/inc/datatable/js/jquery.dataTables.min.js"></script>x', "x"),
        ("<script src=https://cdn.example/jquery-3.min.js></script>x", "x"),
        ('<link rel="stylesheet" href="/inc/x.css">x', "x"),
        ('<link rel=preconnect href="//example.org">x', "x"),
        ('<base href="/a"><meta http-equiv=refresh content=0>x', "x"),
        ('<p style="color: red; background: url(/logo.png)">x', '<p style="color: red; background: none">x'),
        ("<style>@import 'a.css'; p {background: url( 'x' )}</style>x", "<style> p {background: none}</style>x"),
        ('<a href="https://example.org/" ping="/p">x</a>', '<a href="https://example.org/" >x</a>'),
        ('<img src="data:image/png;base64,AA" srcset="a 2x">x', '<img src="data:image/png;base64,AA" >x'),
        ('<video poster="http://x/p" src="/v">x</video>', "<video  >x</video>"),
        ('<svg><use href="#a"/><image href="http://x/"/></svg>', '<svg><use href="#a"/><image /></svg>'),
        ("<script>x</script", "<script>x</script"),
    ],
)
def test_what_would_be_loaded_goes(html: str, expected: str) -> None:
    assert prepare(html).html == expected


def test_an_image_from_elsewhere_leaves_its_name() -> None:
    ready = prepare('a<img alt="Flag &amp; <b>" src="https://example.org/f.png?a=1&amp;b=2">b')

    assert 'title="https://example.org/f.png?a=1&amp;b=2"' in ready.html
    assert "image not loaded: Flag &amp; &lt;b&gt;</span>b" in ready.html
    assert ready.notes == ("image left out: 1",)


@pytest.mark.parametrize(
    ("html", "libraries"),
    [
        ("<p>costs $5</p>", ()),
        ("<script>$('.x').hide()</script>", ("jquery",)),
        ("<p onclick='$(this).hide()'>", ("jquery",)),
        ('<p onwidgetload="jQuery(this).hide()">', ("jquery",)),
        ("<script>$('.x').DataTable()</script>", ("jquery", "datatables")),
        ("<script src='/inc/datatable/js/jquery.dataTables.min.js'></script>", ("jquery", "datatables")),
        ("<table class=dataTable>", ()),
        ("<script>echarts.init(document.body)</script>", ("echarts",)),
        ("<script src='/inc/echarts/echarts.min.js'></script>", ("echarts",)),
        ('<p onwidgetload="$(this).hide(); window.echarts.init(this)">', ("jquery", "echarts")),
        ("<p class=echarts>echarts</p>", ()),
        ('<script type="application/json">["$(x)", "echarts.init"]</script>', ()),
    ],
)
def test_which_libraries_a_view_needs(html: str, libraries: tuple[str, ...]) -> None:
    assert prepare(html).libraries == libraries


@pytest.mark.parametrize(
    "piece",
    [
        '<a "',
        "<a b='",
        "<!--",
        "<script>",
        '<p style="url(',
        "<style>url(",
        "<style>@import ",
        "<",
        "<a b=c ",
        "<style>url(" + " " * 100_000,
        "<p style='url(a" + " " * 100_000,
    ],
)
def test_megabytes_take_no_long_time(piece: str) -> None:
    html = piece * (2_000_000 // len(piece))
    begun = time.perf_counter()

    prepare(html)

    assert time.perf_counter() - begun < 30  # what looks again and again takes hours


def test_libraries_come_with_their_licences() -> None:
    vendored = files("soarkit.render.frames") / "assets" / "vendored"

    blocks = frame_blocks(["jquery", "datatables", "echarts"])

    assert "jQuery v3.7.1" in blocks["frame-jquery"]
    assert "Apache ECharts" in blocks["frame-echarts"][:200]
    assert set(blocks) >= {"frame-script", "frame-styles", "frame-datatables", "frame-datatables-styles"}
    for name in ("jquery.LICENSE.txt", "jquery.dataTables.LICENSE.txt"):
        assert "Permission is hereby granted" in (vendored / name).read_text()
