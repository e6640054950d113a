"""``soarkit install``, ``asset`` and ``apps`` with an enrichment bundle: from the archive to an active bundle."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_archive, make_bundle, transform
from conftest import Finished
from jsonschema import Draft202012Validator
from terminal_session import Terminal

from soarkit.host import Host
from soarkit.manifest.schema_files import read_schema

Soarkit = Callable[..., Finished]

SCRIPT = """\
from AnomaliEnrichment import *

ae = AnomaliEnrichment()
ae.parseArguments()
key = ae.getCredentialValue("api_key")
if key == "bad-secret":
    ae.addException(f"401: the key {key} of {ae.getEntityValue()} is not accepted")
ae.addWidget(TextWidget(ItemInWidget(itemValue=repr(ae.getCredentialValue("note")))))
ae.returnOutput()
"""
CREDENTIALS = [
    credential("note", required=False, sensitive=False, rank=2),
    credential("api_key", rank=1),
]


def source(folder: Path, version: str = "1.0.0", **about: Any) -> Path:
    tries = {"activation": True, "sample_entity_value": "sample.example"}
    about = {
        "transforms": [transform(script="script.py", **tries)],
        "scripts": {"script.py": SCRIPT},
        "credentials": CREDENTIALS,
        **about,
    }
    return make_archive(make_bundle(folder, folder=f"made-{version}", version=version, **about))


@pytest.fixture
def installed(soarkit: Soarkit, tmp_path: Path) -> Soarkit:
    """The command line, with the bundle installed."""
    done = soarkit("install", source(tmp_path))
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("example-source 1.0.0 is installed, inactive\n")
    assert "next: soarkit asset create --app example-source NAME" in done.stdout
    return soarkit


def states(soarkit: Soarkit) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["state"], one["visibility"]) for one in soarkit("apps", "-f", "json").json()["apps"]]


@pytest.mark.acceptance("A33", "A34")
def test_from_the_archive_to_an_active_bundle(installed: Soarkit, home: Path) -> None:
    assert states(installed) == [("enrichment", "inactive", "private")]
    assert Host(str(home)).inventory.active_bundles() == []
    assert Host(str(home)).inventory.contextual({"domain"}).all == []
    refused = installed("asset", "create", "mine", "--app", "example-source", "--config", "note=x")
    assert refused.code == 2
    assert "api_key" in refused.stderr
    made = installed("asset", "create", "mine", "--app", "example-source", "-c", "api_key=sesame-1", "-f", "json")
    assert made.code == 0, made.stderr
    assert "sesame-1" not in made.stdout + made.stderr
    document = made.json()
    assert list(Draft202012Validator(read_schema("envelope")).iter_errors(document)) == []
    assert document["asset"]["state"] == "active"
    [check] = document["activation"]["checks"]
    assert (check["transform"], check["value"], check["ok"]) == ("enrichDomain", "sample.example", True)
    # An optional credential that is left empty is None for the script.
    shown = installed("runs", "show", check["run"], "-f", "json").json()
    assert shown["result_data"][0]["data"][0]["widgets"][0]["item"]["itemValue"] == "None"
    assert states(installed) == [("enrichment", "active", "private")]
    [(bundle, app, asset)] = Host(str(home)).inventory.active_bundles()
    assert (bundle.app.slug, app.kind, asset and asset.name) == ("example-source", "enrichment", "mine")
    assert [one.asset for one in Host(str(home)).inventory.contextual({"domain"}).all] == ["mine"]
    for words in (("apps", "-f", "json"), ("apps", "show", "example-source", "-f", "json")):
        document = installed(*words).json()
        assert list(Draft202012Validator(read_schema("envelope")).iter_errors(document)) == []


@pytest.mark.acceptance("A35")
def test_a_failed_activation_leaves_it_inactive(installed: Soarkit) -> None:
    made = installed("asset", "create", "mine", "--app", "example-source", "--config", "api_key=bad-secret")
    assert made.code == 1
    assert "failed  enrichDomain on sample.example\n          401: the key ******** of sample.example" in made.stdout
    assert "the bundle example-source stays inactive" in made.stdout
    assert states(installed) == [("enrichment", "inactive", "private")]
    again = installed("asset", "test", "mine")
    assert again.code == 1
    mended = installed("asset", "edit", "mine", "--config", "api_key=good")
    assert mended.code == 0, mended.stdout
    assert "the bundle example-source is active" in mended.stdout
    # A try that fails later, such as without a network, is no reason to switch off what works.
    worse = installed("asset", "edit", "mine", "--config", "api_key=bad-secret")
    assert worse.code == 1
    assert states(installed) == [("enrichment", "inactive", "private")]


def test_deactivating_and_forgetting(installed: Soarkit) -> None:
    installed("asset", "create", "mine", "--app", "example-source", "--config", "api_key=good")
    done = installed("asset", "deactivate", "mine")
    assert (done.code, done.stdout) == (0, "the asset mine is inactive\n")
    assert states(installed)[0][1] == "inactive"
    assert installed("asset", "test", "mine").code == 0
    assert states(installed)[0][1] == "active"
    installed("asset", "edit", "mine", "--description", "text")
    assert states(installed)[0][1] == "active"
    installed("asset", "deactivate", "mine", "--forget")
    [asset] = installed("asset", "list", "-f", "json").json()["assets"]
    assert (asset["state"], asset["needs"], asset["configuration"]) == ("needs credentials", ["api_key"], {})
    refused = installed("asset", "test", "mine")
    assert refused.code == 2
    assert "it needs api_key" in refused.stderr
    installed("asset", "delete", "mine", "--yes")
    assert states(installed)[0][1] == "inactive"


@pytest.mark.acceptance("A33")
def test_taking_a_required_credential_away_deactivates(installed: Soarkit) -> None:
    installed("asset", "create", "mine", "--app", "example-source", "--config", "api_key=good")
    done = installed("asset", "edit", "mine", "--unset", "api_key")
    assert "needs configuration: api_key" in done.stdout
    assert states(installed)[0][1] == "needs credentials"


@pytest.mark.acceptance("A29")
def test_an_update_stays_active(installed: Soarkit, tmp_path: Path) -> None:
    installed("asset", "create", "mine", "--app", "example-source", "--config", "api_key=good")
    done = installed("install", source(tmp_path, "1.1.0"))
    assert done.code == 0, done.stderr
    assert "1.1.0 is installed and current, instead of 1.0.0" in done.stdout
    assert "state        active, private" in done.stdout
    ran = installed("run", "example-source", "enrichDomain", "--asset", "mine", "--param", "value=a.example")
    assert ran.code == 0, ran.stderr


@pytest.mark.acceptance("A31")
def test_beta_and_final_run_side_by_side(installed: Soarkit, tmp_path: Path) -> None:
    names = {"app_name": "com.example.sample-beta", "transform_set_name": "(beta) Example"}
    done = installed("install", source(tmp_path, "1.0.0-beta", **names), "-f", "json")
    beta = done.json()["app"]["slug"]
    assert beta != "example-source"
    for name, app in (("final", "example-source"), ("beta", beta)):
        made = installed("asset", "create", name, "--app", app, "-c", "api_key=good", "-c", f"note={name}")
        assert made.code == 0, made.stderr
        ran = installed("run", app, "enrichDomain", "--asset", name, "--param", "value=a.example", "-f", "json")
        assert ran.data[0]["widgets"][0]["item"]["itemValue"] == repr(name)
    mixed = installed("run", beta, "enrichDomain", "--asset", "final", "--param", "value=a.example")
    assert mixed.code == 2
    assert "final" in mixed.stderr


def test_a_bundle_without_required_credentials(soarkit: Soarkit, tmp_path: Path, home: Path) -> None:
    done = soarkit("install", source(tmp_path, credentials=[]), "--public")
    assert "is installed, active" in done.stdout
    assert states(soarkit) == [("enrichment", "active", "public")]
    [(_, _, asset)] = Host(str(home)).inventory.active_bundles()
    assert asset is None


def test_no_transform_that_tries_the_credentials(soarkit: Soarkit, tmp_path: Path) -> None:
    soarkit("install", source(tmp_path, transforms=[transform(script="script.py")]))
    made = soarkit("asset", "create", "mine", "--app", "example-source", "--config", "api_key=bad-secret")
    assert made.code == 0
    assert "is active; it names no transform that would try its credentials" in made.stdout


def test_visibility(installed: Soarkit) -> None:
    assert installed("apps", "visibility", "example-source", "public").stdout == "example-source is public\n"
    shown = installed("apps", "show", "example-source", "-f", "json").json()["app"]
    assert (shown["visibility"], shown["state"]) == ("public", "inactive")
    assert "visibility   public" in installed("apps", "show", "example-source").stdout
    assert installed("apps", "visibility", "example-source", "hidden").code == 2


@pytest.mark.usefixtures("installed")
def test_credentials_are_asked_for_by_rank_and_hidden(tmp_path: Path) -> None:
    session = Terminal("asset", "create", "mine", "--app", "example-source", folder=tmp_path)
    for prompt, text in (("(api_key): ", "sesame-2"), ("(note): ", "")):
        session.wait_for(prompt)
        time.sleep(0.05)  # a password's prompt is printed before the echo is turned off
        session.type(f"{text}\n")
    assert session.finish() == 0
    assert "is active" in session.text
    assert "sesame-2" not in session.text


def test_uninstalling(installed: Soarkit) -> None:
    installed("asset", "create", "mine", "--app", "example-source", "--config", "api_key=good")
    done = installed("uninstall", "example-source")
    assert "its assets stay, without their credentials: mine" in done.stdout
    assert installed("apps", "-f", "json").json()["apps"] == []


def test_packing(soarkit: Soarkit, tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, files={"venv/pyvenv.cfg": b"x", "._x": b"x"})
    done = soarkit("package", folder, "-f", "json")
    assert done.code == 0, done.stderr
    path = tmp_path / "sample-1.0.0.tgz"
    assert json.loads(done.stdout)["package"]["path"] == str(path)
    first = path.read_bytes()
    soarkit("package", folder)
    assert path.read_bytes() == first
    assert soarkit("validate", path, "--strict").code == 0
    (folder / "source" / "lib").mkdir()
    (folder / "source" / "lib" / "x.py").write_text("")
    refused = soarkit("package", folder)
    assert refused.code == 1
    assert "B4" in refused.stderr
    (folder / "metadata.json").write_text("{}")
    assert soarkit("package", folder).code in (1, 2)
