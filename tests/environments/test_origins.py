"""Which file of the index was installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from soarkit.environments.origins import IndexFile, from_pylock, from_report, installed_one

PYLOCK = """\
lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "lxml"
version = "5.3.0"
sdist = {{ url = "https://h/lxml-5.3.0.tar.gz", upload-time = 2024-08-10T18:17:29Z, hashes = {{ sha256 = "{a}" }} }}
wheels = [
    {{ url = "https://h/lxml-5.3.0-cp311-cp311-manylinux_2_17_x86_64.whl", size = 4, hashes = {{ sha256 = "{b}" }} }},
    {{ url = "https://h/lxml-5.3.0-cp311-cp311-manylinux_2_28_x86_64.whl" }},
]

[[packages]]
name = "My.Tool"
version = "1.0+local"
wheels = [{{ path = "/w/My.Tool-1.0%2Blocal-py3-none-any.whl", hashes = {{ sha256 = "{b}" }} }}]
""".format(a="a" * 64, b="b" * 64)


def test_what_uv_can_choose_from(tmp_path: Path) -> None:
    (tmp_path / "pylock.toml").write_text(PYLOCK)
    assert from_pylock(str(tmp_path / "pylock.toml")) == {
        "lxml": [
            IndexFile("lxml-5.3.0.tar.gz", "a" * 64),
            IndexFile("lxml-5.3.0-cp311-cp311-manylinux_2_17_x86_64.whl", "b" * 64),
            IndexFile("lxml-5.3.0-cp311-cp311-manylinux_2_28_x86_64.whl", None),
        ],
        "my-tool": [IndexFile("My.Tool-1.0+local-py3-none-any.whl", "b" * 64)],
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Tag: py3-none-any", "tiny-1.0-py3-none-any.whl"),
        ("Tag: py2-none-any\nTag: py3-none-any", "tiny-1.0-py2.py3-none-any.whl"),
        ("Tag: cp311-cp311-linux_x86_64", None),
        ("", None),
    ],
)
def test_tags_tell_which_of_them_it_was(tmp_path: Path, said: str, expected: str | None) -> None:
    info = tmp_path / "Tiny-1.0.dist-info"
    info.mkdir()
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\n{said}\n")
    names = ["tiny-1.0.tar.gz", "tiny-1.0-py3-none-any.whl", "tiny-1.0-py2.py3-none-any.whl", "odd.whl"]
    found = installed_one([IndexFile(name, None) for name in names], str(tmp_path), "tiny")
    assert (found and found.file) == expected


def test_a_source_where_there_is_no_wheel(tmp_path: Path) -> None:
    source = IndexFile("tiny-1.0.tar.gz", None)
    assert installed_one([source], str(tmp_path), "tiny") == source
    assert installed_one([], str(tmp_path), "tiny") is None
    assert installed_one([source, IndexFile("tiny-1.0.zip", None)], str(tmp_path), "tiny") is None


def test_what_pip_reports(tmp_path: Path) -> None:
    path = tmp_path / "tiny-1.0.tar.gz"
    path.write_bytes(b"")
    items = [
        {
            "metadata": {"name": "Lower.Case"},
            "download_info": {
                "url": "https://h/lower_case-1-py3-none-any.whl#x",
                "archive_info": {"hash": "sha256=1", "hashes": {"sha256": "1"}},
            },
        },
        {"metadata": {"name": "tiny"}, "download_info": {"url": path.as_uri(), "archive_info": {}}},
        {"metadata": {"name": "dir"}, "download_info": {"url": tmp_path.as_uri(), "dir_info": {}}},
        {"metadata": None},
        3,
    ]
    (tmp_path / "report.json").write_text(json.dumps({"version": "1", "install": items}))
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert from_report(str(tmp_path / "report.json")) == {
        "lower-case": IndexFile("lower_case-1-py3-none-any.whl", "1"),
        "tiny": IndexFile("tiny-1.0.tar.gz", empty),
        "dir": IndexFile(tmp_path.name, None),
    }
    assert from_report(str(tmp_path / "absent")) == {}
