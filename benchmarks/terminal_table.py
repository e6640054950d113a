"""What the table of 50 rows adds to a run on a terminal: `--format table` against `--format json`.

    python benchmarks/terminal_table.py [ROUNDS]

Interleaved runs of a test app on a pseudo-terminal; the difference is that of the medians.
"""

from __future__ import annotations

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "tests" / "apps" / "echo"
ROWS = 25  # data items; each has two rows
LIMIT = 60  # ms


def on_a_terminal(command: list[str], environment: dict[str, str]) -> tuple[int, bytes]:
    """Run a command with its output on a terminal; gives its exit code and what it wrote."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    written = b""
    while True:
        try:
            piece = os.read(master, 1 << 16)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        written += piece
    os.close(master)
    return process.wait(), written


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    times: dict[str, list[float]] = {"json": [], "table": []}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SOARKIT_HOME": folder, "COLUMNS": "120", "LINES": "40", "TERM": "xterm"}
        soarkit = [str(Path(sys.executable).parent / "soarkit"), "run", str(APP), "rows", "--python", sys.executable]
        soarkit += ["-p", f"count={ROWS}", "-c", "server=s", "--format"]
        for number in range(rounds + 2):
            for form, spent in times.items():
                began = time.perf_counter()
                code, written = on_a_terminal([*soarkit, form], environment)
                if code != 0 or f"row {ROWS - 1}".encode() not in written:
                    sys.exit(f"{form} failed:\n{written.decode()}")
                if number >= 2:  # the first rounds make byte code
                    spent.append(time.perf_counter() - began)
    medians = {form: statistics.median(spent) * 1000 for form, spent in times.items()}
    print(f"Python {sys.version.split()[0]}, {ROWS * 2} rows, {rounds} interleaved rounds, medians")
    for form, median in medians.items():
        print(f"  --format {form:<6} {median:7.1f} ms")
    print(f"  the table adds  {medians['table'] - medians['json']:5.1f} ms (limit {LIMIT})")


if __name__ == "__main__":
    main()
