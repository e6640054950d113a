"""Metadata that is wrong in any way gives findings, or one clear error, and never anything else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
from bundles.making import credential, make_bundle, transform
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soarkit.errors import ManifestError
from soarkit.manifest.bundles.validating import validate_bundle
from soarkit.manifest.loader import load
from soarkit.manifest.schema_files import read_schema

SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
WORDS = st.sampled_from(
    [
        "",
        " ",
        "x",
        "true",
        "1",
        "1.0.0",
        "1.0.0-beta",
        "a.b.c",
        "anomali",
        "anomali.Hash",
        "enrichment.py",
        "pivot.py a",
    ]
)
PLAIN = st.none() | st.booleans() | st.integers(-2, 3) | WORDS | st.text(alphabet="aé/~ .'\"\\\n\x7f", max_size=8)
VALUES = st.recursive(
    PLAIN | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
LISTED = [transform(rank=1, activation=True, sample_entity_value="example.com"), transform("p", pivoting=True)]
FIELDS = [credential(rank=1), credential("other", required=False, rank=2)]
#: Rules that look at one place; the others compare places, and look into files.
OF_ONE_PLACE = ("M2", "M3", "M4", "M15", "M16", "M18")


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in a document."""
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [path, *(inner for key, value in items for inner in places(value, (*path, key)))]


@st.composite
def changed(draw: st.DrawFn, document: dict[str, Any], values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """The document with up to three places removed, replaced or added."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([one for one in places(document) if one]))
        parent = document
        for key in path[:-1]:
            parent = parent[key]
        change = draw(st.sampled_from(["remove", "replace", "add"]))
        if change == "remove":
            del parent[path[-1]]
        elif change == "replace" or isinstance(parent, list):
            parent[path[-1]] = draw(values)
        else:
            parent[draw(WORDS)] = draw(values)
        if not [one for one in places(document) if one]:
            break
    return document


def sound(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path / "bundle"
    if not folder.exists():
        make_bundle(tmp_path, transforms=LISTED, credentials=FIELDS, folder="bundle")
        (tmp_path / "original.json").write_text((folder / "metadata.json").read_text())
    document: dict[str, Any] = json.loads((tmp_path / "original.json").read_text())
    return folder, document


@SETTINGS
@given(st.data())
def test_what_loads_and_what_is_an_error_agree(tmp_path: Path, data: st.DataObject) -> None:
    folder, document = sound(tmp_path)
    (folder / "metadata.json").write_text(json.dumps(data.draw(changed(document, VALUES))))
    found = validate_bundle(str(folder))
    errors = [one for one in found if one.severity == "error"]
    try:
        app = load(folder)
    except ManifestError:
        assert errors
    else:
        assert app.kind == "enrichment"
    assert all(one.message and "\n" not in one.message for one in found)


@SETTINGS
@given(st.data())
def test_the_schema_and_the_rules_agree(tmp_path: Path, data: st.DataObject) -> None:
    folder, document = sound(tmp_path)
    document = data.draw(changed(document, PLAIN | st.lists(PLAIN, max_size=2)))
    (folder / "metadata.json").write_text(json.dumps(document))
    found = validate_bundle(str(folder))
    if not jsonschema_rs.validator_for(read_schema("metadata")).is_valid(document):
        assert found
    else:
        assert [one for one in found if one.message.partition(":")[0] in OF_ONE_PLACE] == []


@SETTINGS
@given(VALUES)
def test_any_json_at_all(tmp_path: Path, document: Any) -> None:
    (tmp_path / "metadata.json").write_text(json.dumps(document))
    assert any(one.severity == "error" for one in validate_bundle(str(tmp_path / "metadata.json")))


@SETTINGS
@given(st.binary(max_size=50), st.integers(0, 5000), st.integers(0, 50))
def test_any_bytes(tmp_path: Path, noise: bytes, at: int, length: int) -> None:
    folder, document = sound(tmp_path)
    content = json.dumps(document).encode()
    (folder / "metadata.json").write_bytes(content[:at] + noise + content[at + length :])
    validate_bundle(str(folder))


def test_a_thousand_wrong_entries_end(tmp_path: Path) -> None:
    folder, document = sound(tmp_path)
    document["transforms"] = [{}] * 100_000
    (folder / "metadata.json").write_text(json.dumps(document))
    found = validate_bundle(str(folder))
    assert "has 100000 entries; the most is 1000" in found[0].message
    assert len(found) < 10_000


def test_the_schema_is_one(tmp_path: Path) -> None:
    schema = read_schema("metadata")
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validate(schema, sound(tmp_path)[1])
