"""Installed apps: versions, names, and the snapshot that runs read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store.conftest import manifest, version

from soarkit.errors import RequestError
from soarkit.store import snapshot
from soarkit.store.records import AssetChange

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_SERVER = {"data_type": "string", "required": True}
_LIMIT = {"data_type": "numeric", "default": 5}
_PASSWORD = {"data_type": "password", "default": "hush-hush"}


def test_an_installed_app_is_known_to_runs(store: Store, home: Path) -> None:
    app, changes = store.apps.activate(manifest(), version())
    assert (app.slug, app.current, changes) == ("contoso-reputation", "1.0.0", [])
    read = snapshot.read(str(home))
    assert read is not None
    assert read.apps == store.apps.list() == [app]
    for name in ("contoso-reputation", "contoso-reputation@1.0.0", app.appid):
        assert read.app(name) == (app, app.versions[0])
    assert read.app("another") is None
    assert read.apps_of("contoso", "REPUTATION") == [app]
    with pytest.raises(RequestError, match=r"2\.0 .* is not installed"):
        read.app("contoso-reputation@2.0")


def test_versions_are_listed_newest_first(store: Store) -> None:
    for text in ("1.9.0", "1.10.0", "1.2.0"):
        store.apps.activate(manifest(), version(text))
    app = store.apps.find("contoso-reputation")
    assert [one.version for one in app.versions] == ["1.10.0", "1.9.0", "1.2.0"]
    assert app.current == "1.2.0"


def test_the_same_version_is_replaced(store: Store) -> None:
    store.apps.activate(manifest(), version())
    app, _ = store.apps.activate(manifest(description="new"), version(folder="/elsewhere"))
    assert [one.folder for one in app.versions] == ["/elsewhere"]
    assert app.description == "new"


def test_two_apps_with_one_name_have_two_slugs(store: Store) -> None:
    other = manifest(appid="FEED1234-0000-4000-8000-000000000002")
    assert store.apps.slug_for(other) == "contoso-reputation"
    store.apps.activate(manifest(), version())
    assert store.apps.slug_for(other) == "contoso-reputation-feed"
    assert store.apps.activate(other, version())[0].slug == "contoso-reputation-feed"
    third = manifest(appid="feed9999-0000-4000-8000-000000000003")
    assert store.apps.activate(third, version())[0].slug == "contoso-reputation-feed9"
    assert store.apps.activate(manifest(name="Renamed"), version("2.0"))[0].slug == "contoso-reputation"


def test_what_is_not_installed_is_said_with_what_is(store: Store) -> None:
    store.apps.activate(manifest(), version())
    with pytest.raises(RequestError, match="did you mean contoso-reputation"):
        store.apps.find("contoso-reputatoin")
    assert store.apps.find("contoso-reputation@9").current == "1.0.0"
    assert store.apps.by_appid("unknown") is None


def test_a_switch_carries_the_configuration_over(store: Store, home: Path) -> None:
    first = manifest(configuration={"server": _SERVER, "limit": _LIMIT, "": {"data_type": "ph"}})
    second = manifest(configuration={"server": _SERVER, "token": _PASSWORD, "region": {**_SERVER}})
    store.apps.activate(first, version())
    store.assets.create("box", app="contoso-reputation", configuration={"server": "s", "limit": 9})
    expected = [AssetChange("box", {"token": "********", "region": None}, ("limit",), ("region",))]
    assert store.apps.preview(second) == expected
    assert store.assets.get("box").configuration == {"server": "s", "limit": 9}
    assert store.apps.activate(second, version("2.0.0"))[1] == expected
    asset = store.assets.get("box")
    assert (asset.configuration, list(asset.secrets), asset.needs) == ({"server": "s"}, ["token"], ("region",))
    app, changes = store.apps.use("contoso-reputation", "1.0.0", first)
    assert (app.current, changes) == ("1.0.0", [AssetChange("box", {"limit": 5}, ("region", "token"), ())])
    read = snapshot.read(str(home))
    assert read is not None
    assert read.asset("BOX") == store.assets.get("box")
    assert store.assets.get("box").configuration == {"server": "s", "limit": 5}


def test_an_asset_of_a_product_follows_all_its_apps(store: Store) -> None:
    other = manifest(appid="2", name="Other", configuration={"other": _LIMIT})
    store.apps.activate(manifest(configuration={"server": _SERVER}), version())
    store.apps.activate(other, version())
    asset = store.assets.create(
        "box", product_vendor="contoso", product_name="reputation", configuration={"server": "s", "other": 7}
    )
    assert (asset.app, asset.configuration) == (None, {"server": "s", "other": 7})
    [change] = store.apps.activate(manifest(configuration={"region": _LIMIT}), version("2.0.0"))[1]
    assert (change.added, change.removed) == ({"region": 5}, ("server",))
    store.apps.remove("other")
    store.apps.activate(manifest(configuration={}), version("3.0.0"))
    assert store.assets.get("box").configuration == {"other": 7}, "only what the app itself gave up is gone"


def test_an_uninstalled_app_finds_its_assets_again(store: Store) -> None:
    declared = manifest(configuration={"server": _SERVER, "limit": _LIMIT})
    store.apps.activate(declared, version())
    store.assets.create("box", app="contoso-reputation", configuration={"server": "s"})
    store.apps.remove("contoso-reputation")
    assert store.apps.list() == []
    [asset] = store.assets.list("contoso-reputation")
    assert (asset.app, asset.needs) == ("contoso-reputation", ())
    with pytest.raises(RequestError, match="is not installed"):
        store.assets.edit("box", set={"server": "t"})
    newer = manifest(configuration={"server": _SERVER, "added": _LIMIT})
    [change] = store.apps.activate(newer, version("2.0.0"))[1]
    assert (change.added, change.removed) == ({"added": 5}, ("limit",))
    store.apps.remove("contoso-reputation", purge=True)
    assert store.assets.list() == []


def test_the_current_version_is_not_removed(store: Store) -> None:
    store.apps.activate(manifest(), version("1"))
    with pytest.raises(RequestError, match="current version") as caught:
        store.apps.remove("contoso-reputation", version="1")
    assert "soarkit uninstall contoso-reputation" in str(caught.value.hint)
    store.apps.activate(manifest(), version("2"))
    with pytest.raises(RequestError) as caught:
        store.apps.remove("contoso-reputation", version="2")
    assert "soarkit apps use contoso-reputation 1" in str(caught.value.hint)
    store.apps.remove("contoso-reputation", version="1")
    assert [one.version for one in store.apps.list()[0].versions] == ["2"]
    with pytest.raises(RequestError, match="is not installed"):
        store.apps.use("contoso-reputation", "1", manifest())


def test_the_environment_is_noted(store: Store, home: Path) -> None:
    store.apps.activate(manifest(), version())
    store.apps.set_environment("contoso-reputation", "1.0.0", "/envs/1")
    read = snapshot.read(str(home))
    assert read is not None
    assert read.apps[0].versions[0].environment == "/envs/1"


def test_odd_texts_of_a_manifest_are_kept_as_far_as_they_can_be(store: Store) -> None:
    odd = manifest(name="A\0b\ud800", description=None, publisher=["x"], configuration={"a\0": {"data_type": "string"}})
    app, _ = store.apps.activate(odd, version(source="https://x/\0"))
    assert (app.name, app.description, app.publisher) == ("A\ufffdb?", "", "")
    asset = store.assets.create("box", app=app.slug, configuration={"a\0": "v\0\ud800"})
    assert asset.configuration == {"a\0": "v\0\ud800"}


def test_a_failed_change_changes_nothing(store: Store, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.apps.activate(manifest(configuration={"server": _SERVER}), version())
    store.assets.create("box", app="contoso-reputation", configuration={"server": "s"})
    before = snapshot.path(str(home)) and Path(snapshot.path(str(home))).read_text()
    monkeypatch.setenv("SOARKIT_KEY", "too short")
    with pytest.raises(Exception, match="at least 32"):
        store.apps.activate(manifest(configuration={"server": {"data_type": "password"}}), version("2"))
    assert store.apps.list()[0].current == "1.0.0"
    assert store.assets.get("box").configuration == {"server": "s"}
    assert Path(snapshot.path(str(home))).read_text() == before
    assert not Path(snapshot.marker_path(str(home))).exists()


def test_two_homes_do_not_mix(opened: Callable[[], Store], tmp_path: Path, engine: str) -> None:
    if engine == "postgresql":
        pytest.skip("a server's database has one content, whatever the home")
    from soarkit.store import open_store

    opened().apps.activate(manifest(), version())
    with open_store(str(tmp_path / "other")) as other:
        assert other.apps.list() == []
    assert len(opened().apps.list()) == 1
