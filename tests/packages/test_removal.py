"""Uninstalling: the store forgets, the files go, and what the app has written is there again next time."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from packages.making import APPID, Home, pack

from soarkit.errors import RequestError
from soarkit.packages.removal import Removal, uninstall


def remove(place: Home, name: str = "sample-app", *, version: str | None = None, purge: bool = False) -> Removal:
    return uninstall(place.path, place.store, name, version=version, purge=purge, progress=place.said.append)


def install_with_data(place: Home, tmp_path: Path) -> Path:
    place.installer.install(pack(tmp_path / "app"))
    place.store.assets.create("mine", app="sample-app", configuration={"server": "x"})
    (place.current() / "sub").mkdir()
    (place.current() / "sub" / "token.bin").write_text("data")
    return place.current()


def test_data_and_assets_wait_for_the_app(place: Home, tmp_path: Path) -> None:
    folder = install_with_data(place, tmp_path)
    removal = remove(place)
    assert (removal.assets, removal.kept, removal.waiting) == (("mine",), ("sub/token.bin",), ())
    assert not folder.parent.parent.exists()
    assert place.store.apps.list() == []
    done = place.installer.install(pack(tmp_path / "new", "2.0.0"))
    assert done.data == ("sub/token.bin",)
    assert (place.current() / "sub" / "token.bin").read_text() == "data"
    assert [asset.name for asset in place.store.assets.list("sample-app")] == ["mine"]
    # Now the app has it; an older copy must not come back one day.
    (place.current() / "sub" / "token.bin").unlink()
    remove(place)
    assert place.installer.install(str(tmp_path / "new.tgz")).data == ()


def test_data_is_kept_by_appid(place: Home, tmp_path: Path) -> None:
    install_with_data(place, tmp_path)
    remove(place)
    done = place.installer.install(pack(tmp_path / "other", appid="0123abcd-b63c-4d0e-94e6-df0ae680d99c"))
    assert (done.app.slug, done.data) == ("sample-app", ())
    done = place.installer.install(pack(tmp_path / "again"))
    assert (done.app.slug, done.data) == ("sample-app-fd4d", ("sub/token.bin",))


def test_a_purge_keeps_nothing(place: Home, tmp_path: Path) -> None:
    install_with_data(place, tmp_path)
    remove(place)
    place.installer.install(str(tmp_path / "app.tgz"))
    removal = remove(place, purge=True)
    assert (removal.assets, removal.kept) == (("mine",), ())
    assert place.store.assets.list() == []
    assert place.installer.install(str(tmp_path / "app.tgz")).data == ()


def test_one_version(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one"))
    first = place.current()
    place.installer.install(pack(tmp_path / "two", "2.0.0"))
    with pytest.raises(RequestError, match="current"):
        remove(place, version="2.0.0")
    with pytest.raises(RequestError, match=r"3\.0"):
        remove(place, version="3.0")
    with pytest.raises(RequestError, match="whole app"):
        remove(place, version="1.0.0", purge=True)
    assert not (place.current().parent / "unused").exists()
    assert remove(place, version="1.0.0").version == "1.0.0"
    assert not first.parent.exists()
    assert [one.version for one in place.store.apps.list()[0].versions] == ["2.0.0"]


def test_nobody_of_that_name(place: Home) -> None:
    with pytest.raises(RequestError, match="installed"):
        remove(place, "nobody")


def test_a_version_that_runs_goes_later(place: Home, tmp_path: Path) -> None:
    folder = install_with_data(place, tmp_path)
    with subprocess.Popen(["sleep", "60"], cwd=folder) as running:
        try:
            assert remove(place).waiting == (str(folder.parent),)
        finally:
            running.kill()
    assert folder.exists()
    # Somebody else's next installation finds it.
    place.installer.install(pack(tmp_path / "other", appid="0123abcd-b63c-4d0e-94e6-df0ae680d99c"))
    assert not folder.exists()


def test_a_folder_that_is_gone_already(place: Home, tmp_path: Path) -> None:
    import shutil

    folder = install_with_data(place, tmp_path)
    shutil.rmtree(folder.parent)
    assert remove(place).kept == ()
    assert place.store.apps.list() == []


def test_a_purge_removes_state_files_too(place: Home, tmp_path: Path) -> None:
    """They hold tokens; those of other apps' assets stay."""
    install_with_data(place, tmp_path)
    (asset,) = place.store.assets.list()
    states = place.folder / "phantom" / "local_data" / "app_states"
    for app, names in ((APPID, (f"{asset.id}_state.json", "4711_state.json")), ("other", (f"{asset.id}_state.json",))):
        (states / app).mkdir(parents=True)
        for name in (*names, "99_state.json"):
            (states / app / name).write_text('{"token": "t"}')
    remove(place, purge=True)
    assert [str(path.relative_to(states)) for path in states.rglob("*.json")] == ["other/99_state.json"]


def test_without_a_purge_state_files_stay(place: Home, tmp_path: Path) -> None:
    install_with_data(place, tmp_path)
    state = place.folder / "phantom" / "local_data" / "app_states" / APPID / "1_state.json"
    state.parent.mkdir(parents=True)
    state.write_text("{}")
    remove(place)
    assert state.exists()
