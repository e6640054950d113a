"""Environments listed, built anew and removed, and never under a run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import build, catalogue, describe, disk, known, upkeep
from soarkit.environments.catalogue import Entry
from soarkit.environments.interpreters import own
from soarkit.errors import BuildError, RequestError

from .building import STAMP


@pytest.fixture
def hollow(builder: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A builder whose environments are made, and left empty."""
    from soarkit.environments import filling

    monkeypatch.setattr(filling.Filler, "fill", lambda *_: filling.Filled())
    return builder


def entries(builder: Any) -> list[Entry]:
    return catalogue.entries(builder.home)


def memo_times(builder: Any, age: float) -> None:
    """As if all was last used that long ago."""
    moment = time.time() - age
    for path in Path(builder.home, "environments").rglob("*.json"):
        os.utime(path, (moment, moment))
    for path in Path(builder.home, "environments").iterdir():
        os.utime(path, (moment, moment))


@pytest.fixture
def running() -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Start an environment's Python; it has begun when this returns."""
    started = []

    def start(python: str) -> subprocess.Popen[str]:
        code = "import sys; print('on', flush=True); sys.stdin.read(); import colorsys; print('still')"
        child = subprocess.Popen([python, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "on\n"
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.communicate()


def test_who_uses_what(hollow: Any, tmp_path: Path) -> None:
    manifest = {**hollow.manifest(), "name": "First"}
    first = hollow(manifest)
    hollow.folder = tmp_path / "other"
    hollow.folder.mkdir()
    hollow({**hollow.manifest(), "name": "Second"})
    second = hollow({**hollow.manifest(pypi=["six"]), "name": "Second"})
    assert first.path != second.path
    found = {one.folder: one for one in entries(hollow)}
    assert {path: [use.name for use in one.uses] for path, one in found.items()} == {
        first.path: ["First"],  # what the second was built from before its list changed counts no more
        second.path: ["Second"],
    }
    entry = found[first.path]
    assert catalogue.find(hollow.home, entry.short).folder == first.path
    assert (entry.state, entry.about["python"]) == ("ready", own().full_version)
    with pytest.raises(RequestError, match="no such"):
        catalogue.find(hollow.home, "0" * 12)
    with pytest.raises(RequestError, match="no such"):
        catalogue.find(hollow.home, "")


def test_a_run_notes_its_use(hollow: Any) -> None:
    manifest = hollow.manifest()
    hollow(manifest)
    memo_times(hollow, 86400)
    (entry,) = entries(hollow)
    assert time.time() - (entry.last_used or 0) > 86000
    assert known(manifest, str(hollow.folder), hollow.home)
    (entry,) = entries(hollow)
    assert time.time() - (entry.last_used or 0) < 60


def test_a_home_that_cannot_be_written_still_answers(hollow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = hollow.manifest()
    environment = hollow(manifest)

    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    assert known(manifest, str(hollow.folder), hollow.home) == environment.python


def test_states(hollow: Any, tmp_path: Path) -> None:
    environment = hollow(hollow.manifest())
    key = Path(environment.path).name
    unfinished = Path(hollow.home, "environments", "0" * 64)
    unfinished.mkdir()
    with catalogue.held(hollow.home, f"environment-{'0' * 64}"):
        assert {one.key: one.state for one in entries(hollow)} == {key: "ready", "0" * 64: "building"}
    os.unlink(environment.python)
    assert {one.key: one.state for one in entries(hollow)} == {key: "broken", "0" * 64: "unfinished"}
    assert describe(str(tmp_path / "absent"))["state"] == "missing"


def test_what_is_known_of_one(hollow: Any) -> None:
    environment = hollow(hollow.manifest(pypi=["six==1.16.0"]))
    about = describe(environment.path)
    assert (about["state"], about["python"], about["pypi"]) == ("ready", own().full_version, ["six==1.16.0"])
    assert about["used"] >= about["built"]
    assert about["size"] > 0
    shutil.rmtree(hollow.folder)
    assert describe(environment.path)["used"] is None


def test_built_anew_beside_the_old_one(hollow: Any, running: Callable[[str], subprocess.Popen[str]]) -> None:
    manifest = hollow.manifest()
    asked = (manifest, str(hollow.folder), hollow.home)
    old = hollow(manifest)
    child = running(old.python)
    memo_times(hollow, 3600)
    said: list[str] = []
    (new,) = upkeep.refresh(hollow.home, catalogue.uses(hollow.home)[0], said.append)
    assert new.path == f"{old.path}.2"
    assert said[0].startswith("building the app's environment (again)")
    assert known(*asked) == new.python
    assert [one.short[-2:] for one in entries(hollow) if one.uses] == [".2"]
    memo_times(hollow, 3600)
    done = upkeep.prune(hollow.home)
    assert ([one.path for one in done.kept], done.removed) == ([old.path], ())
    out, _ = child.communicate()
    assert out == "still\n"
    done = upkeep.prune(hollow.home)
    assert ([one.path for one in done.removed], done.kept) == ([old.path], ())
    assert known(*asked) == new.python
    (third,) = upkeep.refresh(hollow.home, catalogue.uses(hollow.home)[0], said.append)
    assert third.path == f"{old.path}.3"
    assert hollow(manifest).path == third.path


def test_one_that_was_killed_while_it_was_built_anew(hollow: Any) -> None:
    manifest = hollow.manifest()
    old = hollow(manifest)
    half = Path(f"{old.path}.2")
    half.mkdir()
    (half / "half").touch()
    assert hollow(manifest).path == old.path
    (new,) = upkeep.refresh(hollow.home, catalogue.uses(hollow.home)[0], lambda text: None)
    assert new.path == str(half)
    assert not (half / "half").exists()
    Path(f"{old.path}.3").mkdir()
    assert [one.reason for one in upkeep.prune(hollow.home).removed] == ["its build never ended"]
    assert known(manifest, str(hollow.folder), hollow.home) == new.python


def test_apps_that_share_one_get_the_new_one_together(hollow: Any, tmp_path: Path) -> None:
    manifest = hollow.manifest()
    old = hollow(manifest)
    hollow.folder = tmp_path / "other"
    hollow.folder.mkdir()
    assert hollow(manifest).path == old.path
    said: list[str] = []
    uses = catalogue.uses(hollow.home)[0]
    upkeep.refresh(hollow.home, uses[:1], said.append)
    assert sum(line.startswith("building") for line in said) == 1
    assert {one.environment for one in catalogue.uses(hollow.home)[0]} == {f"{old.path}.2"}


def test_the_old_one_stays_where_the_new_one_fails(hollow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = hollow.manifest()
    old = hollow(manifest)

    def fail(*_: Any, **__: Any) -> None:
        raise BuildError("no")

    monkeypatch.setattr(build, "_installed", fail)
    with pytest.raises(BuildError, match="no"):
        upkeep.refresh(hollow.home, catalogue.uses(hollow.home)[0], lambda text: None)
    assert known(manifest, str(hollow.folder), hollow.home) == old.python
    assert [one.folder for one in entries(hollow)] == [old.path]


def test_what_no_app_uses_cannot_be_refreshed(hollow: Any) -> None:
    with pytest.raises(RequestError, match="no app uses"):
        upkeep.refresh(hollow.home, [], lambda text: None)


def test_prune(hollow: Any, tmp_path: Path) -> None:
    kept = hollow(hollow.manifest())
    unfinished = Path(hollow.home, "environments", "0" * 64)
    unfinished.mkdir()
    (unfinished / "half").write_bytes(bytes(100_000))
    hollow.folder = tmp_path / "gone"
    hollow.folder.mkdir()
    gone = hollow(hollow.manifest(pypi=["six"]))
    shutil.rmtree(hollow.folder)
    scratch = Path(hollow.home, ".scratch-old")
    scratch.mkdir()
    Path(hollow.home, ".scratch-new").mkdir()
    os.utime(scratch, (0, 0))
    reasons = {
        gone.path: "no app uses it",
        str(unfinished): "its build never ended",
        str(scratch): "left by something that was killed",
    }
    before = sorted(Path(hollow.home).rglob("*"))
    planned = upkeep.prune(hollow.home, dry_run=True)
    assert sorted(Path(hollow.home).rglob("*")) == before
    done = upkeep.prune(hollow.home)
    assert (
        {one.path: one.reason for one in planned.removed} == {one.path: one.reason for one in done.removed} == reasons
    )
    assert planned.freed == done.freed > 100_000
    assert [one.folder for one in entries(hollow)] == [kept.path]
    assert len(list(Path(hollow.home, "environments", ".memos").iterdir())) == 1
    assert not scratch.exists()
    assert Path(hollow.home, ".scratch-new").exists()
    assert upkeep.prune(hollow.home).removed == ()


def test_prune_what_was_not_used_for_long(hollow: Any, running: Callable[[str], subprocess.Popen[str]]) -> None:
    manifest = hollow.manifest()
    environment = hollow(manifest)
    assert upkeep.prune(hollow.home, older_than=0).removed == ()  # a run may just have asked for it
    memo_times(hollow, 3 * 86400)
    assert upkeep.prune(hollow.home).removed == ()
    assert upkeep.prune(hollow.home, older_than=4 * 86400).removed == ()
    child = running(environment.python)
    assert [one.reason for one in upkeep.prune(hollow.home, older_than=86400).kept] == ["not used for 3 days"]
    child.communicate()
    assert [one.reason for one in upkeep.prune(hollow.home, older_than=86400).removed] == ["not used for 3 days"]
    assert known(manifest, str(hollow.folder), hollow.home) is None
    assert hollow(manifest).path == environment.path


def test_a_home_of_several_names(hollow: Any, tmp_path: Path, running: Callable[[str], subprocess.Popen[str]]) -> None:
    real, link = hollow.home, str(tmp_path / "link")
    os.makedirs(real)
    os.symlink(real, link)
    hollow.home = link
    environment = hollow(hollow.manifest())
    memo_times(hollow, 3600)
    assert [one.folder for entry in catalogue.entries(real) for one in entry.uses] == [str(hollow.folder)]
    assert upkeep.prune(real).removed == ()
    shutil.rmtree(hollow.folder)
    child = running(environment.python)
    assert [one.reason for one in upkeep.prune(real).kept] == ["no app uses it"]
    child.communicate()
    assert [one.reason for one in upkeep.prune(real).removed] == ["no app uses it"]


def test_one_that_is_being_built_is_not_removed(hollow: Any) -> None:
    folder = Path(hollow.home, "environments", "0" * 64)
    folder.mkdir(parents=True)
    with catalogue.held(hollow.home, f"environment-{'0' * 64}") as descriptor:
        assert descriptor is not None
        assert upkeep.prune(hollow.home).removed == ()
    assert [one.path for one in upkeep.prune(hollow.home).removed] == [str(folder)]


def test_one_that_begins_to_run_while_it_is_removed(hollow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look, once nobody can find it any more, decides."""
    from soarkit.environments import running as processes

    environment = hollow(hollow.manifest())
    shutil.rmtree(hollow.folder)
    looks = iter([set(), {environment.path}])
    monkeypatch.setattr(processes, "in_use", lambda folders: (list(folders), next(looks))[1])
    done = upkeep.prune(hollow.home)
    assert ([one.path for one in done.kept], done.removed) == ([environment.path], ())
    assert Path(environment.path, STAMP).exists()


def test_damaged_memos_use_nothing(hollow: Any) -> None:
    hollow(hollow.manifest())
    memos = Path(hollow.home, "environments", ".memos")
    sound = json.loads(next(memos.iterdir()).read_text())
    contents = [
        "",
        "[]",
        '{"question": 1}',
        json.dumps({**sound, "app": None}),
        json.dumps({**sound, "question": "[]"}),
    ]
    for number, content in enumerate(contents):
        (memos / f"{number}.json").write_text(content)
    uses, stale = catalogue.uses(hollow.home)
    assert (len(uses), len(stale)) == (1, len(contents))


def test_links_are_counted_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        (folder / "deep").mkdir(parents=True)
    (first / "own").write_bytes(bytes(1 << 20))
    (tmp_path / "cache").write_bytes(bytes(1 << 20))
    os.link(tmp_path / "cache", first / "deep" / "cached")
    (first / "shared").write_bytes(bytes(1 << 20))
    os.link(first / "shared", second / "shared")
    (second / "away").symlink_to(tmp_path)
    megabytes = [
        [round(number / (1 << 20)) for number in disk.usage(map(str, folders))]
        for folders in ([first], [second], [first, second])
    ]
    assert megabytes == [[3, 1], [1, 0], [3, 2]]
    assert disk.usage([str(tmp_path / "absent")]) == (0, 0)
    assert [disk.shown(size) for size in (0, 999, 1000, 5 << 20, 200 << 20, 3 << 40)] == [
        "0 B", "999 B", "1.0 KiB", "5.0 MiB", "200 MiB", "3.0 TiB"
    ]  # fmt: skip
