"""Building the environment of an app with 20 wheels, against uv by hand; and the check that it is already there.

    python benchmarks/build_environment.py [ROUNDS]

Both in one run, in turns, compared by their medians. By hand: a fresh virtual environment, its making not counted, and
one `uv pip install --compile-bytecode` of the same wheel files and of the rest by name and version, as soarkit
installed it. The wheels come from the package index once, before anything is measured; uv's cache is warm on both
sides. Needs uv and pip beside the interpreter it is started with, and what benchmarks/run_overhead.py needs.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from services.contoso import ContosoService  # noqa: E402

from soarkit.environments import build  # noqa: E402
from soarkit.environments.interpreters import own  # noqa: E402

APP = ROOT / "apps" / "sampleapp"
HASH = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
ROOTS = ["boto3", "paramiko", "requests-oauthlib", "pyjwt", "xmltodict", "google-auth-httplib2"]
WHEELS = 20
NOT_SHIPPED = ("six-", "requests-", "certifi-", "idna-", "urllib3-", "charset_normalizer-")  # the platform has them
LIMIT_RATIO, LIMIT_MORE, LIMIT_CHECK = 1.5, 0.3, 0.030

# What a run does to find its environment, in a process that has loaded the app and nothing of soarkit.environments.
CHECK = """
import sys, time
from soarkit.host import Host
host = Host()
app = host.open_app(sys.argv[1])
began = time.perf_counter()
from soarkit.environments import known
python = known(app.raw, app.folder, host.home)
spent = time.perf_counter() - began
assert python, "the environment is not known"
print(spent)
"""


def make_app(folder: Path) -> dict[str, Any]:
    """The sample app with 20 wheels."""
    shutil.copytree(APP, folder)
    wheels = folder / "wheels"
    arguments = ["download", "--quiet", "--only-binary", ":all:", "--dest", str(wheels), *ROOTS]
    subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, stderr=subprocess.DEVNULL)
    files = sorted(path for path in wheels.iterdir() if not path.name.startswith(NOT_SHIPPED))
    files = sorted(files, key=lambda path: -path.stat().st_size)[:WHEELS]
    assert len(files) == WHEELS, [path.name for path in files]
    for path in set(wheels.iterdir()) - set(files):
        path.unlink()
    (path,) = folder.glob("*.json")
    manifest: dict[str, Any] = json.loads(path.read_text())
    entries = [{"module": one.name.split("-")[0], "input_file": f"wheels/{one.name}"} for one in sorted(files)]
    manifest[f"pip{sys.version_info[0]}{sys.version_info[1]}_dependencies"] = {"wheel": entries}
    path.write_text(json.dumps(manifest, indent=4))
    return manifest


def by_soarkit(manifest: dict[str, Any], app: Path, home: Path) -> tuple[float, Path]:
    began = time.perf_counter()
    made = build.ensure(manifest, str(app), str(home), progress=lambda text: None, found=[own()])
    assert made.path is not None
    assert not made.warnings, made.warnings
    return time.perf_counter() - began, Path(made.path)


def by_hand(app: Path, stamp: dict[str, Any], folder: Path) -> float:
    subprocess.run([own().path, "-m", "venv", "--without-pip", str(folder)], check=True)
    files = sorted((app / "wheels").iterdir())
    shipped = {path.name.split("-")[0].replace("_", "-").lower() for path in files}
    rest = [f"{name}=={version}" for name, version in stamp["installed"].items() if name not in shipped]
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv) if uv.exists() else "uv", "pip", "install", "--compile-bytecode", "--quiet"]
    command += ["--python", str(folder / "bin" / "python"), *map(str, files), *rest]
    began = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began


def measure_builds(app: Path, manifest: dict[str, Any], scratch: Path, rounds: int) -> bool:
    hand, ours = [], []
    for number in range(rounds + 1):
        home = scratch / f"home{number}"
        spent, folder = by_soarkit(manifest, app, home)
        stamp = json.loads((folder / "soarkit-environment.json").read_text())
        spent_by_hand = by_hand(app, stamp, scratch / f"hand{number}")
        if number:  # the first round fills the caches
            ours.append(spent)
            hand.append(spent_by_hand)
        for path in (home, scratch / f"hand{number}"):
            shutil.rmtree(path)
    base, median = statistics.median(hand), statistics.median(ours)
    size = sum(path.stat().st_size for path in (app / "wheels").iterdir()) / 2**20
    limit = base * LIMIT_RATIO + LIMIT_MORE
    print(f"{WHEELS} wheels of {size:.1f} MiB and the baseline, {len(stamp['installed'])} packages; {rounds} rounds")
    print(f"  uv pip install by hand     {base:6.2f} s")
    print(f"  soarkit, first build       {median:6.2f} s   limit {limit:.2f} s (1.5 x + 0.3 s)")
    return median <= limit


def measure_check(app: Path, manifest: dict[str, Any], scratch: Path, rounds: int) -> bool:
    home = scratch / "home"
    _, folder = by_soarkit(manifest, app, home)
    subprocess.run([str(folder / "bin" / "python"), "-c", "import requests"], check=True)
    given = scratch / "asset.json"
    environment = {**os.environ, "SOARKIT_HOME": str(home)}
    with ContosoService() as service:
        given.write_text(json.dumps({"configuration": {"base_url": service.url, "apikey": "demo"}}))
        run = [str(Path(sys.executable).parent / "soarkit"), "run", str(app), "file reputation"]
        run += ["--param", f"hash={HASH}", "--asset-file", str(given), "--format", "json"]
        commands = {
            "found": run,
            "named": [*run, "--python", str(folder / "bin" / "python")],
            "check": [sys.executable, "-c", CHECK, str(app)],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 2):
            for name, command in commands.items():
                began = time.perf_counter()
                done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)
                spent = time.perf_counter() - began
                if done.returncode != 0:
                    sys.exit(f"{name} failed:\n{done.stdout.decode()}\n{done.stderr.decode()}")
                if number >= 2:
                    times[name].append(float(done.stdout) if name == "check" else spent)
    found, named, check = (statistics.median(times[name]) * 1000 for name in ("found", "named", "check"))
    print(f"soarkit run of that app, {rounds} interleaved rounds")
    print(f"  it finds its environment   {found:6.1f} ms")
    print(f"  --python names it          {named:6.1f} ms   difference {found - named:.1f} ms")
    print(f"  the check alone, cold      {check:6.1f} ms   limit {LIMIT_CHECK * 1000:.0f} ms")
    return check <= LIMIT_CHECK * 1000 and found - named <= LIMIT_CHECK * 1000


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):  # they change what a started Python does
        os.environ.pop(name, None)
    os.environ["SOARKIT_INSTALLER"] = "uv"
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        manifest = make_app(scratch / "app")
        held = measure_builds(scratch / "app", manifest, scratch, rounds)
        held = measure_check(scratch / "app", manifest, scratch, rounds * 4) and held
    print(f"limits {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
