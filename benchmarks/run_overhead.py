"""`soarkit run` against the same connector run by hand: same interpreter, same packages, same local service.

    python benchmarks/run_overhead.py [ROUNDS]

Interleaved cold runs in one go; the ratio is that of the medians. Run it inside a virtual environment that has soarkit
and requests: by hand, `import phantom` comes from there too.
"""

from __future__ import annotations

import json
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


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    # Both change what a started Python does, and -I ignores them: without this the two would not be compared fairly.
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    with ContosoService() as service, tempfile.TemporaryDirectory() as folder:
        environment["SOARKIT_HOME"] = folder
        config = {"base_url": service.url, "apikey": "demo"}
        action = {
            "identifier": "file_reputation",
            "action": "file reputation",
            "asset_id": "1",
            "config": config,
            "parameters": [{"hash": HASH}],
        }
        given = Path(folder, "input.json")
        given.write_text(json.dumps(action))
        asset = Path(folder, "asset.json")
        asset.write_text(json.dumps({"configuration": config}))
        by_hand = [sys.executable, str(APP / "sampleapp_connector.py"), str(given)]
        soarkit = [str(Path(sys.executable).parent / "soarkit"), "run", str(APP), "file reputation"]
        soarkit += ["--param", f"hash={HASH}", "--asset-file", str(asset), "--format", "json"]
        commands = {
            "by hand": by_hand,
            "soarkit run, that interpreter": [*soarkit, "--python", sys.executable],
            "soarkit run, its own environment": soarkit,
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 2):
            for name, command in commands.items():
                began = time.perf_counter()
                process = subprocess.run(command, env=environment, capture_output=True, check=False)
                spent = time.perf_counter() - began
                if process.returncode != 0 or b'"success"' not in process.stdout:
                    sys.exit(f"{name} failed:\n{process.stdout.decode()}\n{process.stderr.decode()}")
                if number >= 2:  # the first rounds build environments and byte code
                    times[name].append(spent)
    base = statistics.median(times["by hand"])
    print(f"Python {sys.version.split()[0]}, {rounds} interleaved rounds, medians")
    for name, spent in times.items():
        median = statistics.median(spent)
        print(f"  {name:<34} {median * 1000:7.1f} ms   ratio {median / base:.2f}")
    print("limit: 1.3")


if __name__ == "__main__":
    main()
