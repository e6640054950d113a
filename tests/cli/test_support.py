"""``soarkit support``: what chapter 10 of the guide asks for, without credentials (D8)."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import credential, make_archive, make_bundle, transform
from conftest import ROOT, Finished
from jsonschema import validate

Soarkit = Callable[..., Finished]

SECRET = "pl4nted/s3cret+value"
SCRIPT = f"""\
import sys, time
from AnomaliEnrichment import *
KEY = "{SECRET}"
ae = AnomaliEnrichment()
ae.parseArguments()
key = ae.getCredentialValue("api_key")
print("asked with", key, file=sys.stderr)
ae.addMessage("DEBUG", "the key is " + key)
ae.addWidget(TextWidget(ItemInWidget(itemValue="https://source.example/?key=" + key)))
if ae.getTransformName() == "hangs":
    time.sleep(60)
if ae.getTransformName() == "prints":
    print("stray", key)
if ae.getTransformName() == "fails":
    ae.addException("refused: " + key)
ae.returnOutput()
"""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    names = ("works", "hangs", "prints", "fails")
    return make_bundle(
        tmp_path,
        credentials=[credential(), credential("token", required=False, sensitive=False)],
        transforms=[transform(name) for name in names],
        scripts={"enrichment.py": SCRIPT},
        folder="mine",
    )


Collect = Callable[..., dict[str, bytes]]


@pytest.fixture
def collect(soarkit: Soarkit, tmp_path: Path) -> Collect:
    """``collect(bundle, transform, options ...)`` gives the files of the zip."""

    def run(bundle: Path, name: str, *options: str) -> dict[str, bytes]:
        output = tmp_path / f"{name}.zip"
        given = ["-c", "api_key=env:KEY", *options, "-o", str(output)]
        done = soarkit("support", bundle, name, "example.com", *given, KEY=SECRET)
        assert done.code == 0, done.stderr
        assert SECRET not in done.stdout + done.stderr
        with zipfile.ZipFile(output) as packed:
            files = {one: packed.read(one) for one in packed.namelist()}
        for content in (output.read_bytes(), *files.values(), *members(files).values()):
            for form in (SECRET, "pl4nted%2Fs3cret", "pl4nted"):
                assert form.encode() not in content
        return files

    return run


def members(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files in the bundle's archive."""
    (packed,) = (content for name, content in files.items() if name.endswith(".tgz"))
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {one.name.removeprefix("./"): tar.extractfile(one).read() for one in tar if one.isreg()}  # type: ignore[union-attr]


def reply(files: dict[str, bytes]) -> dict[str, object]:
    document = json.loads(files["service-reply.json"])
    assert document["message"] == "Success", "the service worked, whatever the transform did"
    (one,) = document["response"]
    assert one["sdk_type"] == "anomali"
    (inner,) = one["transform_result"]
    assert isinstance(inner, dict)
    return inner


@pytest.mark.slow
@pytest.mark.acceptance("A34")
def test_everything_is_there_and_masked(collect: Collect, bundle: Path) -> None:
    files = collect(bundle, "works")
    assert sorted(name for name in files if not name.endswith(".tgz")) == [
        "run.log",
        "service-reply.json",
        "support-request.md",
        "versions.json",
    ]
    inner = reply(files)
    assert inner["status"] == 200
    document = inner["json_data"]
    assert isinstance(document, dict)
    assert document["widgets"][0]["item"]["itemValue"] == "https://source.example/?key=********"
    assert document["messages"] == [{"messageType": "DEBUG", "messageText": "the key is ********"}]
    assert b"asked with ********" in files["run.log"]
    assert b'KEY = "********"' in members(files)["source/enrichment.py"]
    form = files["support-request.md"].decode()
    for text in ("Example Source (com.example.sample)", "1.0.0", "anomali.Domain, example.com", "source/enrichment.py"):
        assert text in form
    assert form.count("TO FILL IN:") == 7
    versions = json.loads(files["versions.json"])
    assert {"soarkit", "python", "system", "packages"} <= versions.keys()
    assert "requests" in versions["packages"]


@pytest.mark.slow
def test_it_collects_however_the_run_ends(collect: Collect, bundle: Path) -> None:
    assert reply(collect(bundle, "hangs", "--timeout", "1")) == {
        "status": 504,
        "json_data": {"message": "Endpoint request timed out"},
    }
    failed = reply(collect(bundle, "fails"))
    assert failed["status"] == 200
    assert failed["json_data"]["exceptions"] == ["refused: ********"]  # type: ignore[index]
    strayed = reply(collect(bundle, "prints"))
    assert strayed["status"] == 500
    assert "stray ********" in json.dumps(strayed)


@pytest.mark.slow
def test_an_archive_without_secrets_stays_as_it_is(soarkit: Soarkit, tmp_path: Path) -> None:
    archive = make_archive(make_bundle(tmp_path, folder="mine"), tmp_path / "final.tgz")
    done = soarkit("support", archive, "enrichDomain", "example.com", "-o", tmp_path / "out.zip", "-f", "json")
    assert done.code == 0, done.stderr
    document = done.json()
    validate(document, json.loads((ROOT / "schemas" / "envelope.schema.json").read_text()))
    assert document["ended"] == "success"
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.read("final.tgz") == archive.read_bytes()


@pytest.mark.slow
def test_what_looks_secret_is_masked_though_nobody_says_so(collect: Collect, bundle: Path) -> None:
    files = collect(bundle, "works", "-c", "token=0ther-planted-token")
    assert b"0ther-planted-token" not in b"".join([*files.values(), *members(files).values()])


def test_what_cannot_be_asked_is_refused(soarkit: Soarkit, bundle: Path, tmp_path: Path) -> None:
    done = soarkit("support", bundle, "works", "example.com", "-o", tmp_path / "out.zip")
    assert done.code == 2
    assert "api_key" in done.stderr
    assert not (tmp_path / "out.zip").exists()
    assert soarkit("support", bundle, "nothing", "example.com", "-o", tmp_path / "out.zip").code == 2
