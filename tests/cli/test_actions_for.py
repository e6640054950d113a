"""``soarkit actions --for``."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import credential, make_archive, make_bundle
from conftest import APPS, Finished
from installing import install
from jsonschema import Draft202012Validator

from soarkit.store import open_store

Soarkit = Callable[..., Finished]
APP = "looks_up_indicators"
SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[2] / "schemas" / "envelope.schema.json").read_text()))


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


def test_actions_for_a_type(soarkit: Soarkit, home: Path) -> None:
    install(home, APP)
    done = soarkit("actions", "--for", "IP")
    assert done.code == 0
    assert done.stderr == ""
    assert done.stdout == (
        "looks up indicators  looks-up-indicators\n"
        "  compare\n"
        "    soarkit run looks-up-indicators compare --param 'ip=<ip>'\n"
        "  lookup ip\n"
        "    soarkit run looks-up-indicators 'lookup ip' --param 'ip=<ip>'\n"
        "  whois ip\n"
        "    soarkit run looks-up-indicators 'whois ip' --param 'ip=<ip>'\n"
        "  block ip  changes things\n"
        "    soarkit run looks-up-indicators 'block ip' --param 'ip=<ip>' --param 'reason=<reason>'\n"
    )


def test_actions_for_a_value(soarkit: Soarkit, home: Path) -> None:
    install(home, APP)
    done = soarkit("actions", "--for-value", "2001:db8::1", "--format", "json")
    document = done.json()
    SCHEMA.validate(document)
    assert (document["types"], document["value"]) == (["ipv6"], "2001:db8::1")
    assert [one["command"] for one in document["offers"]] == [
        "soarkit run looks-up-indicators 'block ip' --param ip=2001:db8::1 --param 'reason=<reason>'"
    ]
    assert "taking it for: ip" in soarkit("actions", "--for-value", "8.8.8.8").stderr
    assert "only as xn--bcher-kva.example" in soarkit("actions", "--for-value", "bücher.example").stderr


def test_the_types_given_win_over_those_that_are_seen(soarkit: Soarkit, home: Path) -> None:
    install(home, APP)
    done = soarkit("actions", "--for", "looked up text", "--for-value", "8.8.8.8", "-f", "json").json()
    assert [one["command"] for one in done["offers"]] == [
        "soarkit run looks-up-indicators 'look up text' --param text=8.8.8.8"
    ]


def test_only_one_app_or_action(soarkit: Soarkit, home: Path) -> None:
    install(home, APP)
    install(home, "echo")
    assert soarkit("actions", "echo", "--for", "ip").stdout == ""
    shown = soarkit("actions", "looks-up-indicators", "Whois_IP", "--for", "ip").stdout
    assert len(shown.splitlines()) == 3
    wrong = soarkit("actions", "looks-up-indicators", "whoois ip", "--for", "ip")
    assert wrong.code == 2
    assert "did you mean 'whois ip'" in wrong.stderr


def test_a_version_that_is_named_stays_named(soarkit: Soarkit, home: Path) -> None:
    app = install(home, APP)
    with open_store(str(home)) as store:
        store.assets.create("mine", app=app.slug)
        store.assets.create("any", product_vendor="Contoso", product_name="Contoso Test")
    for word, called in {app.appid: app.slug, f"{app.slug}@1.0.0": f"{app.slug}@1.0.0"}.items():
        shown = soarkit("actions", word, "block ip", "--for-value", "2001:db8::1").stdout
        assert f"soarkit run {called} 'block ip' --asset mine --param ip=2001:db8::1" in shown


def test_an_app_that_is_not_installed(soarkit: Soarkit) -> None:
    path = str(APPS / APP)
    shown = soarkit("actions", path, "--for", "port").stdout
    assert f"soarkit run {path} 'lookup port' --param 'port=<port>'" in shown


def test_an_app_that_is_not_installed_takes_an_asset_for_its_product(
    soarkit: Soarkit, home: Path, tmp_path: Path
) -> None:
    manifest = json.loads((APPS / APP / "app.json").read_text())
    manifest["configuration"] = {"server": {"data_type": "string", "description": "Server", "required": True}}
    (tmp_path / "app.json").write_text(json.dumps(manifest))
    hint = f"it needs an asset: soarkit install {tmp_path}, or run it with --asset-file FILE instead"
    assert hint in soarkit("actions", str(tmp_path), "--for", "port").stdout
    install(home, APP, configuration=manifest["configuration"])
    with open_store(str(home)) as store:
        store.assets.create(
            "mine", product_vendor="Contoso", product_name="Contoso Test", configuration={"server": "x"}
        )
    shown = soarkit("actions", str(tmp_path), "--for", "port").stdout
    assert "'lookup port' --asset mine --param" in shown


@pytest.mark.parametrize("kind", ["", " ", "_"])
def test_a_type_that_is_empty(soarkit: Soarkit, kind: str) -> None:
    done = soarkit("actions", "--for", "ip", "--for", kind)
    assert (done.code, "no type is named" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--for", "prot"], ["no installed app has an action for prot", "did you mean 'port'"]),
        (["--for", "cve"], ["no installed app has an action for cve"]),
        (["--for-value", "hxxp://x.example"], ["no type can be seen", "made harmless"]),
        (["--for-value", ""], ["no type can be seen"]),
    ],
)
def test_nothing_found_is_no_error(soarkit: Soarkit, home: Path, arguments: list[str], words: list[str]) -> None:
    install(home, APP)
    done = soarkit("actions", *arguments)
    assert (done.code, done.stdout) == (0, "")
    assert all(word in done.stderr for word in words)
    document = soarkit("actions", *arguments, "--format", "json").json()
    SCHEMA.validate(document)
    assert document["offers"] == []


def test_nothing_is_installed(soarkit: Soarkit, home: Path) -> None:
    done = soarkit("actions", "--for", "ip")
    assert (done.code, done.stdout, "no apps are installed" in done.stderr) == (0, "", True)
    assert not (home / "store").exists()


def test_what_for_has_to_be_said(soarkit: Soarkit) -> None:
    done = soarkit("actions")
    assert done.code == 2
    assert "name an app, or say what for" in done.stderr


def test_hostile_names_and_values_do_not_reach_the_terminal(soarkit: Soarkit, home: Path) -> None:
    install(home, APP, name="evil\x1b[31m", actions=lambda all: [{**all[2], "action": "x\x1b]0;y\x07"}])
    done = soarkit("actions", "--for", "ip", "--for-value", "a\x1b[2J\u202eb")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", done.stdout + done.stderr)
    assert "'ip:=\"a\\u001b[2J\\u202eb\"'" in done.stdout


def test_on_a_terminal_what_is_to_be_filled_in_stands_out(home: Path) -> None:
    install(home, APP)
    leader, follower = pty.openpty()
    variables = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    command = [sys.executable, "-m", "soarkit", "actions", "--for", "ipv6"]
    subprocess.run(command, stdout=follower, env=variables, check=True, timeout=60)
    os.close(follower)
    shown = os.read(leader, 10000).decode()
    os.close(leader)
    assert "\x1b[33m\x1b[1m<reason>\x1b[0m" in shown


@pytest.mark.parametrize(("typed", "offered"), [("ip", ["ip", "ipv6"]), ("looked", ["'looked up text'"])])
def test_types_are_completed(soarkit: Soarkit, home: Path, typed: str, offered: list[str]) -> None:
    install(home, APP)
    variables = {"_SOARKIT_COMPLETE": "zsh_complete", "COMP_WORDS": f"soarkit actions --for {typed}", "COMP_CWORD": "3"}
    lines = soarkit(**variables).stdout.splitlines()
    assert [one for one in lines[1::3] if one in offered] == offered


def test_a_bundle_that_is_not_active_is_named_with_what_to_do(soarkit: Soarkit, tmp_path: Path) -> None:
    archive = make_archive(make_bundle(tmp_path, credentials=[credential()]))
    assert soarkit("install", str(archive)).code == 0
    done = soarkit("actions", "--for", "domain")
    assert (done.code, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "soarkit: no installed app has an action for domain",
        "soarkit: example-source is installed, but inactive: soarkit asset create NAME --app example-source",
    ]
