"""Django beside other settings of the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def run(script: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(home)],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_named_in_the_environment_do_not_matter(home: Path) -> None:
    script = "import sys; from soarkit.store import open_store; open_store(sys.argv[1]).close()"
    done = run(script, home, DJANGO_SETTINGS_MODULE="no.such.module")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_django_project_has_to_name_the_store(home: Path) -> None:
    script = (
        "import sys, django; from django.conf import settings\n"
        "settings.configure(INSTALLED_APPS=sys.argv[2:], USE_TZ=True); django.setup()\n"
        "from soarkit.store import open_store\n"
        "with open_store(sys.argv[1]) as store: print(store.apps.list())"
    )
    done = run(script, home)
    assert "INSTALLED_APPS" in done.stderr
    name = "soarkit.store.database.StoreConfig"
    done = run(script.replace("sys.argv[2:]", f"['{name}']"), home)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_two_threads_use_one_store(home: Path) -> None:
    script = (
        "import sys; from concurrent.futures import ThreadPoolExecutor; from soarkit.store import open_store\n"
        "from django.db import connections\n"
        "store = open_store(sys.argv[1])\n"
        "def work(_):\n"
        "    found = store.apps.list(); store.close(); return found\n"
        "with ThreadPoolExecutor(2) as pool: print(list(pool.map(work, range(4))))\n"
        "store.close()"
    )
    done = run(script, home)
    assert (done.stdout, done.stderr) == ("[[], [], [], []]\n", "")
