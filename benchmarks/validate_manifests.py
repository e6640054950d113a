"""Validating 300 app JSON files in one call, against ``json.load`` of the same files.

Usage: ``python benchmarks/validate_manifests.py [FOLDER]``, FOLDER holding bare app JSON files; by default the public
manifests of the project's shared folder where it exists, else generated ones. Both sides are measured in this process,
in turns, and compared by their medians. The limit is 5.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soarkit.manifest.validation import validate

FILES = 300
ROUNDS = 7
LIMIT = 5.0
PUBLIC = Path(__file__).parents[2] / "shared" / "manifests.tar.gz"


def generated(number: int) -> dict[str, Any]:
    """An app JSON of ordinary size: ten actions with thirty output fields each."""
    output = [
        {
            "data_path": f"action_result.data.*.field_{index}",
            "data_type": "string",
            "column_name": f"Field {index}",
            "column_order": index,
            "example_values": [f"value {index}"],
        }
        for index in range(30)
    ]
    actions = [
        {
            "action": f"lookup thing {index}",
            "identifier": f"lookup_thing_{index}",
            "description": "Look a thing up",
            "type": "investigate",
            "read_only": True,
            "versions": "EQ(*)",
            "parameters": {"thing": {"description": "Thing", "data_type": "string", "required": True, "order": 0}},
            "render": {"type": "table", "width": 6, "height": 5, "title": "Thing"},
            "output": output,
        }
        for index in range(10)
    ]
    return {
        "appid": f"{number:08x}-0000-4000-8000-000000000000",
        "name": f"App {number}",
        "description": "An app",
        "type": "information",
        "main_module": "app_connector.py",
        "app_version": "1.0.0",
        "product_vendor": "Contoso",
        "product_name": "Contoso",
        "product_version_regex": ".*",
        "publisher": "Contoso",
        "package_name": "phantom_app",
        "license": "Apache-2.0",
        "python_version": "3",
        "configuration": {"server": {"data_type": "string", "description": "Server", "order": 0}},
        "actions": actions,
    }


def documents(folder: str | None) -> list[dict[str, Any]]:
    """As many different app JSON documents as there are."""
    if folder:
        return [json.loads(path.read_bytes()) for path in sorted(Path(folder).glob("*.json"))]
    if PUBLIC.exists():
        with tarfile.open(PUBLIC) as tar:
            files = [tar.extractfile(member) for member in tar if member.name.endswith(".json")]
            return [json.load(file) for file in files if file]
    return [generated(number) for number in range(FILES)]


def fill(folder: str, found: list[dict[str, Any]]) -> list[str]:
    """Write FILES manifests; where documents repeat, one action is left out, so that no two are the same."""
    chance = random.Random(0)
    paths = []
    for number in range(FILES):
        document = found[number % len(found)]
        if number >= len(found) and len(document["actions"]) > 1:
            actions = list(document["actions"])
            del actions[chance.randrange(len(actions))]
            document = document | {"actions": actions}
        path = os.path.join(folder, f"{number:03}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=4)
        paths.append(path)
    return paths


def load(paths: list[str]) -> None:
    for path in paths:
        with open(path, encoding="utf-8") as file:
            json.load(file)


def check(paths: list[str]) -> int:
    return sum(len(validate(path)) for path in paths)


def command_line(paths: list[str]) -> None:
    call = [sys.executable, "-m", "soarkit", "validate", *paths]
    finished = subprocess.run(call, stdout=subprocess.DEVNULL, check=False)
    assert finished.returncode in (0, 1), finished


def seconds(call: Callable[[list[str]], object], paths: list[str]) -> float:
    start = time.perf_counter()
    call(paths)
    return time.perf_counter() - start


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        paths = fill(folder, documents(sys.argv[1] if len(sys.argv) > 1 else None))
        size = sum(map(os.path.getsize, paths)) / 2**20
        findings = check(paths)  # also warms the file cache and compiles the schema
        times = [(seconds(load, paths), seconds(check, paths), seconds(command_line, paths)) for _ in range(ROUNDS)]
    loading, checking, whole = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = checking / loading
    print(f"{FILES} app JSON files, {size:.1f} MiB, {findings} findings; medians of {ROUNDS} rounds")
    print(f"json.load             {loading * 1e3:8.0f} ms")
    print(f"validate              {checking * 1e3:8.0f} ms   {ratio:.2f} times json.load (limit {LIMIT:g})")
    print(f"soarkit validate ...  {whole * 1e3:8.0f} ms   {whole / loading:.2f} times, start-up and output included")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
