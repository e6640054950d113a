"""Lock files, made by pip-compile from a local index."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deps.conftest import HERE, listed
from environments.conftest import make_wheel

from soarkit.deps import lockfile, locking, tools
from soarkit.deps.appfolder import AppFolder, wanted_interpreters
from soarkit.deps.locking import LockReport
from soarkit.environments import baseline, interpreters
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, UsageError

MakeApp = Callable[..., AppFolder]


@pytest.fixture
def lock(index: Path, ready: str, here: Interpreter) -> Callable[..., LockReport]:
    def run(app: AppFolder, **options: Any) -> LockReport:
        return locking.lock(app, here, ready, progress=lambda text: None, **options)

    return run


def pins(report: LockReport) -> dict[str, str]:
    read = lockfile.read(report.path)
    assert read is not None
    return {name: pin.version for name, pin in read.pins.items()}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_app_and_baseline_are_locked_together(make_app: MakeApp, lock: Any, index: Path) -> None:
    alpha = make_wheel(index, "alpha", "1.0", requires=["beta>=1"])
    make_wheel(index, "beta", "2.0")
    report = lock(make_app(requirements="alpha\n"))
    assert os.path.basename(report.path) == f"soarkit-py{HERE}.lock"
    found = pins(report)
    assert {"alpha": "1.0", "beta": "2.0"}.items() <= found.items()
    usual = baseline.pins(
        (int(HERE[0]), int(HERE[1:]))
    )  # the index's wheels require nothing, so only members are there
    members = {name: usual[name].partition("==")[2] for name in baseline.members()}
    assert members.items() <= found.items()
    assert report.brought == ("alpha", "beta")
    assert report.is_new
    assert report.written
    read = lockfile.read(report.path)
    assert read is not None
    assert read.pins["alpha"].hashes == (sha256(alpha),)
    assert read.pins["alpha"].via == ("the app",)
    assert read.pins["beta"].via == ("alpha",)


def test_twice_gives_the_same_bytes(make_app: MakeApp, lock: Any, index: Path) -> None:
    make_wheel(index, "alpha", "1.0")
    app = make_app(requirements="alpha\n")
    first = Path(lock(app).path).read_bytes()
    again = lock(app)
    assert not again.written
    assert Path(again.path).read_bytes() == first
    os.unlink(again.path)
    assert Path(lock(app).path).read_bytes() == first


def test_it_names_no_place_of_this_machine(
    make_app: MakeApp, lock: Any, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://me:secret@index.example.org/simple")
    make_wheel(index, "alpha", "1.0")
    text = Path(lock(make_app(requirements="alpha\n")).path).read_text()
    for word in ("secret", "index.example.org", "find-links", str(tmp_path), os.path.expanduser("~/")):
        assert word not in text


def test_pins_stay_until_an_upgrade(make_app: MakeApp, lock: Any, index: Path) -> None:
    make_wheel(index, "alpha", "1.0")
    app = make_app(requirements="alpha\n")
    lock(app)
    make_wheel(index, "alpha", "2.0")
    assert pins(lock(app))["alpha"] == "1.0"
    report = lock(app, upgrade=True)
    assert pins(report)["alpha"] == "2.0"
    assert report.changes == {"alpha": ("1.0", "2.0")}
    app = make_app(requirements="alpha<2\n")
    assert lock(app).changes == {"alpha": ("2.0", "1.0")}


def test_the_app_wins_and_only_what_clashes_steps_back(make_app: MakeApp, lock: Any, index: Path) -> None:
    make_wheel(index, "alpha", "1.0", requires=["urllib3<2"])
    make_wheel(index, "urllib3", "1.26.20")
    make_wheel(index, "requests", "1.0")
    report = lock(make_app(requirements="alpha\nrequests==1.0\n"))
    found = pins(report)
    assert (found["urllib3"], found["requests"]) == ("1.26.20", "1.0")
    assert list(report.stepped_back) == ["urllib3"]
    assert report.brought == ("alpha", "requests", "urllib3")


def test_wheels_of_the_app_are_in_it_with_their_hashes(
    make_app: MakeApp, lock: Any, index: Path, ship: Any, tmp_path: Path
) -> None:
    other = make_wheel(index, "alpha", "1.0", code="# of the index\n")
    make_wheel(index, "alpha", "2.0")
    make_app()
    app = make_app(requirements="alpha\n", lists=listed([ship("alpha", "1.0", code="# of the app\n")]))
    read = lockfile.read(lock(app).path)
    assert read is not None
    own = next((tmp_path / "app" / "wheels").rglob("*.whl"))
    assert read.pins["alpha"].version == "1.0"  # the version that the app has already
    assert set(read.pins["alpha"].hashes) == {sha256(other), sha256(own)}


def test_a_wheel_that_nothing_asks_for_is_left_out_and_said(
    make_app: MakeApp, lock: Any, index: Path, ship: Any
) -> None:
    make_wheel(index, "alpha", "1.0")
    make_app()
    report = lock(make_app(requirements="alpha\n", lists=listed([ship("forgotten", "1.0")])))
    assert "forgotten" not in pins(report)
    assert report.warnings == (
        f"forgotten is in pip{HERE}_dependencies, but nothing in requirements.txt requires it: it is not in the lock",
    )


def test_an_environment_is_built_from_it(make_app: MakeApp, lock: Any, index: Path, ready: str, here: Any) -> None:
    from soarkit.environments import build

    make_wheel(index, "alpha", "1.0")
    app = make_app(requirements="alpha\n")
    lock(app)
    make_wheel(index, "alpha", "2.0")
    environment = build.ensure(app.manifest, app.folder, ready, progress=lambda text: None, found=[here])
    code = "import alpha; print(alpha.VERSION)"
    done = subprocess.run([environment.python, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1.0\n"


def test_a_conflict_is_named(make_app: MakeApp, lock: Any, index: Path) -> None:
    make_wheel(index, "alpha", "1.0", requires=["gamma<2"])
    make_wheel(index, "beta", "1.0", requires=["gamma>=2"])
    make_wheel(index, "gamma", "1.0")
    make_wheel(index, "gamma", "2.0")
    app = make_app(requirements="alpha\nbeta\n")
    with pytest.raises(BuildError) as caught:
        lock(app)
    for word in ("requirements.txt cannot be resolved", "alpha 1.0", "gamma<2", "gamma>=2"):
        assert word in caught.value.message
    assert not list(Path(app.folder).glob("*.lock"))


def test_what_is_nowhere_is_named(make_app: MakeApp, lock: Any) -> None:
    with pytest.raises(BuildError, match="alpha is in none of the folders of wheels"):
        lock(make_app(requirements="alpha==1.0\n"))


def test_an_unreachable_index_is_said(make_app: MakeApp, lock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(BuildError) as caught:
        lock(make_app(requirements="alpha==1.0\n"))
    assert "PIP_INDEX_URL" in str(caught.value)


def test_pip_tools_needs_an_index_once(index: Path, home: Path, here: Interpreter) -> None:
    with pytest.raises(BuildError, match=r"pip-tools for Python .* could not be fetched"):
        tools.python_with_pip_tools(here, str(home), lambda text: None)
    assert not any((home / "tools").iterdir())


def test_each_python_gets_a_lock_of_its_own(
    make_app: MakeApp, index: Path, ready: str, fetched_tools: Path, here: Interpreter
) -> None:
    other = next((one for one in interpreters.find(ready) if one.version != here.version), None)
    if other is None:
        pytest.skip("there is only one Python on this machine")
    for pin in baseline.pins(other.version).values():
        make_wheel(index, *pin.split("=="))
    for one in (here, other):
        make_wheel(index, "alpha", f"1.{one.version[1]}", python=f"=={one.version[0]}.{one.version[1]}.*")
    # pip-tools comes from the real index, before it is switched off for the test itself.
    shutil.copytree(fetched_tools / "tools", Path(ready, "more"), symlinks=True)
    Path(ready, "tools").unlink()
    Path(ready, "more").rename(Path(ready, "tools"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_CONFIG_FILE"):
            patch.delenv(name)
        tools.python_with_pip_tools(other, ready, lambda text: None)
    app = make_app(requirements="alpha\n")
    found = wanted_interpreters(app, [here.full_version, ".".join(map(str, other.version))], ready)
    assert found == sorted([here, other])
    for one in found:
        report = locking.lock(app, one, ready, progress=lambda text: None)
        assert pins(report)["alpha"] == f"1.{one.version[1]}"
        assert report.path.endswith(lockfile.lock_name(one.version))


def test_the_interpreters_are_those_the_app_has_lists_for(make_app: MakeApp, home: Path, here: Interpreter) -> None:
    app = make_app(lists={**listed([]), "pip38_dependencies": {}})
    assert wanted_interpreters(app, [], str(home)) == [here]
    with pytest.raises(UsageError, match=r"no Python 3\.99"):
        wanted_interpreters(app, ["3.99"], str(home))
