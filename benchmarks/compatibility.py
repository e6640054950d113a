"""How much of published apps runs: every action of every app, without any network.

    python benchmarks/compatibility.py [OPTIONS] FOLDER...

Each FOLDER is the folder of an app. First, with the network, every app gets its own environment. Then this program
starts itself again in a namespace without network (``unshare``; only a loopback), imports every app and calls each of
its actions with values made from its JSON. What counts is who answers: an action that fails because it reaches no
server has been answered by the app; one that met something soarkit lacks has not.

Counted are classic apps all of whose code parses on Python 3, and the actions of those that load. Results are kept in
OUT as they come, so that a second call goes on where the first was stopped; ``--again`` does what is there once more.
OUT/table.md and OUT/figures.json have the outcome. Exit status 1 where a share is below what it should be.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import io
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

import compatibility_values as values
from compatibility_table import ANSWERS, LOADS, table, text
from compatibility_verdict import parsed
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from soarkit.errors import SoarkitError
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.packages.needs import needed_files
from soarkit.packages.smoke import import_app

_LONGEST_LOG = 20_000


class Results:
    """What is known already, a line of JSON each; a later line replaces an earlier one of the same key."""

    def __init__(self, path: Path) -> None:
        self.known: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = threading.Lock()
        with contextlib.suppress(FileNotFoundError):
            for line in path.read_text().splitlines():
                with contextlib.suppress(ValueError):  # cut short when the program was killed
                    self._take(json.loads(line))
        self._file = path.open("a")

    def add(self, app: str, step: str, **what: Any) -> None:
        """:param step: survey, environment, import, or an action's number and identifier"""
        with self._lock:
            self._take({"app": app, "step": step, **what})
            print(json.dumps(self.known[app, step]), file=self._file, flush=True)

    def of(self, app: str, step: str) -> dict[str, Any] | None:
        return self.known.get((app, step))

    def _take(self, record: dict[str, Any]) -> None:
        self.known[record["app"], record["step"]] = record


# --- with the network ---


def survey(folder: str) -> dict[str, Any]:
    """What kind of app lies there: classic, sdk, python2 or none."""
    project = os.path.join(folder, "pyproject.toml")
    try:
        app = load(folder)
    except SoarkitError as error:
        if os.path.isfile(project) and "[tool.soar.app" in Path(project).read_text(errors="replace"):
            return {"kind": "sdk", "actions": [], "reason": "built with the SDK"}
        return {"kind": "none", "actions": [], "reason": str(error)}
    about: dict[str, Any] = {"name": app.name, "version": app.app_version, "actions": steps(app)}
    if app.is_sdk_app:
        return about | {"kind": "sdk", "reason": "built with the SDK"}
    needed = needed_files(app.raw, folder, os.path.basename(app.manifest_path))
    broken = [path for path in needed if path.endswith(".py") and parsed(os.path.join(folder, path)) is None]
    if broken:
        return about | {"kind": "python2", "reason": f"not Python 3: {', '.join(broken)}"}
    return about | {"kind": "classic", "reason": ""}


def steps(app: App) -> list[str]:
    """An action's identifier may occur several times, for several versions of the product."""
    return [f"{action.index} {action.identifier}" for action in app.actions]


def environment(folder: str, host: Host) -> dict[str, Any]:
    notes: list[str] = []
    try:
        python = host.python_for(load(folder), notes.append)
    except SoarkitError as error:
        return {"error": error.to_dict(), "python": None, "notes": notes}
    return {"error": None, "python": python, "notes": notes}


def prepare_store(out: Path, home: str) -> values.Surroundings:
    """A container with an artifact and a file, and a key, made once."""
    kept = out / "surroundings.json"
    if kept.exists():
        return values.Surroundings(**json.loads(kept.read_text()))
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    artifact = {"name": "An artifact", "label": "event", "cef": {"sourceAddress": "203.0.113.7"}}
    container = {"name": "A container", "source_data_identifier": "compatibility", "artifacts": [artifact]}
    with Host(home).open_store() as store:
        saved = store.containers.save(container, asset_id=1, appid=None, label="events", run=None)
        file = store.vault.add(io.BytesIO(values.SAMPLE), name=values.SAMPLE_NAME, container_id=saved.id)
    around = values.Surroundings(file.vault_id, saved.id, saved.artifacts[0].id or 0, pem)
    kept.write_text(json.dumps(vars(around)))
    return around


