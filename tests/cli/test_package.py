"""``soarkit package``: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest
from conftest import Finished
from packages.making import put_app

from soarkit.manifest.schema_files import read_schema

Soarkit = Callable[..., Finished]


def test_writes_beside_the_caller_and_says_what(soarkit: Soarkit, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"big.bin": bytes(5000), "__pycache__/x.pyc": "", ".env": "x"}
    files |= {f"docs/{number}.md": "" for number in range(9)} | {"exclude_files.txt": "docs/*\n"}
    app = put_app(tmp_path / "app", files=files)
    done = soarkit("package", app)
    assert (done.code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("sample-app-1.0.0.tgz  ")
    assert "4 files" in lines[0]
    assert "biggest\n      4.9 KiB  big.bin\n" in done.stdout
    assert "byte code: __pycache__/" in done.stdout
    assert "looks like a secret: .env" in done.stdout
    assert "exclude_files.txt: docs/*: docs/0.md, " in done.stdout
    assert "and 3 more" in done.stdout
    with tarfile.open(tmp_path / "sample-app-1.0.0.tgz") as tar:
        assert "phantom_sample/big.bin" in tar.getnames()


def test_json(soarkit: Soarkit, tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={".env": "x"})
    (tmp_path / "out").mkdir()
    done = soarkit("package", app, "-o", tmp_path / "out", "--format", "json")
    document = json.loads(done.stdout)
    jsonschema_rs.validator_for(read_schema("envelope")).validate(document)
    assert document["package"]["path"] == str(tmp_path / "out" / "sample-app-1.0.0.tgz")
    assert document["package"]["files"] == 3
    assert document["left_out"] == [{"path": ".env", "rule": "looks like a secret"}]


def test_the_same_again_is_the_same(soarkit: Soarkit, tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    for name in ("one.tgz", "two.tgz"):
        assert soarkit("package", app, "-o", tmp_path / name).code == 0
    assert soarkit("package", app, "-o", app / "three.tgz").code == 0
    assert soarkit("package", app, "-o", tmp_path / "four.tgz").code == 0  # the third lies in the folder by then
    first, *others = ((tmp_path / name).read_bytes() for name in ("one.tgz", "two.tgz", "app/three.tgz", "four.tgz"))
    assert all(other == first for other in others)


def test_an_app_with_errors_is_not_packed(soarkit: Soarkit, tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", app_version="latest")
    done = soarkit("package", app)
    assert done.code == 1
    assert "/app_version" in done.stderr
    assert "nothing was written" in done.stderr
    assert not list(tmp_path.glob("*.tgz"))
    done = soarkit("package", app, "-f", "json")
    assert (done.code, done.json()["ok"]) == (1, False)
    assert any(finding["pointer"] == "/app_version" for finding in done.json()["findings"])
    done = soarkit("package", app, "--force")
    assert done.code == 0
    assert "/app_version" in done.stderr
    assert (tmp_path / "sample-app-latest.tgz").exists()


def test_list(soarkit: Soarkit, tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"tests/x.py": "", "exclude_files.txt": "*.py\n"})
    done = soarkit("package", app, "--list")
    assert done.code == 0
    assert "sample_connector.py" in done.stdout
    assert "left out  tests/  (tests)" in done.stdout
    assert "not obeyed" in done.stderr
    assert not list(tmp_path.glob("*.tgz"))
    document = soarkit("package", app, "--list", "-f", "json").json()
    assert [one["path"] for one in document["files"]] == ["logo.svg", "sample.json", "sample_connector.py"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nowhere"], "does not exist"), (["."], "no app JSON"), (["app", "-o", "no/such/a.tgz"], "does not exist")],
)
def test_what_is_wrong_is_said(soarkit: Soarkit, tmp_path: Path, arguments: list[str], words: str) -> None:
    put_app(tmp_path / "app")
    done = soarkit("package", *arguments)
    assert done.code == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_sizes() -> None:
    from soarkit.cli.package import size

    assert [size(number) for number in (0, 1023, 1024, 10240, 5 << 20, 3 << 30)] == [
        "0 B",
        "1023 B",
        "1.0 KiB",
        "10 KiB",
        "5.0 MiB",
        "3.0 GiB",
    ]
