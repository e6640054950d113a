"""What the page of a graph is made of."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from soarkit.enrichments.pivot import page
from soarkit.enrichments.pivot.graph import Graph

ASSETS = Path(page.__file__).parent / "assets"


def test_every_asset_is_in_the_page() -> None:
    html = page.graph_page(
        Graph("anomali.Domain", "example.org", depth=1, breadth=None, max_nodes=9), made="", soarkit="1.0"
    )
    text = html.decode()
    for path in (*ASSETS.glob("*.js"), *ASSETS.glob("*.css"), *ASSETS.glob("vendor/*.js")):
        assert path.read_text().strip() in text, path.name
    assert text.isascii() or text.encode() == html
    assert len(html) < 200_000


def test_libraries_are_the_files_of_their_packages() -> None:
    readme = (ASSETS / "vendor" / "README.md").read_text()
    listed = dict(re.findall(r"^\| (\S+\.js) \|.*\| `([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in ASSETS.glob("vendor/*.js")}
    assert listed == there
