"""``soarkit docs`` as people type it."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from bundles.making import make_bundle
from conftest import Finished
from installing import install
from render.documented import PNG, make_app

Soarkit = Callable[..., Finished]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "logo.png": PNG,
        "dark.png": PNG + b"\0",
        "p.png": PNG + b"\1",
        "README.md": "![P](p.png)",
    }
    make_app(tmp_path / "app", files, logo="logo.png", logo_dark="dark.png")
    return tmp_path / "app"


def document(text: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def test_the_page_goes_to_standard_output(soarkit: Soarkit, folder: Path) -> None:
    done = soarkit("docs", folder)
    assert (done.code, done.stderr) == (0, "")
    document(done.stdout)
    assert soarkit("docs", folder / "app.json").stdout == done.stdout
    marked = soarkit("docs", folder, "--format", "md")
    assert marked.stdout.startswith("# Sample Lookup\n\nLooks things up\n\n")
    assert marked.stdout.endswith("\n")
    assert "p.png" not in marked.stdout


def test_the_page_goes_into_a_folder(soarkit: Soarkit, folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "new" / "docs"
    done = soarkit("docs", folder, "-o", made)
    assert (done.code, done.stdout) == (0, "")
    assert done.stderr == f"soarkit: the page is {made}/sample-lookup.html\n"
    assert os.listdir(made) == ["sample-lookup.html"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((made / "sample-lookup.html").stat().st_mode) == 0o666 & ~mask
    assert "data:image/png;base64," in (made / "sample-lookup.html").read_text()

    assert soarkit("docs", folder, "-o", made, "-f", "md").code == 0
    text = (made / "sample-lookup.md").read_text()
    assert sorted(os.listdir(made / "sample-lookup-files")) == ["logo.png", "logo_dark.png", "picture-2.png"]
    for name in ("logo.png", "logo_dark.png", "picture-2.png"):
        assert f"sample-lookup-files/{name}" in text
    assert soarkit("docs", folder, "-o", made).code == 0


def test_tarballs_and_installed_apps(soarkit: Soarkit, folder: Path, home: Path, tmp_path: Path) -> None:
    tarball = tmp_path / "app.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        archive.add(folder, "app")
    assert "<h1>Sample Lookup</h1>" in soarkit("docs", tarball).stdout
    app = install(home, "echo")
    for name in (app.slug, f"{app.slug}@{app.current}", app.appid):
        done = soarkit("docs", name, "-o", tmp_path / "out")
        assert (done.code, done.stderr) == (0, f"soarkit: the page is {tmp_path}/out/{app.slug}.html\n")
    document((tmp_path / "out" / f"{app.slug}.html").read_text())


def test_where_it_cannot_be_written(soarkit: Soarkit, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    done = soarkit("docs", folder, "-o", file)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {file}: this is no folder\n")
    done = soarkit("docs", folder, "-o", file / "below")
    assert done.code == 3
    assert done.stderr.startswith(f"error: {file}/below: the page cannot be written: Not a directory\n")
    assert file.read_text() == "mine"
    blocked = tmp_path / "blocked"
    (blocked / "sample-lookup.html").mkdir(parents=True)
    done = soarkit("docs", folder, "-o", blocked)
    assert done.code == 3
    assert "the page cannot be written: " in done.stderr
    assert os.listdir(blocked) == ["sample-lookup.html"]


@pytest.mark.parametrize("name", ["broken_json", "missing_keys", "mistyped_keys", "not_an_object", "nowhere"])
def test_damaged_apps_give_one_clear_error(soarkit: Soarkit, app: Callable[[str], str], name: str) -> None:
    done = soarkit("docs", app(name))
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["main_module_absent", "has_versions", "python2_only", "ingests_from_a_feed"])
def test_apps_that_do_not_run_have_pages_too(soarkit: Soarkit, app: Callable[[str], str], name: str) -> None:
    done = soarkit("docs", app(name))
    assert done.code == 0
    document(done.stdout)


def test_a_bundle_gets_a_first_version_that_is_never_written_over(soarkit: Soarkit, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path, folder="mine")
    shown = soarkit("docs", bundle)
    assert (shown.code, shown.stderr) == (0, "")
    assert shown.stdout.startswith("# Example Source\n\nVersion 1.0.0\n")
    assert "TO DO:" in shown.stdout
    done = soarkit("docs", bundle, "-o", bundle / "documentation")
    assert done.code == 0
    assert "soarkit submission" in done.stderr
    written = bundle / "documentation" / "documentation.md"
    assert written.read_text() == shown.stdout
    written.write_text("mine")
    assert soarkit("docs", bundle, "-o", bundle / "documentation").code == 2
    assert written.read_text() == "mine"
    assert soarkit("docs", bundle, "-f", "html").code == 2
