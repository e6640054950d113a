"""A sound app, as a dictionary and as a folder."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.manifest.findings import Finding
from soarkit.manifest.validation import validate

SHARED = Path(__file__).parents[3] / "shared"

CONNECTOR = "class Connector: ...\n"
VIEW = "def file_reputation(provides, all_app_runs, context):\n    return 'view.html'\n"


def sound_app() -> dict[str, Any]:
    """An app JSON that has something of everything the guide lists, and nothing wrong."""
    return {
        "appid": "fd4dc1ce-b63c-4d0e-94e6-df0ae680d99c",
        "name": "SampleApp",
        "description": "Query the Sample reputation service",
        "type": "reputation",
        "main_module": "sampleapp_connector.py",
        "app_version": "1.0.0",
        "product_vendor": "Contoso",
        "product_name": "Contoso Reputation",
        "product_version_regex": ".*",
        "logo": "contoso.svg",
        "publisher": "Contoso Corp",
        "package_name": "phantom_sampleapp",
        "license": "Apache-2.0",
        "python_version": "3",
        "configuration": {
            "server": {"data_type": "string", "description": "Server", "required": True, "order": 0},
            "apikey": {"data_type": "password", "description": "Key", "order": 1},
            "mode": {"data_type": "string", "description": "Mode", "value_list": ["fast", "full"], "default": "fast"},
        },
        "actions": [
            {
                "action": "test connectivity",
                "identifier": "test_connectivity",
                "description": "Check the asset",
                "type": "test",
                "read_only": True,
                "parameters": {},
                "output": [],
                "versions": "EQ(*)",
            },
            {
                "action": "file reputation",
                "identifier": "file_reputation",
                "description": "Query a file",
                "type": "investigate",
                "read_only": True,
                "versions": "EQ(*)",
                "parameters": {
                    "hash": {
                        "description": "Hash",
                        "data_type": "string",
                        "contains": ["hash"],
                        "required": True,
                        "primary": True,
                        "allow_list": True,
                        "order": 0,
                    },
                    "depth": {"description": "Depth", "data_type": "numeric", "default": 1, "order": 1},
                },
                "lock": {"enabled": True, "data_path": "parameters.hash", "timeout": 600},
                "render": {
                    "type": "custom",
                    "width": 4,
                    "height": 5,
                    "view": "sampleapp_view.file_reputation",
                    "title": "File reputation",
                },
                "output": [
                    {
                        "data_path": "action_result.parameter.hash",
                        "data_type": "string",
                        "column_name": "Hash",
                        "column_order": 0,
                    },
                    {
                        "data_path": "action_result.data.*.sha1",
                        "data_type": "string",
                        "column_name": "SHA1",
                        "column_order": 1,
                        "example_values": ["f0eb"],
                    },
                    {"data_path": "summary.total_objects", "data_type": "numeric"},
                ],
            },
            {
                "action": "block hash",
                "identifier": "block_hash",
                "description": "Block a file",
                "type": "contain",
                "read_only": False,
                "undo": "file reputation",
                "versions": "IN(1.*, 2.*)",
                "parameters": {},
                "render": {"type": "table", "width": 6, "height": 2, "title": "Block"},
                "output": [],
            },
        ],
    }


@pytest.fixture
def raw() -> dict[str, Any]:
    """The sound app JSON; a fresh copy to change."""
    return sound_app()


@pytest.fixture
def folder(tmp_path: Path, raw: dict[str, Any]) -> Path:
    """The sound app's folder."""
    place = tmp_path / "sampleapp"
    place.mkdir()
    (place / "app.json").write_text(json.dumps(raw))
    (place / "sampleapp_connector.py").write_text(CONNECTOR)
    (place / "sampleapp_view.py").write_text(VIEW)
    (place / "contoso.svg").write_text("<svg/>")
    return place


@pytest.fixture
def check(folder: Path) -> Callable[[object], list[Finding]]:
    """Validate an app JSON in the sound app's folder."""

    def run(document: object) -> list[Finding]:
        (folder / "app.json").write_text(json.dumps(document))
        return validate(str(folder / "app.json"), shown_as="app.json")

    return run


@pytest.fixture(scope="session")
def public_manifests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """App JSON files of 200 published apps."""
    archive = SHARED / "manifests.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive.name} of the shared folder is not here")
    place = tmp_path_factory.mktemp("public")
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")
    return sorted(place.rglob("*.json"))
