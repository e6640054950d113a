"""A vendored app installs and runs where there is no network at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from deps.conftest import fetched_tools  # noqa: F401 - a fixture

#: Runs inside the namespace: brings the loopback interface up, and there is the product that the app works with.
INSIDE = """
import fcntl, json, os, socket, struct, subprocess, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outside:
    outside.settimeout(5)
    assert outside.connect_ex(("192.0.2.1", 443)) != 0, "there is a network"
sys.path.insert(0, sys.argv[1])
from tests.services.contoso import ContosoService
soarkit = [sys.executable, "-m", "soarkit"]
installed = subprocess.run([*soarkit, "install", sys.argv[2]], capture_output=True, text=True)
ran = None
if installed.returncode == 0:
    with ContosoService(api_key="key") as service:
        asset = ["--config", f"base_url={service.url}", "--config", "apikey=key"]
        run = [*soarkit, "run", "sampleapp", "test connectivity", *asset, "--format", "json"]
        ran = subprocess.run(run, capture_output=True, text=True)
outcomes = [one and [one.returncode, one.stdout, one.stderr] for one in (installed, ran)]
json.dump(outcomes, open(sys.argv[3], "w"))
"""


def _unshare() -> list[str] | None:
    """How a process gets a network namespace of its own here; None when it cannot."""
    program = shutil.which("unshare")
    for options in (["-n"], ["-rn"]) if program else ():
        if subprocess.run([program, *options, "true"], capture_output=True, check=False).returncode == 0:
            return [program, *options]
    return None


@pytest.fixture(scope="module")
def vendored(tmp_path_factory: pytest.TempPathFactory, fetched_tools: Path) -> Path:  # noqa: F811
    """A folder with the sample app as a tarball, vendored, and with the baseline's wheels in ``house``."""
    folder = tmp_path_factory.mktemp("vendored")
    app = folder / "sampleapp"
    shutil.copytree(ROOT / "apps" / "sampleapp", app, ignore=shutil.ignore_patterns("__pycache__"))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    for command in (
        ["deps", "vendor", str(app), "--python", version, "--with-baseline", str(folder / "house")],
        ["package", str(app), "-o", str(folder / "sampleapp.tgz")],
    ):
        environment = {**os.environ, "SOARKIT_HOME": str(fetched_tools)}
        argv = [sys.executable, "-m", "soarkit", *command]
        done = subprocess.run(argv, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_a_vendored_app_installs_and_runs_without_a_network(installer: str, vendored: Path, tmp_path: Path) -> None:
    unshare = _unshare()
    if unshare is None:
        pytest.skip("this machine lets nobody make network namespaces")
    if installer == "uv":
        pytest.importorskip("uv")
    outcomes = tmp_path / "outcomes.json"
    nothing = tmp_path / "nothing"  # an empty home and empty caches: what is installed comes from the wheels
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))},
        "SOARKIT_HOME": str(nothing / "soarkit"),
        "XDG_CACHE_HOME": str(nothing / "cache"),
        "SOARKIT_INSTALLER": installer,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(vendored / "house"),
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(
        [*unshare, sys.executable, "-c", INSIDE, str(ROOT), str(vendored / "sampleapp.tgz"), str(outcomes)],
        env=environment,
        cwd=tmp_path,
        check=True,
        timeout=240,
    )
    installed, ran = json.loads(outcomes.read_text())
    assert installed[0] == 0, installed[2]
    assert ran[0] == 0, ran[2]
    assert json.loads(ran[1])["status"] == "success"
