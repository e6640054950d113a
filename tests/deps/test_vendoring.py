"""Wheels put into an app's folder and into its lists, from a local index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deps.conftest import HERE, listed, source_archive
from environments.conftest import make_wheel
from packaging import tags

from soarkit.deps import appfolder, lockfile, locking, vendoring, wheelfetch
from soarkit.deps.appfolder import AppFolder
from soarkit.deps.vendoring import VendorReport
from soarkit.environments import baseline, build
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, ManifestError, UsageError

MakeApp = Callable[..., AppFolder]
OWN = f"pip{HERE}_dependencies"


@pytest.fixture
def vendor(index: Path, ready: str, here: Interpreter) -> Callable[..., VendorReport]:
    def run(app: AppFolder, **options: Any) -> VendorReport:
        app = appfolder.open_folder(app.folder)
        return vendoring.vendor(app, [here], ready, progress=lambda text: None, **options)

    return run


def files(app: AppFolder) -> list[str]:
    return sorted(str(path.relative_to(app.folder)) for path in Path(app.folder).rglob("*") if path.is_file())


def manifest(app: AppFolder) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(app.manifest_path).read_text())
    return read


def test_what_the_app_needs_is_shipped_and_listed(make_app: MakeApp, vendor: Any, index: Path) -> None:
    make_wheel(index, "alpha", "1.0", requires=["beta", "requests", "old"])
    make_wheel(index, "beta", "2.0", tag=f"cp{HERE}-none-any")
    make_wheel(index, "old", "3.0", tag="py2.py3-none-any")
    app = make_app(requirements="alpha\n")
    report = vendor(app)
    entries = manifest(app)[OWN]["wheel"]
    assert entries == [
        {"module": "alpha", "input_file": "wheels/py3/alpha-1.0-py3-none-any.whl"},
        {"module": "beta", "input_file": f"wheels/py{HERE}/beta-2.0-cp{HERE}-none-any.whl"},
        {"module": "old", "input_file": "wheels/shared/old-3.0-py2.py3-none-any.whl"},
    ]
    assert sorted(report.added) == sorted(one["input_file"] for one in entries)
    assert set(report.added) <= set(files(app))
    # requests is the baseline's; the platform has it.
    assert not any("requests" in file for file in files(app) if file.endswith(".whl"))
    again = vendor(app)
    assert again.added == again.removed == ()
    assert again.lists[0].changes == {}


def test_source_is_built_and_twice_gives_the_same(make_app: MakeApp, vendor: Any, index: Path) -> None:
    source_archive(index, "alpha", "1.0")
    app = make_app(requirements="alpha\n")
    (file,) = vendor(app).added
    first = Path(app.folder, file).read_bytes()
    os.unlink(Path(app.folder, file))
    assert vendor(app).added == (file,)
    assert Path(app.folder, file).read_bytes() == first


def test_source_that_the_app_ships_is_built(make_app: MakeApp, vendor: Any, index: Path) -> None:
    folder = Path(make_app().folder, "wheels")
    folder.mkdir()
    archive = source_archive(folder, "alpha", "1.0")
    app = make_app(lists=listed([{"module": "alpha", "input_file": f"wheels/{archive.name}"}]))
    report = vendor(app)
    assert report.added == ("wheels/py3/alpha-1.0-py3-none-any.whl",)
    assert report.removed == (f"wheels/{archive.name}",)


def test_old_wheels_go_unless_another_list_has_them(make_app: MakeApp, vendor: Any, index: Path, ship: Any) -> None:
    make_wheel(index, "alpha", "2.0")
    make_app()
    old, kept, unlisted = ship("alpha", "1.0"), ship("beta", "1.0"), ship("gamma", "1.0")
    make_app(requirements="alpha==2.0\n", lists={**listed([old, kept]), "pip38_dependencies": {"wheel": [kept]}})
    app = make_app(requirements="alpha==2.0\n", lists={**listed([old, kept]), "pip38_dependencies": {"wheel": [kept]}})
    report = vendor(app)
    assert report.removed == (old["input_file"],)
    assert report.lists[0].changes == {"alpha": ("1.0", "2.0"), "beta": ("1.0", None)}
    assert [name for name in files(app) if name.endswith(".whl")] == [
        "wheels/py3/alpha-2.0-py3-none-any.whl",
        kept["input_file"],
        unlisted["input_file"],
    ]
    assert manifest(app)["pip38_dependencies"] == {"wheel": [kept]}


def test_a_baseline_member_that_the_app_ships_stays_its_own(
    make_app: MakeApp, vendor: Any, index: Path, ship: Any, tmp_path: Path
) -> None:
    make_wheel(index, "alpha", "1.0")
    make_app()
    app = make_app(requirements="alpha\n", lists=listed([ship("pytz", "1.0"), ship("unwanted", "1.0")]))
    report = vendor(app, with_baseline=str(tmp_path / "house"))
    assert report.lists[0].changes == {"alpha": (None, "1.0"), "unwanted": ("1.0", None)}
    assert not list((tmp_path / "house").glob("pytz-*"))


@pytest.mark.parametrize("damage", ["pointer", "byte"])
def test_a_wheel_that_is_damaged_is_fetched_anew(
    make_app: MakeApp, vendor: Any, index: Path, ship: Any, damage: str
) -> None:
    good = make_wheel(index, "alpha", "1.0")
    make_app()
    entry = ship("alpha", "1.0")
    app = make_app(lists=listed([entry]))
    path = Path(app.folder, entry["input_file"])
    if damage == "pointer":
        path.write_text("version https://git-lfs.github.com/spec/v1\n")
    else:
        path.write_bytes(path.read_bytes().replace(b"VERSION = '1.0'", b"VERSION = '1.1'"))
    before = Path(app.manifest_path).read_bytes()
    vendor(app)
    assert path.read_bytes() == good.read_bytes()
    assert Path(app.manifest_path).read_bytes() == before


def test_an_unversioned_list_is_the_one_that_is_written(make_app: MakeApp, vendor: Any, index: Path) -> None:
    make_wheel(index, "alpha", "1.0")
    app = make_app(lists={"pip3_dependencies": {"pypi": [{"module": "alpha"}]}})
    assert vendor(app).lists[0].key == "pip3_dependencies"
    assert list(manifest(app)["pip3_dependencies"]) == ["pypi", "wheel"]
    assert OWN not in manifest(app)


def test_lock_and_wheelhouse_build_it_without_an_index(
    make_app: MakeApp, vendor: Any, index: Path, ready: str, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_archive(index, "alpha", "1.0")
    app = make_app(requirements="alpha\n")
    locking.lock(app, here, ready, progress=lambda text: None)
    source_archive(index, "alpha", "2.0")
    house = tmp_path / "house"
    report = vendor(app, with_baseline=str(house))
    assert report.locks == (lockfile.lock_name(here.version),)
    assert len(list(house.glob("*.whl"))) == report.lists[0].baseline == len(baseline.pins(here.version))
    monkeypatch.setenv("PIP_FIND_LINKS", str(house))
    app = appfolder.open_folder(app.folder)
    environment = build.ensure(app.manifest, app.folder, ready, progress=lambda text: None, found=[here])
    code = "import alpha, requests; print(alpha.VERSION, requests.VERSION)"
    done = subprocess.run([environment.python, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"1.0 {baseline.pins(here.version)['requests'].partition('==')[2]}\n"


def test_without_a_lock_too(
    make_app: MakeApp, vendor: Any, index: Path, ready: str, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_wheel(index, "alpha", "1.0", requires=["urllib3<2"])
    make_wheel(index, "urllib3", "1.26.20")
    app = make_app(requirements="alpha\n")
    vendor(app, with_baseline=str(tmp_path / "house"))
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "house"))
    monkeypatch.setenv("SOARKIT_INSTALLER", "pip")
    app = appfolder.open_folder(app.folder)
    environment = build.ensure(app.manifest, app.folder, ready, progress=lambda text: None, found=[here])
    code = "import alpha, urllib3; print(alpha.VERSION, urllib3.VERSION)"
    done = subprocess.run([environment.python, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1.0 1.26.20\n"


def test_nothing_is_left_behind_where_it_fails(
    make_app: MakeApp, vendor: Any, index: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_wheel(index, "alpha", "1.0", requires=["beta"])
    make_wheel(index, "beta", "1.0")
    app = make_app(requirements="alpha\n")
    before = files(app)
    place = wheelfetch.place

    def interrupted(source: str, path: str) -> bool:
        if "beta" in path:
            raise KeyboardInterrupt
        return place(source, path)

    monkeypatch.setattr(wheelfetch, "place", interrupted)
    with pytest.raises(KeyboardInterrupt):
        vendor(app)
    assert files(app) == before
    assert not Path(app.folder, "wheels").exists()
    assert not [name for name in os.listdir(home) if name.startswith(".scratch")]


def test_what_cannot_be_built_is_named(make_app: MakeApp, vendor: Any, index: Path, ready: str, here: Any) -> None:
    path = source_archive(index, "alpha", "1.0")
    app = make_app(requirements="alpha\n")
    locking.lock(app, here, ready, progress=lambda text: None)
    path.unlink()
    with pytest.raises(BuildError, match="alpha"):
        vendor(app)
    assert not Path(app.folder, "wheels").exists()


def test_an_app_without_dependencies_is_said(make_app: MakeApp, vendor: Any) -> None:
    with pytest.raises(ManifestError, match="declares no dependencies"):
        vendor(make_app())


def test_another_platform_needs_uv(make_app: MakeApp, vendor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", "pip")
    with pytest.raises(UsageError, match="--platform needs uv") as caught:
        vendor(make_app(requirements="alpha\n"), platform="macos")
    assert "pip install uv" in str(caught.value)


def test_an_unknown_platform_is_refused(make_app: MakeApp, vendor: Any) -> None:
    with pytest.raises(UsageError, match="no platform 'windows'"):
        vendor(make_app(requirements="alpha\n"), platform="windows")


@pytest.mark.parametrize(
    ("platform", "tag"),
    [("linux", "manylinux_2_17_x86_64"), ("macos", "macosx_11_0_arm64"), ("linux", "manylinux2014_x86_64")],
)
def test_wheels_of_another_platform(make_app: MakeApp, vendor: Any, index: Path, platform: str, tag: str) -> None:
    for one in (tag, "manylinux_2_17_riscv64"):
        make_wheel(index, "alpha", "1.0", tag=f"cp{HERE}-cp{HERE}-{one}", requires=['beta; sys_platform == "darwin"'])
    make_wheel(index, "beta", "1.0")
    app = make_app(requirements="alpha\n")
    vendor(app, platform=platform)
    names = [os.path.basename(one["input_file"]) for one in manifest(app)[OWN]["wheel"]]
    darwin = ["beta-1.0-py3-none-any.whl"] if platform == "macos" else []
    assert names == [f"alpha-1.0-cp{HERE}-cp{HERE}-{tag}.whl", *darwin]


def test_a_wheel_for_this_machine_is_none_for_another(make_app: MakeApp, vendor: Any, index: Path, ship: Any) -> None:
    make_wheel(index, "alpha", "1.0", tag=f"cp{HERE}-cp{HERE}-manylinux_2_28_riscv64")
    make_wheel(index, "alpha", "1.0", tag=f"cp{HERE}-cp{HERE}-macosx_11_0_arm64")
    make_app()
    mine = next(str(one) for one in tags.sys_tags() if one.abi == f"cp{HERE}")
    entry = ship("alpha", "1.0", tag=mine)
    app = make_app(lists=listed([entry]))
    report = vendor(app, platform="macos")
    assert report.added == (f"wheels/py{HERE}/alpha-1.0-cp{HERE}-cp{HERE}-macosx_11_0_arm64.whl",)
    assert report.removed == (entry["input_file"],)


def test_two_pythons_share_what_fits_both(
    make_app: MakeApp, index: Path, ready: str, here: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Interpreter((3, 9 if sys.version_info[1] != 9 else 10, 0), "")
    for pin in baseline.pins(other.version).values():
        make_wheel(index, *pin.split("=="))
    make_wheel(index, "alpha", "1.0")
    app = make_app(lists={"pip_dependencies": {"pypi": [{"module": "alpha"}]}})
    report = vendoring.vendor(app, [other, here], ready, platform="linux", progress=lambda text: None)
    assert [one.key for one in report.lists] == [appfolder.list_key(other.version), OWN]
    assert report.added == ("wheels/py3/alpha-1.0-py3-none-any.whl",)
    assert manifest(app)["pip_dependencies"] == {"pypi": [{"module": "alpha"}]}


def _app(folder: Path, *input_files: str) -> AppFolder:
    folder.mkdir(exist_ok=True)
    raw = {"pip3_dependencies": {"wheel": [{"module": "six", "input_file": one} for one in input_files]}}
    (folder / "app.json").write_text(json.dumps(raw))
    return AppFolder(str(folder), str(folder / "app.json"), raw)


def test_only_packages_are_removed_when_no_list_names_them_any_more(tmp_path: Path) -> None:
    app = _app(tmp_path / "app", "connector.py", "app.json", "wheels/six-1.0-py3-none-any.whl")
    for name in ("connector.py", "wheels/six-1.0-py3-none-any.whl"):
        (tmp_path / "app" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "app" / name).write_text("x")
    assert vendoring._listed(app) == {"wheels/six-1.0-py3-none-any.whl"}
    assert vendoring._remove(app.folder, "wheels/six-1.0-py3-none-any.whl")
    assert files(app) == ["app.json", "connector.py"]


def test_a_file_under_its_other_name_stays(make_app: MakeApp, vendor: Any, index: Path) -> None:
    """``wheels`` is a link inside the app: the list gets the real path, which is the same file."""
    folder = Path(make_app().folder)
    real = folder / "lib" / "w"
    real.mkdir(parents=True)
    (folder / "wheels").symlink_to("lib/w")
    wheel = make_wheel(real, "pytz", "1.0")
    app = make_app(lists=listed([{"module": "pytz", "input_file": f"wheels/{wheel.name}"}]))
    report = vendor(app)
    assert manifest(app)[OWN]["wheel"] == [{"module": "pytz", "input_file": f"lib/w/{wheel.name}"}]
    assert report.removed == ()
    assert wheel.exists()


def test_what_was_replaced_is_not_taken_away_again(tmp_path: Path) -> None:
    app = _app(tmp_path / "app")
    wheel = make_wheel(tmp_path, "six", "1.0")
    there = tmp_path / "app" / "wheels" / "py3" / wheel.name
    there.parent.mkdir(parents=True)
    there.write_text("version https://git-lfs")
    added: list[str] = []
    created: list[str] = []
    vendoring._placed(app.folder, str(wheel), added, created)
    assert (added, created) == ([f"wheels/py3/{wheel.name}"], [])
