"""The recorded exchange that ships with the sample app, which the README's first command answers from."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services.contoso import EICAR, EMPTY, digests

from .conftest import APP, ROOT

pytest.importorskip("vcr", reason="recordings stand on vcrpy")

RECORDING = APP / "recordings" / "file_reputation.json"
ASSET = json.loads((APP / "examples" / "asset.json").read_text("utf-8"))


def exchanges(path: Path) -> list[Any]:
    """What was asked and answered, without headers: those name versions and times."""
    recording = json.loads(path.read_text("utf-8"))
    return [
        (
            item["request"]["method"],
            item["request"]["url"],
            item["response"]["status"],
            item["response"]["body"],
        )
        for item in recording["exchanges"]
    ]


def test_replay_of_the_shipped_recording(tmp_path: Path) -> None:
    script = (
        "import json, sys\n"
        "from soarkit_recordings import Recording\n"
        "recording = Recording(sys.argv[1], 'replay', {'apikey': 'demo'})\n"
        "recording.start()\n"
        "from sampleapp_connector import SampleAppConnector\n"
        "result = SampleAppConnector()._handle_action(sys.argv[2], None)\n"
        "recording.stop()\n"
        "print(json.dumps([json.loads(result), recording.problems]))\n"
    )
    folders = [APP, ROOT / "soarkit" / "applib", ROOT / "soarkit" / "applib_extras"]
    hashes = f"{digests(EICAR)['sha256']},{digests(EMPTY)['md5']}"
    action = {
        "identifier": "file_reputation",
        "config": ASSET["configuration"],
        "parameters": [{"hash": hashes}],
    }
    done = subprocess.run(
        [sys.executable, "-c", script, str(RECORDING), json.dumps(action)],
        env={"PYTHONPATH": ":".join(map(str, folders)), "SOARKIT_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result, problems = json.loads(done.stdout)
    assert problems == []
    assert result["message"] == "Total hashes: 2, Known hashes: 2, Malicious hashes: 1"
    assert [row["verdict"] for row in result["result_data"][0]["data"]] == ["malicious", "clean"]


def test_the_shipped_recording_is_what_the_service_says(tmp_path: Path) -> None:
    """Otherwise: python tests/services/record_sample.py"""
    fresh = tmp_path / "recording.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "services" / "record_sample.py"), str(fresh)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert exchanges(fresh) == exchanges(RECORDING)
    for text in (fresh.read_text("utf-8"), RECORDING.read_text("utf-8")):
        assert "127.0.0.1" not in text
        assert f'"{ASSET["configuration"]["apikey"]}"' not in text
