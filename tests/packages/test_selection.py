"""What of an app's folder goes into its package, and what never does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from packages.making import put_app

from soarkit.errors import ManifestError, RequestError, UsageError
from soarkit.packages import ignores, secrets
from soarkit.packages.selection import Selection, select

KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64 + "\n-----END RSA PRIVATE KEY-----\n"
BASE = ["logo.svg", "sample.json", "sample_connector.py"]


def chosen(selection: Selection) -> list[str]:
    return [one.path for one in selection.files]


def extra(selection: Selection) -> list[str]:
    """What was taken beside the three files that every app of these tests has."""
    return [path for path in chosen(selection) if path not in BASE]


def left_out(selection: Selection) -> dict[str, str]:
    return {one.path: one.rule for one in selection.left_out}


def test_takes_an_app_as_it_is(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"README.md": "x", "lib/deep/data.bin": b"\0", "wheels/py3/a.whl": b""})
    selection = select(str(app))
    assert chosen(selection) == ["README.md", "lib/deep/data.bin", *BASE, "wheels/py3/a.whl"]
    assert selection.manifest == "sample.json"
    assert not selection.left_out
    assert not selection.warnings


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".git/config", "version control"),
        (".gitignore", "version control"),
        ("lib/.svn/entries", "version control"),
        ("__pycache__/sample_connector.cpython-311.pyc", "byte code"),
        ("sample_connector.pyc", "byte code"),
        ("lib/.mypy_cache/x.json", "cache"),
        (".pytest_cache/README.md", "cache"),
        ("sample.egg-info/PKG-INFO", "cache"),
        (".idea/workspace.xml", "left by an editor"),
        ("notes.txt~", "left by an editor"),
        ("lib/.DS_Store", "left by the system"),
        ("._logo.svg", "left by the system"),
        ("tests/test_a.py", "tests"),
        ("test_json/a.json", "tests"),
        ("conftest.py", "tests"),
        ("17_state.json", "written by the app"),
        ("17_oauth_task.out", "written by the app"),
        ("sample-app-0.9.0.tgz", "a package"),
        (".env", "looks like a secret"),
        ("lib/.netrc", "looks like a secret"),
        ("id_rsa", "looks like a secret"),
        ("certs/client.P12", "looks like a secret"),
        ("credentials.json", "looks like a secret"),
        (".aws/config", "looks like a secret"),
        (".envrc", "looks like a secret"),
        ("secrets.json", "looks like a secret"),
        ("secrets.yml", "looks like a secret"),
        ("lib/token.json", "looks like a secret"),
    ],
)
def test_leaves_out_what_never_belongs_in(tmp_path: Path, path: str, rule: str) -> None:
    selection = select(str(put_app(tmp_path / "app", files={path: "x"})))
    assert extra(selection) == []
    ((left, why),) = left_out(selection).items()
    assert path.startswith(left)
    assert why == rule


@pytest.mark.parametrize("path", [".env.example", "id_rsa.pub", "cacert.pem", "test_data/x", "lib/test/y", "bin/tool"])
def test_keeps_what_only_sounds_like_it(tmp_path: Path, path: str) -> None:
    assert extra(select(str(put_app(tmp_path / "app", files={path: "harmless"})))) == [path]


def test_a_package_of_byte_code_keeps_it(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", main_module="sample_connector.pyc", files={"helper.pyc": b"\0"})
    (app / "sample_connector.py").rename(app / "sample_connector.pyc")
    assert {"sample_connector.pyc", "helper.pyc"} <= set(chosen(select(str(app))))


def test_a_virtual_environment_wherever_it_is(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"venv39/pyvenv.cfg": "", "venv39/bin/python": ""})
    assert left_out(select(str(app))) == {"venv39/": "virtual environment"}
    app = put_app(tmp_path / "inside", files={"pyvenv.cfg": "", "bin/python": "", "lib/x.py": "", "data/bin/x": ""})
    assert extra(select(str(app))) == ["data/bin/x"]


def test_private_keys_are_found_by_what_they_hold(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"certs/server.pem": KEY, "certs/ca.pem": "-----BEGIN CERTIFICATE-----\n"})
    selection = select(str(app))
    assert left_out(selection) == {"certs/server.pem": "looks like a secret"}
    assert extra(selection) == ["certs/ca.pem"]


def test_code_that_holds_a_key_is_told_of(tmp_path: Path) -> None:
    selection = select(str(put_app(tmp_path / "app", files={"helper.py": f'KEY = """{KEY}"""'})))
    assert "helper.py" in chosen(selection)
    assert selection.warnings == ("helper.py seems to hold a private key",)


def test_code_that_speaks_of_keys_is_no_secret(tmp_path: Path) -> None:
    text = "Paste your key: -----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----"
    assert not select(str(put_app(tmp_path / "app", files={"README.md": text}))).warnings


def test_what_the_manifest_names_is_in(tmp_path: Path) -> None:
    lists = {"wheel": [{"module": "a", "input_file": "wheels/tests/a-1.0-py3-none-any.whl"}]}
    app = put_app(
        tmp_path / "app",
        pip3_dependencies=lists,
        files={"wheels/tests/a-1.0-py3-none-any.whl": b"PK", "wheels/tests/other.txt": "", ".soarkitignore": "*.svg\n"},
    )
    selection = select(str(app))
    assert extra(selection) == ["wheels/tests/a-1.0-py3-none-any.whl"]
    assert "logo.svg" in chosen(selection)
    assert any("logo.svg is the app's logo: taken" in text for text in selection.warnings)
    assert left_out(selection)["wheels/tests/other.txt"] == "tests"


def test_what_the_app_imports_is_in(tmp_path: Path) -> None:
    app = put_app(
        tmp_path / "app",
        connector="from tests.helper import (\n  one,\n  two as second,\n)\nimport sample_consts, json\n",
        files={
            "tests/__init__.py": "",
            "tests/helper.py": "from . import deeper",
            "tests/deeper.py": "",
            "tests/test_it.py": "",
            "sample_consts.py": "",
            "exclude_files.txt": "sample_consts.py\nsample_connector.py\n",
        },
    )
    selection = select(str(app))
    assert extra(selection) == ["sample_consts.py", "tests/__init__.py", "tests/deeper.py", "tests/helper.py"]
    assert left_out(selection) == {"exclude_files.txt": "for packing only", "tests/test_it.py": "tests"}


def test_a_secret_that_the_manifest_names_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="looks like a secret"):
        select(str(put_app(tmp_path / "app", logo="id_rsa", files={"id_rsa": "x"})))


def test_data_of_an_installed_app_stays_out(tmp_path: Path) -> None:
    from soarkit.packages import contents

    app = put_app(tmp_path / "version" / "app")
    files = contents.take_stock(str(app))
    contents.write_list(str(app.parent), appid="x", digest=contents.digest(files), files=files)
    (app / "token.bin").write_text("written by the app")
    assert left_out(select(str(app))) == {"token.bin": "written by the app"}


EXCLUDES = """\
# a comment
.git*
*.md
tests/*
venv/
./docs
/top.txt
gl-*.csv
phantom/*
data/[ab].txt
"""


def test_exclude_files_is_read_like_tar_reads_it(tmp_path: Path) -> None:
    paths = ["README.md", "lib/deep/x.md", "docs/a/b", "venv/x", "top.txt", "gl-1.csv", "sub/gl-2.csv", "data/a.txt"]
    kept = ["lib/top.txt", "READMEmd", "phantom2/x", "data/c.txt"]
    files: dict[str, str | bytes] = dict.fromkeys([*paths, *kept, "phantom/x.py"], "")
    selection = select(str(put_app(tmp_path / "app", files={**files, ignores.EXCLUDES: EXCLUDES})))
    assert extra(selection) == sorted(kept)
    assert left_out(selection)["docs/"] == "exclude_files.txt: ./docs"


def test_sources_are_not_excluded_from_a_package_of_sources(tmp_path: Path) -> None:
    selection = select(str(put_app(tmp_path / "app", files={"queryxml.py": "", ignores.EXCLUDES: "*.py\n.git*\n"})))
    assert extra(selection) == ["queryxml.py"]
    assert "package of byte code" in selection.warnings[0]


def test_soarkitignore_is_read_like_git_reads_it(tmp_path: Path) -> None:
    app = put_app(
        tmp_path / "app",
        files={
            ignores.IGNORES: "# docs\n/docs/\n*.csv\n!keep.csv\n!tests/\n",
            "docs/a.md": "",
            "lib/docs/b.md": "",
            "a.csv": "",
            "keep.csv": "",
            "tests/data.json": "{}",
        },
    )
    selection = select(str(app))
    assert extra(selection) == ["keep.csv", "lib/docs/b.md", "tests/data.json"]
    assert left_out(selection)["docs/"] == ".soarkitignore: /docs/"


def test_soarkitignore_cannot_let_secrets_in(tmp_path: Path) -> None:
    selection = select(str(put_app(tmp_path / "app", files={ignores.IGNORES: "!.env\n", ".env": "PASSWORD=x"})))
    assert left_out(selection)[".env"] == "looks like a secret"


def test_a_pattern_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.soarkitignore"):
        select(str(put_app(tmp_path / "app", files={ignores.IGNORES: "!\n"})))


def test_links_inside_the_folder_are_taken_as_what_they_lead_to(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"real/data.txt": "content"})
    (app / "alias.txt").symlink_to("real/data.txt")
    (app / "again").symlink_to("real")
    selection = select(str(app))
    assert extra(selection) == ["again/data.txt", "alias.txt", "real/data.txt"]
    assert all(not os.path.islink(one.source) for one in selection.files)


def test_a_link_to_a_secret_is_one(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={".env": "x"})
    (app / "settings.txt").symlink_to(".env")
    assert left_out(select(str(app)))["settings.txt"] == "looks like a secret"


def test_links_into_what_stays_out_stay_out_too(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={".git/config": "token", ".aws/config": "key"})
    (app / "cfg").symlink_to(".git/config")
    (app / "g").symlink_to(".git")
    (app / "awscfg").symlink_to(".aws/config")
    selection = select(str(app))
    assert extra(selection) == []
    assert {"cfg", "g/", "awscfg"} <= left_out(selection).keys()


@pytest.mark.parametrize("target", ["/etc/hostname", "../outside", "nowhere"])
def test_links_that_leave_are_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "outside").write_text("")
    app = put_app(tmp_path / "app")
    (app / "link").symlink_to(target)
    with pytest.raises(RequestError, match="out of the app's folder, or nowhere"):
        select(str(app))
    (app / ignores.IGNORES).write_text("link\n")
    assert extra(select(str(app))) == []


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app", files={"a/b/x": ""})
    (app / "a" / "b" / "up").symlink_to("..")
    with pytest.raises(RequestError, match="lies in"):
        select(str(app))


def test_special_files_are_refused(tmp_path: Path) -> None:
    app = put_app(tmp_path / "app")
    os.mkfifo(app / "pipe")
    with pytest.raises(RequestError, match="cannot be packed"):
        select(str(app))


def test_secret_names_are_lower_case() -> None:
    assert secrets.is_secret_name("ID_RSA", is_folder=False)
    assert not secrets.is_secret_name("credentials", is_folder=True)  # a Python package may be called so
