"""What the store knows of enrichment bundles: their kind, who sees them, and which of their assets are active."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store.conftest import manifest, version

from soarkit import homefiles
from soarkit.errors import RequestError
from soarkit.inventory import Inventory
from soarkit.store import snapshot

if TYPE_CHECKING:
    from soarkit.store.opened import Store

KEY = {"data_type": "password", "required": True}
NOTE = {"data_type": "string"}
NAME = "contoso-reputation"


def bundle(**changes: Any) -> dict[str, Any]:
    """The app JSON of a bundle, as far as the store looks at it."""
    return manifest(**{"enrichment": {}, "configuration": {"api_key": KEY, "note": NOTE}, **changes})


def create(store: Store, **values: str) -> None:
    store.assets.create("box", app=NAME, configuration=values)


def test_connectors_have_none_of_it(store: Store) -> None:
    app, _ = store.apps.activate(manifest(), version())
    assert (app.kind, app.visibility, app.is_bundle) == ("connector", None, False)
    store.assets.create("box", app=NAME)
    asset = store.assets.get("box")
    assert (asset.active, asset.state) == (None, "configured")
    with pytest.raises(RequestError, match="connector"):
        store.assets.set_active("box", True)
    with pytest.raises(RequestError, match="connector"):
        store.apps.set_visibility(NAME, "public")


def test_visibility_lasts_through_updates(store: Store, home: Path) -> None:
    app, _ = store.apps.activate(bundle(), version())
    assert (app.kind, app.visibility) == ("enrichment", "private")
    assert store.apps.set_visibility(NAME, "public").visibility == "public"
    app, _ = store.apps.activate(bundle(), version("1.1.0"))
    assert app.visibility == "public"
    assert store.apps.use(NAME, "1.0.0", bundle())[0].visibility == "public"
    read = snapshot.read(str(home))
    assert read is not None
    assert [(one.kind, one.visibility) for one in read.apps] == [("enrichment", "public")]
    store.apps.remove(NAME)
    assert store.apps.activate(bundle(), version())[0].visibility == "private"


def test_activating(store: Store, home: Path) -> None:
    store.apps.activate(bundle(), version())
    create(store)
    assert store.assets.get("box").state == "needs credentials"
    with pytest.raises(RequestError, match="it needs api_key") as refused:
        store.assets.set_active("box", True)
    assert refused.value.hint == "soarkit asset edit box --config api_key=..."
    store.assets.edit("box", set={"api_key": "sesame"})
    assert store.assets.get("box").state == "inactive"
    assert store.assets.set_active("box", True).state == "active"
    read = snapshot.read(str(home))
    assert read is not None
    assert [one.state for one in read.assets] == ["active"]
    empty = store.assets.set_active("box", False, forget=True)
    assert (empty.state, empty.secrets) == ("needs credentials", {})


def test_a_new_required_credential_deactivates(store: Store) -> None:
    store.apps.activate(bundle(), version())
    create(store, api_key="sesame", note="kept")
    store.assets.set_active("box", True)
    fields = {"api_key": KEY, "note": NOTE, "type": NOTE}
    _, changes = store.apps.activate(bundle(configuration=fields), version("1.1.0"))
    assert [(one.added, one.needs) for one in changes] == [({"type": None}, ())]
    assert store.assets.get("box").state == "active"
    fields["tenant"] = KEY
    _, changes = store.apps.activate(bundle(configuration=fields), version("1.2.0"))
    assert [one.needs for one in changes] == [("tenant",)]
    asset = store.assets.get("box")
    assert (asset.active, asset.state, asset.configuration) == (False, "needs credentials", {"note": "kept"})
    assert list(asset.secrets) == ["api_key"]


def test_a_fresh_installation_loses_credentials(store: Store) -> None:
    store.apps.activate(bundle(), version())
    create(store, api_key="sesame")
    store.assets.set_active("box", True)
    store.apps.remove(NAME)
    assert store.assets.get("box").secrets == {}
    store.apps.activate(bundle(), version("2.0.0"))
    asset = store.assets.get("box")
    assert (asset.secrets, asset.active, asset.app) == ({}, False, NAME)


def test_a_snapshot_of_an_older_soarkit_is_made_anew(store: Store, opened: Callable[[], Store], home: Path) -> None:
    store.apps.activate(bundle(), version())
    path = snapshot.path(str(home))
    document = homefiles.read_json(path)
    for app in document["apps"]:
        del app["kind"], app["visibility"]
    homefiles.write_json(path, {**document, "format": 1})
    assert snapshot.read(str(home)) is None
    read = Inventory(str(home)).snapshot
    assert read is not None
    assert [one.kind for one in read.apps] == ["enrichment"]
    assert store.backup(str(home / "backup.gz"))
    opened().restore(str(home / "backup.gz"))
    assert opened().apps.list() == read.apps
