"""Memory and time of packing, checking and installing the files of a 100 MiB app.

    python benchmarks/package_memory.py [MIB]

Each step is a process of its own; its memory is the largest resident size the system saw (``ru_maxrss``). Half of the
app's bytes do not compress, as of wheels, half are source text. ``install`` puts the app in place as the command does,
without an environment, which other programs build. The claim: less than 150 MiB. Exit code 1 when it does not hold.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MIB = 150.0
STEPS = {
    "python alone": "pass",
    "package": (
        "from soarkit.cli.package import command\n"
        "command.main([sys.argv[1], '-o', sys.argv[2], '-f', 'json', '--force'], standalone_mode=False)"
    ),
    "verify": "from soarkit.packages import archive; archive.check(sys.argv[2])",
    "unpack": "from soarkit.packages import archive; archive.unpack(sys.argv[2], sys.argv[3])",
    "install": (
        "from soarkit.environments.known import Environment\n"
        "from soarkit.packages.install import Installer\n"
        "from soarkit.store import open_store\n"
        "os.makedirs(sys.argv[4])\n"
        "Installer(sys.argv[4], open_store(sys.argv[4]), progress=lambda text: None,\n"
        "          build_environment=lambda app, **asked: Environment(sys.executable, None),\n"
        "          import_app=lambda app, python, log_path: 0.0).install(sys.argv[2])"
    ),
}
MEASURED = "import os, resource, sys\n{step}\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def make_app(folder: Path, mib: int) -> None:
    chance = random.Random(1)
    (folder / "wheels").mkdir(parents=True)
    for number in range(max(1, mib // 20)):
        (folder / "wheels" / f"w{number}-1.0-py3-none-any.whl").write_bytes(chance.randbytes(10 << 20))
    line = "    value_{} = self.get_config().get('setting_{}')  # what the asset says\n"
    text = "".join(line.format(chance.random(), number) for number in range(7000))
    size = 0
    while size < mib << 19:
        (folder / f"data_{size}.txt").write_text(text[chance.randrange(100) :])
        size += len(text)
    (folder / "app_connector.py").write_text("")
    document = {
        "appid": "fd4dc1ce-b63c-4d0e-94e6-df0ae680d99c",
        "name": "Large",
        "app_version": "1.0.0",
        "main_module": "app_connector.py",
        "configuration": {},
        "actions": [],
    }
    (folder / "large.json").write_text(json.dumps(document))


def main() -> int:
    if sys.argv[1:2] == ["--make"]:
        make_app(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    mib = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    scratch = Path(tempfile.mkdtemp(prefix="soarkit-benchmark-"))
    try:
        # By a process of its own: what this one had used when it forked would count for the steps.
        subprocess.run([sys.executable, __file__, "--make", str(scratch / "app"), str(mib)], check=True)
        arguments = [str(scratch / name) for name in ("app", "app.tgz", "unpacked", "home")]
        worst = 0.0
        for name, step in STEPS.items():
            started = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", MEASURED.format(step=step), *arguments],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'soarkit' / 'applib'}"},
                capture_output=True,
                text=True,
                check=True,
            )
            # Linux counts kibibytes, macOS bytes.
            used = int(done.stdout.split()[-1]) / (1024 if sys.platform.startswith("linux") else 1024**2)
            worst = max(worst, used)
            print(f"{name:14} {used:6.1f} MiB  {time.perf_counter() - started:6.2f} s")
        packed = (scratch / "app.tgz").stat().st_size / 1024**2
        print(f"app of {mib} MiB, packed {packed:.1f} MiB; limit {LIMIT_MIB:.0f} MiB")
        return 0 if worst < LIMIT_MIB else 1
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
