"""`soarkit enrich` of a transform that does nothing, against the same script run by hand with the same interpreter.

    python benchmarks/enrich_overhead.py [ROUNDS]

Interleaved cold runs in one go, in an environment with the packages that every bundle may import. By hand the script
finds the library as it does after `pip install soarkit`: by a .pth file. Beside a script that imports the library and
nothing else there is one that imports requests too, as every published one does.
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
from bundles.making import make_bundle, transform  # noqa: E402

NOTHING = """\
from AnomaliEnrichment import AnomaliEnrichment

ae = AnomaliEnrichment()
ae.parseArguments()
ae.returnOutput()
"""
LIMIT = 150  # ms


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    # Both change what a started Python does, and -I ignores them: without this the two would not be compared fairly.
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    with tempfile.TemporaryDirectory() as folder:
        environment["SOARKIT_HOME"] = folder
        scripts = {"nothing.py": NOTHING, "requesting.py": "import requests\n" + NOTHING}
        transforms = [transform(name.partition(".")[0], script=name) for name in scripts]
        bundle = make_bundle(Path(folder), scripts=scripts, transforms=transforms)
        soarkit = str(Path(sys.executable).parent / "soarkit")
        for name, script in (("does nothing", "nothing"), ("imports requests", "requesting")):
            path = bundle / "source" / f"{script}.py"
            print(f"a transform that {name}")
            _compare(
                {
                    "python script.py": [sys.executable, str(path), script, "example.com"],
                    "soarkit enrich": [soarkit, "enrich", str(bundle), script, "example.com", *_given(sys.executable)],
                    "soarkit run": [
                        *(soarkit, "run", str(bundle), script, "--param", "value=example.com"),
                        *_given(sys.executable),
                    ],
                },
                environment,
                rounds,
            )
    print(f"limit: {LIMIT} ms above `python script.py`, where it does nothing")


def _given(python: str) -> list[str]:
    return ["--python", python, "--format", "json"]


def _compare(commands: dict[str, list[str]], environment: dict[str, str], rounds: int) -> None:
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 3):
        for name, command in commands.items():
            began = time.perf_counter()
            process = subprocess.run(
                command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
            spent = time.perf_counter() - began
            if process.returncode != 0 or b'"widgets"' not in process.stdout:
                sys.exit(f"{name} failed:\n{process.stdout.decode()}\n{process.stderr.decode()}")
            if number >= 3:  # the first rounds write byte code, and what the next run is guessed from
                times[name].append(spent)
    medians = {name: statistics.median(spent) * 1000 for name, spent in times.items()}
    base = medians["python script.py"]
    print(f"  Python {sys.version.split()[0]}, {rounds} interleaved rounds, medians; the quickest of each in brackets")
    for name, median in medians.items():
        ahead = f"{median - base:+7.1f} ms   ratio {median / base:.2f}"
        print(f"  {name:<18} {median:7.1f} ms   {ahead}   ({min(times[name]) * 1000:.1f} ms)")


if __name__ == "__main__":
    main()
