"""Exporting 100,000 objects with 300,000 relationships at depth 3, against a compact `json.dumps` of the same bundle.

    python benchmarks/stix_export.py [ROUNDS [OBJECTS [RELATIONSHIPS]]]

The library is JSON Lines, made up once. Each round, interleaved in one go: a fresh process reads the library and writes
the bundle (the time is the process's own, from reading the library to the finished file; its memory is the peak that
the system says), and another one has the finished bundle in memory and times `json.dumps` of it, with the separators
of a compact document. What counts is the ratio of the medians, the memory, and that all the files are the same.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT_RATIO = 8.0
LIMIT_MIB = 800.0

EXPORT = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from stix_export.export import export_file
from stix_export.library_file import open_library
from stix_export.options import Options
began = time.perf_counter()
library = open_library(sys.argv[2])
read = time.perf_counter()
report = export_file(library, ("incident", 1), "create_bundle", Options(depth=3), sys.argv[3])
ended = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1048576)
print(json.dumps({"seconds": ended - began, "read": read - began, "mib": peak, "relationships": report.relationships,
                  "objects": report.total, "skipped": report.skipped.counts}))
"""

DUMP = """
import json, sys, time
with open(sys.argv[1], "rb") as file:
    bundle = json.load(file)
began = time.perf_counter()
text = json.dumps(bundle, separators=(",", ":"))
print(json.dumps({"seconds": time.perf_counter() - began, "size": len(text)}))
"""

SOURCES = ("EDR", "Mail gateway", "Partner feed", "Open list", "Analyst")
STATUSES = ("Active", "Active", "Active", "Expired", "Review", "Whitelisted")
OTHERS = ("adversaries", "attack_pattern", "campaign", "malware", "tool", "exploit_target", "identity", "intrusion_set")


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    objects = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    relationships = int(sys.argv[3]) if len(sys.argv) > 3 else 300_000
    print(
        f"Python {sys.version.split()[0]}, {objects} objects, {relationships} relationships, {rounds} rounds, medians"
    )
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.jsonl"
        # In a process of its own: what a program of this one has used as memory counts for those that it starts.
        maker = multiprocessing.get_context("spawn").Process(
            target=write_library, args=(library, objects, relationships)
        )
        maker.start()
        maker.join()
        return measure(library, Path(folder) / "bundle.json", rounds, objects, relationships)


def measure(library: Path, bundle: Path, rounds: int, objects: int, relationships: int) -> int:
    """Measure, print, and say whether it holds (0) or not (1)."""
    exports, dumps, digests = [], [], set()
    for _ in range(rounds):
        exports.append(run(EXPORT, ROOT / "apps" / "stix_exporter", library, bundle))
        dumps.append(run(DUMP, bundle))
        digests.add(digest(bundle))
    said = exports[0]
    print(f"{said['objects']} objects and {said['relationships']} relationships, skipped: {said['skipped'] or 'none'}")
    print(f"library {library.stat().st_size / 1e6:.0f} MB, bundle {bundle.stat().st_size / 1e6:.0f} MB")
    spent = statistics.median(each["seconds"] for each in exports)
    read = statistics.median(each["read"] for each in exports)
    dumped = statistics.median(each["seconds"] for each in dumps)
    mib = max(each["mib"] for each in exports)
    print(f"export {spent:.2f} s, of which reading the library {read:.2f} s")
    print(f"compact json.dumps {dumped:.2f} s; ratio {spent / dumped:.2f}, limit {LIMIT_RATIO}")
    print(f"peak memory {mib:.0f} MiB, limit {LIMIT_MIB:.0f}; {len(digests)} different file(s)")
    whole = said["objects"] >= objects and said["relationships"] >= relationships
    return 0 if whole and spent <= LIMIT_RATIO * dumped and mib < LIMIT_MIB and len(digests) == 1 else 1


def digest(path: Path) -> str:
    """The SHA-256 of a large file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            found.update(piece)
    return found.hexdigest()


def run(program: str, *arguments: Path) -> dict[str, Any]:
    """What a program of its own process prints."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def write_library(path: Path, objects: int, relationships: int) -> None:
    """A library whose every object is within 3 levels of incident 1, with that many pairs that an export follows."""
    dice = random.Random(7)
    keys = [("incident", 1)] + [kind(dice, number) for number in range(2, objects + 1)]
    first, second = 1 + max(1, objects // 100), 1 + max(2, objects // 5)
    pairs: dict[tuple[int, int], None] = {}
    for number in range(1, objects):  # level 1 from the root, level 2 from level 1, level 3 from level 2
        near = 0 if number < first else dice.randrange(1, first) if number < second else dice.randrange(first, second)
        pairs[near, number] = None
    while len(pairs) < relationships:  # the others begin at levels 1 and 2, so that both ends are not outermost
        a, b = dice.randrange(1, second), dice.randrange(1, objects)
        if a != b and (b, a) not in pairs:
            pairs[a, b] = None
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"meta": {"format": "threat-library/1", "library_id": "benchmark"}}) + "\n")
        for collection, number in keys:
            line = {"collection": collection, "object": record(dice, collection, number)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        for number, (a, b) in enumerate(pairs):
            line = {"id": number + 1, "a": keys[a], "b": keys[b], "created_at": moment(dice)}
            file.write(json.dumps({"relationship": line}) + "\n")


def kind(dice: random.Random, number: int) -> tuple[str, int]:
    """Most of a library are indicators."""
    return (dice.choice(OTHERS) if dice.random() < 0.2 else "indicators", number)


def record(dice: random.Random, collection: str, number: int) -> dict[str, Any]:
    """One record as the platform's API gives it."""
    names = dice.sample(SOURCES, dice.randrange(1, 4))
    made: dict[str, Any] = {
        "id": number,
        "created_at": moment(dice),
        "updated_at": moment(dice),
        "touched_at": moment(dice),
        "published_at": moment(dice),
        "description": f"<p>Seen at customer {number % 977} &amp; others</p>" if number % 3 == 0 else None,
        "sources": [{"id": place, "name": name, "tlp_id": 3} for place, name in enumerate(names)],
        "attributes": [{"id": number, "name": "Confidence", "value": "High"}] if number % 2 else [],
        "tags": ["apt", f"case-{number % 50}"] if number % 4 == 0 else [],
    }
    if collection != "indicators":
        return {**made, ("name" if collection == "adversaries" else "value"): f"{collection} {number} “Überfall”"}
    types = {
        "MD5": f"{dice.getrandbits(128):032x}",
        "SHA-256": f"{dice.getrandbits(256):064x}",
        "IP Address": ".".join(str(dice.randrange(1, 255)) for _ in range(4)),
        "FQDN": f"host{number}.example.com",
        "URL": f"https://example.com/it's/{number}",
        "Filename": f"invoice '{number}'.exe",
    }
    name, value = dice.choice(list(types.items()))
    score = {"generated_score": dice.randrange(11), "manual_score": None}
    return {**made, "value": value, "type": {"name": name}, "status": {"name": dice.choice(STATUSES)}, "score": score}


def moment(dice: random.Random) -> str:
    """A time in 2021."""
    day, clock = divmod(dice.randrange(28 * 86400), 86400)
    return f"2021-{dice.randrange(1, 13):02}-{day + 1:02} {clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"


if __name__ == "__main__":
    sys.exit(main())
