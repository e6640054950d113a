"""A known environment is found at a glance, and only while nothing it depends on has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import known


@pytest.fixture
def built(builder: Any, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An app with one wheel and a missing one, whose environment is there; made without installing anything."""
    from soarkit.environments import filling

    monkeypatch.setattr(filling.Filler, "fill", lambda *_: filling.Filled())
    wheel(builder.folder, "tiny", "1.0")
    manifest: dict[str, Any] = builder.manifest(wheels=["tiny-1.0-py3-none-any.whl", "gone-1.0-py3-none-any.whl"])
    assert known(manifest, str(builder.folder), builder.home) is None
    environment = builder(manifest)
    assert known(manifest, str(builder.folder), builder.home) == environment.python
    return manifest


def touch(path: str) -> None:
    os.utime(path, ns=(1, 1))


def test_other_parts_of_the_app_json_do_not_matter(builder: Any, built: dict[str, Any]) -> None:
    assert known({**built, "app_version": "9", "actions": []}, str(builder.folder), builder.home)


@pytest.mark.parametrize(
    "change",
    [
        lambda builder, manifest: touch(f"{builder.folder}/tiny-1.0-py3-none-any.whl"),
        lambda builder, manifest: os.unlink(f"{builder.folder}/tiny-1.0-py3-none-any.whl"),
        lambda builder, manifest: Path(builder.folder, "gone-1.0-py3-none-any.whl").write_bytes(b"PK"),
        lambda builder, manifest: manifest["pip3_dependencies"]["pypi"].append({"module": "more"}),
        lambda builder, manifest: manifest.update(pip39_dependencies={}),
        lambda builder, manifest: manifest.update(python_version="2.7"),
        lambda builder, manifest: os.unlink(next(Path(builder.home, "environments").glob("*/*.json"))),
        lambda builder, manifest: os.unlink(next(Path(builder.home, "environments").glob("*/bin/python"))),
    ],
)
def test_a_change_sends_the_run_the_slow_way(
    builder: Any, built: dict[str, Any], change: Callable[[Any, dict[str, Any]], None]
) -> None:
    change(builder, built)
    assert known(built, str(builder.folder), builder.home) is None


def test_another_folder_or_home_is_another_question(builder: Any, built: dict[str, Any], tmp_path: Path) -> None:
    assert known(built, str(tmp_path), builder.home) is None
    assert known(built, str(builder.folder), str(tmp_path)) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"question": 1}', b"\xff\xfe"])
def test_a_damaged_memo_is_no_memo(builder: Any, built: dict[str, Any], content: bytes) -> None:
    (memo,) = Path(builder.home, "environments", ".memos").iterdir()
    memo.write_bytes(content)
    assert known(built, str(builder.folder), builder.home) is None


def test_two_apps_under_one_name_do_not_mix(
    builder: Any, built: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import zlib

    monkeypatch.setattr(zlib, "crc32", lambda _: 7)
    environment = builder(built)
    assert known(built, str(builder.folder), builder.home) == environment.python
    assert known({**built, "pip39_dependencies": {}}, str(builder.folder), builder.home) is None


def test_looking_imports_nothing_that_is_slow() -> None:
    code = (
        "import sys; from soarkit.environments import known; known({}, '/nowhere', '/nowhere'); "
        "print(*{'subprocess', 'hashlib', 'dataclasses', 'packaging', 'tempfile', 'logging'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    assert done.stdout.strip() == ""


_ROOT = Path(__file__).parent.parent.parent


def test_another_soarkit_has_a_baseline_of_its_own(builder: Any, built: dict[str, Any], tmp_path: Path) -> None:
    """Two installations share a home: what one has built, by its own baseline, is not what the other would choose."""
    package = tmp_path / "another" / "soarkit"
    source = Path(known.__code__.co_filename).parents[1]
    package.parent.mkdir()
    package.symlink_to(source)
    code = "import json, sys; from soarkit.environments import known; print(known(*json.loads(sys.stdin.read())))"
    answers = [
        subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps([built, str(builder.folder), builder.home]),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for folders in ([source.parent, source / "applib"], [package.parent, source / "applib"])
    ]
    assert answers[0] == known(built, str(builder.folder), builder.home)
    assert answers[1] == "None"
