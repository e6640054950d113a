"""``soarkit key``: rotation at any moment loses nothing, and keys are never shown."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from installing import install
from jsonschema import Draft202012Validator

from soarkit import encryption, keyring, variables
from soarkit.errors import RequestError, SurroundingsError
from soarkit.store import open_store

Soarkit = Callable[..., Finished]
SECRET = "secret-of-4711"
ENVELOPE = Path(__file__).parents[2] / "schemas" / "envelope.schema.json"


@pytest.fixture
def key(soarkit: Soarkit, home: Path) -> Soarkit:
    """``soarkit key ARGUMENTS``, with a secret in an asset, in a variable and in an app's state."""
    install(home, "echo")
    install(home, "keeps_state")
    words = ["asset", "create", "production", "--app", "echo", "-c", "server=s", "-c", "token=env:TOKEN"]
    assert soarkit(*words, TOKEN=SECRET).code == 0
    assert soarkit("variables", "set", "--secret", "API_TOKEN=env:TOKEN", TOKEN=SECRET).code == 0
    return lambda *arguments, **options: soarkit("key", *arguments, **options)


def token(soarkit: Soarkit) -> str:
    """The asset's password as an app gets it."""
    finished = soarkit("run", "echo", "echo", "--asset", "production", "-p", "text=x", "--python", sys.executable)
    assert finished.code == 0, finished
    with open_store(os.environ["SOARKIT_HOME"]) as store:
        asset = store.assets.get("production")
    found = asset.reveal(lambda cipher, salt: encryption.decrypt(cipher, salt, os.environ["SOARKIT_HOME"]))["token"]
    return str(found)


def old_keys(home: Path) -> list[str]:
    path = home / "old-keys.json"
    return [one["key"] for one in json.loads(path.read_text())["keys"]] if path.exists() else []


def test_a_new_key_and_the_old_one(key: Soarkit, soarkit: Soarkit, home: Path) -> None:
    before = (home / "key").read_text().strip()
    kept = encryption.encrypt("of an app", "5", str(home))
    rotated = key("rotate", "-f", "json")
    assert rotated.code == 0, rotated
    assert rotated.json()["encrypted"] == 2 and rotated.json()["unreadable"] == []
    assert old_keys(home) == [before] and (home / "key").read_text().strip() != before
    assert all((home / name).stat().st_mode & 0o077 == 0 for name in ("key", "old-keys.json"))
    listed = key("list", "-f", "json").json()
    assert [one["present"] for one in listed["keys"]] == [True, False]
    assert listed["keys"][0]["fingerprint"] == rotated.json()["fingerprint"]
    assert token(soarkit) == SECRET
    assert variables.for_apps(str(home))["API_TOKEN"]["value"] == SECRET
    assert encryption.decrypt(kept, "5", str(home)) == "of an app"  # only the app itself can write it anew
    (home / "old-keys.json").unlink()
    assert token(soarkit) == SECRET  # the secrets need it no more
    with pytest.raises(ValueError, match="another salt or key"):
        encryption.decrypt(kept, "5", str(home))


def test_keys_are_never_shown(key: Soarkit, home: Path) -> None:
    text = ""
    for words in (["rotate"], ["rotate"], ["list"], ["list", "-f", "json"], ["forget-old", "--yes", "-f", "json"]):
        keys = [(home / "key").read_text().strip(), *old_keys(home)]
        finished = key(*words)
        assert finished.code == 0, finished
        text += finished.stdout + finished.stderr
        if words[-1] == "json":
            Draft202012Validator(json.loads(ENVELOPE.read_text())).validate(finished.json())
        assert not any(one in text for one in keys)
    assert not (home / "old-keys.json").exists()


def test_old_keys_are_not_forgotten_while_something_needs_them(key: Soarkit, soarkit: Soarkit, home: Path) -> None:
    assert "no earlier keys" in key("forget-old", "--yes").stderr
    state = home / "phantom" / "local_data" / "app_states" / "x" / "5_state.json"
    state.parent.mkdir(parents=True)
    state.write_text(json.dumps({"token": encryption.encrypt("t", "5", str(home))}))
    time.sleep(1.1)  # cipher texts know their second
    keyring.replace(str(home))
    refused = key("forget-old")
    assert refused.code == 2
    assert "asset production; variable API_TOKEN; " in refused.stderr and str(state) in refused.stderr
    assert key("rotate").code == 0
    assert f"needed by: {state}" in key("forget-old").stderr
    time.sleep(1.1)
    state.write_text(json.dumps({"token": encryption.encrypt("t", "5", str(home))}))
    assert "needs a yes" in key("forget-old").stderr
    assert "forgot 2 earlier keys" in key("forget-old", "--yes").stdout
    assert token(soarkit) == SECRET


def test_a_key_from_the_environment(key: Soarkit, soarkit: Soarkit, home: Path) -> None:
    present, new = (home / "key").read_text().strip(), "n" * 40
    refused = key("rotate", SOARKIT_KEY=present)
    assert refused.code == 2 and "SOARKIT_OLD_KEYS" in refused.stderr
    moved = {"SOARKIT_KEY": new, "SOARKIT_OLD_KEYS": f"{'x' * 40} {present}"}
    assert "2 secrets encrypted anew" in key("rotate", **moved).stdout
    assert not (home / "old-keys.json").exists()
    read = ["run", "echo", "echo", "--asset", "production", "-p", "text=x", "--python", sys.executable]
    assert soarkit(*read, SOARKIT_KEY=new).code == 0
    assert "unset SOARKIT_OLD_KEYS" in key("forget-old", "--yes", **moved).stderr
    assert soarkit(*read).code == 3  # the key of the file reads it no more


