"""``soarkit enrich`` of what is installed: which bundles are asked, with whose credentials, and completion."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_bundle, transform
from conftest import Finished
from jsonschema import Draft202012Validator

from soarkit.manifest.loader import load
from soarkit.manifest.schema_files import read_schema
from soarkit.store import open_store
from soarkit.store.records import InstalledVersion

Soarkit = Callable[..., Finished]

SCRIPT = """\
import time
from AnomaliEnrichment import *

ae = AnomaliEnrichment()
ae.parseArguments()
if ae.getTransformName() == "sleeps":
    open(ae.getFieldValue("sign") + ae.getCredentialValue("api_key"), "w").close()
    try:
        time.sleep(60)
    except:
        pass
ae.addWidget(TextWidget(ItemInWidget(itemValue=f"{ae.getTransformName()}, key {ae.getCredentialValue('api_key')}")))
ae.returnOutput()
"""


def entry(name: str, entity_type: str = "Domain", **more: Any) -> dict[str, Any]:
    return transform(name, script="script.py", entity_type=f"anomali.{entity_type}", **more)


@pytest.fixture
def install(home: Path, tmp_path: Path) -> Callable[..., str]:
    """Install a bundle straight into the store, without an environment; gives its slug."""

    def bundle(title: str, *transforms: dict[str, Any], **more: Any) -> str:
        app_name = f"com.example.{title.lower()}"
        made = make_bundle(
            tmp_path, transforms=transforms, scripts={"script.py": SCRIPT}, title=title, app_name=app_name, **more
        )
        app = load(str(made))
        version = InstalledVersion(
            version=app.app_version,
            folder=str(made),
            manifest="metadata.json",
            digest="0" * 64,
            source=str(made),
            python=None,
            index_fallback=True,
            environment=None,
            installed_at="2024-01-01T00:00:00+00:00",
        )
        with open_store(str(home)) as store:
            return store.apps.activate(app.raw, version)[0].slug

    return bundle


@pytest.fixture
def activate(home: Path) -> Callable[..., None]:
    """Make an active asset of a bundle."""

    def asset(name: str, slug: str, key: str) -> None:
        with open_store(str(home)) as store:
            store.assets.create(name, app=slug, configuration={"api_key": key})
            store.assets.set_active(name, True)

    return asset


@pytest.fixture
def enrich(soarkit: Soarkit) -> Soarkit:
    def run(*arguments: str, **options: Any) -> Finished:
        return soarkit("enrich", *arguments, "--python", sys.executable, **options)

    return run


def asked(finished: Finished) -> list[tuple[str, str]]:
    """Bundles and transforms of an answer, in its order."""
    document = finished.json()
    Draft202012Validator(read_schema("envelope")).validate(document)
    return [(one["bundle"], one["transform"]) for one in document["runs"]]


def test_every_active_bundle_is_asked_by_name_and_rank(enrich: Soarkit, install: Callable[..., str]) -> None:
    install("Zeta", entry("second", rank=2), entry("first", rank=1), entry("pivot", enrichment=False, pivoting=True))
    install("Alpha", entry("only"), entry("address", "IPv4Address"))
    install("Closed", entry("closed"), credentials=[credential()])
    finished = enrich("example.com", "--format", "json")
    assert finished.code == 0, finished.stderr
    assert asked(finished) == [("alpha", "only"), ("zeta", "first"), ("zeta", "second")]
    assert asked(enrich("192.0.2.1")) == [("alpha", "address")]
    shown = enrich("example.com", "--format", "table").stdout
    assert shown.startswith("example.com\ndomain\n")
    assert shown.index("Alpha · only shown") < shown.index("Zeta · first shown") < shown.index("Zeta · second shown")


def test_the_most_exact_type_that_is_taken_counts(enrich: Soarkit, install: Callable[..., str]) -> None:
    install("Alpha", entry("domains"), entry("phrases", "Phrase"))
    assert asked(enrich("ns1.example.com")) == [("alpha", "domains")]
    assert asked(enrich("192.0.2.1")) == [("alpha", "phrases")]
    assert asked(enrich("example.com", "--type", "phrase")) == [("alpha", "phrases")]


def test_what_could_be_asked_is_said(enrich: Soarkit, install: Callable[..., str]) -> None:
    nothing = enrich("example.com")
    assert nothing.code == 2
    assert "no enrichment bundle is installed: soarkit install FILE.tgz" in nothing.stderr
    install("Alpha", entry("only"))
    install("Closed", entry("closed"), credentials=[credential()])
    finished = enrich("192.0.2.1")
    assert finished.code == 2
    assert "alpha is for domain" in finished.stderr
    assert "closed is installed, but inactive: soarkit asset create NAME --app closed" in finished.stderr
    assert enrich("alpha").code == 2
    assert "soarkit enrich alpha --all VALUE" in enrich("alpha").stderr
    refused = enrich("closed", "--all", "example.com")
    assert refused.code == 2
    assert "soarkit asset create NAME --app closed" in refused.stderr


def test_an_active_asset_is_taken_by_itself(
    enrich: Soarkit, install: Callable[..., str], activate: Callable[..., None]
) -> None:
    slug = install("Closed", entry("told"), credentials=[credential()])
    activate("mine", slug, "k1-secret")
    single = enrich(slug, "told", "example.com", "--format", "table")
    assert single.code == 0, single.stderr
    assert "told, key ***" in single.stdout
    assert asked(enrich("example.com")) == [(slug, "told")]
    assert enrich(slug, "--all", "example.com").json()["runs"][0]["asset"] == "mine"
    given = enrich(slug, "told", "example.com", "--asset", "mine", "--format", "table")
    assert "told, key ***" in given.stdout


def test_an_interrupt_ends_several_at_once(
    enrich: Soarkit,
    soarkit: Soarkit,
    install: Callable[..., str],
    activate: Callable[..., None],
    tmp_path: Path,
) -> None:
    for title in ("Alpha", "Beta", "Gamma"):
        activate(title, install(title, entry("sleeps"), credentials=[credential(sensitive=False)]), title)
    sign = tmp_path / "sign-"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "soarkit", "enrich", "example.com", "--python", sys.executable),
            *("--field", f"sign={sign}", "--timeout", "50"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    began = time.monotonic()
    while len(list(tmp_path.glob("sign-*"))) < 3:  # all three are under way at the same time
        assert time.monotonic() - began < 40
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130, error
    assert time.monotonic() - began < 9
    records = soarkit("runs", "--format", "json").json()["runs"]
    assert [one["status"] for one in records] == ["cancelled"] * 3


def _offered(soarkit: Soarkit, words: str) -> list[str]:
    current = words.rpartition(" ")[2]
    done = soarkit(_SOARKIT_COMPLETE="fish_complete", COMP_WORDS=words, COMP_CWORD=current)
    return [line.split(",", 1)[1].split("\t")[0] for line in done.stdout.splitlines() if "," in line]


def test_completion_knows_bundles_transforms_and_types(soarkit: Soarkit, install: Callable[..., str]) -> None:
    install("Alpha", entry("first look"), entry("second"), entry("pivot", pivoting=True, enrichment=False))
    install("Beta", entry("closed"), credentials=[credential()])
    assert _offered(soarkit, "soarkit enrich ") == ["alpha", "beta"]
    assert _offered(soarkit, "soarkit enrich al") == ["alpha"]
    assert _offered(soarkit, "soarkit enrich alpha ") == ["first look", "second", "pivot"]
    assert _offered(soarkit, "soarkit enrich alpha second ex") == []
    assert _offered(soarkit, "soarkit enrich beta closed x --credential ") == ["api_key="]
    assert "domain" in _offered(soarkit, "soarkit enrich --type d")
    assert _offered(soarkit, "soarkit support alpha ") == ["first look", "second", "pivot"]
    assert _offered(soarkit, "soarkit support beta closed x --credential ") == ["api_key="]
    assert _offered(soarkit, "soarkit pivot x --transform ") == ["pivot"]
    assert _offered(soarkit, "soarkit pivot --bundle beta --transform ") == []
    assert _offered(soarkit, "soarkit pivot --bundle beta --credential ") == ["api_key="]
