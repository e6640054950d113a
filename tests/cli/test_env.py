"""``soarkit env``, as a person and as a program call it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import build, filling
from soarkit.environments.interpreters import own
from soarkit.environments.origins import IndexFile


@pytest.fixture
def built(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app whose environment is there, with a wheel of the index's, and nothing in it."""
    folder = tmp_path / "app"
    shutil.copytree(Path(__file__).parent.parent.parent / "apps" / "sampleapp", folder)
    (path,) = folder.glob("*.json")
    manifest: dict[str, Any] = json.loads(path.read_text())
    manifest["pip3_dependencies"] = {"wheel": [{"module": "tiny", "input_file": "wheels/tiny-1.0-py3-none-any.whl"}]}
    path.write_text(json.dumps(manifest))
    filled = filling.Filled(
        ("something is odd\x1b[31m",), {"tiny": IndexFile("tiny-1.0-py2.py3-none-any.whl", "a" * 64)}, ("a requires b",)
    )
    monkeypatch.setattr(filling.Filler, "fill", lambda *_: filled)
    build.ensure(manifest, str(folder), str(home), progress=lambda text: None, found=[own()])
    return folder


def test_nothing_yet(soarkit: Callable[..., Any]) -> None:
    assert soarkit("env", "list").stdout == "There are no environments yet; the first run of an app builds one.\n"
    assert soarkit("env", "list", "-f", "json").json()["environments"] == []
    assert soarkit("env", "prune").stdout == "nothing to remove\n"


def test_list(built: Path, soarkit: Callable[..., Any]) -> None:
    done = soarkit("env", "list")
    head, row, total = done.stdout.splitlines()
    assert head.split() == ["KEY", "STATE", "PYTHON", "LIST", "APPS", "SIZE", "LAST", "USED"]
    assert ["ready", sys.version.split()[0], "pip3_dependencies"] == row.split()[1:4]
    assert "just now" in row
    assert total.startswith("1 environment, ")
    (item,) = soarkit("env", "list", "-f", "json").json()["environments"]
    assert [app["folder"] for app in item["apps"]] == [str(built)]
    assert item["size"] > 0
    assert item["key"].startswith(row.split()[0])


def test_show(built: Path, soarkit: Callable[..., Any]) -> None:
    key = soarkit("env", "list").stdout.splitlines()[1].split()[0]
    done = soarkit("env", "show", key)
    assert done.code == 0
    for text in (
        "from the package index: tiny-1.0-py2.py3-none-any.whl",
        "a" * 64,
        "wheels/tiny-1.0-py3-none-any.whl is missing",
        "a requires b",
        "something is odd\\x1b[31m",
        str(built),
    ):
        assert text in done.stdout
    shown = soarkit("env", "show", key, "-f", "json").json()["environment"]
    assert shown["wheels"][0]["origin"] == "index"
    assert shown["check"] == ["a requires b"]
    assert shown["apps"][0]["folder"] == str(built)
    missing = soarkit("env", "show", "ffffffffff", "-f", "json")
    assert (missing.code, missing.json()["error"]["code"]) == (2, "request")
    assert "soarkit env list" in missing.stderr


def test_prune(built: Path, home: Path, soarkit: Callable[..., Any]) -> None:
    shutil.rmtree(built)
    key = soarkit("env", "list").stdout.splitlines()[1].split()[0]
    planned = soarkit("env", "prune", "--dry-run").stdout
    assert planned.startswith(f"would remove {key}: no app uses it\n")
    document = soarkit("env", "prune", "--format", "json").json()
    assert [one["key"] for one in document["removed"]] == [key]
    assert document["freed"] > 0
    assert os.listdir(home / "environments") == [".memos"]


def test_refresh_by_app_and_by_key(tmp_path: Path) -> None:
    """With an installer that installs nothing."""
    tool = tmp_path / "bin" / "uv"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nexit 0\n")
    tool.chmod(0o755)
    folder = tmp_path / "app"
    shutil.copytree(Path(__file__).parent.parent.parent / "apps" / "sampleapp", folder)
    script = (
        "import sys; from soarkit.environments import installers; tool = sys.argv.pop(1); "
        "installers._uv = lambda: tool; "
        "from soarkit.cli.main import main; main()"
    )

    def refresh(name: str) -> Any:
        command = [sys.executable, "-c", script, str(tool), "env", "refresh", name]
        root = Path(__file__).parent.parent.parent
        return subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)

    first = refresh(str(folder))
    assert first.returncode == 0, first.stderr
    path = first.stdout.strip()
    assert "soarkit: building the app's environment (once)" in first.stderr
    again = refresh(os.path.basename(path)[:10])
    assert again.returncode == 0, again.stderr
    assert "soarkit: building the app's environment (again)" in again.stderr
    assert again.stdout.strip() == f"{path}.2"
    assert refresh(str(folder)).stdout.strip() == f"{path}.3"
    assert refresh("nothing-like-that").returncode == 2
