"""Kills a process that switches versions, at random moments, and looks at what is left. Run as a program.

It imports everything once and forks: each round takes a fraction of a second.
"""

from __future__ import annotations

import functools
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable

from store.conftest import manifest, version

from soarkit.store import open_store, snapshot

FIRST = manifest(configuration={"old": {"data_type": "string", "default": "o"}})
SECOND = manifest(configuration={"new": {"data_type": "password", "default": "secret text"}})
EXPECTED = {"1": (["old"], []), "2": ([], ["new"])}


def switch(home: str, ready: int) -> None:
    """Switch for ever, once the store is open."""
    with open_store(home) as store:
        os.write(ready, b".")
        while True:
            store.apps.use("contoso-reputation", "2", SECOND)
            store.apps.activate(FIRST, version("1"))


def look(home: str) -> None:
    """Both what runs read and what the database says is one of the two."""
    read = snapshot.read(home)
    trusted = read is not None
    if read is not None:
        check(read)
    with open_store(home) as store:
        after = snapshot.read(home)
        assert after is not None
        check(after)
        assert (store.apps.list(), store.assets.list()) == (after.apps, after.assets)
        if read is not None:
            assert (read.apps, read.assets) == (after.apps, after.assets), "what was trusted was wrong"
        store.assets.get("box").reveal(lambda token, salt: token)
    os._exit(0 if trusted else 1)


def check(read: snapshot.Snapshot) -> None:
    """The asset fits the current version."""
    [app], [asset] = read.apps, read.assets
    assert EXPECTED[app.current] == (list(asset.configuration), list(asset.secrets)), (app.current, asset)


def child(work: Callable[[], None]) -> int:
    """Do something in a process of its own."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(9)
        os._exit(0)
    return pid


def main(home: str, rounds: int, seed: int) -> None:
    """Print how often the snapshot was to be trusted, and how often not."""
    from soarkit.store.database import set_up

    set_up()
    import soarkit.store.opened  # noqa: F401

    def prepare() -> None:
        with open_store(home) as store:
            store.apps.activate(SECOND, version("2"))
            store.assets.create("box", app="contoso-reputation")
            store.apps.activate(FIRST, version("1"))

    assert os.waitpid(child(prepare), 0)[1] == 0
    moments = random.Random(seed)
    codes = []
    for _ in range(rounds):
        reading, ready = os.pipe()
        pid = child(functools.partial(switch, home, ready))
        os.read(reading, 1)
        time.sleep(moments.uniform(0, 0.05))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
        os.close(ready)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child(lambda: look(home)), 0)[1]))
    assert set(codes) <= {0, 1}, codes
    print(codes.count(0), codes.count(1))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
