"""What the tests of a build share: the installers, and what was noted of an environment."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import baseline

STAMP = "soarkit-environment.json"
HAS_UV = shutil.which("uv") is not None or Path(sys.executable).with_name("uv").exists()
INSTALLERS = ["pip", pytest.param("uv", marks=pytest.mark.skipif(not HAS_UV, reason="uv is not installed"))]


def stamp(environment: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(environment.path, STAMP).read_text())
    return found


def pins() -> dict[str, str]:
    return {name: pin.partition("==")[2] for name, pin in baseline.pins(sys.version_info[:2]).items()}
