"""Finding an app's JSON and reading it, whatever the file holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.errors import ManifestError
from soarkit.manifest.source import AppSource, locate, parse_json


def write(folder: Path, name: str, document: object) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_a_file_is_taken_as_it_is(folder: Path) -> None:
    path = folder / "app.json"
    assert locate(path) == AppSource(str(folder), str(path))


def test_a_folder_has_one_app_json_among_other_json_files(folder: Path) -> None:
    write(folder, "aaa.json", {"data": [1, 2]})
    write(folder, "broken.json", '{"x": ')
    write(folder, "list.json", [{"appid": 1, "actions": []}])
    assert locate(folder) == AppSource(str(folder), str(folder / "app.json"))


def test_a_relative_path_becomes_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert locate("sampleapp").manifest_path == str(folder / "app.json")


def test_an_app_json_without_its_id_is_found(folder: Path, raw: dict[str, Any]) -> None:
    del raw["appid"]
    write(folder, "app.json", raw)
    assert locate(folder).manifest_path.endswith("app.json")


def test_a_folder_with_several_names_them(folder: Path, raw: dict[str, Any]) -> None:
    write(folder, "other.json", raw)
    with pytest.raises(ManifestError, match=r"app\.json, other\.json"):
        locate(folder)


def test_a_folder_with_none(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no app JSON"):
        locate(tmp_path)


def test_a_folder_whose_only_json_is_broken_says_why(tmp_path: Path) -> None:
    write(tmp_path, "app.json", '{"appid": "x",\n "actions": [}')
    with pytest.raises(ManifestError, match="line 2, column 14"):
        locate(tmp_path)


def test_no_such_path(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no such file or folder") as caught:
        locate(tmp_path / "absent")
    assert caught.value.where == str(tmp_path / "absent")
    assert caught.value.exit_code == 2


def test_a_byte_order_mark_is_accepted() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}', "f.json") == {"a": 1}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"a": 1,}', "not valid JSON.*line 1, column"),
        (b'{\n  "a": 1\n  "b": 2}', r"line 3, column 3, near: \"b\": 2"),
        (b"", "line 1, column 1"),
        (b"[]", "an app JSON is an object, but this file holds a list"),
        (b'"text"', "holds text"),
        (b"null", "holds null"),
        (b'{"s": "NaN",\n "n": NaN}', "NaN is not a JSON number in line 2, column 7"),
        (b'{"n": -Infinity}', "-Infinity is not a JSON number in line 1, column 7"),
        (b'{"a":' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": "\xe9"}', "not UTF-8: byte 0xe9 in line 1"),
        ('{"a": 1}'.encode("utf-16"), "UTF-16"),
        (b'{"a":\n "\0"}', "NUL character in line 2"),
        (rb'{"a": "\ud83d\ude00 \\ud83d",' + b'\n "b": "\\ud83d"}', "half a character .* in line 2, column 8"),
        (b'{"a": ' + b"1" * 5000 + b"}", "not usable JSON"),
        (b'{"key": "' + b"x" * 500 + b'" "more": 1}', "near: x{10,60}"),
    ],
)
def test_what_is_no_json_object_says_what_and_where(data: bytes, problem: str) -> None:
    with pytest.raises(ManifestError, match=problem) as caught:
        parse_json(data, "f.json")
    assert caught.value.where == "f.json"
    assert len(caught.value.message) < 300


@given(st.binary(max_size=60))
def test_any_bytes_are_an_object_or_a_clear_error(data: bytes) -> None:
    try:
        assert isinstance(parse_json(data, "f.json"), dict)
    except ManifestError as error:
        assert error.where == "f.json"


@given(st.dictionaries(st.text(), st.recursive(st.integers() | st.text() | st.none(), st.lists, max_leaves=5)))
def test_an_object_reads_back(document: dict[str, Any]) -> None:
    assert parse_json(json.dumps(document).encode(), "f.json") == document


@given(st.text(max_size=40))
def test_a_damaged_file_never_hides_its_position(text: str) -> None:
    data = f'{{"a": 1, {text}'.encode(errors="surrogatepass")
    try:
        parse_json(data, "f.json")
    except ManifestError as error:
        assert "line" in error.message or "UTF-8" in error.message
