"""``--proxy`` and ``--ca-bundle`` reach what runs, whichever command runs it."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import make_bundle, transform
from conftest import Finished

Soarkit = Callable[..., Finished]

SCRIPT = """\
import os
from AnomaliTransform import *
from AnomaliEnrichment import *
ae = AnomaliEnrichment()
ae.parseArguments()
seen = " ".join(str(os.environ.get(name)) for name in ("https_proxy", "HTTP_PROXY", "REQUESTS_CA_BUNDLE"))
if ae.getTransformName() == "look":
    ae.addWidget(TextWidget(ItemInWidget(itemValue=seen)))
else:
    ae.addEntity(EntityTypes.Phrase, seen)
ae.returnOutput()
"""
PROXY = "http://127.0.0.1:9"


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    transforms = [transform("look", script="script.py"), transform("follow", script="script.py", pivoting=True)]
    return str(make_bundle(tmp_path, transforms=transforms, scripts={"script.py": SCRIPT}))


def asked(bundle: str, output: Path) -> dict[str, list[str]]:
    return {
        "run": ["run", bundle, "look", "-p", "value=x.example"],
        "one": ["enrich", bundle, "look", "x.example"],
        "all": ["enrich", bundle, "--all", "x.example"],
        "pivot": ["pivot", "x.example", "--bundle", bundle],
        "support": ["support", bundle, "look", "x.example", "-o", str(output)],
    }


@pytest.mark.parametrize("command", ["run", "one", "all", "pivot", "support"])
def test_they_reach_the_script(soarkit: Soarkit, bundle: str, tmp_path: Path, command: str) -> None:
    certificates, output = tmp_path / "ca.pem", tmp_path / "out.zip"
    certificates.write_text("")
    given = ["--python", sys.executable, "--proxy", PROXY, "--ca-bundle", str(certificates)]
    done = soarkit(*asked(bundle, output)[command], *given, HTTPS_PROXY="http://other:1")
    assert done.code == 0, done.stderr
    said = done.stdout
    if command == "support":
        with zipfile.ZipFile(output) as packed:
            said = packed.read("service-reply.json").decode()
    assert json.dumps(f"{PROXY} {PROXY} {certificates}")[1:-1] in said


@pytest.mark.parametrize("command", ["run", "one", "all", "pivot", "support"])
def test_certificates_that_are_not_there_are_refused(
    soarkit: Soarkit, bundle: str, tmp_path: Path, command: str
) -> None:
    output = tmp_path / "out.zip"
    done = soarkit(*asked(bundle, output)[command], "--python", sys.executable, "--ca-bundle", "absent.pem")
    assert (done.code, "--ca-bundle absent.pem" in done.stderr) == (2, True)
    assert not output.exists()
    assert not soarkit("runs", "--format", "json").json()["runs"], "nothing was asked"


@pytest.mark.parametrize("command", ["one", "all", "pivot"])
def test_the_certificates_are_not_written_over(soarkit: Soarkit, bundle: str, tmp_path: Path, command: str) -> None:
    certificates = tmp_path / "ca.html"
    certificates.write_text("mine")
    given = ["--ca-bundle", str(certificates), "-o", str(certificates)]
    done = soarkit(*asked(bundle, certificates)[command], "--python", sys.executable, *given)
    assert done.code == 2, done.stderr
    assert certificates.read_text() == "mine"
