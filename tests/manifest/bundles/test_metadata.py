"""Reading a bundle's metadata: what a run needs, and what is made of the rest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bundles.making import LEFT_OUT, PIVOT_SCRIPT, credential, make_bundle, transform

from soarkit.errors import ManifestError
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.metadata import Metadata, is_bundle, read

DOMAIN, IPV4 = "anomali.Domain", "anomali.IPv4Address"


def made(tmp_path: Path, *transforms: dict[str, Any], **more: Any) -> Metadata:
    return read(str(make_bundle(tmp_path, transforms=transforms or None, **more)))


def names(listed: list[metadata.Transform]) -> list[str]:
    return [one.name for one in listed]


def test_a_bundle_is_known_by_its_metadata(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path)
    assert is_bundle(str(folder))
    assert is_bundle(str(folder / "metadata.json"))
    assert not is_bundle(str(folder / "icon.png"))
    assert not is_bundle(str(tmp_path))
    (tmp_path / "metadata.json").write_text('{"name": "something else"}')
    assert not is_bundle(str(tmp_path))


def test_everything_it_says(tmp_path: Path) -> None:
    about = made(
        tmp_path,
        transform("enrich", rank=2, activation=True, sample_entity_value="example.org"),
        transform("follow", pivoting=True, output_entity_types=[IPV4, 3]),
        credentials=[credential("b", rank=2, sensitive=False), credential("a", required=False, rank=1)],
        update_creds=True,
        license="MIT",
    )
    assert (about.title, about.app_name, about.version) == ("Example Source", "com.example.sample", "1.0.0")
    assert (about.icon_display, about.icon_thumbnail) == ("icon.png", "thumbnail.png")
    assert (about.is_python3, about.update_creds, about.license) == (True, True, "MIT")
    assert [(one.name, one.required, one.sensitive, one.rank) for one in about.credentials] == [
        ("a", False, True, 1),
        ("b", True, False, 2),
    ]
    enrich, follow = about.transforms
    assert (enrich.script, enrich.function, enrich.surface) == ("enrichment.py", "enrich", "context")
    assert (enrich.activation, enrich.sample_value, enrich.rank) == (True, "example.org", 2)
    assert (follow.surface, follow.output_entity_types, follow.rank) == ("pivot", (IPV4,), None)
    assert about.activations == (enrich,)


@pytest.mark.acceptance("A15")
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("pivot.py 'Search IP'", ("pivot.py", "Search IP")),
        ('pivot.py "Search IP"', ("pivot.py", "Search IP")),
        ("pivot.py Search\\ IP", ("pivot.py", "Search IP")),
        ("  pivot.py   search ", ("pivot.py", "search")),
    ],
)
def test_parameters_are_split_as_a_shell_does(tmp_path: Path, parameters: str, expected: tuple[str, ...]) -> None:
    about = made(tmp_path, transform("searchip", pivoting=True, parameters=parameters))
    assert about.transforms[0].parameters == expected


@pytest.mark.acceptance("A21")
@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([3, 1, 2], ["b", "c", "a"]),
        ([3, None, 2], ["a", "b", "c"]),
        ([1, 1, 1], ["a", "b", "c"]),
        ([2, 1, 1], ["b", "c", "a"]),
        (["3", 1.0, 2], ["b", "c", "a"]),
        ([3, 0, 2], ["a", "b", "c"]),
        ([7, 1, 3], ["b", "c", "a"]),
    ],
)
def test_ranks_order_a_group(tmp_path: Path, ranks: list[Any], expected: list[str]) -> None:
    listed = [transform(name, rank=LEFT_OUT if rank is None else rank) for name, rank in zip("abc", ranks, strict=True)]
    # Neither another type nor another use is of the group.
    about = made(tmp_path, *listed, transform("other", entity_type=IPV4), transform("pivot", pivoting=True))
    assert names(about.context(DOMAIN)) == expected
    assert names(about.pivots(DOMAIN)) == ["pivot"]
    fields = [
        credential(name, rank=LEFT_OUT if rank is None else rank) for name, rank in zip("abc", ranks, strict=True)
    ]
    about = made(tmp_path, credentials=fields, app_name="com.example.other")
    assert [one.name for one in about.credentials] == expected


@pytest.mark.acceptance("A23")
def test_a_transform_that_only_tries_credentials_is_hidden(tmp_path: Path) -> None:
    about = made(tmp_path, transform(), transform("try", enrichment=False, activation=True))
    assert names(about.context(DOMAIN)) == ["enrichDomain"]
    assert about.pivots(DOMAIN) == []
    assert [one.name for one in about.activations] == ["try"]
    assert about.activations[0].sample_value == "example.com"


@pytest.mark.acceptance("A24")
@pytest.mark.parametrize(
    "keys",
    [
        {"icons": LEFT_OUT, "icon_display": "icon.png", "icon_thumbnail": "thumbnail.png"},
        {"icons": {"icon_display": "icon.png"}, "icon_thumbnail": "thumbnail.png"},
    ],
)
def test_icons_may_be_named_at_the_top(tmp_path: Path, keys: dict[str, Any]) -> None:
    about = made(tmp_path, **keys)
    assert (about.icon_display, about.icon_thumbnail) == ("icon.png", "thumbnail.png")


@pytest.mark.parametrize(
    ("flags", "script", "expected"),
    [
        ({"pivoting": True}, "", "pivot"),
        ({"enrichment": True}, "", "context"),
        ({}, "from AnomaliEnrichment import AnomaliEnrichment", "context"),
        ({}, "import os, anomalitransform", "pivot"),
        ({"pivoting": False}, "import AnomaliEnrichment", "context"),
        ({}, "from MaltegoTransform import MaltegoTransform", "pivot"),
        ({"pivoting": "no", "enrichment": "yes"}, "", "context"),
        ({"pivoting": 1, "enrichment": 0}, "", "pivot"),
    ],
)
def test_a_missing_flag_is_inferred(tmp_path: Path, flags: dict[str, Any], script: str, expected: str) -> None:
    given = {"pivoting": LEFT_OUT, "enrichment": LEFT_OUT, **flags}
    one = transform() | {"parameters": "a.py enrichDomain"} | given
    one = {key: value for key, value in one.items() if value is not LEFT_OUT}
    assert made(tmp_path, one, scripts={"a.py": script}).transforms[0].surface == expected


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"title": LEFT_OUT}, "/title is missing"),
        ({"app_name": "sample"}, "/app_name must be <domain suffix>"),
        ({"version": "1.0"}, "/version must be <major>"),
        ({"version": 1}, "/version must be text, not a whole number"),
        ({"sdk_type": "maltego"}, '/sdk_type must be "anomali"'),
        ({"transforms": {}}, "/transforms must be a list, not an object"),
        ({"transforms": []}, "/transforms is empty"),
        ({"transforms": ["x"]}, "/transforms/0 must be an object, not text"),
        ({"transforms": [transform(entity_type="anomali.IPv6")]}, "/transforms/0/entity_type must be one of"),
        ({"transforms": [transform(parameters=" ")]}, "/transforms/0/parameters must name a script"),
        ({"transforms": [transform(parameters="a.py 'x")]}, "/transforms/0/parameters must name a script"),
        ({"transforms": [transform(parameters="../a.py x")]}, "/transforms/0/parameters must begin with the name"),
        ({"transforms": [transform(), transform()]}, "the transform enrichDomain for anomali.Domain is there twice"),
        ({"transforms": [transform(pivoting=True, enrichment=True)]}, "/transforms/0 has both"),
        ({"transforms": [transform(enrichment=False)]}, "/transforms/0 has neither"),
        ({"credentials": [credential(), credential()]}, "the credential api_key is there twice"),
        ({"credentials": [{"label": "x"}]}, "/credentials/0/name is missing"),
    ],
)
def test_what_cannot_be_run_is_refused(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    folder = make_bundle(tmp_path)
    document = json.loads((folder / "metadata.json").read_text()) | changes
    document = {key: value for key, value in document.items() if value is not LEFT_OUT}
    (folder / "metadata.json").write_text(json.dumps(document))
    with pytest.raises(ManifestError) as caught:
        read(str(folder))
    assert named in caught.value.message
    assert caught.value.exit_code == 2


def test_all_of_it_is_named_in_one_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        made(tmp_path, transform(entity_type="x", parameters="y"), version="z")
    assert caught.value.message.count(";") == 2


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path)
    with (folder / "metadata.json").open("a") as file:
        file.write(" " * metadata.LARGEST)
    with pytest.raises(ManifestError, match="bytes, which is more than"):
        read(str(folder))


def test_which_library_a_script_is_for_is_seen_in_any_import(tmp_path: Path) -> None:
    one = transform(parameters="a.py enrichDomain")
    del one["pivoting"], one["enrichment"]
    about = made(tmp_path, one, scripts={"a.py": "if True:\n    " + PIVOT_SCRIPT.splitlines()[0]})
    assert about.transforms[0].surface == "pivot"