def test_what_no_key_reads_is_named(key: Soarkit, soarkit: Soarkit, home: Path) -> None:
    (home / "key").write_text("k" * 40)
    rotated = key("rotate", "-f", "json")
    assert rotated.code == 0
    assert rotated.json()["unreadable"] == ["asset production", "variable API_TOKEN"]
    assert key("rotate").stderr.count("no key reads its secrets") == 2


def test_keys_that_cannot_be_read(home: Path) -> None:
    home.mkdir()
    assert keyring.known(str(home)) == []
    (home / "key").write_text("short")
    with pytest.raises(SurroundingsError, match="at least 32 characters"):
        keyring.known(str(home))
    (home / "key").write_text("k" * 40)
    (home / "old-keys.json").write_text("[]")
    with pytest.raises(SurroundingsError, match="damaged"):
        keyring.known(str(home))
    with pytest.raises(SurroundingsError, match="damaged"):
        keyring.replace(str(home))
    assert (home / "key").read_text() == "k" * 40


def test_rotating_without_anything_stored(soarkit: Soarkit, home: Path) -> None:
    assert "no key yet" in soarkit("key", "list").stderr
    finished = soarkit("key", "rotate")
    assert finished.code == 0 and "0 secrets encrypted anew" in finished.stdout


def test_an_app_keeps_reading_what_it_wrote(key: Soarkit, soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    run = ["run", str(APPS / "keeps_state"), "keep secret", "--python", sys.executable]
    (data,) = soarkit(*run).data[1:]
    assert key("rotate").code == 0
    assert soarkit(*run).code == 0
    # by hand, with the same module and the same keys
    code = f"import encryption_helper; print(encryption_helper.decrypt({data['secret']!r}, {_asset_id(home)!r}))"
    library = Path(encryption.__file__).parent / "applib"
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(library)}, capture_output=True, check=True
    )
    assert told.stdout.decode().strip() == "tök{en}"


def _asset_id(home: Path) -> str:
    (state,) = (home / "phantom" / "local_data" / "app_states").glob("*/*_state.json")
    return state.name.partition("_")[0]


def test_a_rotation_killed_at_any_moment_loses_nothing(key: Soarkit, soarkit: Soarkit, home: Path) -> None:
    seed = int(os.environ.get("SOARKIT_TEST_SEED", time.time()))
    print(f"SOARKIT_TEST_SEED={seed}")
    chance = random.Random(seed)
    kept = encryption.encrypt("of an app", "5", str(home))
    begun = time.monotonic()
    assert key("rotate").code == 0
    duration = time.monotonic() - begun
    for part in range(6):
        with subprocess.Popen(
            [sys.executable, "-m", "soarkit", "key", "rotate"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep((part + chance.random()) * duration / 6)
            process.kill()
        assert variables.for_apps(str(home))["API_TOKEN"]["value"] == SECRET
        assert encryption.decrypt(kept, "5", str(home)) == "of an app"
        with open_store(str(home)) as store:
            asset = store.assets.get("production")
        assert asset.reveal(lambda cipher, salt: encryption.decrypt(cipher, salt, str(home)))["token"] == SECRET
    assert key("rotate").code == 0
    assert keyring.known(str(home))[0].present


@pytest.mark.parametrize("step", ["write_json", "write_bytes"])
def test_a_disk_that_is_full_in_between(
    key: Soarkit, soarkit: Soarkit, home: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(path: str, content: Any) -> None:
        raise OSError(28, "No space left on device", path)

    with monkeypatch.context() as patched:
        patched.setattr(f"soarkit.homefiles.{step}", full)
        with pytest.raises(SurroundingsError, match="No space left"):
            keyring.replace(str(home))
    assert [one.present for one in keyring.known(str(home))] == [True]
    assert token(soarkit) == SECRET


def test_the_variable_is_refused_before_anything_is_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_KEY", "k" * 40)
    with pytest.raises(RequestError, match="SOARKIT_KEY"):
        keyring.replace(str(home))
    assert not home.exists()


def test_doctor_says_what_still_needs_an_earlier_key(key: Soarkit, soarkit: Soarkit, home: Path) -> None:
    def found() -> list[str]:
        checks = soarkit("doctor", "-f", "json").json()["checks"]
        return [f"{one['severity']}: {one['message']} {one['hint']}" for one in checks if one["check"] == "key"]

    keyring.replace(str(home))  # as a rotation that was killed leaves it
    (home / "old-keys.json").chmod(0o644)
    readable, behind, sound = found()
    assert "other users can read it" in readable
    assert "not encrypted with the present key: asset production, variable API_TOKEN soarkit key rotate" in behind
    assert sound.startswith("ok")
    assert key("rotate").code == 0
    assert [one[:3] for one in found()] == ["ok:"]
    (home / "old-keys.json").write_text("{}")
    assert "is damaged" in found()[0]
