"""`soarkit run` of an installed app on an asset with a password, against the same folder with --config.

    python benchmarks/installed_run.py [ROUNDS]

Interleaved cold runs in one go; what counts is the difference of the medians. Run it inside a virtual environment that
has soarkit and requests.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from services.contoso import ContosoService  # noqa: E402

APP = ROOT / "apps" / "sampleapp"
HASH = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"
LIMIT = 0.060  # seconds


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    soarkit = str(Path(sys.executable).parent / "soarkit")

    def call(*words: str) -> float:
        began = time.perf_counter()
        process = subprocess.run([soarkit, *words], env=environment, capture_output=True, check=False)
        spent = time.perf_counter() - began
        if process.returncode != 0:
            sys.exit(f"soarkit {' '.join(words)} failed:\n{process.stdout.decode()}\n{process.stderr.decode()}")
        return spent

    with ContosoService() as service, tempfile.TemporaryDirectory() as folder:
        environment["SOARKIT_HOME"] = folder
        config = ["--config", f"base_url={service.url}", "--config", "apikey=demo"]
        call("install", str(APP))
        call("asset", "create", "production", "--app", "sampleapp", *config)
        wanted = ["--param", f"hash={HASH}", "--format", "json"]
        commands = {
            "folder, --config": ["run", str(APP), "file reputation", *config, *wanted],
            "installed, --config": ["run", "sampleapp", "file reputation", *config, *wanted],
            "installed, --asset": ["run", "sampleapp", "file reputation", "--asset", "production", *wanted],
            "--asset alone": ["run", "file reputation", "--asset", "production", *wanted],
            "--asset alone, --no-record": ["run", "file reputation", "--asset", "production", "--no-record", *wanted],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 2):
            for name, words in commands.items():
                spent = call(*words)
                if number >= 2:  # the first rounds build environments and byte code
                    times[name].append(spent)
    base = statistics.median(times["folder, --config"])
    print(f"Python {sys.version.split()[0]}, {rounds} interleaved rounds, medians")
    for name, spent in times.items():
        median = statistics.median(spent)
        print(f"  {name:<28} {median * 1000:7.1f} ms   {(median - base) * 1000:+6.1f} ms")
    print(f"limit for an installed app on an asset: {LIMIT * 1000:+.0f} ms")


if __name__ == "__main__":
    main()
