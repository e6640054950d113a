"""Memory and time of putting a file of some GiB into the vault, as an app does it: through its own process.

    python benchmarks/vault.py [MIB]

The app calls ``Vault.add_attachment``; both processes say the most memory they have ever had (``VmHWM``, so Linux
only). Beside it, the same file is copied and digested by the system's programs (``cp``, ``sha1sum``, ``sync``), and by
a plain Python loop that does what the vault needs: copy, SHA-1, SHA-256, MD5, and to the disk. All three alternate; the
best of three counts, the time of a run that adds an empty file taken off that of the app. The claim: less than 100 MiB
in either process, whatever the file. Exit code 1 when it does not hold.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MIB = 100.0
ROUNDS = 3
PEAK = "next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM'))"
APP = f"""
import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.vault import Vault

class Connector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        added = Vault.add_attachment(param["path"], self.get_container_id())
        result.add_data({{**added, "peak": {PEAK}}})
        return result.set_status(added["succeeded"], added["message"])
"""
HOST = f"""
import atexit, sys
atexit.register(lambda: print({PEAK}, file=sys.stderr))
from soarkit.cli.main import main
main()
"""


def make_app(folder: Path) -> None:
    folder.mkdir()
    action = {
        "action": "add",
        "identifier": "add",
        "type": "generic",
        "read_only": False,
        "parameters": {"path": {"data_type": "string", "required": True}},
        "output": [],
        "versions": "EQ(*)",
    }
    document = {
        "appid": "5b0dfc0c-6a4e-4f6e-8e5f-1d7a40c8e2aa",
        "name": "Adds a file",
        "app_version": "1.0.0",
        "product_vendor": "soarkit",
        "product_name": "benchmark",
        "main_module": "connector.py",
        "configuration": {},
        "actions": [action],
    }
    (folder / "app.json").write_text(json.dumps(document))
    (folder / "connector.py").write_text(APP)


def make_file(path: Path, mib: int) -> None:
    chance = random.Random(1)
    block = bytearray(chance.randbytes(1 << 20))
    with path.open("wb") as file:
        for number in range(mib):
            block[:8] = number.to_bytes(8, "big")  # no two pieces are the same
            file.write(block)
        os.fsync(file.fileno())


def by_app(app: Path, path: Path, home: Path) -> tuple[float, float, float]:
    """Seconds, and MiB of host and app."""
    shutil.rmtree(home / "phantom", ignore_errors=True)
    command = [sys.executable, "-c", HOST, "run", str(app), "add", "--param", f"path={path}", "-f", "json"]
    started = time.perf_counter()
    done = subprocess.run(
        [*command, "--python", sys.executable],
        cwd=ROOT,
        env={**os.environ, "SOARKIT_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - started
    [data] = json.loads(done.stdout)["result_data"][0]["data"]
    assert data["size"] == path.stat().st_size
    return seconds, int(done.stderr.split()[-1]) / 1024, data["peak"] / 1024


def by_programs(path: Path, target: Path) -> None:
    subprocess.run(["sha1sum", str(path)], stdout=subprocess.DEVNULL, check=True)
    subprocess.run(["cp", str(path), str(target)], check=True)
    subprocess.run(["sync", str(target)], check=True)


def by_loop(path: Path, target: Path) -> None:
    digests = [hashlib.sha1(), hashlib.sha256(), hashlib.md5()]
    with path.open("rb") as source, target.open("wb") as copy:
        while piece := source.read(1 << 20):
            for digest in digests:
                digest.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())


def timed(function: Callable[[Path, Path], None], path: Path, target: Path) -> float:
    started = time.perf_counter()
    function(path, target)
    seconds = time.perf_counter() - started
    target.unlink()
    return seconds


def main() -> int:
    mib = int(sys.argv[1]) if len(sys.argv) > 1 else 2048
    scratch = Path(tempfile.mkdtemp(prefix="soarkit-benchmark-"))
    try:
        app, path, empty, target, home = (scratch / name for name in ("app", "file", "empty", "copy", "home"))
        make_app(app)
        make_file(path, mib)
        empty.write_bytes(b"")
        by_app(app, empty, home)  # makes the database
        none = min(by_app(app, empty, home)[0] for _ in range(ROUNDS))
        apps, programs, loops = [], [], []
        for _ in range(ROUNDS):
            apps.append(by_app(app, path, home))
            programs.append(timed(by_programs, path, target))
            loops.append(timed(by_loop, path, target))
        taken = min(one[0] for one in apps) - none
        host, child = max(one[1] for one in apps), max(one[2] for one in apps)
        print(f"file of {mib} MiB; a run that adds an empty one takes {none:.2f} s")
        print(f"vault                {taken:6.2f} s  host {host:.1f} MiB, app {child:.1f} MiB at most")
        print(f"sha1sum, cp, sync    {min(programs):6.2f} s  {taken / min(programs):.2f} times that")
        print(f"loop, three digests  {min(loops):6.2f} s  {taken / min(loops):.2f} times that")
        return 0 if max(host, child) < LIMIT_MIB else 1
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
