"""What the user's package indexes have of a distribution: its versions, and which of them were yanked.

pip is asked, by a script that runs on the pip of :mod:`soarkit.deps.tools`: it knows all of pip's settings (several
indexes, credentials, proxies, certificates, folders), and both forms that indexes answer in.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass

from soarkit import homefiles
from soarkit.environments import variables
from soarkit.execute.command import run_command

TIMEOUT = 300.0  #: seconds for all distributions of one check

# For the pip that soarkit.deps.tools pins; other versions of pip may have other insides.
_SCRIPT = """
import json, logging, sys
from concurrent.futures import ThreadPoolExecutor
from threading import local
from pip._internal.commands import create_command

class Failures(logging.Handler):
    def emit(self, record):
        if str(record.msg).startswith("Could not fetch URL"):
            reason = str(record.args[1]) if len(record.args) > 1 else ""
            if "404" not in reason:
                failed.append(reason)

failed = []
collector = logging.getLogger("pip._internal.index.collector")
collector.setLevel(logging.DEBUG)
collector.addHandler(Failures())
collector.propagate = False
mine = local()

def look(name):
    if not hasattr(mine, "finder"):
        command = create_command("download")
        options, _ = command.parse_args(["--retries=0", "--timeout=20", "--no-input"])
        mine.finder = command._build_package_finder(options, command._build_session(options))
    files = mine.finder.find_all_candidates(name)
    return name, [[str(one.version), one.link.yanked_reason if one.link.is_yanked else None] for one in files]

names = json.load(open(sys.argv[1]))
try:
    with ThreadPoolExecutor(4) as pool:
        found = dict(pool.map(look, names))
    json.dump({"found": found, "failed": failed}, open(sys.argv[2], "w"))
except Exception as error:
    json.dump({"found": {}, "failed": [str(error)]}, open(sys.argv[2], "w"))
"""


@dataclass(frozen=True)
class Known:
    """What the indexes have of one distribution, for one interpreter.

    :ivar versions: all that have a file that fits it
    :ivar yanked: version → the reason its files were yanked for, empty where none was given
    """

    versions: frozenset[str]
    yanked: dict[str, str]


def look(names: Iterable[str], python: str, home: str) -> dict[str, Known] | None:
    """Ask the indexes for some distributions.

    :param names: normalised names
    :param python: a Python of :mod:`soarkit.deps.tools`; what fits it counts
    :returns: those that some index has; None when the indexes cannot be asked
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}
    with homefiles.scratch(home) as folder:
        question, answer = os.path.join(folder, "names.json"), os.path.join(folder, "found.json")
        with open(question, "w", encoding="utf-8") as file:
            json.dump(wanted, file)
        outcome = run_command(
            [python, "-I", "-c", _SCRIPT, question, answer],
            env=variables.clean_environment(),
            log_path=homefiles.log_path(home, "index"),
            timeout=TIMEOUT,
        )
        said = homefiles.read_json(answer)
    found = said.get("found")
    if not outcome.ok or not isinstance(found, dict):
        return None
    if said.get("failed") and not any(found.values()):  # of several indexes one may be gone, or have only some names
        return None
    return {name: _known(files) for name, files in found.items() if files}


def _known(files: list[list[str | None]]) -> Known:
    reasons: dict[str, list[str | None]] = {}
    for version, reason in files:
        reasons.setdefault(str(version), []).append(reason)
    # One file of a version that is not yanked is enough to install it.
    gone = {version: str(given[0] or "") for version, given in reasons.items() if None not in given}
    return Known(frozenset(reasons), gone)
