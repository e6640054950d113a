"""What installed apps offer for a value, and on which asset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from conftest import APPS
from installing import install

from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.offers import Offers, make_offers
from soarkit.store import open_store

APP = "looks_up_indicators"


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


def asset(home: Path, name: str, *, app: str | None = None, **configuration: Any) -> None:
    with open_store(str(home)) as store:
        product = {} if app else {"product_vendor": "Contoso", "product_name": "Contoso Test"}
        store.assets.create(name, app=app, configuration=configuration, **product)


def offers(home: Path, types: list[str] | None = None) -> Offers:
    return Host(str(home)).inventory.contextual(types)


def test_nothing_is_installed(home: Path) -> None:
    found = offers(home, ["ip"])
    assert (found.all, found.by_type) == ([], {})
    assert not home.exists()


def test_positions_are_by_every_spelling_and_kind(home: Path) -> None:
    install(home, APP)
    found = offers(home)
    names = [one.action for one in found.all]
    assert found.by_type["ip"] == found.by_type["ipv4"]
    assert [names[at] for at in found.by_type["ipv6"]] == ["block ip"]
    for kind in ("hash", "sha256", "md5", "vault id", "file hash"):
        assert [names[at] for at in found.by_type[kind]] == ["lookup files"]
    assert "*" not in found.by_type
    assert found.to_json()["commands"][found.by_type["ipv6"][0]] == {
        "app": "looks up indicators",
        "slug": "looks-up-indicators",
        "action": "block ip",
        "parameter": "ip",
        "read_only": False,
        "asset": None,
        "needs_asset": False,
        "missing": ["reason"],
    }


def test_types_asked_for_keep_their_spelling(home: Path) -> None:
    install(home, APP)
    assert set(offers(home, ["IPv6", "file_hash", "unheard of"]).by_type) == {"ipv6", "file_hash", "hash"}


def test_what_takes_anything_is_with_every_type(home: Path) -> None:
    def any_text(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        about = {"data_type": "string", "contains": ["*"], "primary": True}
        return [*actions, {**actions[2], "action": "note", "identifier": "note", "parameters": {"any": about}}]

    install(home, APP, actions=any_text)
    found = offers(home, ["port", "unheard of"])
    at = [one.action for one in found.all].index("note")
    assert found.by_type["*"] == found.by_type["unheard of"] == [at]
    assert at in found.by_type["port"]


def test_the_only_asset_is_taken(home: Path) -> None:
    install(home, APP)
    asset(home, "one")
    assert {(one.asset, one.needs_asset, one.assets) for one in offers(home).all} == {("one", False, ())}


def test_of_several_assets_the_one_made_for_the_app(home: Path) -> None:
    app = install(home, APP)
    asset(home, "one")
    asset(home, "two")
    assert {(one.asset, one.needs_asset, one.assets) for one in offers(home).all} == {(None, False, ("one", "two"))}
    asset(home, "three", app=app.slug)
    assert {one.asset for one in offers(home).all} == {"three"}


def test_an_app_that_requires_configuration_needs_an_asset(home: Path) -> None:
    required = {"server": {"data_type": "string", "description": "Server", "required": True}}
    app = install(home, APP, configuration=required)
    assert {one.needs_asset for one in offers(home).all} == {True}
    asset(home, "half", app=app.slug)
    assert {(one.asset, one.needs_asset) for one in offers(home).all} == {(None, True)}
    asset(home, "whole", app=app.slug, server="x")
    assert {(one.asset, one.needs_asset) for one in offers(home).all} == {("whole", False)}


def test_an_app_that_cannot_be_opened_is_passed_over(home: Path) -> None:
    app = install(home, APP)
    (Path(app.versions[0].folder) / "app.json").write_text("{")
    told: list[str] = []
    assert Host(str(home), note=told.append).inventory.contextual().all == []
    assert told[0].startswith("passing over looks-up-indicators: ")


def test_an_app_that_is_not_installed() -> None:
    app = load(str(APPS / APP))
    found = make_offers([("./x", app)], lambda app: [], ["ipv6"])
    assert [one.word for one in found.all] == ["./x"]
