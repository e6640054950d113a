"""soarkit.run(): an action from Python."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import make_bundle, transform

import soarkit as library
from soarkit.errors import AppCrashed, AppTimeout, InputError, ManifestError, RequestError

CONFIG = {"server": "one.example", "token": "a-secret-token"}


def test_a_typed_result(app: Callable[[str], str]) -> None:
    result = library.run(app("echo"), "rows", {"count": 3}, config=CONFIG, python=sys.executable)
    assert result.status == "success"
    assert result.ok
    assert result.data[2]["number"] == 2
    assert result.collect("action_result.data.*.text") == ["row 0", "row 1", "row 2"]
    assert result.collect(["action_result.data.*.number", "action_result.parameter.count"])[1] == (1, 3)
    assert result.summary["total_objects_successful"] == 1
    assert result.to_dict() == json.loads(result.raw)
    assert "success" in repr(result)


def test_several_parameter_sets_and_progress(app: Callable[[str], str]) -> None:
    heard: list[str] = []
    result = library.run(
        app("echo"),
        "echo",
        [{"text": "a"}, {"text": "b"}],
        config=CONFIG,
        python=sys.executable,
        on_progress=heard.append,
    )
    assert [one["parameters"]["text"] for one in result.data] == ["a", "b"]
    assert heard == ["Working on echo"] * 2


def test_unknown_parameters_are_let_through(app: Callable[[str], str]) -> None:
    result = library.run(app("echo"), "echo", {"text": "a", "other": 1}, config=CONFIG, python=sys.executable)
    assert result.data[0]["parameters"]["other"] == 1


def test_a_failed_action_is_a_result(app: Callable[[str], str]) -> None:
    result = library.run(app("echo"), "refuse", config=CONFIG, python=sys.executable)
    assert result.status == "failed"
    assert not result.ok


@pytest.mark.parametrize(
    ("name", "action", "error"),
    [
        ("echo", "echo", InputError),
        ("echo", "nothing", RequestError),
        ("broken_json", "do it", ManifestError),
        ("calls_os_exit", "do it", AppCrashed),
    ],
)
def test_errors_by_whose_fault_it_is(app: Callable[[str], str], name: str, action: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        library.run(app(name), action, python=sys.executable)


def test_a_transform_of_a_bundle(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path, transforms=[transform("enrichDomain"), transform("pivot", pivoting=True)])
    result = library.run(bundle, "enrichDomain", {"value": "example.com"}, python=sys.executable)
    assert result.ok
    assert result.collect("action_result.data.*.widgets.*.item.itemValue") == ["example.com"]
    several = library.run(bundle, "pivot", [{"value": "a.example"}, {"value": "b.example"}], python=sys.executable)
    assert several.collect("action_result.data.*.entities.*.entityValue") == ["a.example", "b.example"]
    with pytest.raises(RequestError, match="enrichDomain is for a domain"):
        library.run(bundle, "enrichDomain", {"value": "192.0.2.1"}, python=sys.executable)


def test_a_timeout(app: Callable[[str], str], tmp_path: object) -> None:
    with pytest.raises(AppTimeout, match=r"within 0\.5 s"):
        library.run(app("hangs"), "hang", {"marker": f"{tmp_path}/m"}, timeout=0.5, python=sys.executable)


def test_it_works_in_a_thread(app: Callable[[str], str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(library.run, app("echo"), "rows", {"count": n}, config=CONFIG, python=sys.executable)
            for n in range(4)
        ]
        assert [len(job.result().data) for job in jobs] == [0, 1, 2, 3]
