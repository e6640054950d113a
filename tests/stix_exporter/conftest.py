"""The exporter's package is imported as the app imports it: from the app's folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

APP = Path(__file__).resolve().parents[2] / "apps" / "stix_exporter"

if str(APP) not in sys.path:
    sys.path.insert(0, str(APP))


@pytest.fixture
def see(tmp_path: Path) -> Any:
    """What makes a `create sighting`: of a root, over a library of objects that are all related to it."""
    from stix_export.options import Options
    from stix_exporter.seeing import Seen

    def made(root: tuple[str, int], objects: Any, **options: Any) -> Seen:
        return Seen(tmp_path, root, objects, Options(**options))

    return made
