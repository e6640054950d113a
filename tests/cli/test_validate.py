"""``soarkit validate``: what it takes, what it prints, how it ends."""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from conftest import Finished

from soarkit.cli.validate import command
from soarkit.manifest.schema_files import read_schema

SOUND: dict[str, Any] = {
    "appid": "fd4dc1ce-b63c-4d0e-94e6-df0ae680d99c",
    "name": "SampleApp",
    "description": "Query the Sample reputation service",
    "type": "reputation",
    "main_module": "sampleapp_connector.py",
    "app_version": "1.0.0",
    "product_vendor": "Contoso",
    "product_name": "Contoso Reputation",
    "product_version_regex": ".*",
    "publisher": "Contoso Corp",
    "package_name": "phantom_sampleapp",
    "license": "Apache-2.0",
    "python_version": "3",
    "configuration": {},
    "actions": [],
}


def put_app(folder: Path, **changes: object) -> Path:
    """A small app in its folder, with some keys changed."""
    folder.mkdir(parents=True)
    (folder / "app.json").write_text(json.dumps(SOUND | changes))
    (folder / "sampleapp_connector.py").write_text("")
    return folder


def pack(folder: Path, archive: Path) -> Path:
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, arcname=folder.name)
    return archive


def call(*arguments: str | Path) -> tuple[int, str]:
    """Exit code and standard output of the command in this process."""
    result = CliRunner().invoke(command, [os.fspath(item) for item in arguments], standalone_mode=False)
    assert result.exception is None, result.exception
    code: int = result.return_value
    return code, result.stdout


def answer(*arguments: str | Path) -> tuple[int, Any]:
    """Exit code and envelope, which follows its schema."""
    code, stdout = call(*arguments, "--format", "json")
    document = json.loads(stdout)
    jsonschema_rs.validator_for(read_schema("envelope")).validate(document)
    assert document["command"] == "validate"
    assert document["ok"] is (code == 0)
    assert document["error"] is None
    return code, document


def test_a_sound_app(tmp_path: Path) -> None:
    code, stdout = call(put_app(tmp_path / "app"))
    assert (code, stdout) == (0, "1 file checked: 0 errors, 0 warnings\n")


