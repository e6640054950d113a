"""Installations that fail or are refused: nothing is left of them, and the old version stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packages.making import CONNECTOR, Home, only, pack, put_app

from soarkit.errors import AppImportError, AppTimeout, ArchiveError, BuildError, ManifestError, RequestError, UsageError
from soarkit.packages import contents, install

SECOND: dict[str, Any] = {
    "configuration": {
        "server": {"data_type": "string", "required": False},
        "region": {"data_type": "string", "default": "eu"},
        "tenant": {"data_type": "string", "required": True},
    }
}


def break_at(place: Home, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one step of an installation fail."""

    def fail(*arguments: object, **named: object) -> None:
        raise BuildError("no luck", where="the.log")

    if step == "build":
        place.installer = place.new_installer(build_environment=fail)
    elif step == "import":
        place.installer = place.new_installer(import_app=fail)
    elif step == "store":
        monkeypatch.setattr(place.store.apps, "activate", fail)
    else:
        monkeypatch.setattr(install.appdata, step, fail)


@pytest.mark.parametrize("step", ["build", "import", "carry_over", "store"])
def test_an_upgrade_that_fails_changes_nothing(
    place: Home, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.installer.install(pack(tmp_path / "one"))
    before, folders = place.store.apps.list(), place.version_folders()
    break_at(place, step, monkeypatch)
    with pytest.raises(BuildError, match="no luck"):
        place.installer.install(pack(tmp_path / "two", "2.0.0", **SECOND))
    assert place.store.apps.list() == before
    assert place.version_folders() == folders
    assert place.said[-1] == "not installed; sample-app 1.0.0 stays the current version"


@pytest.mark.parametrize("step", ["build", "import", "restore", "store"])
def test_a_first_installation_that_fails_leaves_nothing(
    place: Home, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at(place, step, monkeypatch)
    with pytest.raises(BuildError):
        place.installer.install(pack(tmp_path / "one"))
    assert place.store.apps.list() == []
    assert list((place.folder / "apps").iterdir()) == []


IMPORTS = {
    "exits": ("import sys\nsys.exit(3)", AppImportError, "SystemExit"),
    "raises": ("1 / 0", AppImportError, "ZeroDivisionError"),
    "absent": ("import not_there_at_all", AppImportError, "not in its environment"),
    "no connector": ("x = 1", AppImportError, "no connector class"),
    "python 2": ("import ConfigParser", AppImportError, "Python 2 code"),
}


@pytest.mark.parametrize("case", IMPORTS)
def test_an_app_that_cannot_be_imported_is_not_installed(place: Home, tmp_path: Path, case: str) -> None:
    place.installer.install(pack(tmp_path / "one"))
    text, kind, words = IMPORTS[case]
    with pytest.raises(kind, match=words) as caught:
        place.installer.install(pack(tmp_path / "two", "2.0.0", connector=f"print('a cry')\n{text}\n"))
    assert only(place).current == "1.0.0"
    assert [one.version for one in only(place).versions] == ["1.0.0"]
    assert caught.value.log is not None
    log = Path(caught.value.log).read_text()
    assert "a cry" in log
    assert words in log


def test_nothing_is_built_for_python_2_code(place: Home, tmp_path: Path) -> None:
    with pytest.raises(AppImportError, match="Python 2 code: print 'x'") as caught:
        place.installer.install(pack(tmp_path / "one", connector="import os\nprint 'x'\n"))
    assert caught.value.where == "sample_connector.py:2"
    assert place.built == []


def test_what_only_the_apps_own_python_can_judge_is_left_to_it(place: Home, tmp_path: Path) -> None:
    with pytest.raises(AppImportError, match="syntax error"):
        place.installer.install(pack(tmp_path / "one", connector="def x(:\n"))
    assert len(place.built) == 1


def test_an_app_that_hangs_when_it_is_imported(place: Home, tmp_path: Path) -> None:
    place.installer = place.new_installer(
        import_app=lambda app, python, log_path: install_import(app, python, place, log_path)
    )
    with pytest.raises(AppTimeout, match="did not end within 1 s"):
        place.installer.install(pack(tmp_path / "one", connector="import time\ntime.sleep(100)\n"))
    assert place.store.apps.list() == []


def install_import(app: Any, python: str, place: Home, log_path: str) -> float:
    from soarkit.packages.smoke import import_app

    return import_app(app, python, place.path, log_path=log_path, base_url="https://localhost/", time_limit=1)


def test_importing_runs_no_action_and_leaves_no_state(place: Home, tmp_path: Path) -> None:
    text = CONNECTOR.replace("class", "import os\nopen(os.environ['PHANTOM_HOME'] + '/x', 'w').close()\n\nclass")
    text = text.replace("    def handle", "    def __init__(self):\n        raise SystemExit(9)\n\n    def handle")
    place.installer.install(pack(tmp_path / "one", connector=text))
    assert not (place.folder / "phantom").exists()


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"min_phantom_version": "8.6.1"}, RequestError, "asks for platform version 8.6.1"),
        ({"main_module": "gone.py"}, ManifestError, "gone.py"),
        ({"main_module": "src.app:app"}, ManifestError, "src.app:app"),
        ({"actions": "none"}, ManifestError, "/actions must be a list"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_built(
    place: Home, tmp_path: Path, changes: dict[str, Any], kind: type[RequestError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        place.installer.install(str(put_app(tmp_path / "app", **changes)))
    assert place.built == []
    assert ".staging" not in str(caught.value)
    assert list((place.folder / "apps").iterdir()) == []


def test_errors_name_what_was_given(place: Home, tmp_path: Path) -> None:
    import tarfile

    broken = put_app(tmp_path / "app", actions=17)
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as tar:
        tar.add(broken, "top")
    with pytest.raises(ManifestError) as caught:
        place.installer.install(str(tmp_path / "a.tgz"))
    assert caught.value.where == f"{tmp_path}/a.tgz!/top/sample.json"
    (broken / "sample.json").unlink()
    with tarfile.open(tmp_path / "b.tgz", "w:gz") as tar:
        tar.add(broken, ".")
    with pytest.raises(ManifestError, match="no app JSON") as caught:
        place.installer.install(str(tmp_path / "b.tgz"))
    assert caught.value.where == f"{tmp_path}/b.tgz"


def test_a_newer_platform_is_what_is_declared(place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = pack(tmp_path / "app", min_phantom_version="9.0.0")
    monkeypatch.setenv("SOARKIT_PLATFORM_VERSION", "9.1.0")
    assert place.installer.install(source).outcome == "installed"
    monkeypatch.delenv("SOARKIT_PLATFORM_VERSION")
    with pytest.raises(RequestError, match=r"soarkit stands for 8\.6\.0"):
        place.installer.install(source)
    assert place.installer.install(source, force=True).outcome == "unchanged"


def test_a_platform_version_without_numbers(place: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_PLATFORM_VERSION", "newest")
    with pytest.raises(UsageError, match="SOARKIT_PLATFORM_VERSION=newest"):
        place.installer.install(pack(tmp_path / "app"))


def test_an_app_with_a_very_long_name(place: Home, tmp_path: Path) -> None:
    name = "long name " * 40
    place.installer.install(pack(tmp_path / "one", name=name))
    place.installer.install(
        pack(tmp_path / "two", name="long name " * 40, appid="0123abcd-b63c-4d0e-94e6-df0ae680d99c")
    )
    assert len({app.slug for app in place.store.apps.list()}) == 2


def test_a_hostile_archive_leaves_nothing(place: Home, tmp_path: Path) -> None:
    import io
    import tarfile

    put_app(tmp_path / "app")
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as tar:
        tar.add(tmp_path / "app", "app")
        info = tarfile.TarInfo("app/../../evil")
        tar.addfile(info, io.BytesIO())
    with pytest.raises(ArchiveError, match="evil"):
        place.installer.install(str(tmp_path / "a.tgz"))
    assert list((place.folder / "apps").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_a_tarball_without_a_top_folder_or_with_odd_ones(place: Home, tmp_path: Path) -> None:
    import tarfile

    for number, top in enumerate((".", "shipped.json", "unused")):
        with tarfile.open(tmp_path / f"{number}.tgz", "w:gz") as tar:
            tar.add(put_app(tmp_path / str(number), f"{number}.0.0"), top)
        place.installer.install(str(tmp_path / f"{number}.tgz"))
        assert place.current().name == "app"
        assert contents.read_list(str(place.current())) is not None
