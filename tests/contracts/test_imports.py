"""Who may import what: checked on the source, and on what a started command really loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from bundles.making import make_bundle
from conftest import APPS, ROOT

APPLIB = ROOT / "soarkit" / "applib"
OURS = {
    *("phantom", "phantom_common", "soarkit_app", "encryption_helper", "ph_ipc", "pudb"),
    *("AnomaliEnrichment", "AnomaliTransform", "anomalienrichment", "anomalitransform"),
}
#: Imported on demand inside functions, from the folder that is there for it or from the app's own environment.
ON_DEMAND = {"soarkit_encryption", "soarkit_recordings", "soarkit_requests", "requests"}
HEAVY = {"rich", "django", "celery", "jsonschema", "jsonschema_rs", "fastjsonschema", "asyncio", "cryptography", "vcr"}


@pytest.mark.parametrize("path", sorted(APPLIB.rglob("*.py")), ids=lambda path: str(path.relative_to(APPLIB)))
def test_the_app_side_is_standard_library_only(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            first = name.partition(".")[0]
            allowed = first in sys.stdlib_module_names or first in OURS or (first in ON_DEMAND and id(node) not in top)
            assert allowed, f"{path.name}:{node.lineno} imports {name}"


def _loaded(*arguments: str) -> set[str]:
    process = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "soarkit", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert process.returncode == 0, process.stderr[-2000:]
    lines = [line for line in process.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip().partition(".")[0] for line in lines}


def test_help_loads_nothing_heavy() -> None:
    loaded = _loaded("--help")
    assert not loaded & HEAVY
    assert "soarkit" in loaded


def test_a_transform_loads_nothing_heavy(tmp_path: Path) -> None:
    words = ["enrich", str(make_bundle(tmp_path)), "enrichDomain", "example.com", "--python", sys.executable]
    _loaded(*words, "-f", "json")
    loaded = _loaded(*words, "-f", "json") - _loaded("--help")  # click has its own on some Pythons
    assert not loaded & {*HEAVY, "hashlib", "subprocess", "tempfile", "xml"}


def test_a_run_loads_nothing_heavy() -> None:
    app = str(APPS / "echo")
    # The first run of all in a home makes what lasts: its certificate.
    _loaded("run", app, "echo", "-p", "text=x", "-c", "server=s", "--python", sys.executable, "-f", "table")
    loaded = _loaded("run", app, "echo", "-p", "text=x", "-c", "server=s", "--python", sys.executable, "-f", "table")
    assert not loaded & HEAVY
    assert "click" in loaded
