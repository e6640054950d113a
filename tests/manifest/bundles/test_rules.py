"""Rules about metadata, each with its level, its place and its words; M12 to M14 are in ``test_file_rules``."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from bundles.checking import check, only, short
from bundles.making import LEFT_OUT, credential, make_bundle, transform

from soarkit.manifest.bundles.validating import validate_bundle
from soarkit.manifest.findings import Finding
from soarkit.manifest.loader import load

IPV4 = "anomali.IPv4Address"


def test_a_sound_bundle_has_no_findings(tmp_path: Path) -> None:
    listed = [
        transform(rank=1, activation=True, sample_entity_value="example.com"),
        transform("b", rank=2),
        transform("p", pivoting=True, output_entity_types=[IPV4]),
    ]
    texts = {"long_description": "x", "license": "MIT", "source_url": "https://example.com", "update_creds": False}
    fields = [credential(rank=1), credential("other", rank=2)]
    assert check(tmp_path, transforms=listed, credentials=fields, certification=True, **texts) == []


class TestFileM1:
    def test_missing(self, tmp_path: Path) -> None:
        folder = make_bundle(tmp_path)
        (folder / "metadata.json").unlink()
        found = validate_bundle(str(folder))
        assert only(found) == ("error", "M1", "")
        assert found[0].file == str(folder / "metadata.json")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "not valid JSON"),
            (b'{"transforms": [1,]}', "not valid JSON"),
            (b"[]", "this file holds a list"),
            (b'{"title": "\xff"}', "not UTF-8"),
            ('{"title": "x"}'.encode("utf-16"), "UTF-16"),
            (b'{"title": NaN}', "NaN is not a JSON number"),
            (b'{"title": "\\ud800"}', "lone surrogate"),
            (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
            (b'{"transforms": "' + b"x" * 4_000_000 + b'"}', "more than the"),
            (b'{"title": ' + b"9" * 10_000 + b"}", "not usable JSON"),
        ],
    )
    def test_unreadable_is_one_error(self, tmp_path: Path, content: bytes, words: str) -> None:
        folder = make_bundle(tmp_path)
        (folder / "metadata.json").write_bytes(content)
        found = validate_bundle(str(folder))
        assert only(found) == ("error", "M1", "")
        assert words in found[0].message

    def test_repeated_keys(self, tmp_path: Path) -> None:
        folder = make_bundle(tmp_path)
        path = folder / "metadata.json"
        text = path.read_text().replace(
            '"author": "Example",\n            "param', '"author": "Twice", "author": "A", "param'
        )
        path.write_text('{"title": "first",' + text.lstrip()[1:])
        assert short(validate_bundle(str(folder))) == [
            ("warning", "M1", "/title"),
            ("warning", "M1", "/transforms/0/author"),
        ]


class TestKeysM2:
    @pytest.mark.parametrize("key", ["title", "transform_set_name", "description", "sdk_type", "app_name", "version"])
    @pytest.mark.parametrize("value", [LEFT_OUT, "", " ", 3, None, [], {}])
    def test_required_texts(self, tmp_path: Path, key: str, value: Any) -> None:
        severity, rule, pointer = only(check(tmp_path, folder="b", **{key: value}))
        assert (severity, pointer) == ("error", f"/{key}")
        assert rule == ("M3" if key == "sdk_type" and value is not LEFT_OUT else "M2")

    def test_one_set_name_only(self, tmp_path: Path) -> None:
        found = check(tmp_path, transform_set_name=["A", "B"])
        assert only(found) == ("error", "M2", "/transform_set_name")
        assert "not a list of them" in found[0].message

    def test_credentials_may_be_missing(self, tmp_path: Path) -> None:
        folder = make_bundle(tmp_path)
        document = json.loads((folder / "metadata.json").read_text())
        del document["credentials"]
        (folder / "metadata.json").write_text(json.dumps(document))
        assert only(validate_bundle(str(folder))) == ("warning", "M2", "/credentials")
        assert load(folder).configuration == {}

    @pytest.mark.parametrize("key", ["credentials", "transforms"])
    @pytest.mark.parametrize(("value", "pointer"), [({}, ""), (None, ""), ("x", ""), (["x"], "/0"), ([None], "/0")])
    def test_lists_of_objects(self, tmp_path: Path, key: str, value: Any, pointer: str) -> None:
        folder = make_bundle(tmp_path)
        document = json.loads((folder / "metadata.json").read_text()) | {key: value}
        (folder / "metadata.json").write_text(json.dumps(document))
        assert only(validate_bundle(str(folder))) == ("error", "M2", f"/{key}{pointer}")

    def test_at_least_one_transform(self, tmp_path: Path) -> None:
        assert only(check(tmp_path, transforms=[])) == ("error", "M2", "/transforms")

    def test_icons(self, tmp_path: Path) -> None:
        assert short(check(tmp_path, icons=LEFT_OUT)) == [
            ("error", "M2", "/icons/icon_display"),
            ("error", "M2", "/icons/icon_thumbnail"),
        ]
        assert ("error", "M2", "/icons") in short(check(tmp_path, icons="icon.png", folder="second"))

    @pytest.mark.parametrize("key", ["transform_name", "entity_type", "parameters"])
    @pytest.mark.parametrize("value", [LEFT_OUT, "", 3])
    def test_of_a_transform(self, tmp_path: Path, key: str, value: Any) -> None:
        found = check(tmp_path, transforms=[transform(**{key: value})])
        assert only(found) == ("error", "M2", f"/transforms/0/{key}")

    @pytest.mark.parametrize("key", ["display_name", "description", "author"])
    def test_words_about_a_transform_may_be_missing(self, tmp_path: Path, key: str) -> None:
        found = check(tmp_path, transforms=[transform(**{key: LEFT_OUT})])
        assert only(found) == ("warning", "M2", f"/transforms/0/{key}")


@pytest.mark.acceptance("A26")
class TestFormatsM3ToM5:
    @pytest.mark.parametrize("value", ["maltego", "Anomali", "anomali ", True])
    def test_sdk_type(self, tmp_path: Path, value: Any) -> None:
        found = check(tmp_path, sdk_type=value)
        assert only(found) == ("error", "M3", "/sdk_type")
        assert found[0].hint == 'write "anomali"'

    @pytest.mark.parametrize(
        "value", ["IPv4", "anomali.IPv4", "anomali.ipv4address", "anomali.IPv6Address", "x" * 9999]
    )
    def test_entity_type(self, tmp_path: Path, value: str) -> None:
        found = check(tmp_path, transforms=[transform(entity_type=value)])
        assert only(found) == ("error", "M3", "/transforms/0/entity_type")
        assert "anomali.IPv4Address" in str(found[0].hint)
        assert len(found[0].message) < 200

    @pytest.mark.parametrize(
        "value", ["sample", "example.sample", "com.example.", "com..x", "com.exämple.x", "a b.c.d"]
    )
    def test_app_name(self, tmp_path: Path, value: str) -> None:
        found = check(tmp_path, app_name=value, folder="b")
        assert only(found) == ("error", "M4", "/app_name")
        assert "<domain suffix>.<company>.<app>" in str(found[0].hint)

    @pytest.mark.parametrize("value", ["com.anomali.SampleApp_Enrichment", "io.greynoise.intelligence", "a.b.c.d-e"])
    def test_sound_app_names(self, tmp_path: Path, value: str) -> None:
        assert check(tmp_path, app_name=value) == []

    @pytest.mark.parametrize("value", ["1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "1.0.0-", "01.0.0", "1.0.0 beta"])
    def test_version(self, tmp_path: Path, value: str) -> None:
        found = check(tmp_path, version=value)
        assert only(found) == ("error", "M5", "/version")
        assert "<major>.<minor>.<patch>" in str(found[0].hint)

    def test_a_suffix_is_for_tests(self, tmp_path: Path) -> None:
        beta = {"version": "1.0.0-beta", "app_name": "com.example.sample-beta", "transform_set_name": "(beta) Sample"}
        assert only(check(tmp_path, **beta)) == ("warning", "M5", "/version")
        assert only(check(tmp_path, certification=True, folder="b", **beta)) == ("error", "M5", "/version")


@pytest.mark.acceptance("A23")
class TestFlagsM6:
    def flagged(self, tmp_path: Path, script: str = "", **flags: Any) -> list[Finding]:
        one = transform(parameters="a.py enrichDomain", **{"pivoting": LEFT_OUT, "enrichment": LEFT_OUT} | flags)
        return check(tmp_path, transforms=[one], scripts={"a.py": script})

    def test_both(self, tmp_path: Path) -> None:
        found = check(tmp_path, transforms=[transform(pivoting=True, enrichment=True)], scripts={"pivot.py": ""})
        assert only(found) == ("error", "M6", "/transforms/0/pivoting")

    def test_neither(self, tmp_path: Path) -> None:
        assert only(check(tmp_path, transforms=[transform(enrichment=False)])) == (
            "error",
            "M6a",
            "/transforms/0/enrichment",
        )

    def test_neither_where_it_tries_credentials(self, tmp_path: Path) -> None:
        one = transform(enrichment=False, activation=True, sample_entity_value="example.com")
        assert check(tmp_path, transforms=[one]) == []

    def test_one_is_missing(self, tmp_path: Path) -> None:
        one = transform()
        del one["pivoting"]
        found = check(tmp_path, transforms=[one])
        assert only(found) == ("warning", "M6b", "/transforms/0/pivoting")
        assert found[0].hint == 'add "pivoting": false'

    def test_both_are_missing(self, tmp_path: Path) -> None:
        one = transform(parameters="a.py enrichDomain")
        del one["pivoting"], one["enrichment"]
        found = check(tmp_path, transforms=[one], scripts={"a.py": "import AnomaliTransform"})
        assert short(found) == [
            ("warning", "M6b", "/transforms/0/pivoting"),
            ("warning", "M6b", "/transforms/0/enrichment"),
        ]
        assert "true is taken, since a.py is written for that" in found[0].message
        found = check(tmp_path, transforms=[one], scripts={"a.py": "import json"}, folder="second")
        assert only(found) == ("error", "M6b", "/transforms/0/pivoting")


@pytest.mark.acceptance("A22")
def test_ten_tabs_are_the_most(tmp_path: Path) -> None:
    eleven = [transform(f"t{number}") for number in range(11)]
    found = check(tmp_path, transforms=eleven)
    assert only(found) == ("error", "M7", "/transforms/10")
    assert "11 context transforms are for anomali.Domain" in found[0].message
    twice = [transform(f"t{at}", entity_type=kind) for at in range(10) for kind in ("anomali.Domain", IPV4)]
    pivots = [transform(f"p{at}", pivoting=True) for at in range(20)]
    assert check(tmp_path, transforms=[*twice, *pivots], folder="second") == []


@pytest.mark.acceptance("A21")
class TestRanksM8AndM9:
    def test_some_without(self, tmp_path: Path) -> None:
        listed = [transform("a", rank=3), transform("b"), transform("c", rank=2), transform("p", pivoting=True)]
        found = check(tmp_path, transforms=listed)
        assert only(found) == ("warning", "M8", "/transforms/1/rank")
        assert "order of the file" in found[0].message

    def test_equal(self, tmp_path: Path) -> None:
        listed = [transform("a", rank=1), transform("b", rank=1), transform("p", pivoting=True, rank=1)]
        fields = [credential("a", rank=1), credential("b", rank=1), credential("c", rank=3)]
        assert short(check(tmp_path, transforms=listed, credentials=fields)) == [
            ("warning", "M9", "/credentials/1/rank"),
            ("warning", "M9", "/transforms/1/rank"),
        ]

    def test_gaps_are_nothing(self, tmp_path: Path) -> None:
        assert check(tmp_path, transforms=[transform("a", rank=3), transform("b", rank=1)]) == []

    def test_credentials_without(self, tmp_path: Path) -> None:
        found = check(tmp_path, credentials=[credential("a", rank=1), credential("b")])
        assert only(found) == ("warning", "M8", "/credentials/1/rank")


@pytest.mark.acceptance("A25")
class TestParametersM10:
    def parameters(self, tmp_path: Path, text: Any, **more: Any) -> list[Finding]:
        usual = {"scripts": {"sample.py": "import AnomaliEnrichment\n", "other.py": ""}}
        return check(tmp_path, transforms=[transform("enrich", parameters=text)], **usual | more)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("gone.py enrich", 'there is no file "gone.py" in source/'),
            ("sample.py", 'it has 1 part ("sample.py"), not two'),
            ("sample.py enrich more", "it has 3 parts"),
            ("sample.py 'enrich", "a quote is left open"),
            ("sample enrich", "is not the name of a .py file"),
            ("source/sample.py enrich", "names a folder"),
            ("../sample.py enrich", "names a folder"),
            ("sample.PY enrich", "is not the name of a .py file"),
        ],
    )
    def test_refused(self, tmp_path: Path, text: str, words: str) -> None:
        found = self.parameters(tmp_path, text)
        assert only(found) == ("error", "M10", "/transforms/0/parameters")
        assert words in found[0].message

    def test_a_near_name_is_offered(self, tmp_path: Path) -> None:
        assert self.parameters(tmp_path, "samples.py enrich")[0].hint == "did you mean sample.py?"

    def test_another_function_name(self, tmp_path: Path) -> None:
        found = self.parameters(tmp_path, "sample.py 'Search IP'")
        assert only(found) == ("warning", "M10", "/transforms/0/parameters")
        assert '"Search IP", which is not the transform_name, "enrich"' in found[0].message

    def test_maltego_scripts_may_take_any_number(self, tmp_path: Path) -> None:
        script = {"scripts": {"sample.py": "print('<MaltegoMessage/>')"}}
        for number, text in enumerate(("sample.py", "sample.py a b c")):
            assert self.parameters(tmp_path, text, folder=str(number), **script) == []


class TestNamesM11AndM18:
    def test_a_transform_twice(self, tmp_path: Path) -> None:
        listed = [transform(), transform(pivoting=True), transform(entity_type=IPV4)]
        found = check(tmp_path, transforms=listed)
        assert only(found) == ("error", "M11", "/transforms/1/transform_name")

    @pytest.mark.parametrize("name", [LEFT_OUT, "", " ", 3, None])
    def test_a_credential_without_name(self, tmp_path: Path, name: Any) -> None:
        one = credential("x") | {"name": name}
        one = {key: value for key, value in one.items() if value is not LEFT_OUT}
        assert only(check(tmp_path, credentials=[one])) == ("error", "M11", "/credentials/0/name")

    def test_a_credential_twice(self, tmp_path: Path) -> None:
        found = check(tmp_path, credentials=[credential(), credential(label="Other")])
        assert only(found) == ("error", "M11", "/credentials/1/name")

    @pytest.mark.parametrize("key", ["required", "sensitive", "label", "description"])
    def test_an_incomplete_credential(self, tmp_path: Path, key: str) -> None:
        found = check(tmp_path, credentials=[credential(**{key: LEFT_OUT})])
        assert only(found) == ("warning", "M18", f"/credentials/0/{key}")


class TestTypesM15:
    @pytest.mark.parametrize("value", ["true", "Yes", 1, "1"])
    def test_flags_as_something_else(self, tmp_path: Path, value: Any) -> None:
        found = check(tmp_path, transforms=[transform(enrichment=value)], is_python3=value)
        assert short(found) == [
            ("warning", "M15", "/is_python3"),
            ("warning", "M15", "/transforms/0/enrichment"),
        ]
        assert "it is taken as true" in found[0].message
        assert found[0].hint == "write true without quotes"

    @pytest.mark.parametrize("value", ["maybe", 2, None, [], {}, 1.5])
    def test_flags_that_mean_nothing(self, tmp_path: Path, value: Any) -> None:
        found = check(tmp_path, update_creds=value)
        assert only(found) == ("warning", "M15", "/update_creds")
        assert "taken as missing" in found[0].message

    @pytest.mark.parametrize(
        ("value", "taken"), [("2", "taken as 2"), (2.0, "taken as 2"), (0, "ignored"), ([], "ignored")]
    )
    def test_ranks(self, tmp_path: Path, value: Any, taken: str) -> None:
        found = check(tmp_path, transforms=[transform(rank=value)])
        assert only(found) == ("warning", "M15", "/transforms/0/rank")
        assert taken in found[0].message

    def test_texts(self, tmp_path: Path) -> None:
        assert only(check(tmp_path, license={"name": "MIT"})) == ("warning", "M15", "/license")

    def test_output_types(self, tmp_path: Path) -> None:
        pivot = transform("p", pivoting=True, output_entity_types=[IPV4, "IPv4", 3])
        listed = [pivot, transform("c", output_entity_types=[]), transform("d", output_entity_types=IPV4)]
        assert short(check(tmp_path, transforms=listed)) == [
            ("warning", "M15", "/transforms/0/output_entity_types/1"),
            ("warning", "M15", "/transforms/0/output_entity_types/2"),
            ("warning", "M15", "/transforms/1/output_entity_types"),
            ("warning", "M15", "/transforms/2/output_entity_types"),
        ]


@pytest.mark.acceptance("A26")
def test_unknown_keys_are_warnings_m16(tmp_path: Path) -> None:
    found = check(
        tmp_path,
        transforms=[transform(rnak=1)],
        credentials=[credential(secret=True)],
        icons={"icon_display": "icon.png", "icon_thumbnail": "thumbnail.png", "a/b~c": 1},
        homepage="https://example.com",
    )
    assert short(found) == [
        ("warning", "M16", "/icons/a~1b~0c"),
        ("warning", "M16", "/homepage"),
        ("warning", "M16", "/credentials/0/secret"),
        ("warning", "M16", "/transforms/0/rnak"),
    ]
    assert found[3].hint == 'did you mean "rank"?'
    many = check(tmp_path, folder="many", **{f"key{number}": 1 for number in range(10_000)})
    assert len(many) == 6
    assert "9995 more keys" in many[-1].message


class TestSamplesM19:
    def test_missing(self, tmp_path: Path) -> None:
        found = check(tmp_path, transforms=[transform(activation=True)])
        assert only(found) == ("warning", "M19", "/transforms/0/sample_entity_value")
        assert "example.com is taken" in found[0].message

    def test_of_another_type(self, tmp_path: Path) -> None:
        found = check(tmp_path, transforms=[transform(activation=True, sample_entity_value="192.0.2.1")])
        assert only(found) == ("warning", "M19", "/transforms/0/sample_entity_value")

    def test_anything_is_a_phrase(self, tmp_path: Path) -> None:
        one = transform(activation=True, sample_entity_value="192.0.2.1", entity_type="anomali.Phrase")
        assert check(tmp_path, transforms=[one]) == []


class TestBetaM20:
    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"app_name": "com.example.sample-beta"}, "/version"),
            ({"version": "1.0.0-beta"}, "/app_name"),
            ({"transform_set_name": "(beta) Sample"}, "/app_name"),
            ({"app_name": "com.example.sample_beta", "version": "1.0.0-beta"}, "/transform_set_name"),
            ({"app_name": "com.example.sample-beta", "transform_set_name": "sample-anomali-beta"}, "/version"),
        ],
    )
    def test_incomplete(self, tmp_path: Path, changes: dict[str, Any], pointer: str) -> None:
        found = [one for one in check(tmp_path, **changes) if not one.message.startswith("M5")]
        assert only(found) == ("warning", "M20", pointer)

    def test_complete(self, tmp_path: Path) -> None:
        marked = {"app_name": "com.example.x-beta", "version": "1.0.0-beta2", "transform_set_name": "Beta: Sample"}
        assert only(check(tmp_path, **marked)) == ("warning", "M5", "/version")

    def test_words_that_only_contain_it(self, tmp_path: Path) -> None:
        assert check(tmp_path, app_name="com.alphabeta.sample", transform_set_name="Alphabetagen") == []


def test_metadata_alone_is_checked_alone(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path)
    alone = tmp_path / "metadata.json"
    (folder / "metadata.json").rename(alone)
    found = validate_bundle(str(alone))
    assert [(one.severity, one.pointer) for one in found] == [("info", "")]
    assert "not checked" in found[0].message


def test_a_bundle_with_warnings_only_loads(tmp_path: Path) -> None:
    folder = make_bundle(
        tmp_path,
        transforms=[transform(rank="x", activation="yes", author=LEFT_OUT, more=1), transform("b", rank=1)],
        credentials=[{"name": "key"}],
        is_python3="true",
        license=3,
        version="1.0.0-rc.1",
    )
    found = validate_bundle(str(folder))
    assert found
    assert {one.severity for one in found} == {"warning"}
    assert len(load(folder).actions) == 2


def test_a_hundred_transforms_are_checked_quickly(tmp_path: Path) -> None:
    kinds = ["anomali.Domain", IPV4, "anomali.Hash", "anomali.URL"]
    text = "import requests\nfrom AnomaliTransform import AnomaliTransform\n" + "def f(x):\n    return x\n" * 200
    listed = [transform(f"t{at}", pivoting=True, entity_type=kinds[at % 4], script=f"s{at}.py") for at in range(100)]
    folder = make_bundle(tmp_path, transforms=listed, scripts={f"s{at}.py": text for at in range(100)})
    started = time.monotonic()
    assert validate_bundle(str(folder)) == []
    assert time.monotonic() - started < 20  # far from it, but on a busy machine


@pytest.mark.parametrize(("key", "value"), [("app_name", "com.example.sample\n"), ("version", " 1.0.0")])
def test_spaces_around_what_is_compared_are_an_error(tmp_path: Path, key: str, value: str) -> None:
    errors = validate_bundle(str(make_bundle(tmp_path, folder="b", **{key: value})))
    assert [(one.severity, one.pointer) for one in errors] == [("error", f"/{key}")]
