"""Installing enrichment bundles, and updating them in place as chapter 9 of the guide allows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_archive, make_bundle, transform
from packages.making import Home, only

from soarkit.errors import ArchiveError, ManifestError, RequestError
from soarkit.packages.removal import uninstall
from soarkit.packages.updating import is_newer

KEY = credential("api_key")


def archive(folder: Path, version: str = "1.0.0", **about: Any) -> str:
    """The archive of a bundle in that version."""
    about = {"credentials": [KEY], **about}
    made = make_bundle(folder, folder=f"{version}-{len(list(folder.glob('*')))}", version=version, **about)
    return str(make_archive(made))


def active_asset(place: Home, slug: str, name: str = "mine", **values: str) -> None:
    place.store.assets.create(name, app=slug, configuration={"api_key": "sesame", **values})
    place.store.assets.set_active(name, True)


@pytest.mark.acceptance("A27")
@pytest.mark.parametrize("form", [{}, {"zipped": False}, {"prefix": ""}, {"directories": False}])
def test_every_form_of_archive_is_installed(place: Home, tmp_path: Path, form: dict[str, Any]) -> None:
    source = make_archive(make_bundle(tmp_path), **form)
    done = place.installer.install(str(source))
    assert (done.outcome, done.previous) == ("installed", None)
    app = only(place)
    assert (app.kind, app.visibility, app.slug, app.product_name) == (
        "enrichment",
        "private",
        "example-source",
        "com.example.sample",
    )
    names = {str(path.relative_to(place.current())) for path in place.current().rglob("*") if path.is_file()}
    assert names == {"metadata.json", "icon.png", "thumbnail.png", "source/enrichment.py"}


def test_a_folder_installs_what_its_archive_does(place: Home, tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, files={"venv/pyvenv.cfg": b"x", "README.md": b"x"})
    done = place.installer.install(str(folder))
    assert {one.path for one in done.selection.left_out} == {"venv/pyvenv.cfg", "README.md"}  # type: ignore[union-attr]
    assert not (place.current() / "venv").exists()


@pytest.mark.acceptance("A28")
@pytest.mark.parametrize("name", ["venv/pyvenv.cfg", "source/lib/x.py", "._x"])
def test_nothing_is_written_of_what_is_refused(place: Home, tmp_path: Path, name: str) -> None:
    source = make_archive(make_bundle(tmp_path, files={name: b"x"}))
    with pytest.raises(ArchiveError, match=r"B[456]: "):
        place.installer.install(str(source))
    assert place.store.apps.list() == []
    assert place.version_folders() == []


def test_scripts_are_compiled_and_not_run(place: Home, tmp_path: Path) -> None:
    left = tmp_path / "was-run"
    place.installer.install(archive(tmp_path, scripts={"enrichment.py": f"open({str(left)!r}, 'w')"}))
    assert not left.exists()
    with pytest.raises(ManifestError, match="M13"):
        place.installer.install(archive(tmp_path, "1.1.0", scripts={"enrichment.py": "print 'Python 2'"}))
    assert only(place).current == "1.0.0"


@pytest.mark.acceptance("A29")
def test_an_update_keeps_credentials_and_activation(place: Home, tmp_path: Path) -> None:
    place.installer.install(archive(tmp_path))
    active_asset(place, "example-source")
    place.store.apps.set_visibility("example-source", "public")
    before = place.store.assets.get("mine")
    more = [transform(), transform("another")]
    done = place.installer.install(archive(tmp_path, "1.10.0", transforms=more, title="Another Title"))
    assert (done.outcome, done.previous, done.app.current) == ("installed", "1.0.0", "1.10.0")
    after = place.store.assets.get("mine")
    assert (after.secrets, after.state, after.app) == (before.secrets, "active", "example-source")
    assert (only(place).visibility, only(place).name) == ("public", "Another Title")
    assert {one.version for one in only(place).versions} == {"1.0.0", "1.10.0"}, "the previous one is kept"


@pytest.mark.acceptance("A29")
@pytest.mark.parametrize("version", ["1.1.0", "1.0.9", "1.1.0-beta", "0.9.9"])
def test_the_same_or_a_lower_version_is_no_update(place: Home, tmp_path: Path, version: str) -> None:
    place.installer.install(archive(tmp_path, "1.1.0"))
    with pytest.raises(
        RequestError, match=r"1\.1\.0 is installed, and an update in place needs a higher version"
    ) as no:
        place.installer.install(archive(tmp_path, version, description="another"))
    assert "soarkit uninstall example-source" in str(no.value.hint)
    assert only(place).current == "1.1.0"
    with pytest.raises(RequestError, match="higher version"):
        place.installer.preview(archive(tmp_path, version))


def test_the_same_archive_repairs_what_is_damaged(place: Home, tmp_path: Path) -> None:
    source = archive(tmp_path)
    place.installer.install(source)
    with pytest.raises(RequestError, match="higher version"):
        place.installer.install(source)
    (place.current() / "source" / "enrichment.py").unlink()
    done = place.installer.install(source)
    assert (done.outcome, done.repaired) == ("repaired", ("source/enrichment.py",))
    (place.current() / "metadata.json").unlink()
    assert place.installer.install(source).outcome == "repaired"


@pytest.mark.acceptance("A30")
@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        ([KEY, credential("extra", required=False)], "extra is new"),
        ([], "api_key is gone"),
        ([credential("api_key", required=False)], "api_key: required was True and is False"),
        ([credential("api_key", sensitive=False)], "api_key: sensitive was True and is False"),
        ([credential("api_key", label="Another")], "label was 'Api Key' and is 'Another'"),
    ],
)
def test_other_credentials_need_a_fresh_installation(
    place: Home, tmp_path: Path, credentials: list[Any], said: str
) -> None:
    place.installer.install(archive(tmp_path))
    active_asset(place, "example-source")
    changed = archive(tmp_path, "2.0.0", credentials=credentials)
    with pytest.raises(RequestError) as refused:
        place.installer.install(changed)
    assert said in str(refused.value)
    assert "soarkit uninstall example-source" in str(refused.value.hint)
    assert only(place).current == "1.0.0"
    assert place.store.assets.get("mine").state == "active"
    # What the guide asks for loses activation and credentials.
    uninstall(place.path, place.store, "example-source", progress=place.said.append)
    place.installer.install(changed)
    asset = place.store.assets.get("mine")
    assert asset.secrets == {}
    assert asset.state in ("inactive", "needs credentials")


@pytest.mark.acceptance("A30")
def test_the_order_of_credentials_counts(place: Home, tmp_path: Path) -> None:
    two = [credential("a", rank=1), credential("b", rank=2)]
    place.installer.install(archive(tmp_path, credentials=two))
    with pytest.raises(RequestError, match="their order"):
        place.installer.install(
            archive(tmp_path, "1.1.0", credentials=[credential("a", rank=2), credential("b", rank=1)])
        )
    # The same form from another order in the file is the same form.
    place.installer.install(archive(tmp_path, "1.1.0", credentials=two[::-1]))


@pytest.mark.acceptance("A30")
def test_update_creds_keeps_values_by_name(place: Home, tmp_path: Path) -> None:
    place.installer.install(archive(tmp_path, credentials=[KEY, credential("old", required=False, sensitive=False)]))
    active_asset(place, "example-source", old="x")
    before = place.store.assets.get("mine").secrets
    optional = [KEY, credential("type", required=False, sensitive=False)]
    done = place.installer.install(archive(tmp_path, "2.0.0", credentials=optional, update_creds=True))
    [change] = done.changes
    assert (list(change.added), change.removed, change.needs) == (["type"], ("old",), ())
    asset = place.store.assets.get("mine")
    assert (asset.secrets, asset.configuration, asset.state) == (before, {}, "active")
    required = [*optional, credential("tenant")]
    place.installer.install(archive(tmp_path, "2.1.0", credentials=required, update_creds=True))
    asset = place.store.assets.get("mine")
    assert (asset.secrets, asset.needs, asset.state, asset.active) == (before, ("tenant",), "needs credentials", False)


@pytest.mark.acceptance("A31")
def test_a_beta_version_beside_the_final_one(place: Home, tmp_path: Path) -> None:
    place.installer.install(archive(tmp_path))
    beta = {"app_name": "com.example.sample-beta", "transform_set_name": "(beta) Example"}
    place.installer.install(archive(tmp_path, "1.0.0-beta", **beta))
    first, second = place.store.apps.list()
    assert first.slug != second.slug
    assert {first.current, second.current} == {"1.0.0", "1.0.0-beta"}
    for name, app in (("one", first), ("two", second)):
        place.store.assets.create(name, app=app.slug, configuration={"api_key": name})
    assert place.store.assets.get("one").secrets != place.store.assets.get("two").secrets
    assert [one.name for one in place.store.assets.list(first.slug)] == ["one"]


def test_names_that_differ_in_case_are_different_bundles(place: Home, tmp_path: Path) -> None:
    place.installer.install(archive(tmp_path))
    place.installer.install(archive(tmp_path, app_name="com.example.Sample"))
    assert len(place.store.apps.list()) == 2
    assert any("warning: com.example.Sample is not com.example.sample" in line for line in place.said)


def test_errors_of_the_metadata_refuse_it(place: Home, tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="icon"):
        place.installer.install(archive(tmp_path, icons={"icon_display": "icon.png", "icon_thumbnail": "none.png"}))
    assert place.version_folders() == []


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        ("1.10.0", "1.9.9"),
        ("1.0.0", "1.0.0-beta"),
        ("1.0.0-beta2", "1.0.0-beta"),
        ("1.0.0-beta10", "1.0.0-beta9"),
        ("1.0.1-alpha", "1.0.0"),
    ],
)
def test_which_version_is_higher(higher: str, lower: str) -> None:
    assert is_newer(higher, lower)
    assert not is_newer(lower, higher)
    assert not is_newer(higher, higher)


@pytest.mark.parametrize("packed", [True, False])
def test_metadata_that_cannot_be_run_is_refused_by_its_rule(place: Home, tmp_path: Path, packed: bool) -> None:
    folder = make_bundle(tmp_path, folder="bundle", version="1.0")
    source = make_archive(folder) if packed else folder
    with pytest.raises(ManifestError, match="/version: M5: ") as caught:
        place.installer.install(str(source))
    assert caught.value.where == f"{source}{'!' if packed else ''}/metadata.json"
    assert place.version_folders() == []
