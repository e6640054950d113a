"""A bundle as an app."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import pytest
from bundles.making import LEFT_OUT, credential, make_archive, make_bundle, transform

from soarkit.errors import ManifestError
from soarkit.inventory import Inventory
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.app_json import app_of, transform_of
from soarkit.manifest.loader import load
from soarkit.manifest.runnable import require_runnable, require_script


def test_a_bundle_opens_as_an_app(tmp_path: Path) -> None:
    folder = make_bundle(
        tmp_path,
        transforms=[
            transform("enrich", entity_type="anomali.IPv4Address"),
            transform("enrich", pivoting=True),
            transform("try", enrichment=False, activation=True),
        ],
        credentials=[credential("b", rank=2, sensitive=False, required=False), credential("a", rank=1, label="Key")],
    )
    app = load(folder)
    assert app == load(folder / "metadata.json") == app_of(metadata.read(str(folder)), str(folder))
    assert app.kind == "enrichment"
    assert (app.name, app.app_version, app.main_module) == ("Example Source", "1.0.0", "metadata.json")
    assert app.appid == str(uuid.uuid5(uuid.NAMESPACE_DNS, "com.example.sample"))
    assert (app.raw["product_vendor"], app.raw["product_name"]) == ("Example", "com.example.sample")
    assert app.raw["logo"] == "thumbnail.png"
    assert [(one.name, one.identifier, one.type, one.read_only) for one in app.actions] == [
        ("enrich", "enrich ipv4", "investigate", True),
        ("enrich", "enrich domain", "investigate", True),
        ("try", "try domain", "test", True),
    ]
    value, fields = app.actions[0].parameters.values()
    assert (value.name, value.required, value.primary, value.contains) == ("value", True, True, ("ip",))
    assert (fields.name, fields.required, fields.data_type) == ("fields", False, "string")
    assert app.actions[0].lock is not None
    assert not app.actions[0].lock.enabled
    assert metadata.of(app) == metadata.read(str(folder))
    assert transform_of(app, 2).name == "try"


@pytest.mark.acceptance("A33")
def test_credentials_become_configuration(tmp_path: Path) -> None:
    listed = [
        credential("token", sensitive=False, required=False, rank=2, label=LEFT_OUT, description=LEFT_OUT),
        credential("key", rank=1),
    ]
    configuration = load(make_bundle(tmp_path, credentials=listed)).configuration
    assert list(configuration) == ["key", "token"]
    key, token = configuration.values()
    assert (key.data_type, key.required, key.description) == ("password", True, "Key: The key of the service")
    assert (token.data_type, token.required, token.description) == ("string", False, "token")
    assert (key.order, token.order) == (0, 1)


def test_a_connector_is_none(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "apps" / "echo", tmp_path / "app")
    assert load(tmp_path / "app").kind == "connector"


def test_a_connector_with_a_file_of_that_name_stays_one(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "apps" / "echo", tmp_path / "app")
    (tmp_path / "app" / "metadata.json").write_text('{"transforms": []}')
    assert load(tmp_path / "app").kind == "connector"


def test_versions_and_copies_share_an_id_and_betas_do_not(tmp_path: Path) -> None:
    first = load(make_bundle(tmp_path, folder="first"))
    second = load(make_bundle(tmp_path, folder="second", version="2.0.0", title="Renamed"))
    beta = load(make_bundle(tmp_path, app_name="com.example.sample-beta"))
    assert first.appid == second.appid != beta.appid
    assert beta.raw["product_name"] != first.raw["product_name"]


@pytest.mark.parametrize("name", ["sample.tgz", "sample.tar.gz", "sample.tar", "sample.bundle"])
@pytest.mark.parametrize("zipped", [True, False])
def test_an_archive_opens_whatever_it_is_called(tmp_path: Path, name: str, zipped: bool) -> None:
    folder = make_bundle(tmp_path)
    archive = make_archive(folder, tmp_path / name, zipped=zipped, directories=False)
    opened = Inventory(str(tmp_path / "home")).open_app(str(archive))
    assert opened.raw == load(folder).raw
    assert Path(opened.folder, "source", "enrichment.py").is_file()


def test_a_broken_bundle_says_so(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="the bundle cannot be run as it is described: /version must be"):
        load(make_bundle(tmp_path, version="1"))
    (tmp_path / "metadata.json").write_text('{"transforms": [')
    with pytest.raises(ManifestError, match="not valid JSON"):
        load(tmp_path)


def test_a_missing_script_stops_only_its_own_transform(tmp_path: Path) -> None:
    app = load(make_bundle(tmp_path, transforms=[transform("a"), transform("b", script="gone.py")]))
    require_runnable(app)
    require_script(app, app.actions[0])
    with pytest.raises(ManifestError, match=r"/transforms/1/parameters names 'gone.py', which is no file in source/"):
        require_script(app, app.actions[1])
