"""``soarkit install``, ``apps`` and ``uninstall``, from a package to a run, with real environments."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from conftest import Finished
from environments.conftest import baseline_wheels, index, make_wheel  # noqa: F401
from packages.making import CONNECTOR, put_app

from soarkit.manifest.schema_files import read_schema

Soarkit = Callable[..., Finished]
pytestmark = pytest.mark.usefixtures("index")
REGION: dict[str, Any] = {
    "server": {"data_type": "string", "description": "Server", "required": False},
    "region": {"data_type": "string", "default": "eu", "description": "Region"},
    "tenant": {"data_type": "string", "required": True, "description": "Tenant"},
    "password": {"data_type": "password", "default": "s3cret-default", "description": "Password"},
}


def package(soarkit: Soarkit, folder: Path, version: str = "1.0.0", **changes: Any) -> Path:
    done = soarkit("package", put_app(folder, version, **changes), "-o", f"{folder}.tgz")
    assert done.code == 0, done.stderr
    return Path(f"{folder}.tgz")


def envelope(done: Finished) -> Any:
    document = json.loads(done.stdout)
    jsonschema_rs.validator_for(read_schema("envelope")).validate(document)
    return document


def test_from_a_package_to_a_run_and_away(soarkit: Soarkit, tmp_path: Path, home: Path) -> None:
    wheel = make_wheel(tmp_path / "app" / "wheels", "extra", "1.0")
    listed = {"wheel": [{"module": "extra", "input_file": f"wheels/{wheel.name}"}]}
    source = package(soarkit, tmp_path / "app", pip3_dependencies=listed, connector="import extra\n" + CONNECTOR)
    done = soarkit("install", source)
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("sample-app 1.0.0 is installed\n")
    assert "built in" in done.stdout
    assert done.stdout.endswith("next: soarkit asset create --app sample-app NAME\n")
    ran = soarkit("run", "sample-app", "tell version", "-f", "json")
    assert ran.data == [{"version": "1.0.0"}]
    assert "building" not in ran.stderr
    again = soarkit("install", source)
    assert again.stdout.startswith("sample-app 1.0.0 is already installed\n")
    assert "was there already" in again.stdout
    listed_apps = soarkit("apps")
    assert listed_apps.stdout.splitlines()[0].split()[:3] == ["SLUG", "CURRENT", "OTHERS"]
    assert re.match(
        r"sample-app +1\.0\.0 +- +3\.\d+\.\d+ +Sample App +Contoso Sample", listed_apps.stdout.splitlines()[1]
    )
    shown = soarkit("apps", "show", "sample-app")
    for words in ("Says which version it is", "fd4dc1ce-b63c", str(source), "setting      server", "phantom_sample"):
        assert words in shown.stdout
    gone = soarkit("uninstall", "sample-app")
    assert gone.stdout == "sample-app is uninstalled\n"
    assert soarkit("run", "sample-app", "tell version").code == 2
    assert soarkit("apps").stdout == ""


def test_versions_assets_and_data(soarkit: Soarkit, tmp_path: Path, home: Path) -> None:
    one = package(soarkit, tmp_path / "one")
    two = package(soarkit, tmp_path / "two", "2.0.0", configuration=REGION)
    folder = envelope(soarkit("install", one, "-f", "json"))["version"]["folder"]
    Path(folder, "token.bin").write_text("data")
    made = soarkit("asset", "create", "mine", "--app", "sample-app", "-c", "server=a.example")
    assert made.code == 0, made.stderr

    dry = soarkit("install", two, "--dry-run")
    assert dry.code == 0, dry.stderr
    assert dry.stdout.startswith("would make Sample App 2.0.0 the current version (now 1.0.0)\n")
    assert "asset mine: gains region ('eu')" in dry.stdout
    assert envelope(soarkit("apps", "-f", "json"))["apps"][0]["current"] == "1.0.0"

    done = soarkit("install", two)
    assert "sample-app 2.0.0 is installed and current, instead of 1.0.0" in done.stdout
    assert "app data     token.bin" in done.stdout
    assert "asset mine: needs configuration: tenant (soarkit asset edit mine)" in done.stdout
    assert "s3cret-default" not in done.stdout
    assert "s3cret-default" not in soarkit("apps", "show", "sample-app").stdout
    assert "NEED CONFIGURATION" in soarkit("apps").stdout
    assert soarkit("apps").stdout.splitlines()[1].endswith("mine")

    dry = soarkit("apps", "use", "sample-app", "1.0.0", "--dry-run")
    assert "asset mine: loses region and its value" in dry.stdout
    back = soarkit("apps", "use", "sample-app", "1.0.0", "-f", "json")
    assert envelope(back)["app"]["current"] == "1.0.0"
    shown = envelope(soarkit("apps", "show", "sample-app@2.0.0", "-f", "json"))
    assert (shown["version"]["version"], shown["data"], shown["changed"]) == ("2.0.0", ["token.bin"], [])
    assert soarkit("run", "sample-app@2.0.0", "tell version", "-c", "tenant=x", "-f", "json").data == [
        {"version": "2.0.0"}
    ]

    refused = soarkit("uninstall", "sample-app@1.0.0")
    assert refused.code == 2
    assert "soarkit apps use sample-app 2.0.0" in refused.stderr
    assert soarkit("uninstall", "sample-app@2.0.0").stdout == "sample-app 2.0.0 is uninstalled\n"
    refused = soarkit("uninstall", "sample-app", "--purge")
    assert (refused.code, "--yes" in refused.stderr) == (2, True)
    purged = envelope(soarkit("uninstall", "sample-app", "--purge", "--yes", "-f", "json"))
    assert purged["assets"] == ["mine"]
    assert envelope(soarkit("asset", "list", "-f", "json"))["assets"] == []


def test_changed_files_are_shown_and_repaired(soarkit: Soarkit, tmp_path: Path) -> None:
    source = package(soarkit, tmp_path / "one")
    folder = Path(envelope(soarkit("install", source, "-f", "json"))["version"]["folder"])
    (folder / "logo.svg").write_text("another")
    shown = soarkit("apps", "show", "sample-app").stdout
    assert "changed      logo.svg" in shown
    assert f"installing it again repairs it: soarkit install {source}" in shown
    done = soarkit("install", source)
    assert "was installed already, and is repaired" in done.stdout
    assert "repaired     logo.svg" in done.stdout


def test_a_damaged_app_is_to_be_installed_again(soarkit: Soarkit, tmp_path: Path) -> None:
    source = package(soarkit, tmp_path / "one")
    folder = Path(envelope(soarkit("install", source, "-f", "json"))["version"]["folder"])
    again = f"soarkit install {source}"
    (folder / "sample.json").write_text("{")
    for arguments in (["apps", "show", "sample-app"], ["run", "sample-app", "tell version"]):
        done = soarkit(*arguments)
        assert "not valid JSON" in done.stdout + done.stderr
        assert again in done.stdout + done.stderr
        assert "\\x0a" not in done.stdout
        assert "mend the file" not in done.stdout + done.stderr
    shutil.rmtree(folder)
    for arguments in (["apps", "show", "sample-app"], ["run", "sample-app", "tell version"]):
        done = soarkit(*arguments)
        assert "are gone" in done.stdout + done.stderr
        assert again in done.stdout + done.stderr
    assert soarkit("install", source).code == 0
    assert soarkit("run", "sample-app", "tell version").code == 0


def test_going_back_by_installing_is_said(soarkit: Soarkit, tmp_path: Path) -> None:
    one = package(soarkit, tmp_path / "one")
    two = package(soarkit, tmp_path / "two", "2.0.0")
    for source in (one, two):
        assert soarkit("install", source).code == 0
    done = soarkit("install", one)
    assert done.stdout.startswith("sample-app 1.0.0 is installed and current, instead of 2.0.0\n")
    assert soarkit("install", one).stdout.startswith("sample-app 1.0.0 is already installed\n")


def test_a_failed_installation_says_why_and_where_the_log_is(soarkit: Soarkit, tmp_path: Path, home: Path) -> None:
    app = put_app(tmp_path / "app", connector="print('hello')\nimport not_there\n")
    done = soarkit("install", app, "--format", "json")
    assert done.code == 3
    error = envelope(done)["error"]
    assert error["code"] == "app-import"
    assert "not_there" in error["message"]
    assert "hello" in Path(error["log"]).read_text()
    assert "the run's log" in done.stderr or error["log"] in done.stderr
    assert soarkit("apps").stdout == ""


def test_an_environment_that_cannot_be_built(soarkit: Soarkit, tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", pip3_dependencies={"pypi": [{"module": "nobody-has-this==1.0"}]})
    done = soarkit("install", app, "-f", "json")
    assert done.code == 3
    error = envelope(done)["error"]
    assert error["code"] == "environment"
    (log,) = re.findall(r"\S+\.log", f"{error['where']} {error['hint']}")
    assert os.path.exists(log)
    assert soarkit("apps").stdout == ""


def test_python_can_be_forced(soarkit: Soarkit, tmp_path: Path) -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    done = envelope(soarkit("install", put_app(tmp_path / "app"), "--python", version, "-f", "json"))
    assert done["version"]["python"] is not None
    assert done["environment"]["about"]["python"].startswith(version)
    ran = soarkit("run", "sample-app", "tell version", "-f", "json")
    assert ran.code == 0
    assert "building" not in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["install", "nowhere.tgz"], "no such tarball or folder"),
        (["install", "git+ftp://x"], "no address of a Git repository"),
        (["apps", "show", "nobody"], "no app called 'nobody'"),
        (["apps", "use", "nobody", "1.0"], "no app called 'nobody'"),
        (["uninstall", "nobody"], "no app called 'nobody'"),
    ],
)
def test_what_is_wrong_is_said(soarkit: Soarkit, arguments: list[str], words: str) -> None:
    done = soarkit(*arguments)
    assert done.code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_installed_yet(soarkit: Soarkit, tmp_path: Path) -> None:
    done = soarkit("apps")
    assert (done.code, done.stdout) == (0, "")
    assert "soarkit install" in done.stderr
    assert envelope(soarkit("apps", "list", "-f", "json"))["apps"] == []
    assert envelope(soarkit("apps", "-f", "json", "--home", tmp_path / "other", "list"))["apps"] == []
    assert (tmp_path / "other").exists()