# --- without ---


def raise_loopback() -> None:
    """Switch the loopback of this namespace on, and make sure that there is nothing else."""
    names = [name for _, name in socket.if_nameindex()]
    if names != ["lo"]:
        sys.exit(f"the namespace has a network: {', '.join(names)}")
    get_flags, set_flags, up = 0x8913, 0x8914, 0x1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(probe, get_flags, request))[1]
        fcntl.ioctl(probe, set_flags, struct.pack("16sH14x", b"lo", flags | up))


def loads(folder: str, python: str, home: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        log = os.path.join(scratch, "log")
        try:
            spent = import_app(load(folder), python, home, log_path=log, base_url="https://localhost:9999/")
        except SoarkitError as error:
            text = Path(log).read_text(errors="replace")[-_LONGEST_LOG:] if os.path.exists(log) else ""
            return {"error": error.to_dict(), "log": text}
    return {"error": None, "seconds": round(spent, 2)}


class Actions:
    """Calls the actions of one app, one after the other: they share its state.

    :param number: the asset's id
    """

    def __init__(self, folder: str, number: int, around: values.Surroundings, options: argparse.Namespace) -> None:
        self.app = load(folder)
        self._folder = folder
        self._number = number
        self._around = around
        self._options = options
        self._settings = values.configuration(self.app, around, everything=options.all_values)

    def call(self, step: str) -> dict[str, Any]:
        action = self.app.actions[int(step.partition(" ")[0])]
        document = {
            "identifier": action.identifier,
            "action": action.name,
            "asset_id": str(self._number),
            "container_id": self._around.container_id,
            "config": self._settings,
            "parameters": [values.parameters(action, self._around, everything=self._options.all_values)],
        }
        limit = self._options.time_limit
        with tempfile.TemporaryDirectory() as scratch:
            given = os.path.join(scratch, "input.json")
            Path(given).write_text(json.dumps(document))
            words = ["run", self._folder, "--input", given, "--format", "json", "--timeout", str(limit)]
            words += ["--no-record", "--debug", "--home", self._options.home]
            started = time.monotonic()
            with (
                open(os.path.join(scratch, "out"), "w+b") as output,
                open(os.path.join(scratch, "log"), "w+b") as log,
                subprocess.Popen(
                    [sys.executable, "-m", "soarkit", *words],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=log,
                    cwd=scratch,
                    start_new_session=True,
                ) as process,
            ):
                try:
                    process.wait(limit + 60)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                output.seek(0)
                log.seek(0)
                said = output.read(), log.read().decode(errors="replace")[-_LONGEST_LOG:]
        return {"seconds": round(time.monotonic() - started, 1), **_end(process.returncode, *said)}


def _end(status: int, output: bytes, log: str) -> dict[str, Any]:
    """What to keep of a run. Its log tells of exceptions that the app caught and put in words of its own."""
    try:
        document = json.loads(output)
    except ValueError:
        document = {}
    if status in (0, 1) and "result_data" in document:
        return {
            "error": None,
            "status": document["status"],
            "message": document["message"],
            "messages": [one["message"] for one in document["result_data"]][:20],
            "exception": document["exception_occured"],
            "log": log,
        }
    unknown = {"code": f"exit-{status}", "message": log[-500:] or "no output"}
    return {"error": document.get("error") or unknown, "log": log}


# --- putting it together ---


def in_parallel(jobs: int, work: Mapping[str, Callable[[], None]], what: str) -> None:
    pool = ThreadPoolExecutor(jobs)
    waiting = {pool.submit(call): name for name, call in work.items()}
    try:
        for number, done in enumerate(as_completed(waiting), 1):
            done.result()
            print(f"{what} {number}/{len(work)} {waiting[done]}", file=sys.stderr)
    except BaseException as error:
        # At once, not when an action of three minutes has ended; without network, the namespace goes with us.
        if not isinstance(error, KeyboardInterrupt):
            traceback.print_exc()
        os._exit(130 if isinstance(error, KeyboardInterrupt) else 1)
    pool.shutdown()


def measure(names: dict[str, str], results: Results, options: argparse.Namespace, around: values.Surroundings) -> None:
    raise_loopback()
    scratch = options.out / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)  # what a stopped run has left
    scratch.mkdir()
    tempfile.tempdir = str(scratch)

    def of_app(name: str, number: int) -> None:
        for step, call in _to_do(name, number):
            if options.again or results.of(name, step) is None:
                results.add(name, step, **call())

    def _to_do(name: str, number: int) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
        about, built = results.known[name, "survey"], results.known[name, "environment"]
        if built["python"] is None:
            return
        yield "import", lambda: loads(names[name], built["python"], options.home)
        if options.load_only or results.known[name, "import"]["error"]:
            return
        actions = Actions(names[name], number, around, options)
        for step in about["actions"]:
            if not options.action or step.partition(" ")[2] in options.action:
                yield step, partial(actions.call, step)

    classic = [name for name in names if results.known[name, "survey"]["kind"] == "classic"]
    work = {name: partial(of_app, name, zlib.crc32(name.encode())) for name in classic}
    in_parallel(options.jobs, work, "measured")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("compatibility"), help="folder for results (./compatibility)")
    parser.add_argument("--home", help="SOARKIT_HOME of the runs (OUT/home)")
    parser.add_argument("--only", action="append", metavar="NAME", help="only this app; may be repeated")
    parser.add_argument("--action", action="append", metavar="IDENTIFIER", help="only this action; may be repeated")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count() or 1, help="apps at once")
    parser.add_argument("--time-limit", type=float, default=180.0, help="seconds an action may take (180)")
    parser.add_argument("--all-values", action="store_true", help="fill in optional values too")
    parser.add_argument("--load-only", action="store_true", help="import the apps, call no actions")
    parser.add_argument("--again", action="store_true", help="also what there are results of")
    parser.add_argument("--table-only", action="store_true", help="only judge and print what is there")
    parser.add_argument("--no-network", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.out = options.out.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    options.home = os.path.abspath(options.home or options.out / "home")
    every = {Path(folder).resolve().name: str(Path(folder).resolve()) for folder in sorted(options.folders)}
    names = {name: folder for name, folder in every.items() if not options.only or name in options.only}
    results = Results(options.out / "results.jsonl")
    for one in (signal.SIGINT, signal.SIGTERM):  # also where a shell has started this in its background
        signal.signal(one, signal.default_int_handler)
    if options.no_network:
        measure(names, results, options, prepare_store(options.out, options.home))
    elif not options.table_only:
        prepare(names, results, options)
        return _without_network()
    figures = table(every, results.of)
    (options.out / "figures.json").write_text(json.dumps(figures, indent=1))
    (options.out / "table.md").write_text(text(figures))
    print(text(figures))
    return int(figures["loads"] < LOADS or figures["answers"] < ANSWERS)


def prepare(names: dict[str, str], results: Results, options: argparse.Namespace) -> None:
    host = Host(options.home)

    def of_app(name: str, folder: str) -> None:
        results.add(name, "survey", **survey(folder))
        if results.known[name, "survey"]["kind"] == "classic":
            results.add(name, "environment", **environment(folder, host))

    work = {name: partial(of_app, name, folder) for name, folder in names.items()}
    in_parallel(options.jobs, work, "prepared")
    prepare_store(options.out, options.home)


def _without_network() -> int:
    """This program again, in namespaces of its own: no network, and nothing outlives it that an app has started."""
    unshare = shutil.which("unshare")
    if unshare is None:
        sys.exit("unshare (util-linux) is needed to run actions without network")
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    spaces = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    os.execv(unshare, [unshare, *root, *spaces, sys.executable, *sys.argv, "--no-network"])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