def test_one_line_a_finding(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", app_version="latest", logo="gone.svg")
    code, stdout = call(app)
    first, second, closing = stdout.splitlines()
    assert code == 1
    assert first.startswith(f"error    {app / 'app.json'}  ")
    assert '/app_version  "app_version" cannot be "latest" — ' in first
    assert second.startswith("warning  ")
    assert "/logo" in second
    assert closing == "1 file checked: 1 error, 1 warning"


def test_the_envelope(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", app_version="latest", logo="gone.svg")
    code, document = answer(app)
    assert code == 1
    assert document["summary"] == {"files": 1, "errors": 1, "warnings": 1}
    assert [(item["severity"], item["pointer"]) for item in document["findings"]] == [
        ("error", "/app_version"),
        ("warning", "/logo"),
    ]
    assert {item["file"] for item in document["findings"]} == {str(app / "app.json")}


def test_the_schema_refuses_other_envelopes(tmp_path: Path) -> None:
    validator = jsonschema_rs.validator_for(read_schema("envelope"))
    _, document = answer(put_app(tmp_path / "app", logo="gone.svg"))
    for change in ({"soarkit": 2}, {"findings": [{}]}, {"summary": {}}, {"ok": 1}, {"error": {"message": "x"}}):
        assert not validator.is_valid(document | change), change
    del document["findings"]
    assert not validator.is_valid(document)


def test_strict_counts_warnings_but_not_notes(tmp_path: Path) -> None:
    warned = put_app(tmp_path / "warned", logo="gone.svg")
    assert call(warned)[0] == 0
    assert call(warned, "--strict")[0] == 1
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps(SOUND))
    code, document = answer(bare, "--strict")
    assert code == 0
    assert [item["severity"] for item in document["findings"]] == ["info"]


def test_a_folder_of_apps(tmp_path: Path) -> None:
    put_app(tmp_path / "apps" / "one", name=1)
    put_app(tmp_path / "apps" / "two", name=2)
    (tmp_path / "apps" / "notes").mkdir()
    _, document = answer(tmp_path / "apps")
    assert document["summary"]["files"] == 2
    assert [Path(item["file"]).parent.name for item in document["findings"]] == ["one", "two"]


def test_a_folder_of_bare_manifests(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_text(json.dumps(SOUND))
    (tmp_path / "broken.json").write_text(json.dumps(SOUND)[:-1])
    (tmp_path / "data.json").write_text("[1, 2")
    code, document = answer(tmp_path)
    assert code == 1
    assert document["summary"] == {"files": 4, "errors": 1, "warnings": 0}
    errors = [item for item in document["findings"] if item["severity"] == "error"]
    assert [(Path(item["file"]).name, item["pointer"]) for item in errors] == [("broken.json", "")]


def test_two_app_json_files_of_one_folder(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    (app / "old.json").write_text(json.dumps(SOUND | {"license": 1}))
    _, document = answer(app)
    assert document["summary"]["files"] == 2
    assert [(Path(item["file"]).name, item["pointer"]) for item in document["findings"]] == [("old.json", "/license")]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"appid": NaN}'])
def test_a_broken_file_does_not_keep_others_from_being_checked(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.json"
    broken.write_bytes(content)
    code, document = answer(broken, put_app(tmp_path / "app", license=1))
    assert code == 1
    assert [(Path(item["file"]).name, item["pointer"]) for item in document["findings"]] == [
        ("broken.json", ""),
        ("app.json", "/license"),
    ]


@pytest.mark.parametrize("content", [None, "{", "{}"])
def test_a_folder_without_an_app(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "x.json").write_text(content)
    code, document = answer(tmp_path)
    assert code == 1
    assert [(item["severity"], item["pointer"]) for item in document["findings"]] == [("error", "")]


def test_a_tarball(tmp_path: Path) -> None:
    archive = pack(put_app(tmp_path / "sampleapp", main_module="gone.py"), tmp_path / "sampleapp.tgz")
    _, document = answer(archive)
    assert [(item["file"], item["pointer"]) for item in document["findings"]] == [
        (f"{archive}!/sampleapp/app.json", "/main_module")
    ]


def test_a_damaged_tarball_is_a_finding(tmp_path: Path) -> None:
    archive = tmp_path / "app.tgz"
    archive.write_bytes(b"no tarball")
    code, document = answer(archive, put_app(tmp_path / "app"))
    assert code == 1
    assert [(item["file"], item["pointer"]) for item in document["findings"]] == [(str(archive), "")]


def test_nothing_in_an_app_can_steer_the_terminal(tmp_path: Path) -> None:
    evil = "\x1b[2J\u202e\n\x9b"
    app = put_app(tmp_path / "app", type=" ", app_version=evil, logo=evil, main_module=evil, configuration={evil: evil})
    _, stdout = call(app)
    assert stdout.count("\n") == len(stdout.splitlines())
    assert all(line.isprintable() for line in stdout.split("\n"))


def test_a_path_that_does_not_exist(soarkit: Callable[..., Finished], tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    finished = soarkit("validate", app, tmp_path / "absent.json", "--format", "json")
    assert finished.code == 2
    assert "absent.json" in finished.stderr
    document = finished.json()
    jsonschema_rs.validator_for(read_schema("envelope")).validate(document)
    assert (document["ok"], document["error"]["code"]) == (False, "usage")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_path_that_cannot_be_read(soarkit: Callable[..., Finished], tmp_path: Path) -> None:
    app = put_app(tmp_path / "app") / "app.json"
    app.chmod(0)
    assert soarkit("validate", app).code == 2


def test_the_whole_command_line(soarkit: Callable[..., Finished], tmp_path: Path) -> None:
    finished = soarkit("validate", put_app(tmp_path / "app", publisher=["x"]))
    assert (finished.code, finished.stderr) == (1, "")
    assert "/publisher" in finished.stdout
    assert "\x1b" not in finished.stdout


def test_the_only_app_json_of_a_folder_makes_it_the_apps_folder(
    soarkit: Callable[..., Finished], tmp_path: Path
) -> None:
    """A folder that is named has no excuse for an absent main module."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "app.json").write_text(json.dumps(SOUND))
    assert soarkit("validate", folder).code == 1
    assert soarkit("validate", folder / "app.json").code == 0
    (folder / "other.json").write_text(json.dumps(SOUND))
    assert soarkit("validate", folder).code == 0


def test_a_tarball_of_bare_manifests(soarkit: Callable[..., Finished], tmp_path: Path) -> None:
    (tmp_path / "app.json").write_text(json.dumps(SOUND))
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as archive:
        for name in ("one", "two"):
            archive.add(tmp_path / "app.json", f"manifests/{name}.json")
    finished = soarkit("validate", tmp_path / "all.tar.gz")
    assert finished.code == 0, finished
    assert "2 files checked" in finished.stdout


def test_the_source_folder_of_an_sdk_app(soarkit: Callable[..., Finished], app: Callable[[str], str]) -> None:
    done = soarkit("validate", app("is_built_with_the_sdk"), "-f", "json")
    findings = done.json()["findings"]
    assert done.code == 1
    assert {one["file"] for one in findings} == {os.path.join(app("is_built_with_the_sdk"), "pyproject.toml")}
    assert [one["severity"] for one in findings] == ["error", "info"]
    assert "there is no uv.lock" in findings[0]["message"]
