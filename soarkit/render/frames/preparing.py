"""A view's HTML made ready for its frame, where nothing can be loaded and jQuery is only there when asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

from soarkit.render.frames.tags import Attribute, Tag, tags

#: Names of libraries, in the order in which they have to run.
LIBRARIES = ("jquery", "datatables", "echarts")

_DATATABLES_FILE = re.compile(r"datatables?\b", re.IGNORECASE)
_JQUERY_FILE = re.compile(r"jquery", re.IGNORECASE)
_ECHARTS_FILE = re.compile(r"\becharts\b", re.IGNORECASE)
_DATATABLES_CALL = re.compile(r"\bdataTable", re.IGNORECASE)
_JQUERY_CALL = re.compile(r"\$\s*[(.]|\bjQuery\b")
_ECHARTS_CALL = re.compile(r"\becharts\s*\.\s*init\b")

# Nothing of it could load, or work, in a frame; the frame has a head of its own.
_DROPPED = frozenset(
    {"applet", "base", "embed", "fencedframe", "frame", "frameset", "iframe", "link", "meta", "object", "portal"}
)
_EMBEDDED = frozenset({"embed", "iframe", "object"})
# Attributes behind which something would be loaded; those of a link only tell where it goes.
_LOADING = frozenset({"background", "lowsrc", "ping", "poster", "src", "srcset"})
_SVG_LOADING = frozenset({"feimage", "image", "use"})
_INSIDE = re.compile(r"\s*(?:data:|blob:|#|\Z)", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"@import\b[^;}@]{0,2000}(?:;|(?=\}))", re.IGNORECASE)
_CSS_URL = re.compile(
    r"url\((?!\s{0,1000}(?:[\"']\s{0,1000})?(?:data:|blob:|#))\s{0,1000}"
    r"(?:(?:\"[^\"]{0,4000}\"|'[^']{0,4000}')\s{0,1000}|[^()\"'\s][^()\"']{0,4000}|)\)",
    re.IGNORECASE,
)
_LONGEST_ADDRESS = 200


@dataclass(frozen=True)
class Prepared:
    """A view's HTML, ready for its frame.

    ``libraries`` are names out of :data:`LIBRARIES`, in their order; ``notes`` say, in words for people, what was
    left out.
    """

    html: str
    libraries: tuple[str, ...]
    notes: tuple[str, ...]


def prepare(html: str) -> Prepared:
    """Make a view's HTML ready for its frame; never fails, whatever the text is.

    Inline scripts, styles and handlers stay. What would be loaded goes: scripts and stylesheets from elsewhere (jQuery,
    DataTables and ECharts are replaced by ours), images (a labelled place is left), frames and plugins, addresses in
    styles. Text stays as it is.
    """
    return _Preparing(html).result()


@dataclass
class _Preparing:
    html: str
    pieces: list[str] = field(default_factory=list)
    needs: set[str] = field(default_factory=set)
    left_out: dict[str, int] = field(default_factory=dict)

    def result(self) -> Prepared:
        copied = 0
        for tag in tags(self.html):
            new = self._replacement(tag)
            if new is not None:
                text, end = new
                self.pieces += (self.html[copied : tag.start], text)
                copied = end
        self.pieces.append(self.html[copied:])
        if "datatables" in self.needs:
            self.needs.add("jquery")
        notes = tuple(f"{what} left out: {count}" for what, count in self.left_out.items())
        return Prepared("".join(self.pieces), tuple(name for name in LIBRARIES if name in self.needs), notes)

    def _replacement(self, tag: Tag) -> tuple[str, int] | None:
        """What stands for a tag, and the place behind what it replaces; ``None`` keeps it."""
        name = tag.name
        if name == "script":
            return self._script(tag)
        if name == "style":
            content = self.html[tag.end : tag.content_end]
            cleaned = self._style(content)
            return None if cleaned is content else (self._tag(tag) + cleaned, tag.content_end)
        if name.lstrip("/") in _DROPPED:
            return self._dropped(tag)
        if name == "img":
            source = _value(tag, "src")
            if source and not _INSIDE.match(source):
                return self._placeholder("image", _value(tag, "alt") or source, source), tag.end
        if tag.attributes:
            text = self._tag(tag)
            if text != self.html[tag.start : tag.end]:
                return text, tag.end
        return None

    def _script(self, tag: Tag) -> tuple[str, int] | None:
        source = _value(tag, "src")
        if source:
            self._library_file(source, "script")
            closing = self.html.find(">", tag.content_end)
            return "", len(self.html) if closing < 0 else closing + 1
        if "json" not in _value(tag, "type").lower():  # data, whose text may look like a call
            self._library_calls(self.html[tag.end : tag.content_end])
        return None

    def _dropped(self, tag: Tag) -> tuple[str, int]:
        name = tag.name
        if name == "link":
            target = _value(tag, "href")
            if "stylesheet" in _value(tag, "rel").lower():
                self._library_file(target, "stylesheet")
        if name not in _EMBEDDED:
            return "", tag.end
        source = _value(tag, "src") or _value(tag, "data")
        shown = self._placeholder("embedded page", source or "no address", source)
        if name != "iframe":
            return shown, tag.end
        closing = self.html.find(">", tag.content_end)
        return shown, len(self.html) if closing < 0 else closing + 1

    def _library_file(self, address: str, kind: str) -> None:
        if _DATATABLES_FILE.search(address):
            self.needs.add("datatables")
        elif _JQUERY_FILE.search(address) and kind == "script":
            self.needs.add("jquery")
        elif _ECHARTS_FILE.search(address) and kind == "script":
            self.needs.add("echarts")
        else:
            self._count(f"{kind} from elsewhere")

    def _library_calls(self, code: str) -> None:
        if _DATATABLES_CALL.search(code):
            self.needs.add("datatables")
        elif "jquery" not in self.needs and _JQUERY_CALL.search(code):
            self.needs.add("jquery")
        if _ECHARTS_CALL.search(code):
            self.needs.add("echarts")

    def _tag(self, tag: Tag) -> str:
        """The tag without what would be loaded."""
        html = self.html
        pieces: list[str] = []
        copied = tag.start
        for attribute in tag.attributes:
            new = self._attribute(tag, attribute)
            if new is not None:
                pieces += (html[copied : attribute.start], new)
                copied = attribute.end
        pieces.append(html[copied : tag.end])
        return "".join(pieces)

    def _attribute(self, tag: Tag, attribute: Attribute) -> str | None:
        """What stands for an attribute; ``None`` keeps it."""
        name, value = attribute.name, attribute.value
        if not value:
            return None
        if name == "style":
            text = attribute.text
            cleaned = self._style(text)
            return None if cleaned is text else f'style="{escape(cleaned)}"'
        if name in _LOADING or (name in ("href", "xlink:href") and tag.name in _SVG_LOADING):
            if name == "srcset" or not _INSIDE.match(attribute.text):
                self._count("address to load from")
                return ""
        elif "$" in value or name.startswith("on"):
            self._library_calls(attribute.text)
        return None

    def _style(self, css: str) -> str:
        """Styles without addresses; the very same object when there are none."""
        if "url(" not in css.lower() and "@import" not in css.lower():
            return css
        cleaned, imports = _CSS_IMPORT.subn("", css)
        cleaned, addresses = _CSS_URL.subn("none", cleaned)
        if not imports + addresses:
            return css
        self._count("address in styles", imports + addresses)
        return cleaned

    def _placeholder(self, what: str, label: str, address: str) -> str:
        self._count(what)
        shown = label if len(label) <= _LONGEST_ADDRESS else f"{label[:_LONGEST_ADDRESS]}…"
        text = f"{what} not loaded: {escape(shown, quote=False)}"
        return f'<span class="soarkit-left-out" title="{escape(address)}">{text}</span>'

    def _count(self, what: str, number: int = 1) -> None:
        self.left_out[what] = self.left_out.get(what, 0) + number


def _value(tag: Tag, name: str) -> str:
    for attribute in tag.attributes:
        if attribute.name == name:
            return attribute.text.strip()
    return ""
