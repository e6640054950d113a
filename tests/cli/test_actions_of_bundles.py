"""``soarkit actions`` of enrichment bundles."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
from bundles.making import credential, make_archive, make_bundle, transform
from click.testing import CliRunner, Result

from soarkit.cli.actions import command
from soarkit.errors import RequestError
from soarkit.manifest.schema_files import read_schema

IPV4 = "anomali.IPv4Address"


def call(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--home", str(tmp_path / "home")], standalone_mode=False)


def bundle(tmp_path: Path) -> Path:
    return make_bundle(
        tmp_path,
        transforms=[
            transform("try", enrichment=False, activation=True),
            transform("follow", pivoting=True, output_entity_types=[IPV4]),
            transform("enrich", rank=2, display_name="enrich"),
            transform("enrich", rank=1, entity_type=IPV4),
            transform("first", rank=1, activation=True, sample_entity_value="a b.example.com"),
        ],
        credentials=[credential("b", rank=2, required=False), credential("a", rank=1)],
    )


def test_each_with_its_type_use_and_rank_in_the_order_of_use(tmp_path: Path) -> None:
    folder = bundle(tmp_path)
    output = call(tmp_path, str(folder)).output
    heads = [line for line in output.splitlines() if line.endswith(")") and not line.startswith(" ")]
    assert heads == [
        "Example Source 1.0.0  (enrichment bundle)",
        "first  first shown  (domain, page, rank 1, tries the credentials)",
        "enrich domain  (domain, page, rank 2)",
        "follow  follow shown  (domain, pivot, gives IPv4 address)",
        "enrich ipv4  enrich shown  (IPv4 address, page, rank 1)",
        "try  try shown  (domain, only tries the credentials)",
    ]
    assert output.index("--credential a=  password; required") < output.index("--credential b=  password")
    assert f"soarkit enrich {folder} first 'a b.example.com'" in output
    assert f"soarkit enrich {folder} 'enrich domain' example.com" in output
    assert "enrich try" not in output


def test_by_name_from_an_archive_and_as_json(tmp_path: Path) -> None:
    archive = str(make_archive(bundle(tmp_path)))
    document = json.loads(call(tmp_path, archive, "enrich", "--format", "json").output)
    jsonschema_rs.validator_for(read_schema("envelope")).validate(document)
    assert document["app"]["product_name"] == "com.example.sample"
    assert [(one["identifier"], one["surface"], one["rank"]) for one in document["actions"]] == [
        ("enrich domain", "context", 2),
        ("enrich ipv4", "context", 1),
    ]
    assert "follow shown" in call(tmp_path, archive, "follow shown").output


def test_an_unknown_one(tmp_path: Path) -> None:
    error = call(tmp_path, str(bundle(tmp_path)), "enriche").exception
    assert isinstance(error, RequestError)
    assert str(error.hint).startswith("did you mean 'enrich'")


def test_bundles_are_offered_for_a_value(tmp_path: Path) -> None:
    output = call(tmp_path, str(bundle(tmp_path)), "--for-value", "192.0.2.1").output
    assert "enrich" in output
    assert "follow" not in output
