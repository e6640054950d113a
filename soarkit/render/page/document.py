"""The HTML document: a shell that is always the same, JSON, and our script."""

from __future__ import annotations

from collections.abc import Mapping

from soarkit.render.page import inlined

#: What the page may do: nothing but show what is in it. ``unsafe-inline`` is for the documents of custom views, which
#: inherit this policy and bring inline scripts; in the page itself Trusted Types let no markup be made of a text.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types soarkit default"
)

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="soarkit">
<meta http-equiv="x-dns-prefetch-control" content="off">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{styles}
</style>
</head>
<body>
<main id="page"></main>
<noscript>This page needs JavaScript to show its results. It loads nothing from anywhere.</noscript>
"""
_BLOCK = '<script type="application/json" id="{name}">'
_FOOT = """<script>
{scripts}
</script>
</body>
</html>
"""


def document(
    blocks: Mapping[str, bytes], *, title: str = "soarkit report", styles: str | None = None, scripts: str | None = None
) -> bytes:
    """The page as UTF-8.

    :param blocks: JSON by the id of its script element, as :func:`~soarkit.render.page.encode.script_json` gives it;
        ids are our own words
    :param title: our own words too; what the page is about its script says
    :param styles: of another page than a report
    :param scripts: of another page than a report; run as one
    """
    head = _HEAD.format(policy=POLICY, title=title, styles=inlined.styles() if styles is None else styles)
    parts = [head.encode()]
    for name, text in blocks.items():
        parts += [_BLOCK.format(name=name).encode(), text, b"</script>\n"]
    parts.append(_FOOT.format(scripts=inlined.scripts() if scripts is None else scripts).encode())
    return b"".join(parts)
