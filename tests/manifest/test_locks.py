"""Names of locks: the guide's four cases."""

from __future__ import annotations

from typing import Any

import pytest

from soarkit.manifest.locks import lock_names
from soarkit.manifest.model import DEFAULT_LOCK_TIMEOUT, Lock


def lock(data_path: str | None = None, *, enabled: bool = True) -> Lock:
    return Lock(enabled=enabled, data_path=data_path, timeout=DEFAULT_LOCK_TIMEOUT, concurrency=False, raw={})


SETS: list[dict[str, Any]] = [{"host": "b"}, {"host": "a"}, {"host": "b"}]
CONFIG = {"server": "one.example", "port": 443}


@pytest.mark.parametrize(
    ("given", "asset", "names"),
    [
        (None, "prod", ["prod"]),
        (None, None, []),
        (None, "", []),
        (lock(), "prod", ["prod"]),
        (lock(""), "prod", ["prod"]),
        (lock(), None, []),
        (lock(enabled=False), "prod", []),
        (lock("parameters.host", enabled=False), "prod", []),
        (lock("parameters.host"), "prod", ["a", "b"]),
        (lock("parameters.absent"), "prod", ["prod"]),
        (lock("parameters.absent"), None, []),
        (lock("configuration.server"), "prod", ["one.example"]),
        (lock("configuration.port"), "prod", ["443"]),
        (lock("configuration.absent"), "prod", ["prod"]),
        (lock("configuration.absent"), None, []),
        (lock("the printer"), "prod", ["the printer"]),
        (lock("the printer"), None, ["the printer"]),
        (lock("parameters"), "prod", ["parameters"]),
        (lock("Parameters.host"), "prod", ["Parameters.host"]),
    ],
)
def test_the_guides_four_cases(given: Lock | None, asset: str | None, names: list[str]) -> None:
    assert lock_names(given, SETS, CONFIG, asset) == names


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_value_is_no_name(empty: object) -> None:
    given = lock("parameters.host")
    assert lock_names(given, [{"host": empty}], {}, "prod") == ["prod"]
    assert lock_names(given, [{"host": empty}, {"host": "a"}], {}, "prod") == ["a", "prod"]
    assert lock_names(given, [{"host": empty}, {"host": "a"}], {}, None) == ["a"]


def test_a_run_without_parameter_sets_falls_back_to_the_asset() -> None:
    assert lock_names(lock("parameters.host"), [], {}, "prod") == ["prod"]


@pytest.mark.parametrize(
    ("value", "name"), [(0, "0"), (False, "false"), (1.5, "1.5"), ({"b": 1, "a": [2]}, '{"a": [2], "b": 1}')]
)
def test_other_values_are_named_by_their_json(value: object, name: str) -> None:
    assert lock_names(lock("parameters.x"), [{"x": value}], {}, None) == [name]
