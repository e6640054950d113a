"""What an app finds around it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import APPS, Finished

import soarkit as library

Run = Callable[..., Finished]
CONFIG = ("--config", "server=s")


def surroundings(run: Run, *options: str, **variables: str) -> dict[str, object]:
    finished = run("echo", "surroundings", *CONFIG, *options, **variables)
    assert finished.code == 0, finished
    return finished.data[0]


def test_only_known_variables_reach_the_app(run: Run) -> None:
    environment = surroundings(run, SOARKIT_KEY="k", GITHUB_TOKEN="t", PYTHONPATH="/x", LC_ALL="C.UTF-8", TZ="UTC")[
        "environment"
    ]
    assert not [name for name in environment if name.startswith(("SOARKIT", "GITHUB"))]
    assert environment["PYTHONPATH"].endswith("applib")
    assert environment["LC_ALL"] == "C.UTF-8"
    assert environment["TZ"] == "UTC"


def test_the_callers_proxy_and_certificates_are_passed_on(run: Run) -> None:
    given = {"HTTPS_PROXY": "http://proxy.example:1", "REQUESTS_CA_BUNDLE": "/ca.pem", "no_proxy": "x"}
    expected = {**given, "no_proxy": "x,127.0.0.1,localhost"}
    environment = surroundings(run, **given)["environment"]
    assert {name: environment[name] for name in given} == expected


def test_every_app_finds_one_file_of_certificates(run: Run, home: Path) -> None:
    environment = surroundings(run)["environment"]
    names = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
    assert {environment[name] for name in names} == {str(home / "phantom" / "etc" / "cacerts.pem")}


def test_proxy_and_ca_bundle_options_win(run: Run, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text("")
    environment = surroundings(
        run, "--proxy", "http://other.example:2", "--ca-bundle", str(bundle), HTTP_PROXY="http://proxy.example:1"
    )["environment"]
    assert environment["HTTP_PROXY"] == environment["https_proxy"] == "http://other.example:2"
    assert environment["REQUESTS_CA_BUNDLE"] == environment["SSL_CERT_FILE"] == str(bundle)


def test_paths_and_homes(run: Run, home: Path) -> None:
    found = surroundings(run)
    assert found["path"][0] == found["folder"] == str(APPS / "echo")
    assert found["arguments"] == [str(APPS / "echo" / "connector.py")]
    assert found["home"] == found["environment"]["PHANTOM_HOME"] == str(home / "phantom")
    assert found["state_dir"].startswith(str(home / "phantom"))
    assert os.path.samefile(found["python"], sys.executable)


def test_no_descriptor_of_the_host_leaks(run: Run) -> None:
    low = [number for number in surroundings(run)["descriptors"] if number < 10]
    assert set(low) <= {0, 1, 2, 3}  # 3: the listing itself


def test_nothing_is_written_into_the_apps_folder(soarkit: Run, home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "app"
    shutil.copytree(APPS / "brings_its_own_library", folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = sorted(path.name for path in folder.rglob("*"))
    for _ in range(2):
        assert soarkit("run", folder, "do it", "--python", sys.executable).code == 0
    assert sorted(path.name for path in folder.rglob("*")) == before
    kept = {path.name.partition(".")[0] for path in (home / "bytecode").rglob("*.pyc")}
    assert kept == {"connector", "requests"}


def test_state_lasts_from_run_to_run_and_is_kept_by_configuration(run: Run) -> None:
    counts = [run("keeps_state", "count", "-c", f"server={server}").data[0]["runs"] for server in "aab"]
    assert counts == [1, 2, 1]


def test_encryption_is_answered_by_the_host(run: Run, home: Path) -> None:
    secret = library.run(APPS / "keeps_state", "keep secret", python=sys.executable).data[1]
    assert secret["again"] == "tök{en}"
    assert "tök" not in secret["secret"]
    # What was encrypted once is a secret wherever it is shown.
    assert run("keeps_state", "keep secret").data[1]["again"] == "********"
    assert (home / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("address", "said"),
    [("postgresql://nobody@127.0.0.1:1/none", "the database cannot be reached"), ("mysql://x", "no address")],
)
def test_without_its_store_the_app_hears_why(run: Run, address: str, said: str) -> None:
    finished = run("asks_for_a_store", "do it", SOARKIT_DATABASE_URL=address)
    assert finished.code == 0, finished
    (data,) = finished.data
    status, message, identifier = data["container"]
    assert (status, identifier) == (False, None)
    assert said in message and "Traceback" not in finished.stderr
    assert data["vault"][0] is False
    assert data["vault"][2] is None


def test_the_app_process_is_its_own_even_when_standard_input_is_closed(
    app: Callable[[str], str], tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "soarkit", "run", app("echo"), "surroundings", "-c", "server=s"]
    command = shlex.join([*words, "--python", sys.executable]) + " <&- 2>/dev/null"
    process = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert process.returncode == 0
