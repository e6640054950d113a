"""Where apps are installed from: a tarball, a folder, a Git repository.

Whatever it is, the app ends up in a folder of ours: unpacked with all checks, or copied as its package would hold it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from soarkit import homefiles
from soarkit.environments.variables import clean_environment
from soarkit.errors import ManifestError, SurroundingsError, UsageError, typed
from soarkit.execute.command import CommandOutcome, run_command
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.manifest.sdk_project import is_project
from soarkit.packages import archive, tarballs
from soarkit.packages.building import top_folder
from soarkit.packages.bundles import is_bundle_folder, select_bundle
from soarkit.packages.selection import Selection, select, select_project

_GIT = re.compile(r"git\+((?:https|ssh|file)://\S+)")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
_COMMIT_BEHIND = re.compile(r" \([0-9a-f]{12}\)$")  # what the name of a repository ends in where it is recorded
_ADDRESS = re.compile(r"\w+://[^\s']+")
_NO_REF = re.compile(r"couldn't find remote ref|not our ref")
_GIT_TIMEOUT = 600.0  # seconds for one step


@dataclass(frozen=True)
class Fetched:
    """An app that was fetched.

    :ivar folder: the app's folder
    :ivar source: where it came from, for people, without credentials
    :ivar selection: what was taken of a folder or repository, and what not; None for a tarball, which is taken whole
    """

    folder: str
    source: str
    selection: Selection | None


def fetch(
    source: str, target: str, progress: Callable[[str], None], open_project: Callable[[str], App] = load
) -> Fetched:
    """Bring an app into a folder.

    :param source: path of a tarball, of an app's folder or of its JSON file, or ``git+URL[@REF]`` with a branch, tag or
        commit, over https, ssh or from a local file system
    :param target: an existing folder to work in
    :param progress: told what takes time
    :param open_project: opens the source folder of an SDK app, whose JSON has to be made first
    :raises UsageError: it is nothing of this kind
    :raises ArchiveError: the tarball is damaged or hostile
    :raises ManifestError: it holds no app
    :raises SurroundingsError: it cannot be read, or git fails
    """
    if source.startswith("git+"):
        return _from_git(source, target, progress, open_project)
    if tarballs.is_archive(source):
        return _unpacked(source, os.path.join(target, "app"))
    if os.path.isdir(source) or (os.path.isfile(source) and source.endswith(".json")):
        return _copied(source, target, os.path.abspath(source), open_project)
    if re.match(r"[a-z]+://", source):
        problem = "this is an address: download it first, or write git+https://... for a repository"
    else:
        problem = "this is no tarball, by its name" if os.path.exists(source) else "there is no such tarball or folder"
    raise UsageError(
        problem,
        where=masked(source),
        hint="give the path of a .tgz file or of an app's folder, or git+https://...",
    )


def _unpacked(source: str, target: str) -> Fetched:
    folder = tarballs.unpack(source, target)
    tops = sorted(os.listdir(folder))
    inside = [name for top in tops if folder == target for name in homefiles.names(os.path.join(folder, top))]
    if any(name.endswith(".json") for name in inside) and not any(top.endswith(".json") for top in tops):
        raise ManifestError(
            f"the tarball holds {', '.join(tops[:5])} at its top, but an app's package holds one folder",
            where=source,
            hint="make it with `soarkit package`",
        )
    return Fetched(folder, os.path.abspath(source), None)


def _copied(path: str, target: str, shown: str, open_project: Callable[[str], App]) -> Fetched:
    folder = os.path.join(target, "app")
    if is_project(path):
        app = open_project(path)
        selection = select_project(app)
        folder = os.path.join(folder, top_folder(app))
    elif is_bundle_folder(path):
        selection = select_bundle(path)
    else:
        selection = select(path)
        folder = os.path.join(folder, top_folder(load(os.path.join(selection.folder, selection.manifest))))
    for one in selection.files:
        place = os.path.join(folder, one.path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        try:
            shutil.copyfile(one.source, place)
        except OSError as error:
            raise SurroundingsError(f"the file cannot be copied: {error.strerror}", where=one.source) from None
        os.chmod(place, one.mode)
    return Fetched(folder, shown, selection)


def _from_git(source: str, target: str, progress: Callable[[str], None], open_project: Callable[[str], App]) -> Fetched:
    url, ref = _parse(source)
    progress(f"fetching {masked(source)}")
    repository = os.path.join(target, "repository")
    log = os.path.join(target, "git.log")

    def git(*arguments: str) -> CommandOutcome:
        # Hooks are the user's own templates at most, but nothing here is theirs to act on.
        argv = ["git", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"]
        for protocol in ("https", "ssh", "file"):
            argv += ["-c", f"protocol.{protocol}.allow=always"]
        argv += ["--git-dir", repository, *arguments]
        return run_command(argv, env=_git_environment(), log_path=log, timeout=_GIT_TIMEOUT)

    def failed(outcome: CommandOutcome) -> SurroundingsError:
        if outcome.returncode == 127:
            return SurroundingsError("git is not installed", where=masked(source), hint="install git, then try again")
        said = _ADDRESS.sub(lambda found: masked(found[0]), outcome.tail.strip())
        said = said or f"git ended with status {outcome.returncode}"
        hint = "check the address and, for a private repository, that git may read it without asking"
        return SurroundingsError(f"the repository cannot be fetched:\n{said}", where=masked(source), hint=hint)

    unknown = UsageError("the repository has no such branch, tag or commit", where=masked(source))
    made = git("init", "--quiet", "--bare", "--template=", repository)
    if not made.ok:
        raise failed(made)
    shallow = git(*_fetch("--depth=1", url=url, refs=[ref or "HEAD"]))
    if shallow.ok:
        wanted = "FETCH_HEAD"
    else:  # a server need not hand out single commits
        if ref is None or not re.fullmatch(r"[0-9a-f]{4,40}", ref):
            raise unknown if ref is not None and _NO_REF.search(shallow.tail) else failed(shallow)
        whole = git(*_fetch(url=url, refs=["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]))
        if not whole.ok:
            raise failed(whole)
        wanted = ref
    tarball = os.path.join(target, "repository.tar")
    commit = git("rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}")
    if not commit.ok:
        raise unknown
    exported = git("archive", "--format=tar", f"--output={tarball}", wanted)
    if not exported.ok:
        raise failed(exported)
    checkout = archive.unpack(tarball, os.path.join(target, "checkout"))
    shutil.rmtree(repository)
    os.unlink(tarball)
    return _copied(checkout, target, f"{masked(source)} ({_commit_of(commit)[:12]})", open_project)


def _fetch(*options: str, url: str, refs: Sequence[str]) -> list[str]:
    return ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", *options, "--", url, *refs]


def _commit_of(outcome: CommandOutcome) -> str:
    found = _COMMIT.findall(outcome.tail)
    return found[-1] if found else ""


def _parse(source: str) -> tuple[str, str | None]:
    """Address and branch, tag or commit of ``git+URL[@REF]``."""
    found = _GIT.fullmatch(source)
    if found is None:
        raise UsageError(
            "this is no address of a Git repository",
            where=masked(source),
            hint="write git+https://HOST/PATH, git+ssh://USER@HOST/PATH or git+file:///PATH, and @REF behind it",
        )
    url: str = found[1]
    ref = None
    try:
        urlsplit(url).port  # noqa: B018 - raises where it is no number
    except ValueError:
        raise UsageError(
            "the address's port is no number",
            where=masked(source),
            hint="in a user's name or password write / as %2F, @ as %40 and : as %3A",
        ) from None
    if "@" in urlsplit(url).path:  # the one before the host belongs to the user's name
        url, _, ref = url.rpartition("@")
        if not _REF.fullmatch(ref) or ".." in ref:
            raise UsageError("this is no name of a branch, tag or commit", where=ref)
    return url, ref


def again(source: str) -> str:
    """The command that installs again what came from a recorded source; credentials in it have to be filled in.

    :param source: as :attr:`Fetched.source` has it
    """
    return f"soarkit install {typed(_COMMIT_BEHIND.sub('', source) if '://' in source else source)}"


def masked(source: str) -> str:
    """An address without what may be a password or token: before its ``@`` (``git@`` is none), behind ``?`` and ``#``.

    What is no address is a path, and stays as it is.
    """
    if "://" not in source:
        return source
    source = re.sub(r"(?<=://)(?!git@)[^/\s]*@", "****@", source)
    # A "/" in a password ends the part that holds it, which then looks like a host with an odd port.
    source = re.sub(r"(?<=://)(?!\[)[^/\s@]*:(?!\d*(?:[/?#@]|$))\S*", "****", source)
    return re.sub(r"(?<=[?#])\S+", "****", source)


def _git_environment() -> dict[str, str]:
    """Git's surroundings: the user's settings and credentials, without questions."""
    environment = {name: value for name, value in clean_environment().items() if not name.startswith("GIT_")}
    kept = {name: os.environ[name] for name in ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO") if name in os.environ}
    return environment | kept | {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "LC_ALL": "C"}
