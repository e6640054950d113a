"""``soarkit validate`` of enrichment bundles: folders, metadata files and archives."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from bundles.making import PIVOT_SCRIPT, make_archive, make_bundle, transform
from click.testing import CliRunner

from soarkit.cli.validate import command
from soarkit.manifest.schema_files import read_schema


def answer(*arguments: str | Path) -> tuple[int, list[dict[str, Any]], dict[str, int]]:
    """Exit code, findings and summary."""
    words = [*map(os.fspath, arguments), "--format", "json"]
    result = CliRunner().invoke(command, words, standalone_mode=False)
    assert result.exception is None, result.exception
    document = json.loads(result.stdout)
    jsonschema_rs.validator_for(read_schema("envelope")).validate(document)
    return result.return_value, document["findings"], document["summary"]


def rules(findings: list[dict[str, Any]]) -> list[str]:
    return [one["message"].partition(":")[0] for one in findings]


def test_a_sound_bundle_in_every_form(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path)
    for path in (folder, folder / "metadata.json", make_archive(folder), make_archive(folder, tmp_path / "plain.tar")):
        assert answer(path) == (0, [], {"files": 1, "errors": 0, "warnings": 0})
    for archive in (folder.with_name(f"{folder.name}.tgz"), tmp_path / "plain.tar"):
        archive.unlink()
    make_bundle(tmp_path, app_name="com.example.other")
    assert answer(tmp_path)[2]["files"] == 2


def test_findings_name_the_file_and_the_place(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, version="1")
    code, (finding,), _ = answer(folder)
    assert code == 1
    assert (finding["file"], finding["pointer"]) == (str(folder / "metadata.json"), "/version")
    archive = make_archive(folder)
    assert answer(archive)[1][0]["file"] == f"{archive}!/metadata.json"


def test_what_lies_in_the_folder_is_judged_too(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, license=3, files={"source/.DS_Store": b"", "source/lib/x.py": b""})
    code, findings, _ = answer(folder)
    assert code == 1
    assert rules(findings)[0] == "B4"
    assert {"B4", "M15"} <= set(rules(findings))
    assert [one["severity"] for one in findings] == sorted(one["severity"] for one in findings)


def test_an_archive_that_cannot_be_unpacked_is_judged_by_its_names(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, version="1")
    code, findings, _ = answer(make_archive(folder, prefix="wrapped/"))
    assert code == 1
    assert rules(findings)[0] == "B2"
    assert findings[-1]["severity"] == "info"


def test_certification_is_stricter(tmp_path: Path) -> None:
    script = PIVOT_SCRIPT + "import pandas\n"
    folder = make_bundle(tmp_path, version="1.0.0-rc1", scripts={"p.py": script}, transforms=[transform(script="p.py")])
    code, findings, _ = answer(folder)
    assert (code, rules(findings)) == (0, ["M5", "M20", "M14"])
    for path in (folder, folder / "metadata.json", make_archive(folder)):
        code, findings, _ = answer(path, "--certification")
        assert code == 1
        assert [one["severity"] for one in findings] == ["error", "error", "warning"]
    assert answer(folder, "--strict")[0] == 1


def test_a_folder_with_scripts_only_lacks_its_metadata(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path)
    (folder / "metadata.json").unlink()
    code, findings, _ = answer(folder)
    assert code == 1
    assert rules(findings)[0] == "M1"
    assert len([one for one in findings if "metadata.json" in one["message"]]) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_broken_metadata_is_one_error(tmp_path: Path, content: bytes) -> None:
    folder = make_bundle(tmp_path)
    (folder / "metadata.json").write_bytes(content)
    _, findings, _ = answer(folder)
    assert rules([one for one in findings if one["severity"] == "error"]) == ["M1"]


def test_an_installed_bundle_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from soarkit.host import Host

    folder = make_bundle(tmp_path)
    opened = Host(str(tmp_path / "home")).open_app(str(make_archive(folder)))
    monkeypatch.setattr("soarkit.host.Host.open_app", lambda self, name: opened)
    assert answer("example_source")[0] == 0
