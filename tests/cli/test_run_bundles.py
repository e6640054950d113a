"""``soarkit run`` of a bundle: which transform the words and the value mean."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import make_archive, make_bundle, transform
from conftest import Finished

IPV4 = "anomali.IPv4Address"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make_bundle(
        tmp_path,
        transforms=[
            transform("enrich"),
            transform("enrich", entity_type=IPV4, display_name="Address"),
            transform("search", entity_type="anomali.Phrase"),
        ],
    )


@pytest.fixture
def run(tmp_path: Path, soarkit: Callable[..., Finished]) -> Callable[..., Any]:
    def call(bundle: Path, *words: str) -> Any:
        given = ("run", str(bundle), *words, "--python", sys.executable, "--home", str(tmp_path / "home"))
        return json.loads(soarkit(*given).stdout)

    return call


@pytest.mark.parametrize(
    ("wanted", "value", "ran", "taken"),
    [
        ("enrich", "192.0.2.1", "enrich ipv4", "192.0.2.1"),
        ("enrich", "example[.]com", "enrich domain", "example.com"),
        ("Address", "192.0.2.1", "enrich ipv4", "192.0.2.1"),
        ("enrich domain", "localhost", "enrich domain", "localhost"),
        ("search", "example[.]com", "search phrase", "example[.]com"),
    ],
)
def test_the_value_decides(
    run: Callable[..., Any], bundle: Path, wanted: str, value: str, ran: str, taken: str
) -> None:
    result = run(make_archive(bundle), wanted, "--param", f"value={value}")
    assert result["identifier"] == ran
    assert result["result_data"][0]["data"][0]["widgets"][0]["item"]["itemValue"] == taken


def test_one_that_does_not_fit(run: Callable[..., Any], bundle: Path) -> None:
    answer = run(bundle, "Address", "--param", "value=example.com")
    assert answer["error"]["code"] == "request"
    assert (
        answer["error"]["message"]
        == "enrich is for an IPv4 address, but 'example.com' looks like a domain or a name server"
    )


def test_a_bundle_with_warnings_only_runs(run: Callable[..., Any], tmp_path: Path) -> None:
    one = transform(enrichment="true", pivoting=0, rank="first", more=1)
    folder = make_bundle(tmp_path, transforms=[one], version="1.0.0-beta", is_python3="no")
    assert run(folder, "enrichDomain", "--param", "value=example.com")["status"] == "success"


@pytest.mark.acceptance("A15")
def test_a_quoted_function_reaches_the_script_whole(run: Callable[..., Any], tmp_path: Path) -> None:
    script = (
        "from AnomaliTransform import AnomaliTransform, EntityTypes\nat = AnomaliTransform()\nat.parseArguments()\n"
        "at.addEntity(EntityTypes.Phrase, at.getTransformName())\nat.returnOutput()\n"
    )
    listed = [transform("searchip", pivoting=True, script="pivot.py", function="'Search IP'", entity_type=IPV4)]
    result = run(
        make_bundle(tmp_path, transforms=listed, scripts={"pivot.py": script}), "searchip", "--param", "value=192.0.2.1"
    )
    assert result["result_data"][0]["data"][0]["entities"][0]["entityValue"] == "Search IP"
