"""Result documents made from what an app's JSON documents: for views, pages and whatever else shows results.

    python benchmarks/examples.py APP.json [ACTION] [--variant VARIANT]

APP is an app's JSON file or folder. Without ACTION, a list with the results of all its actions is printed.

The structure comes from the data paths of the action's ``output``: ``*`` is a list, everything else a key, as
:mod:`soarkit_app.datapaths` reads them. Where a field has several ``example_values``, its nearest list has as many
items (at most :data:`MOST_ITEMS`), and item *i* takes example *i*; a field with fewer begins anew. Examples are kept
as they are, whatever ``data_type`` says. A field without examples gets a value that is of its type, fits what it
``contains`` and can be recognised. The same JSON always gives the same document.

Some paths contradict each other: ``a.*.b`` and ``a.b`` say that ``a`` is a list in one result and an object in
another, and with examples of its own it is a plain value in a third. Then the items above it take turns. Where other
fields have examples, a list whose items have neither keys nor examples is empty: it was so in what the JSON was made
from. A part (data, summary) of which there is no more than its name holds an object that repeats the parameters.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from compatibility_values import SAMPLE_VAULT_ID, TYPES

from soarkit.manifest.loader import load
from soarkit.manifest.model import Action, OutputField, Parameter
from soarkit.runtime.redact import MASK

MOST_ITEMS = 5  #: items of one list
#: ``full``, ``one`` data item, ``several`` action results, ``empty`` (no data, no summary), ``failed`` (as empty, and
#: the action did not succeed), ``masked``: every text of the result is a mask, as of values that must not be shown.
VARIANTS = ("full", "one", "several", "empty", "failed", "masked")

_LISTS = 8  # numbered keys that are taken for the places of a list
_WORDS = {
    "url": "https://service.example/x",
    "link": "https://service.example/x",
    "email": "ada@service.example",
    "timestamp": "2026-01-02T03:04:05Z",
    "time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "domain": "service.example",
    "host": "service.example",
    "ip": "203.0.113.7",
}


@dataclass(frozen=True)
class Example:
    """A result document and what it shows.

    :ivar document: the result JSON (connector API 2.7)
    :ivar values: texts of the parameters', the data's and the summary's values, without repetitions, in their order
    """

    document: dict[str, Any]
    values: list[str]


@dataclass
class _Node:
    """One place of a result: what the data paths say may stand there.

    :ivar key: the key it stands at; of a list's items, that of the list
    :ivar sampled: whether the paths were taken from real results, as examples tell
    """

    key: str
    sampled: bool
    keys: dict[str, _Node] = field(default_factory=dict)
    items: _Node | None = None
    leaf: OutputField | None = None

    def add(self, path: Sequence[str], output: OutputField) -> None:
        node = self
        for key in path:
            if key == "*":
                node.items = node.items or _Node(node.key, self.sampled)
                node = node.items
            else:
                node = node.keys.setdefault(key, _Node(key, self.sampled))
        if node.leaf is None or (output.example_values and not node.leaf.example_values):
            node.leaf = output

    @property
    def numbered(self) -> bool:
        """Whether the keys are the places of a short list."""
        return 0 < len(self.keys) <= _LISTS and sorted(self.keys) == [str(at) for at in range(len(self.keys))]

    @property
    def undescribed(self) -> bool:
        """Whether no more than its name is said of it."""
        return not self.readings

    @property
    def readings(self) -> list[str]:
        """The things that this is said to be, which take turns."""
        said = {"list": self.items, "object": self.keys, "value": self.leaf and self.leaf.example_values}
        return [reading for reading, there in said.items() if there]

    def forms(self) -> int:
        """How many contradicting things this, or what stands in it, is said to be."""
        return max([1, len(self.readings), *(node.forms() for node in self.keys.values())])

    def count(self) -> int:
        """How many examples the values have for which this is an item of their nearest list."""
        examples = len(self.leaf.example_values) if self.leaf else 1
        return max([examples, *(node.count() for node in self.keys.values())])

    def value(self, number: int) -> Any:
        """:param number: of the item that this is in, from 0"""
        readings = self.readings
        reading = readings[number % len(readings)] if readings else "object"
        if reading == "list":
            return self.list()
        if reading == "value" and self.leaf:
            return self.leaf.example_values[number % len(self.leaf.example_values)]
        if self.numbered:
            return [self.keys[str(at)].value(number) for at in range(len(self.keys))]
        if self.keys:
            return {key: node.value(number) for key, node in self.keys.items()}
        if self.leaf is None:
            return {}
        return _plausible(self.key, self.leaf.data_type, self.leaf.contains, number)

    def list(self, most: int = MOST_ITEMS) -> list[Any]:
        if self.items is None or (self.sampled and self.items.undescribed):
            return []
        count = max(self.items.count(), self.items.forms())
        return [self.items.value(number) for number in range(min(count, most))]


def make(action: Action, variant: str = "full") -> Example:
    """A result of an action, with one action result.

    :param variant: one of :data:`VARIANTS`
    """
    sampled = any(
        output.example_values and re.match(r"action_result\.(data|summary)\.", output.data_path or "")
        for output in action.outputs
    )
    result, run = _Node("action_result", sampled), _Node("summary", sampled)
    for output in action.outputs:
        root, *path = _keys(output.data_path or "")
        if path[:1] == ["data"] and path[1:2] not in ([], ["*"]):
            path.insert(1, "*")  # action_result.data is always a list, also where its star was forgotten
        if path and root in ("action_result", "summary"):
            (result if root == "action_result" else run).add(path, output)
    count = min(max(result.count(), 2), MOST_ITEMS) if variant == "several" else 1
    results = [_action_result(action, result, number, variant) for number in range(count)]
    status = "failed" if variant == "failed" else "success"
    counts = {"total_objects": count, "total_objects_successful": 0 if variant == "failed" else count}
    document = {
        "status": status,
        "message": results[0]["message"],
        "result_data": results,
        "result_summary": {**_dictionary(run.value(0)), **counts},
        "exception_occured": False,
        "extra_data": [],
        "identifier": action.identifier,
        "action": action.name,
        "action_run_id": 1,
        "connector_run_id": 1,
        "asset_id": "1",
        "container_id": 1,
    }
    return Example(document, list(dict.fromkeys(_texts(results))))


def _action_result(action: Action, places: _Node, number: int, variant: str) -> dict[str, Any]:
    parts = {
        key: node.list(1 if variant == "one" else MOST_ITEMS) if key == "data" else node.value(number)
        for key, node in places.keys.items()
        if key != "data" or (node.items and not node.items.undescribed)
    }
    bare, status = variant in ("empty", "failed"), "failed" if variant == "failed" else "success"
    data = _described(action, "data", parts.get("data", []))
    summary = _described(action, "summary", _dictionary(parts.get("summary")))
    message = parts.get("message")
    result = {
        "data": [] if bare else data if isinstance(data, list) else [data],
        "extra_data": [],
        "summary": {} if bare else summary,
        "status": status,
        "message": message if isinstance(message, str) and not bare else f"Example message: {status}",
        "parameter": {**_parameters(action), **_dictionary(parts.get("parameter"))},
        "context": _dictionary(parts.get("context")),
    }
    if variant == "masked":
        result |= {key: _masked(result[key]) for key in ("data", "summary", "parameter", "message")}
    return result


def _described(action: Action, part: str, value: Any) -> Any:
    """What a part of an action result holds: something, where the JSON has the part and not a word about what is in it.

    That something repeats the parameters, as results often do.
    """
    paths = {output.data_path for output in action.outputs}
    if value or not paths & {f"action_result.{part}", f"action_result.{part}.*"}:
        return value
    return {**_parameters(action), "name": "example name", "value": "example value"}


def _parameters(action: Action) -> dict[str, Any]:
    """A value for each parameter that must be given or has a default."""
    return {
        name: _parameter(parameter)
        for name, parameter in action.parameters.items()
        if parameter.data_type != "ph" and (parameter.required or parameter.default is not None)
    }


def _parameter(parameter: Parameter) -> Any:
    for value in (parameter.default, *parameter.value_list):
        if value not in (None, ""):
            return value
    return _plausible(parameter.name, parameter.data_type, parameter.contains, 0)


def _keys(path: str) -> list[str]:
    """The keys of a data path. Some keys hold dots themselves: ``@odata.type``, and object identifiers."""
    keys: list[str] = []
    for key in path.strip().rstrip(".").split("."):
        after_number = len(keys) > 1 and keys[-1].replace(".", "").isdigit() and key.isdigit()
        if keys and key != "*" and (keys[-1].startswith("@") or after_number):
            keys[-1] += f".{key}"
        else:
            keys.append(key)
    return keys


def _plausible(key: str, data_type: str, contains: Sequence[str], number: int) -> Any:
    """A value of a type that can be told from others: the same for the same key and number."""
    if data_type == "numeric":
        return 1000 + (zlib.crc32(key.encode()) + number) % 9000
    if data_type == "boolean":
        return number % 2 == 0
    if "vault id" in contains or key == "vault_id":
        return SAMPLE_VAULT_ID
    for kind in contains:
        if kind in TYPES:
            return TYPES[kind]
    for word in reversed(re.findall(r"[a-z]+|[A-Z][a-z]*", key)):
        if word.lower() in _WORDS:
            return _WORDS[word.lower()]
    return f"example {key} {number + 1}" if number else f"example {key}"


def _dictionary(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_masked(one) for one in value]
    return MASK if isinstance(value, str) else value


def _texts(results: list[dict[str, Any]]) -> Iterator[str]:
    for result in results:
        for part in ("parameter", "data", "summary", "message"):
            yield from _leaves(result[part])


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    elif value is not None and (text := str(value).strip()):
        yield text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("app", metavar="APP", help="an app's JSON file or folder")
    parser.add_argument("action", metavar="ACTION", nargs="?", help="name or identifier (all actions)")
    parser.add_argument("--variant", choices=VARIANTS, default="full")
    options = parser.parse_args()
    actions = load(options.app).actions
    if options.action is None:
        print(json.dumps([make(action, options.variant).document for action in actions], indent=2))
        return 0
    for action in actions:
        if options.action in (action.name, action.identifier):
            print(json.dumps(make(action, options.variant).document, indent=2))
            return 0
    print(f"there is no action {options.action}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
