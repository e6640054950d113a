"""What can be installed: tarballs, folders, Git repositories; and what is no source at all."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

import pytest
from packages.making import put_app

from soarkit.errors import ManifestError, SoarkitError, SurroundingsError, UsageError
from soarkit.packages import sources


def git(folder: Path, *arguments: str) -> str:
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, text=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Version 1.0.0 with the tag v1, then 2.0.0."""
    folder = put_app(
        tmp_path / "repo", files={"tests/x.py": "", "notes.md": "", ".gitattributes": "notes.md export-ignore\n"}
    )
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    git(folder, "tag", "-a", "v1", "-m", "v1")
    put_app(folder, "2.0.0")
    git(folder, "commit", "-qam", "two")
    return folder


def fetch(source: str, tmp_path: Path) -> sources.Fetched:
    target = tmp_path / f"target-{len(os.listdir(tmp_path))}"
    target.mkdir()
    return sources.fetch(source, str(target), lambda text: None)


def version(fetched: sources.Fetched) -> str:
    from soarkit.manifest.loader import load

    return load(fetched.folder).app_version


@pytest.mark.parametrize(("ref", "expected"), [("", "2.0.0"), ("@main", "2.0.0"), ("@v1", "1.0.0")])
def test_git(repository: Path, tmp_path: Path, ref: str, expected: str) -> None:
    fetched = fetch(f"git+file://{repository}{ref}", tmp_path)
    assert version(fetched) == expected
    assert sorted(os.listdir(fetched.folder)) == ["logo.svg", "sample.json", "sample_connector.py"]
    commit = git(repository, "rev-parse", "v1^{commit}" if ref == "@v1" else "HEAD")
    assert fetched.source == f"git+file://{repository}{ref} ({commit[:12]})"


@pytest.mark.parametrize("length", [7, 40])
def test_git_commits(repository: Path, tmp_path: Path, length: int) -> None:
    commit = git(repository, "rev-parse", "v1^{commit}")[:length]
    assert version(fetch(f"git+file://{repository}@{commit}", tmp_path)) == "1.0.0"


def test_nothing_of_a_repository_is_run(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "templates" / "hooks").mkdir(parents=True)
    hook = tmp_path / "templates" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    git(repository, "config", "init.templateDir", str(tmp_path / "templates"))
    (repository / ".gitmodules").write_text('[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch ran"\n')
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "three")
    fetch(f"git+file://{repository}", tmp_path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("git+file:///nowhere/at/all", SurroundingsError, "cannot be fetched"),
        ("git+ext::sh -c touch% x", UsageError, "no address"),
        ("git+http://example.org/x", UsageError, "no address"),
        ("git+https://example.org/x@--upload-pack=x", UsageError, "no name of a branch"),
        ("git+https://example.org/x@a..b", UsageError, "no name of a branch"),
        ("nowhere.tgz", UsageError, "no such tarball or folder"),
        ("notes.txt", UsageError, "no tarball, by its name"),
        (".", ManifestError, "no app JSON"),
    ],
)
def test_what_is_no_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, kind: type[Exception], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(kind, match=words):
        fetch(source, tmp_path)


def test_an_unknown_branch(repository: Path, tmp_path: Path) -> None:
    for ref in ("nobody", "abcdef0", "0" * 40):
        with pytest.raises(UsageError, match="no such branch"):
            fetch(f"git+file://{repository}@{ref}", tmp_path)


def test_credentials_are_never_shown(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError) as caught:
        fetch("git+https://user:pa55word@127.0.0.1:1/x.git@main", tmp_path)
    assert "pa55word" not in str(caught.value)
    assert "****@127.0.0.1" in str(caught.value)
    assert sources.masked("git+ssh://git@example.org/x") == "git+ssh://git@example.org/x"
    assert sources.masked("git+https://token@example.org/x@v1") == "git+https://****@example.org/x@v1"


def test_git_is_not_installed(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SurroundingsError, match="git is not installed"):
        fetch(f"git+file://{repository}", tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        "https://user:pa55word@127.0.0.1:1/x.tgz",
        "git+http://user:pa55word@127.0.0.1:1/x.git",
        "git+https://user:pa55/pa55word@127.0.0.1/x.git",
        "git+https://user:pa55@pa55word@127.0.0.1:1/x.git",
        "git+https://127.0.0.1:1/x.git?token=pa55word",
        "git+https://127.0.0.1:1/x.git#token=pa55word",
        "git+ssh://127.0.0.1:1/x.git?token=pa55word@main",
    ],
)
def test_credentials_are_never_shown_wherever_they_stand(tmp_path: Path, source: str) -> None:
    said: list[str] = []
    with pytest.raises(SoarkitError) as caught:
        sources.fetch(source, str(tmp_path), said.append)
    assert "pa55" not in f"{caught.value} {said}"


@pytest.mark.parametrize("source", ["https://example.org/a.tgz", "http://example.org/a.tgz"])
def test_a_download_is_left_to_others(tmp_path: Path, source: str) -> None:
    with pytest.raises(UsageError, match="download it first"):
        fetch(source, tmp_path)


def test_a_tarball_of_several_folders(tmp_path: Path) -> None:
    put_app(tmp_path / "app")
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as tar:
        tar.add(tmp_path / "app", "app")
        tar.add(tmp_path / "app" / "logo.svg", "._app")
    with pytest.raises(ManifestError, match=r"\._app, app.*one folder"):
        fetch(str(tmp_path / "a.tgz"), tmp_path)


def test_the_command_that_installs_again() -> None:
    assert sources.again("/a b/c.tgz") == "soarkit install '/a b/c.tgz'"
    assert sources.again("git+file:///r@v1 (0123456789ab)") == "soarkit install git+file:///r@v1"
