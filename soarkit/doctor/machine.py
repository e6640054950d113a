"""What the machine gives: interpreters, installer, home folder, certificates."""

from __future__ import annotations

import fcntl
import os
import shutil
import ssl
import tempfile
from collections.abc import Iterator

from soarkit import trust
from soarkit.doctor.findings import Finding
from soarkit.environments import installers
from soarkit.environments import interpreters as pythons
from soarkit.environments.disk import shown
from soarkit.errors import BuildError, typed
from soarkit.host import Host

#: Bytes below which the next environment may not fit, and below which nothing may.
_LITTLE, _TOO_LITTLE = 1 << 30, 100 << 20
_FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def interpreters(host: Host) -> Iterator[Finding]:
    """The interpreters that apps can run on."""
    found = pythons.find(host.home)
    newest: dict[tuple[int, int], str] = {}
    for one in sorted(found, reverse=True):
        newest.setdefault(one.version, one.full_version)
    if newest:
        yield Finding("interpreters", "ok", f"CPython {', '.join(newest.values())}")
    else:
        yield Finding(
            "interpreters", "error", "no CPython 3.9 or newer that apps could run on", "uv python install 3.13"
        )


def installer(host: Host) -> Iterator[Finding]:
    """What installs dependencies."""
    try:
        found = installers.find(pythons.own(), host.home)
    except BuildError as error:
        yield Finding("installer", "error", error.message, error.hint)
        return
    if found.name == "uv" or os.environ.get("SOARKIT_INSTALLER"):
        yield Finding("installer", "ok", found.name)
    else:
        yield Finding("installer", "warning", "pip; uv builds environments ten times as fast", "pip install uv")


def home(host: Host) -> Iterator[Finding]:
    """The home folder: rights, locks, room."""
    if os.path.lexists(host.home) and not os.path.isdir(host.home):
        yield Finding(
            "home",
            "error",
            f"{host.home}: this is no folder",
            f"rm {typed(host.home)}, or set SOARKIT_HOME to a folder",
        )
        return
    if not os.path.isdir(host.home):
        parent = os.path.dirname(host.home)
        while not os.path.isdir(parent):
            parent = os.path.dirname(parent)
        if os.access(parent, os.W_OK):
            yield Finding("home", "ok", f"{host.home}: not there yet, will be made when it is needed")
        else:
            yield Finding(
                "home", "error", f"{host.home}: cannot be made in {parent}", "set SOARKIT_HOME to a folder of yours"
            )
        return
    state = os.stat(host.home)
    problems = list(_home_problems(host.home, state))
    yield from problems
    if not problems:
        yield Finding("home", "ok", f"{host.home}, {shown(shutil.disk_usage(host.home).free)} free")


def _home_problems(folder: str, state: os.stat_result) -> Iterator[Finding]:
    if state.st_uid != os.getuid():
        yield Finding(
            "home", "warning", f"{folder}: belongs to another user", f"sudo chown -R {os.getuid()} {typed(folder)}"
        )
    if state.st_mode & 0o077:
        yield Finding("home", "warning", f"{folder}: other users can look into it", f"chmod 700 {typed(folder)}")
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        yield Finding(
            "home",
            "error",
            f"{folder}: cannot be written, or holds no locks: {error.strerror}",
            f"chmod u+rwx {typed(folder)}, or set SOARKIT_HOME to a folder of yours on a local disk",
        )
    free = shutil.disk_usage(folder).free
    if free < _LITTLE:
        yield Finding(
            "home",
            "error" if free < _TOO_LITTLE else "warning",
            f"{folder}: only {shown(free)} free on this disk",
            "soarkit env prune; soarkit runs prune",
        )


def certificates(host: Host) -> Iterator[Finding]:
    """The CA certificates that apps trust."""
    broken = False
    for name in _FILES:
        path = os.environ.get(name)
        problem = None if not path else _bundle_problem(path)
        if problem is not None:
            broken = True
            yield Finding("certificates", "error", f"{name}={path}: {problem}", f"unset {name}, or name a file of PEM")
    own = os.path.join(host.app_home, "etc", "cacerts.pem")
    if os.path.exists(own):
        problem = _bundle_problem(own)
        if problem is not None:
            broken = True
            yield Finding(
                "certificates", "error", f"{own}: {problem}", f"rm {typed(own)}  and the next run makes it anew"
            )
    for one in trust.listed(host.home):
        if one.expired:
            message = f"{one.subject}: trusted, but expired on {one.ends:%Y-%m-%d}"
            yield Finding("certificates", "warning", message, f"soarkit trust remove {one.sha256[:12]}")
    folder = os.environ.get("SSL_CERT_DIR")
    if folder and not any(os.path.isdir(one) for one in folder.split(os.pathsep)):
        broken = True
        yield Finding("certificates", "error", f"SSL_CERT_DIR={folder}: no such folder", "unset SSL_CERT_DIR")
    if not broken:
        named = next((f"{name}={os.environ[name]}" for name in _FILES if os.environ.get(name)), None)
        yield Finding("certificates", "ok", named or "those of each interpreter")


def _bundle_problem(path: str) -> str | None:
    if os.path.isdir(path):
        return None  # requests takes a folder too
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=path)
    except ssl.SSLError:
        return "holds no certificates, or damaged ones"
    except OSError as error:
        return error.strerror or str(error)
    return None if context.cert_store_stats()["x509"] else "holds no certificates"
