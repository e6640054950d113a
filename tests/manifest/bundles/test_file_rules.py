"""Rules M12 to M14 and M17: icons and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bundles.checking import check, only, short
from bundles.making import LEFT_OUT, transform

from soarkit.manifest.findings import Finding

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'


@pytest.mark.acceptance("A24")
class TestIconsM12AndM17:
    def test_at_the_top(self, tmp_path: Path) -> None:
        names = {"icon_display": "icon.png", "icon_thumbnail": "icon.png"}
        assert check(tmp_path, icons=LEFT_OUT, **names) == []
        assert check(tmp_path, icons=names, **names, folder="second") == []

    def test_two_places_that_differ(self, tmp_path: Path) -> None:
        assert only(check(tmp_path, icon_display="thumbnail.png")) == ("error", "M17", "/icon_display")

    @pytest.mark.parametrize("name", ["gone.png", "source/icon.png", "../icon.png", "..", "a\0b", "x" * 10_000])
    def test_no_such_file(self, tmp_path: Path, name: str) -> None:
        found = check(tmp_path, icons={"icon_display": name, "icon_thumbnail": "thumbnail.png"})
        assert only(found) == ("error", "M12", "/icons/icon_display")

    @pytest.mark.parametrize(
        ("content", "severity"),
        [
            (b"\xff\xd8\xff\xe0 rest", None),
            (b"GIF89a\x01\0\x01\0 rest", None),
            (SVG, "warning"),
            (b"", "error"),
            (b"text", "error"),
            (b"RIFF\0\0\0\0WEBP", "error"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 20, "error"),  # more pixels than can be shown
        ],
    )
    def test_content_decides(self, tmp_path: Path, content: bytes, severity: str | None) -> None:
        found = check(tmp_path, files={"icon.png": content})
        expected = [] if severity is None else [(severity, "M12", "/icons/icon_display")]
        assert short(found) == expected


class TestScriptsM13AndM14:
    def script(self, tmp_path: Path, text: str | bytes, **more: Any) -> list[Finding]:
        scripts = {"a.py": text, "helper.py": "", "requirements.txt": "not Python"}
        return check(tmp_path, transforms=[transform(script="a.py")], scripts=scripts, **more)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("x = 1\nprint 'Python 2'\n", "line 2"),
            ("x = 1\n\nreturn x\n", "line 3"),
            (b"x = '\xff'\n", "unicode"),
            (b"x = 1\0", "null bytes"),
            ("x = " + "(" * 10_000, "source/a.py is no Python 3"),
        ],
    )
    def test_code_that_does_not_compile(self, tmp_path: Path, text: str | bytes, words: str) -> None:
        found = self.script(tmp_path, text)
        assert only(found) == ("error", "M13", "/transforms/0/parameters")
        assert words in found[0].message.lower().replace("python", "Python")

    def test_siblings_are_compiled_too(self, tmp_path: Path) -> None:
        found = check(tmp_path, scripts={"helper.py": "def"})
        assert only(found) == ("error", "M13", "")
        assert "source/helper.py" in found[0].message

    def test_nothing_is_run(self, tmp_path: Path) -> None:
        assert self.script(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')") == []
        assert not (tmp_path / "ran").exists()

    def test_copies_of_the_library_are_not_looked_into(self, tmp_path: Path) -> None:
        scripts = {"AnomaliEnrichment.py": "not Python", "anomalitransform.py": b"\xff"}
        assert check(tmp_path, scripts=scripts) == []

    def test_what_may_be_imported(self, tmp_path: Path) -> None:
        text = (
            "import json, os.path\nfrom AnomaliEnrichment import *\nimport anomalitransform\nimport helper\n"
            "from requests.auth import HTTPBasicAuth\nfrom dateutil import parser\nimport xmljson\n"
            "try:\n    import simplejson\nexcept ImportError:\n    import ujson\n"
            "try:\n    from urllib.parse import quote\nexcept:\n    from urllib2 import quote\n"
        )
        assert self.script(tmp_path, text) == []

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("import os\nimport pandas as pd\nimport pandas.io\n", 'line 2, imports "pandas"'),
            ("def f():\n    from urllib2 import urlopen\n", 'imports "urllib2"'),
            ("try:\n    import nothing_like_it\n    x = 1\nexcept:\n    pass\n", 'imports "nothing_like_it"'),
            ("from . import helper\n", 'imports "."'),
            ("from .helper import x\n", "relative to its package"),
            ("from . helper import x\n", "relative to its package"),
            ("x = 1; import json, \\\n  pandas as pd\n", 'line 1, imports "pandas"'),
            ("if x: from pandas.io import y\n", 'imports "pandas"'),
            ("'\\d'  # from \v import\nimport pandas\n", 'line 2, imports "pandas"'),
            ("import müsli\n", 'imports "müsli"'),
            ("import urllib3\n", "only because requests needs it"),
        ],
    )
    def test_what_may_not(self, tmp_path: Path, text: str, words: str) -> None:
        found = self.script(tmp_path, text)
        assert only(found) == ("warning", "M14", "/transforms/0/parameters")
        assert words in found[0].message
        found = self.script(tmp_path, text, certification=True, folder="second")
        assert only(found) == ("error", "M14", "/transforms/0/parameters")
