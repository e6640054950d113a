"""Kill -9 of the host at any moment of an installation: what is current afterwards works."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Finished
from environments.conftest import baseline_wheels, index, make_wheel  # noqa: F401
from packages.making import CONNECTOR, put_app

ROUNDS = 10
CODE = "import extra\n" + CONNECTOR


@pytest.fixture
def version(tmp_path: Path) -> Callable[[int], str]:
    """The package of version N, which needs an environment of its own."""

    def make(number: int) -> str:
        folder = tmp_path / f"app-{number}"
        wheel = make_wheel(folder / "wheels", "extra", f"{number}.0")
        listed = [{"module": "extra", "input_file": f"wheels/{wheel.name}"}]
        put_app(folder, f"{number}.0.0", connector=CODE, pip3_dependencies={"wheel": listed})
        archive = tmp_path / f"app-{number}.tgz"
        subprocess.run(["tar", "czf", archive, "-C", tmp_path, folder.name], check=True)
        return str(archive)

    return make


def install_and_kill(package: str, after: float) -> None:
    """Start an installation, and end its host without any warning after that many seconds."""
    with subprocess.Popen(
        [sys.executable, "-m", "soarkit", "install", package],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as process:
        time.sleep(after)
        process.send_signal(signal.SIGKILL)


def moments(duration: float) -> list[float]:
    """Random moments of an installation, every part of it among them."""
    seed = int(os.environ.get("SOARKIT_TEST_SEED", time.time()))
    print(f"SOARKIT_TEST_SEED={seed}")
    chance = random.Random(seed)
    return [(part + chance.random()) * duration / ROUNDS for part in range(ROUNDS)]


def timed_install(soarkit: Callable[..., Finished], package: str) -> float:
    started = time.monotonic()
    done = soarkit("install", package)
    assert done.code == 0, done.stderr
    return time.monotonic() - started


def assert_works(soarkit: Callable[..., Finished], possible: set[str]) -> str:
    """The app is installed and runs. :returns: its current version"""
    listed = soarkit("apps", "--format", "json")
    assert listed.code == 0, listed.stderr
    (app,) = listed.json()["apps"]
    assert app["current"] in possible
    ran = soarkit("run", "sample-app", "tell version", "--format", "json")
    assert ran.code == 0, ran.stderr
    assert ran.data == [{"version": app["current"]}]
    return str(app["current"])


def assert_nothing_left(home: Path, versions: int) -> None:
    """No folder but those of installed versions."""
    assert [path.name for path in (home / "apps").iterdir()] == ["sample-app"]
    assert len(list((home / "apps" / "sample-app").iterdir())) == versions


@pytest.mark.usefixtures("index")
def test_an_upgrade(home: Path, soarkit: Callable[..., Finished], version: Callable[[int], str]) -> None:
    duration = timed_install(soarkit, version(1))
    current, ended = "1.0.0", set()
    for number, moment in enumerate(moments(duration), start=2):
        install_and_kill(version(number), moment)
        after = assert_works(soarkit, {current, f"{number}.0.0"})
        ended.add(after != current)
        current = after
    timed_install(soarkit, version(99))
    assert assert_works(soarkit, {"99.0.0"})
    assert_nothing_left(home, len(soarkit("apps", "-f", "json").json()["apps"][0]["versions"]))


@pytest.mark.usefixtures("index")
def test_a_first_installation(
    tmp_path: Path, soarkit: Callable[..., Finished], version: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package = version(1)
    monkeypatch.setenv("SOARKIT_HOME", str(tmp_path / "home-0"))
    duration = timed_install(soarkit, package)
    for number, moment in enumerate(moments(duration), start=1):
        home = tmp_path / f"home-{number}"
        monkeypatch.setenv("SOARKIT_HOME", str(home))
        install_and_kill(package, moment)
        listed = soarkit("apps", "--format", "json")
        assert listed.code == 0, listed.stderr
        if listed.json()["apps"]:
            assert_works(soarkit, {"1.0.0"})
        else:
            assert soarkit("run", "sample-app", "tell version").code == 2
        if number % 3 == 0:  # each takes as long as an installation
            timed_install(soarkit, package)
            assert_works(soarkit, {"1.0.0"})
            assert_nothing_left(home, 1)
