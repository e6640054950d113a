"""The sample app's connector in this process, against the Contoso service."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("requests", reason="the sample app talks HTTP with requests")

ROOT = Path(__file__).parent.parent.parent
APP = ROOT / "apps" / "sampleapp"
for folder in (str(APP), str(ROOT / "soarkit" / "applib")):
    if folder not in sys.path:
        sys.path.append(folder)

from tests.services.contoso import ContosoService  # noqa: E402

Act = Callable[..., dict[str, Any]]


@pytest.fixture
def service() -> Iterator[ContosoService]:
    with ContosoService(api_key="s3cr3t-key") as running:
        yield running


@pytest.fixture
def act(service: ContosoService) -> Act:
    """``act(identifier, {parameters}, ..., config variable=value)`` gives the run's result."""

    def run(identifier: str, *parameters: dict[str, Any], **config: Any) -> dict[str, Any]:
        from sampleapp_connector import SampleAppConnector

        asset = {"base_url": service.url, "apikey": "s3cr3t-key", **config}
        action = {"identifier": identifier, "asset_id": "7", "config": asset, "parameters": list(parameters)}
        result = json.loads(SampleAppConnector()._handle_action(json.dumps(action), None))
        assert isinstance(result, dict)
        return result

    return run
