"""Assets: names, values, secrets."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store.conftest import manifest, version

from soarkit.errors import InputError, RequestError, SurroundingsError
from soarkit.paths import APPLIB_EXTRAS
from soarkit.store import snapshot
from soarkit.store.records import StoredAsset

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_SECRET = "hush-hush-4711"
_FIELDS = {
    "server": {"data_type": "string", "required": True},
    "password": {"data_type": "password", "required": True},
    "limit": {"data_type": "numeric", "default": 5},
    "region": {"data_type": "string", "value_list": ["eu", "us"], "default": "eu"},
}


@pytest.fixture
def store(store: Store) -> Store:
    """A store with an app."""
    store.apps.activate(manifest(configuration=_FIELDS), version())
    return store


def create(store: Store, name: str = "box", **options: Any) -> StoredAsset:
    options.setdefault("configuration", {"server": "s", "password": _SECRET})
    return store.assets.create(name, app="contoso-reputation", **options)


def revealed(asset: StoredAsset, home: Path) -> dict[str, Any]:
    if APPLIB_EXTRAS not in sys.path:
        sys.path.append(APPLIB_EXTRAS)
    import soarkit_encryption

    return asset.reveal(lambda token, salt: soarkit_encryption.decrypt(token, salt, str(home)))


def test_a_new_asset_has_what_was_given_and_defaults(store: Store, home: Path) -> None:
    asset = create(store, concurrency_limit=3, description="d", product_version="7.1")
    assert asset.configuration == {"server": "s", "limit": 5, "region": "eu"}
    assert (asset.concurrency_limit, asset.description, asset.product_version) == (3, "d", "7.1")
    assert (asset.product_vendor, asset.product_name, asset.needs) == ("Contoso", "Reputation", ())
    assert revealed(asset, home) == {**asset.configuration, "password": _SECRET}
    read = snapshot.read(str(home))
    assert read is not None
    assert read.asset("BOX") == read.asset(asset.id) == store.assets.get(str(asset.id)) == asset
    assert read.asset("nobody") is None


def test_secrets_are_nowhere_in_plain_text(store: Store, home: Path) -> None:
    create(store)
    store.assets.edit("box", set={"_reserved_environment_variables": {"X": {"type": "password", "value": _SECRET}}})
    with gzip.open(store.backup()) as backup:
        assert _SECRET.encode() not in backup.read()
    for path in home.rglob("*"):
        if path.is_file():
            assert _SECRET.encode() not in path.read_bytes(), path


def test_the_platforms_own_settings_come_back(store: Store, home: Path) -> None:
    variables = {"X": {"type": "password", "value": "v"}}
    asset = create(store, configuration={"server": "s", "_reserved_environment_variables": variables})
    assert revealed(asset, home) == {
        "server": "s",
        "limit": 5,
        "region": "eu",
        "_reserved_environment_variables": variables,
    }
    assert asset.needs == ("password",)


def test_a_lost_key_is_said_with_the_field(store: Store, home: Path) -> None:
    asset = create(store)
    (home / "key").write_text("x" * 64)
    with pytest.raises(SurroundingsError, match="'password' cannot be decrypted") as caught:
        revealed(asset, home)
    assert "soarkit asset edit box" in str(caught.value.hint)
    findings = [one for one in store.check() if one.subject == "asset box"]
    assert [one.message for one in findings] == ["1 of 1 secrets cannot be decrypted with the present key"]


def test_editing_changes_what_it_says(store: Store, home: Path) -> None:
    asset = create(store)
    edited = store.assets.edit("box", set={"limit": "9", "password": "other"}, unset=["region"])
    assert edited.configuration == {"server": "s", "limit": 9}
    assert revealed(edited, home)["password"] == "other"
    assert edited.id == asset.id
    renamed = store.assets.edit("BOX", name="Crate", concurrency_limit=None, description="new", product_version="8")
    assert (renamed.name, renamed.id, renamed.description, renamed.product_version) == ("Crate", asset.id, "new", "8")
    assert store.assets.edit("crate", unset=["password"]).needs == ("password",)
    assert store.assets.edit("crate", set={"server": None}).needs == ("server", "password")
    with pytest.raises(RequestError, match="no asset 'box'"):
        store.assets.get("box")


def test_null_stands_in_the_way_of_a_default(store: Store) -> None:
    assert create(store, configuration={"limit": None}).configuration == {"region": "eu"}


def test_what_is_wrong_changes_nothing(store: Store) -> None:
    create(store)
    for wrong in ({"set": {"limit": "x"}}, {"set": {"unknown": 1}}, {"unset": ["unknown"]}, {"concurrency_limit": 0}):
        with pytest.raises(InputError):
            store.assets.edit("box", description="changed", **wrong)
    with pytest.raises(InputError, match="region"):
        create(store, "other", configuration={"region": "mars"})
    assert [one.name for one in store.assets.list()] == ["box"]
    assert store.assets.get("box").description == ""


@pytest.mark.parametrize("name", ["", "  ", "a/b", "123", "a\nb", "a\x1b[31mb", "x" * 129, "\u202ea"])
def test_names_that_cannot_be_are_refused(store: Store, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        create(store, name)


def test_names_differ_by_more_than_case(store: Store) -> None:
    create(store, "Straße 7")
    with pytest.raises(RequestError, match="already"):
        create(store, "STRASSE 7")
    create(store, "other")
    with pytest.raises(RequestError, match="already"):
        store.assets.edit("other", name="straße 7")
    assert store.assets.edit("other", name="OTHER").name == "OTHER"


def test_ids_are_never_used_again(store: Store) -> None:
    first = create(store)
    assert store.assets.delete(first.id) == first
    backup = store.backup()
    assert create(store).id == first.id + 1
    store.restore(backup)
    assert create(store).id == first.id + 2  # what was given out since is in apps' files


def test_an_asset_is_for_what_is_installed(store: Store) -> None:
    with pytest.raises(RequestError, match="did you mean contoso-reputation"):
        store.assets.create("x", app="contoso-reputatio")
    with pytest.raises(RequestError, match="no app for A B is installed"):
        store.assets.create("x", product_vendor="A", product_name="B")
    with pytest.raises(RequestError, match="is for an app, or for the product"):
        store.assets.create("x")
    assert store.assets.fields(app="contoso-reputation") == _FIELDS
    assert store.assets.fields(product_vendor="contoso", product_name="Reputation") == _FIELDS


def test_assets_are_listed_by_name(store: Store) -> None:
    for name in ("b", "C", "a"):
        create(store, name)
    store.assets.create("of a product", product_vendor="Contoso", product_name="Reputation")
    assert [one.name for one in store.assets.list()] == ["a", "b", "C", "of a product"]
    assert [one.name for one in store.assets.list("contoso-reputation")] == ["a", "b", "C"]
    assert store.assets.list("nothing") == []


def test_a_damaged_or_foreign_snapshot_is_not_trusted(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(store)
    path = Path(snapshot.path(str(home)))
    good = path.read_text()
    for text in ("", "[]", "{", json.dumps({"format": 1}), json.dumps({**json.loads(good), "format": 99})):
        path.write_text(text)
        assert snapshot.read(str(home)) is None
    path.write_text(good)
    assert snapshot.read(str(home)) is not None
    monkeypatch.setenv("SOARKIT_DATABASE_URL", "postgresql://other/db")
    assert snapshot.read(str(home)) is None


def test_opening_mends_the_snapshot(store: Store, opened: Any, home: Path) -> None:
    create(store)
    Path(snapshot.path(str(home))).write_text("{}")
    opened()
    read = snapshot.read(str(home))
    assert read is not None
    assert read.assets == store.assets.list()
    Path(snapshot.marker_path(str(home))).write_text("1")
    assert snapshot.read(str(home)) is None
    opened()
    assert snapshot.read(str(home)) is not None
