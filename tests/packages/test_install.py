"""Installing: all or nothing, versions side by side, the app's own data brought along, assets carried over."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from packages.making import APPID, Home, only, pack, put_app

from soarkit.errors import AppImportError, RequestError
from soarkit.packages import contents

SECOND: dict[str, Any] = {
    "configuration": {
        "server": {"data_type": "string", "required": False},
        "region": {"data_type": "string", "default": "eu"},
        "tenant": {"data_type": "string", "required": True},
    }
}


def test_a_package(place: Home, tmp_path: Path) -> None:
    source = pack(tmp_path / "app", files={"tool.sh": "x"})
    done = place.installer.install(source)
    assert (done.outcome, done.previous, done.changes, done.data, done.waiting) == ("installed", None, (), (), ())
    app = only(place)
    assert app == done.app
    version = app.version("1.0.0")
    assert version == done.version
    assert (app.slug, app.appid, app.current) == ("sample-app", APPID, "1.0.0")
    assert version.folder == f"{place.path}/apps/sample-app/1.0.0-{version.digest[:12]}/phantom_sample"
    assert version.source == source
    assert version.digest == contents.digest(contents.take_stock(version.folder))
    assert contents.changed(version.folder, contents.read_list(version.folder) or {}) == []
    assert sorted(os.listdir(os.path.dirname(version.folder))) == ["phantom_sample", "shipped.json"]
    assert [path.name for path in (place.folder / "apps").iterdir()] == ["sample-app"]
    assert done.ready.import_seconds > 0


def test_a_folder_gives_what_its_package_gives(place: Home, tmp_path: Path) -> None:
    source = pack(tmp_path / "app", files={"tests/test_a.py": "x", ".env": "x", "17_state.json": "{}"})
    first = place.installer.install(str(tmp_path / "app"))
    assert {one.path for one in first.selection.left_out} == {"tests/", ".env", "17_state.json"}  # type: ignore[union-attr]
    again = place.installer.install(source)
    assert again.outcome == "unchanged"
    assert again.version.digest == first.version.digest


def test_the_manifest_may_be_named(place: Home, tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    assert place.installer.install(str(app / "sample.json")).outcome == "installed"


def test_versions_side_by_side(place: Home, tmp_path: Path) -> None:
    for version in ("1.0.0", "1.10.0", "1.9.0"):
        place.installer.install(pack(tmp_path / version, version))
    app = only(place)
    assert app.current == "1.9.0"
    assert [one.version for one in app.versions] == ["1.10.0", "1.9.0", "1.0.0"]
    assert all(os.path.isfile(os.path.join(one.folder, one.manifest)) for one in app.versions)


def test_two_apps_of_one_name(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one"))
    place.installer.install(pack(tmp_path / "two", appid="0123abcd-b63c-4d0e-94e6-df0ae680d99c"))
    assert [app.slug for app in place.store.apps.list()] == ["sample-app", "sample-app-0123"]
    folders = {app.version("1.0.0").folder for app in place.store.apps.list()}
    assert {Path(folder).parent.parent.name for folder in folders} == {"sample-app", "sample-app-0123"}


def test_the_same_again_repairs(place: Home, tmp_path: Path) -> None:
    source = pack(tmp_path / "app", files={"lib/a.txt": "a", "lib/b.txt": "b"})
    first = place.installer.install(source)
    folder = place.current()
    (folder / "lib" / "a.txt").write_text("changed")
    (folder / "lib" / "b.txt").unlink()
    (folder / "lib" / "b.txt").mkdir()
    (folder / "token.bin").write_text("data")
    done = place.installer.install(source)
    assert (done.outcome, done.repaired) == ("repaired", ("lib/a.txt", "lib/b.txt"))
    assert (folder / "lib" / "a.txt").read_text() == "a"
    assert (folder / "token.bin").read_text() == "data"
    done = place.installer.install(source)
    assert (done.outcome, done.version.installed_at) == ("unchanged", first.version.installed_at)
    import shutil

    shutil.rmtree(folder.parent)
    assert place.installer.install(source).outcome == "repaired"
    assert (folder / "sample.json").exists()


def test_a_repair_does_not_write_through_links(place: Home, tmp_path: Path) -> None:
    """Neither through a folder that became one, nor through what a killed repair has left."""
    source = pack(tmp_path / "app", files={"lib/a.txt": "a", "b.txt": "b"})
    place.installer.install(source)
    folder = place.current()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.txt").write_text("my own")
    (folder / "lib" / "a.txt").unlink()
    (folder / "lib").rmdir()
    (folder / "lib").symlink_to(mine)
    (folder / "b.txt").write_text("changed")
    (folder / "b.txt.soarkit-copy").symlink_to(mine / "a.txt")
    assert place.installer.install(source).repaired == ("b.txt", "lib/a.txt")
    assert (mine / "a.txt").read_text() == "my own"
    assert ((folder / "lib" / "a.txt").read_text(), (folder / "b.txt").read_text()) == ("a", "b")


def test_app_data_is_not_written_through_links(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one"))
    first = place.current()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "key").write_text("my own")
    os.utime(mine / "key", (1, 1))
    (first / "data").symlink_to(mine)
    place.installer.install(pack(tmp_path / "two", "2.0.0"))
    second = place.current()
    if (second / "data").is_symlink():
        (second / "data").unlink()
    (second / "data").mkdir()
    (second / "data" / "key").write_text("newer")
    place.installer.use("sample-app", "1.0.0")
    assert (mine / "key").read_text() == "my own"


def test_an_installed_version_is_made_current_again(place: Home, tmp_path: Path) -> None:
    one = pack(tmp_path / "one")
    place.installer.install(one)
    place.installer.install(pack(tmp_path / "two", "2.0.0"))
    done = place.installer.install(one)
    assert (done.outcome, done.previous, done.app.current) == ("installed", "2.0.0", "1.0.0")
    assert place.installer.install(one).outcome == "unchanged"


def test_the_same_version_with_other_content_replaces(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "app"))
    old = place.current()
    (old / "token.bin").write_text("data")
    done = place.installer.install(pack(tmp_path / "other", files={"new.txt": ""}))
    assert (done.outcome, done.data) == ("replaced", ("token.bin",))
    assert not old.parent.exists()
    assert (place.current() / "token.bin").read_text() == "data"
    assert len(only(place).versions) == 1


def test_a_version_that_runs_is_removed_later(place: Home, tmp_path: Path) -> None:
    import subprocess

    place.installer.install(pack(tmp_path / "app"))
    old = place.current()
    with subprocess.Popen(["sleep", "60"], cwd=old) as running:
        try:
            done = place.installer.install(pack(tmp_path / "other", files={"new.txt": ""}))
            assert done.waiting == (str(old.parent),)
            assert old.exists()
        finally:
            running.kill()
    place.installer.install(pack(tmp_path / "other"))
    assert not old.exists()


def test_a_run_that_is_recorded_counts_as_running(place: Home, tmp_path: Path) -> None:
    from soarkit.packages import places
    from soarkit.store import spool

    place.installer.install(pack(tmp_path / "app"))
    folder = str(place.current().parent)
    about = {"app_path": str(place.current() / "sample.json"), "started": spool.now()}
    record = spool.begin(place.path, about)
    assert places.is_in_use(place.path, folder)
    record.discard()
    assert not places.is_in_use(place.path, folder)


def test_interpreter_and_fallback_are_asked_for_and_kept(place: Home, tmp_path: Path) -> None:
    source = pack(tmp_path / "app")
    place.installer.install(source, python="3.11", index_fallback=False)
    assert place.built == ["1.0.0 3.11 False"]
    version = only(place).version("1.0.0")
    assert (version.python, version.index_fallback) == ("3.11", False)
    place.installer.install(source, python="~/python")
    assert only(place).version("1.0.0").python == os.path.expanduser("~/python")
    place.installer.use("sample-app", "1.0.0")
    assert place.built[-1] == f"1.0.0 {os.path.expanduser('~/python')} True"


def test_assets_are_carried_over_and_back(place: Home, tmp_path: Path) -> None:
    one, two = pack(tmp_path / "one"), pack(tmp_path / "two", "2.0.0", **SECOND)
    place.installer.install(one)
    place.store.assets.create("mine", app="sample-app", configuration={"server": "https://a.example"})
    preview = place.installer.preview(two)
    assert (preview.current, preview.app.app_version) == ("1.0.0", "2.0.0")
    done = place.installer.install(two)
    assert done.changes == preview.changes
    (change,) = done.changes
    assert (change.asset, change.added, change.needs) == ("mine", {"region": "eu", "tenant": None}, ("tenant",))
    place.store.assets.edit("mine", set={"region": "us", "tenant": "t"})
    assert place.installer.preview_use("sample-app", "1.0.0").changes[0].removed == ("region", "tenant")
    back = place.installer.use("sample-app", "1.0.0")
    assert back.changes[0].removed == ("region", "tenant")
    assert place.store.assets.get("mine").configuration == {"server": "https://a.example"}
    forth = place.installer.use("sample-app", "2.0.0")
    assert (forth.previous, forth.app.current) == ("1.0.0", "2.0.0")
    assert place.store.assets.get("mine").configuration["region"] == "eu"
    assert place.store.assets.get("mine").needs == ("tenant",)


def test_a_preview_changes_nothing(place: Home, tmp_path: Path) -> None:
    preview = place.installer.preview(pack(tmp_path / "one"))
    assert (preview.current, preview.changes) == (None, ())
    assert place.store.apps.list() == []
    assert list((place.folder / "apps").iterdir()) == []
    assert place.built == []


def test_app_data_goes_along(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one", files={"shipped.txt": "1"}))
    first = place.current()
    (first / "cache").mkdir()
    (first / "cache" / "token.bin").write_text("old")
    (first / "becomes_shipped.txt").write_text("data")
    (first / "__pycache__").mkdir()
    (first / "__pycache__" / "x.pyc").write_text("")
    (first / "shipped.txt").write_text("overwritten by the app")
    os.utime(first / "cache" / "token.bin", (1000, 1000))
    two = pack(tmp_path / "two", "2.0.0", files={"shipped.txt": "2", "becomes_shipped.txt": "2"})
    done = place.installer.install(two)
    assert done.data == ("cache/token.bin",)
    second = place.current()
    assert (second / "cache" / "token.bin").read_text() == "old"
    assert (second / "cache" / "token.bin").stat().st_mtime == 1000
    assert (second / "becomes_shipped.txt").read_text() == "2"
    assert (second / "shipped.txt").read_text() == "2"
    (second / "cache" / "token.bin").write_text("new")
    (second / "added.txt").write_text("more")
    back = place.installer.use("sample-app", "1.0.0")
    assert back.data == ("added.txt", "cache/token.bin")
    assert (first / "cache" / "token.bin").read_text() == "new"
    assert (first / "becomes_shipped.txt").read_text() == "data"
    # What is older there does not come back.
    os.utime(second / "cache" / "token.bin", (time.time() + 60,) * 2)
    (second / "cache" / "token.bin").write_text("newest")
    os.utime(first / "cache" / "token.bin", (2000, 2000))
    assert place.installer.use("sample-app", "2.0.0").data == ()
    assert (second / "cache" / "token.bin").read_text() == "newest"


def test_a_version_whose_files_are_gone_cannot_be_used(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one"))
    gone = place.current()
    place.installer.install(pack(tmp_path / "two", "2.0.0"))
    import shutil

    shutil.rmtree(gone.parent)
    with pytest.raises(RequestError, match="gone"):
        place.installer.use("sample-app", "1.0.0")
    assert only(place).current == "2.0.0"
    with pytest.raises(RequestError, match=r"3\.0"):
        place.installer.use("sample-app", "3.0")
    shutil.rmtree(place.current().parent)  # data of a version that is gone is no reason not to install
    assert place.installer.install(str(tmp_path / "two.tgz")).outcome == "repaired"
    assert place.installer.install(str(tmp_path / "one.tgz")).outcome == "repaired"


def test_a_version_that_does_not_work_any_more_is_not_made_current(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one"))
    (place.current() / "sample_connector.py").write_text("import gone_for_good")
    place.installer.install(pack(tmp_path / "two", "2.0.0"))
    with pytest.raises(AppImportError):
        place.installer.use("sample-app", "1.0.0")
    assert only(place).current == "2.0.0"


def test_what_dead_installations_left_is_cleaned(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "one"))
    apps = place.folder / "apps"
    (apps / ".staging-dead").mkdir()
    (apps / ".staging-dead" / "x").write_text("")
    dead = apps / "sample-app" / "2.0.0-abc"
    (dead / "phantom_sample").mkdir(parents=True)
    contents.write_list(str(dead), appid=APPID, digest="x", files={})
    (dead / contents.UNUSED).touch()
    stranger = apps / "other" / "1.0-abc"
    stranger.mkdir(parents=True)
    (stranger / contents.UNUSED).touch()
    foreign = apps / "sample-app" / "of-another-database"
    foreign.mkdir()
    (place.current().parent / contents.UNUSED).touch()  # its process died after the store knew
    place.installer.install(str(tmp_path / "one.tgz"))
    assert place.version_folders() == ["sample-app/" + place.current().parent.name, "sample-app/of-another-database"]
    assert sorted(os.listdir(place.current().parent)) == ["phantom_sample", "shipped.json"]


def test_concurrent_installations_of_one_app_wait_for_each_other(place: Home, tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from packages.making import Home\n"
        "home = Home(Path(sys.argv[2])); home.installer.install(sys.argv[3]); print('\\n'.join(home.said))\n"
    )
    tests = str(Path(__file__).parent.parent)
    sources = [pack(tmp_path / str(number), f"{number}.0.0") for number in range(4)]
    sources.append(sources[0])
    started = [
        subprocess.Popen([sys.executable, "-c", code, tests, place.path, one], stdout=subprocess.PIPE, text=True)
        for one in sources
    ]
    said = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 5
    assert any("waiting for another process that changes the same app" in text for text in said)
    app = only(place)
    assert {one.version for one in app.versions} == {f"{number}.0.0" for number in range(4)}
    assert len(place.version_folders()) == 4
    assert [path.name for path in (place.folder / "apps").iterdir()] == ["sample-app"]


def test_other_apps_need_not_wait(place: Home, tmp_path: Path) -> None:
    from soarkit.packages import places

    with places.changing(place.path, APPID, place.said.append):
        other = pack(tmp_path / "app", appid="0123abcd-b63c-4d0e-94e6-df0ae680d99c")
        assert place.installer.install(other).outcome == "installed"


def test_the_list_of_what_was_shipped(place: Home, tmp_path: Path) -> None:
    place.installer.install(pack(tmp_path / "app"))
    document = json.loads((place.current().parent / contents.SHIPPED).read_text())
    assert document["appid"] == APPID
    assert set(document["files"]) == {"logo.svg", "sample.json", "sample_connector.py"}
