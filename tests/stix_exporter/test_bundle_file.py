"""The bundle as a file: its layout, and that there is never half of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stix_export import export as exporting
from stix_export.collections import CREATE_BUNDLE
from stix_export.errors import ExportError
from stix_export.export import export_file
from stix_export.layout import layout
from stix_export.library_file import open_library
from stix_export.options import Options
from stix_exporter.made import document, opened, related, tools

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), VALUES))
def test_the_layout_is_that_of_the_standard_library(value: dict[str, Any]) -> None:
    assert layout(value) == json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="is no JSON number"):
        layout({"a": [value]})
    with pytest.raises(TypeError, match="set is no JSON value"):
        layout({"a": {1}})


def test_a_bundle_is_as_it_should_be(tmp_path: Path) -> None:
    library = opened(tmp_path, document(tools(1, 2), related((("tool", 1), ("tool", 2)))))
    path = tmp_path / "bundle.json"
    report = export_file(library, ("tool", 1), CREATE_BUNDLE, Options(), str(path))
    bundle = json.loads(path.read_bytes())
    assert path.read_text("utf-8") == json.dumps(bundle, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert list(bundle) == ["id", "objects", "type"]
    assert bundle["id"] == report.bundle_id
    assert len(bundle["objects"]) == report.total + report.relationships
    assert report.objects == {
        "tool": [{"id": bundle["objects"][place]["id"], "name": f"tool {place + 1}"} for place in (0, 1)]
    }
    assert [(each.source, each.target) for each in report.edges] == [
        (bundle["objects"][0]["id"], bundle["objects"][1]["id"])
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["bundle.json", "library.json"]


def test_a_large_export_is_counted_where_it_is_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "LISTED", 3)
    monkeypatch.setattr(exporting, "DRAWN", 2)
    star = related(*((("tool", 1), ("tool", number)) for number in range(2, 8)))
    library = opened(tmp_path, document(tools(*range(1, 8)), star))
    report = export_file(library, ("tool", 1), CREATE_BUNDLE, Options(), str(tmp_path / "bundle.json"))
    assert (report.listed, report.unlisted, report.counts["tool"], report.relationships) == (3, 4, 7, 6)
    assert len(report.objects["tool"]) == 3
    assert len(report.edges) == 1


@pytest.mark.acceptance("S9")
def test_a_star_of_many_indicators_is_exported_whole(tmp_path: Path) -> None:
    count = 100_000
    with (tmp_path / "star.jsonl").open("w") as file:
        file.write('{"meta": {"format": "threat-library/1", "library_id": "star"}}\n')
        file.write(
            '{"collection": "incident", "object": {"id": 1, "value": "hub", "created_at": "2021-10-07 14:19:15"}}\n'
        )
        for number in range(count):
            value = f'"id": {number + 1}, "value": "h{number}.example.com", "created_at": "2021-10-07 14:19:15"'
            file.write(f'{{"collection": "indicators", "object": {{{value}, "type": "FQDN"}}}}\n')
            file.write(f'{{"relationship": {{"a": ["incident", 1], "b": ["indicators", {number + 1}]}}}}\n')
    library = open_library(str(tmp_path / "star.jsonl"))
    path = tmp_path / "bundle.json"
    report = export_file(library, ("incident", 1), CREATE_BUNDLE, Options(depth=3), str(path))
    assert (report.counts["indicator"], report.relationships, report.skipped.total) == (count, count, 0)
    with path.open() as file:
        assert sum(line == '      "type": "relationship"\n' for line in file) == count


@pytest.mark.acceptance("S45")
@pytest.mark.parametrize("before", [None, "what was there"])
def test_a_crash_while_writing_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    library = opened(
        tmp_path, document(tools(1, 2, 3), related((("tool", 1), ("tool", 2)), (("tool", 1), ("tool", 3))))
    )
    path = tmp_path / "bundle.json"
    if before is not None:
        path.write_text(before)
    record = library.record

    def fails(key: tuple[str, int]) -> Any:
        if key == ("tool", 3):
            raise RuntimeError("the library went away")
        return record(key)

    monkeypatch.setattr(library, "record", fails)
    with pytest.raises(RuntimeError, match="went away"):
        export_file(library, ("tool", 1), CREATE_BUNDLE, Options(), str(path))
    assert (path.read_text() if path.exists() else None) == before
    assert not [each.name for each in tmp_path.iterdir() if each.name.endswith(".part")]


@pytest.mark.acceptance("S45")
def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    library = opened(tmp_path, document(tools(1)))
    with pytest.raises(ExportError, match=r"the bundle cannot be written to .*: No such file or directory"):
        export_file(library, ("tool", 1), CREATE_BUNDLE, Options(), str(tmp_path / "nowhere" / "bundle.json"))
