"""Recording a transform's requests, and replaying them without its source."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_bundle, transform
from conftest import Finished
from services.echo import EchoService

HEAD = """\
from AnomaliEnrichment import *
ae = AnomaliEnrichment()
ae.parseArguments()
value = ae.getEntityValue()
"""
KEY = "key-of-4711"
REQUESTING = f"""\
import sys
import requests
{HEAD}
key = ae.getCredentialValue("api_key")
answer = requests.get(value, headers={{"Authorization": "Bearer " + key}}).json()
print("key", key, file=sys.stderr)
ae.addWidget(TextWidget(ItemInWidget("String", answer["path"])))
ae.addWidget(TextWidget(ItemInWidget("String", key)))
ae.addMessage("INFO", key)
ae.returnOutput()
"""


@pytest.fixture(scope="session")
def recorder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that keeps the recording library, which is fetched once."""
    return tmp_path_factory.mktemp("recorder")


@pytest.fixture
def requesting(tmp_path: Path, soarkit: Callable[..., Finished], recorder_home: Path) -> Callable[..., Finished]:
    entry = transform("T", script="script.py", entity_type="anomali.URL")
    scripts = {"script.py": REQUESTING}
    folder = make_bundle(tmp_path, transforms=[entry], scripts=scripts, credentials=[credential()])

    def run(*words: str) -> Finished:
        given = ("-c", "api_key=env:THE_KEY", "--home", str(recorder_home), "--python", sys.executable)
        return soarkit("run", str(folder), "T", *words, *given, "--format", "json", THE_KEY=KEY)

    return run


@pytest.mark.acceptance("A34")
def test_a_recorded_run_is_replayed_without_the_source(requesting: Any, tmp_path: Path, recorder_home: Path) -> None:
    recording = tmp_path / "recording.json"
    with EchoService() as service:
        url = f"{service.url}/things"
        recorded = requesting("-p", f"value={url}", "--record", str(recording), "-v")
        assert recorded.code == 0, recorded
        assert service.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    replayed = requesting("-p", f"value={url}", "--replay", str(recording))
    values = [widget["item"]["itemValue"] for widget in replayed.data[0]["widgets"]]
    assert (replayed.code, values) == (0, ["/things", "********"])
    other = requesting("-p", f"value={url}/other", "--replay", str(recording))
    assert (other.code, other.json()["error"]["code"]) == (3, "replay")
    # Nor is the key anywhere in what was shown, or is kept.
    shown = [text for one in (recorded, replayed, other) for text in (one.stdout, one.stderr)]
    kept = [recording, *(path for path in recorder_home.rglob("*") if path.is_file())]
    assert not [text for text in shown if "4711" in text]
    assert not [path for path in kept if b"4711" in path.read_bytes()]
