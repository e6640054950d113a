"""What ``validate`` finds about the files that an app JSON names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.manifest.findings import Finding
from soarkit.manifest.validation import validate

Check = Callable[[object], list[Finding]]


def found(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.pointer) for finding in findings]


def test_a_bare_json_is_checked_without_them_and_says_so(tmp_path: Path, raw: dict[str, Any]) -> None:
    for name in ("one.json", "two.json"):
        (tmp_path / name).write_text(json.dumps(raw))
    (tmp_path / "some_script.py").write_text("")
    assert found(validate(str(tmp_path / "one.json"))) == [("info", "")]


def test_any_file_of_the_app_beside_it_makes_it_an_app(tmp_path: Path, raw: dict[str, Any]) -> None:
    (tmp_path / "app.json").write_text(json.dumps(raw))
    (tmp_path / "contoso.svg").write_text("<svg/>")
    assert found(validate(str(tmp_path / "app.json"))) == [
        ("error", "/main_module"),
        ("error", "/actions/1/render/view"),
    ]


def test_the_only_json_beside_code_is_an_app(tmp_path: Path, raw: dict[str, Any]) -> None:
    (tmp_path / "app.json").write_text(json.dumps(raw))
    (tmp_path / "sampelapp_connector.py").write_text("")
    assert ("error", "/main_module") in found(validate(str(tmp_path / "app.json")))


def test_an_sdk_app(folder: Path, raw: dict[str, Any], check: Check) -> None:
    (folder / "src").mkdir()
    (folder / "src" / "app.py").write_text("app = object()\n\ndef render(x): ...\n")
    raw["main_module"] = "src.app:app"
    raw["webhook"] = {"handler": "src.app.app.handle_webhook"}
    raw["actions"][1]["render"]["view"] = "src.app.render"
    assert check(raw) == []
    raw["actions"][1]["render"]["view"] = "src.app.rendre"
    assert found(check(raw)) == [("error", "/actions/1/render/view")]


@pytest.mark.parametrize(
    ("source", "sound"),
    [
        ("from views import file_reputation\n", True),
        ("from views import other as file_reputation\n", True),
        ("from views import *\n", True),
        ("file_reputation = lambda *a: ''\n", True),
        ("try:\n    import x\nexcept ImportError:\n    def file_reputation(*a): ...\n", True),
        ("if True:\n    async def file_reputation(*a): ...\n", True),
        ("class View:\n    def file_reputation(self): ...\n", False),
        ("def other():\n    file_reputation = 1\n", False),
        ("", False),
        ("print 'Python 2'\n", False),
        ("x = '\\d'\ndef file_reputation(*a): ...\n", True),
        ("\0", False),
    ],
)
def test_a_views_function_is_looked_for_without_running_it(
    folder: Path, raw: dict[str, Any], check: Check, source: str, sound: bool
) -> None:
    (folder / "sampleapp_view.py").write_text(source)
    assert found(check(raw)) == ([] if sound else [("error", "/actions/1/render/view")])


def test_a_wheel_that_is_there(folder: Path, raw: dict[str, Any], check: Check) -> None:
    (folder / "wheels").mkdir()
    (folder / "wheels" / "x.whl").write_bytes(b"")
    raw["pip3_dependencies"] = {"wheel": [{"module": "x", "input_file": "./wheels/x.whl"}]}
    assert check(raw) == []
