"""What the modules of an app import."""

from __future__ import annotations

from pathlib import Path

import pytest

from soarkit.deps import imports, provides
from soarkit.deps.imports import Import

CODE = """
import os, requests as r
from google.cloud import storage
from . import sibling
from .other import thing
import helper
from phantom.action_result import ActionResult
import importlib
try:
    import simplejson as json
except ImportError:
    import json
try:
    import needed
except ValueError:
    pass
else:
    import as_needed
if TYPE_CHECKING:
    import checked
class A:
    def late(self):
        import lately
        return importlib.import_module("by.name"), __import__(self.name)
"""


def found(folder: Path) -> dict[str, bool]:
    return {one.module: one.optional for one in imports.read(str(folder)).found}


def test_every_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "helper.py").write_text("import deep.down\n")
    assert found(tmp_path) == {
        "os": False, "requests": False, "google.cloud": False, "phantom.action_result": False, "importlib": False,
        "simplejson": True, "json": True, "needed": False, "as_needed": False, "checked": True, "lately": False,
        "by.name": True, "deep.down": False,
    }  # fmt: skip


def test_what_the_app_does_not_run_is_passed_over(tmp_path: Path) -> None:
    for folder in ("tests", "wheels", ".git", "lib"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "module.py").write_text(f"import of_{folder.strip('.')}\n")
    assert list(found(tmp_path)) == ["of_lib"]


def test_places_are_known_and_broken_files_said(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("print 'two'\n")
    (tmp_path / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nimport x # \xe9\n")
    read = imports.read(str(tmp_path))
    assert read.found == (Import("x", "latin.py", 2, False),)
    assert list(read.unread) == ["old.py"]
    assert "in line 1" in read.unread["old.py"]


def test_the_standard_library_is_that_of_the_version() -> None:
    assert imports.standard("cgi", (3, 12))
    assert not imports.standard("cgi", (3, 13))
    assert imports.gone("cgi", (3, 13))
    assert not imports.standard("tomllib", (3, 9))
    assert imports.standard("json", (3, 9))
    assert imports.platform_api("phantom")
    assert not imports.platform_api("requests")


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("bs4", "beautifulsoup4"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("typing_extensions", "typing-extensions"),
        ("yaml", "pyyaml"),
        ("ldap", "python-ldap"),
    ],
)
def test_names_lead_to_distributions(module: str, distribution: str) -> None:
    assert distribution in provides.distributions(module, [distribution, "requests"])
    assert "requests" not in provides.distributions(module, [distribution, "requests"])
