"""The process dies between two steps of an installation or a removal: the next one finds everything in order."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from packages.making import Home, pack

CODE = """\
import functools, os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from packages.making import Home
from soarkit.packages import appdata, contents, places, placing, removal
home = Home(Path(sys.argv[2]))

def deadly(owner, name, first):
    real = getattr(owner, name)
    def dying(*arguments, **named):
        if first == "after":
            real(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, dying)

owner, name, first = sys.argv[3].split()
deadly(eval(owner), name, first)
if len(sys.argv) > 4:
    home.installer.install(sys.argv[4])
else:
    removal.uninstall(home.path, home.store, "sample-app", progress=print)
"""
INSTALLING = {
    "contents write_list after": "1.0.0",
    "places mark_unused after": "1.0.0",
    "placing put after": "1.0.0",
    "home.installer _make_ready after": "1.0.0",
    "appdata carry_over after": "1.0.0",
    "home.store.apps activate before": "1.0.0",
    "home.store.apps activate after": "2.0.0",
    "places mark_used after": "2.0.0",
    "appdata forget after": "2.0.0",
}
REPLACING = ["home.store.apps activate before", "home.store.apps activate after", "places mark_used after"]
REMOVING = {
    "appdata keep after": True,
    "places mark_unused after": True,
    "home.store.apps remove before": True,
    "home.store.apps remove after": False,
    "places remove before": False,
}


def die(place: Home, *arguments: str) -> None:
    place.store.close()
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run([sys.executable, "-c", CODE, tests, place.path, *arguments], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


def assert_sound(place: Home, version: str) -> None:
    """That version is current, whole, has the app's data, and nothing else is there once somebody has installed."""
    (app,) = place.store.apps.list()
    assert app.current == version
    assert (place.current() / "sample.json").exists()
    assert (place.current() / "token.bin").read_text() == "data"
    place.installer.use("sample-app", version)


@pytest.mark.parametrize("step", INSTALLING)
def test_an_upgrade(place: Home, tmp_path: Path, step: str) -> None:
    place.installer.install(pack(tmp_path / "one"))
    (place.current() / "token.bin").write_text("data")
    two = pack(tmp_path / "two", "2.0.0")
    die(place, step, two)
    assert_sound(place, INSTALLING[step])
    place.installer.install(two)
    assert_sound(place, "2.0.0")
    assert [path.name for path in (place.folder / "apps").iterdir()] == ["sample-app"]
    assert len(place.version_folders()) == 2
    assert not list((place.folder / "apps").glob("*/*/unused"))


@pytest.mark.parametrize("step", REPLACING)
def test_a_replacement(place: Home, tmp_path: Path, step: str) -> None:
    place.installer.install(pack(tmp_path / "one"))
    (place.current() / "token.bin").write_text("data")
    other = pack(tmp_path / "other", files={"new.txt": ""})
    die(place, step, other)
    assert_sound(place, "1.0.0")
    place.installer.install(other)
    assert_sound(place, "1.0.0")
    assert (place.current() / "new.txt").exists()
    assert len(place.version_folders()) == 1


@pytest.mark.parametrize("step", REMOVING)
def test_a_removal(place: Home, tmp_path: Path, step: str) -> None:
    one = pack(tmp_path / "one")
    place.installer.install(one)
    (place.current() / "token.bin").write_text("data")
    die(place, step)
    assert bool(place.store.apps.list()) is REMOVING[step]
    if REMOVING[step]:
        assert_sound(place, "1.0.0")
    place.installer.install(one)
    assert_sound(place, "1.0.0")
    assert len(place.version_folders()) == 1
    assert not list((place.folder / "apps").glob("*/*/unused"))
