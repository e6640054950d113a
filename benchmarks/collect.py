"""``collect`` of one data path over a million rows, beside the loop one would write by hand.

    python benchmarks/collect.py [ROWS]

Both run in one process on the same result, alternating, best of five; memory is what ``tracemalloc`` sees at the peak
of a call, the returned list included. The claim: at most 3 times the loop, and less than 50 MiB. Exit code 1 when it
does not hold.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "soarkit", "applib"))

from soarkit_app import datapaths

LIMIT_RATIO = 3.0
LIMIT_MIB = 50.0


def loop_key(result: dict[str, Any]) -> list[Any]:
    found = []
    for action_result in result["result_data"]:
        for item in action_result["data"]:
            if "ip" in item:
                found.append(item["ip"])
    return found


def loop_nested_key(result: dict[str, Any]) -> list[Any]:
    found = []
    for action_result in result["result_data"]:
        for item in action_result["data"]:
            if "geo" in item and "country" in item["geo"]:
                found.append(item["geo"]["country"])
    return found


def loop_three_keys(result: dict[str, Any]) -> list[Any]:
    found = []
    for action_result in result["result_data"]:
        for item in action_result["data"]:
            if "geo" in item and "as" in item["geo"] and "name" in item["geo"]["as"]:
                found.append(item["geo"]["as"]["name"])
    return found


def loop_inner_list(result: dict[str, Any]) -> list[Any]:
    found = []
    for action_result in result["result_data"]:
        for item in action_result["data"]:
            for event in item["events"]:
                if "id" in event:
                    found.append(event["id"])
    return found


def loop_results(result: dict[str, Any]) -> list[Any]:
    found = []
    for action_result in result["result_data"]:
        if "ip" in action_result["parameter"]:
            found.append(action_result["parameter"]["ip"])
    return found


def row(number: int) -> dict[str, Any]:
    geo = {"country": "DE", "as": {"name": "EXAMPLE"}}
    return {"ip": f"10.0.{number >> 8 & 255}.{number & 255}", "n": number, "geo": geo}


def cases(rows: int) -> list[tuple[str, str, dict[str, Any], Callable[[dict[str, Any]], list[Any]]]]:
    flat = one_result([row(number) for number in range(rows)])
    sparse = one_result([row(number) if number % 2 else {"n": number} for number in range(rows)])
    inner = one_result([{"events": [{"id": number} for number in range(10)]} for _ in range(rows // 10)])
    results = {"result_data": [{"parameter": {"ip": str(number)}, "data": []} for number in range(rows)]}
    return [
        ("one key", "action_result.data.*.ip", flat, loop_key),
        ("one key, absent in half", "action_result.data.*.ip", sparse, loop_key),
        ("two keys", "action_result.data.*.geo.country", flat, loop_nested_key),
        ("three keys", "action_result.data.*.geo.as.name", flat, loop_three_keys),
        ("list in a list", "action_result.data.*.events.*.id", inner, loop_inner_list),
        ("many action results", "action_result.parameter.ip", results, loop_results),
    ]


def one_result(data: list[Any]) -> dict[str, Any]:
    return {"result_data": [{"data": data}]}


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def peak_mib(call: Callable[[], object]) -> float:
    tracemalloc.start()
    kept = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return peak / 2**20


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10**6
    held = True
    print(f"{rows} rows, Python {sys.version.split()[0]}")
    print(f"{'case':<26}{'loop ms':>9}{'collect ms':>12}{'ratio':>7}{'MiB':>7}")
    for name, path, made, loop in cases(rows):
        # As the host has it: read from JSON text, whose keys are not the interned ones of the loop's source.
        result = json.loads(json.dumps(made))
        gc.collect()
        gc.freeze()
        assert loop(result) == datapaths.collect(result, path)
        by_hand = collected = float("inf")
        for _ in range(5):
            by_hand = min(by_hand, seconds(lambda: loop(result)))  # noqa: B023 - called at once
            collected = min(collected, seconds(lambda: datapaths.collect(result, path)))  # noqa: B023
        mib = peak_mib(lambda: datapaths.collect(result, path))  # noqa: B023
        held = held and collected <= LIMIT_RATIO * by_hand and mib < LIMIT_MIB
        print(f"{name:<26}{by_hand * 1e3:>9.1f}{collected * 1e3:>12.1f}{collected / by_hand:>7.2f}{mib:>7.1f}")
    print(f"limit: ratio {LIMIT_RATIO:g}, {LIMIT_MIB:g} MiB: {'held' if held else 'NOT HELD'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
