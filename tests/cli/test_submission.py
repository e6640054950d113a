"""``soarkit submission``: what a certification takes, and nothing half (D1 to D7)."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import credential, make_archive, make_bundle, png
from conftest import ROOT, Finished
from jsonschema import validate

Soarkit = Callable[..., Finished]

ENVELOPE = json.loads((ROOT / "schemas" / "envelope.schema.json").read_text())
MANUAL = """\
# Example Source

## What's new in 1.0.0

Everything.

## Use

Domains are supported. It has one tab: enrichDomain shown.

Enter the Api Key and choose Activate.

![The tab of an observable](tab.png)

See <https://example.com> and <https://example.com/enrichment>.
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle with its documentation."""
    folder = make_bundle(tmp_path, credentials=[credential()], folder="mine")
    write_manual(folder / "documentation")
    return folder


def write_manual(folder: Path, text: str = MANUAL) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "manual.md").write_text(text)
    (folder / "tab.png").write_bytes(png())


def entries(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return packed.namelist()


@pytest.mark.acceptance("A47")
def test_what_is_complete_becomes_a_zip(soarkit: Soarkit, bundle: Path, tmp_path: Path) -> None:
    done = soarkit("submission", bundle, "-o", tmp_path / "out.zip")
    assert (done.code, done.stderr) == (0, "")
    names = entries(tmp_path / "out.zip")
    archive = names.pop()
    assert names == ["documentation/manual.md", "documentation/tab.png"]
    assert archive.endswith("-1.0.0.tgz")
    with (
        zipfile.ZipFile(tmp_path / "out.zip") as packed,
        tarfile.open(fileobj=io.BytesIO(packed.read(archive))) as tar,
    ):
        assert {"metadata.json", "source/enrichment.py"} <= set(tar.getnames())
        assert not [name for name in tar.getnames() if "documentation" in name]
    # What the mail has to say is printed, and not put into the zip.
    for point in ("Visibility:", "Api Key", "portal", "SDK: 2.0"):
        assert point in done.stdout
    first = (tmp_path / "out.zip").read_bytes()
    assert soarkit("submission", bundle, "-o", tmp_path / "again.zip").code == 0
    assert (tmp_path / "again.zip").read_bytes() == first, "the same files give the same bytes"


@pytest.mark.acceptance("A47")
def test_an_update_without_a_change_log_is_refused(soarkit: Soarkit, bundle: Path, tmp_path: Path) -> None:
    write_manual(bundle / "documentation", MANUAL.replace("What's new in 1.0.0", "Note"))
    assert soarkit("submission", bundle, "-o", tmp_path / "new.zip").code == 0, "a first version needs none"
    (tmp_path / "out.zip").write_bytes(b"older")
    done = soarkit("submission", bundle, "--update", "-o", tmp_path / "out.zip")
    assert done.code == 1
    assert "D5: this is an update, and there is no change log" in done.stderr
    assert "nothing was written: 1 thing is missing" in done.stderr
    assert (tmp_path / "out.zip").read_bytes() == b"older"
    assert [path.name for path in tmp_path.glob(".*")] == []
    write_manual(bundle / "documentation")
    assert soarkit("submission", bundle, "--update", "-o", tmp_path / "out.zip").code == 0


@pytest.mark.slow
@pytest.mark.acceptance("A47")
def test_an_installed_older_version_makes_it_an_update(soarkit: Soarkit, bundle: Path, tmp_path: Path) -> None:
    assert soarkit("install", bundle).code == 0
    metadata = json.loads((bundle / "metadata.json").read_text())
    (bundle / "metadata.json").write_text(json.dumps({**metadata, "version": "1.1.0"}))
    done = soarkit("submission", bundle, "-o", tmp_path / "out.zip", "-f", "json")
    assert done.code == 1
    document = done.json()
    validate(document, ENVELOPE)
    assert document["update"] is True
    assert [one["message"] for one in document["findings"] if one["severity"] == "error"] == [
        "D5: the change log does not name the version 1.1.0"
    ]
    assert "submission" not in document


def test_without_documentation_the_next_step_is_said(soarkit: Soarkit, tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, folder="mine")
    done = soarkit("submission", folder, "-o", tmp_path / "out.zip")
    assert done.code == 1
    assert "D1: there is no documentation" in done.stderr
    assert f"soarkit docs {folder} -o {folder}/documentation" in done.stderr
    assert soarkit("docs", folder, "-o", folder / "documentation").code == 0
    done = soarkit("submission", folder, "-o", tmp_path / "out.zip")
    assert "a place is not filled yet" in done.stderr
    assert not (tmp_path / "out.zip").exists()


def test_the_bundle_is_judged_as_for_certification(soarkit: Soarkit, tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, folder="mine", version="1.0.0-beta", scripts={"enrichment.py": "import numpy\n"})
    write_manual(folder / "documentation")
    done = soarkit("submission", folder, "-o", tmp_path / "out.zip")
    assert done.code == 1
    assert "M5" in done.stderr
    assert "M14" in done.stderr


def test_an_archive_goes_in_as_it_is(soarkit: Soarkit, bundle: Path, tmp_path: Path) -> None:
    archive = make_archive(bundle, tmp_path / "final.tgz", zipped=False)
    shutil.copytree(bundle / "documentation", tmp_path / "manual")
    done = soarkit("submission", archive, "--docs", tmp_path / "manual", "-o", tmp_path / "out.zip", "-f", "json")
    assert done.code == 0, done.stdout
    validate(done.json(), ENVELOPE)
    assert done.json()["submission"]["files"][-1] == "final.tgz"
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.read("final.tgz") == archive.read_bytes()


@pytest.mark.slow
def test_values_of_stored_credentials_are_not_sent(soarkit: Soarkit, bundle: Path, tmp_path: Path) -> None:
    assert soarkit("install", bundle).code == 0
    slug = soarkit("apps", "-f", "json").json()["apps"][0]["slug"]
    made = soarkit("asset", "create", "mine", "--app", slug, "--config", "api_key=env:KEY", KEY="pl4nted-s3cret")
    assert made.code == 0, made.stderr
    (bundle / "source" / "util.py").write_text('KEY = "pl4nted-s3cret"\n')
    write_manual(bundle / "documentation", MANUAL + "\nUse pl4nted-s3cret.\n")
    done = soarkit("submission", bundle, "-o", tmp_path / "out.zip")
    assert done.code == 1
    assert "documentation/manual.md: D6: the value of 'api_key' of the asset mine stands in it" in done.stderr
    assert "!/source/util.py: D6:" in done.stderr
    assert "pl4nted" not in done.stdout + done.stderr
    assert not (tmp_path / "out.zip").exists()


def test_a_connector_is_none(soarkit: Soarkit, app: Callable[[str], str]) -> None:
    done = soarkit("submission", app("echo"))
    assert done.code == 2
    assert "no enrichment bundle" in done.stderr
