"""Installed apps, their environments, and the assets they work with."""

from __future__ import annotations

import os
from collections.abc import Iterator

from soarkit import homefiles
from soarkit.doctor.findings import Finding
from soarkit.environments import stamps
from soarkit.errors import SoarkitError, typed
from soarkit.host import Host
from soarkit.inventory import Installed
from soarkit.store.records import InstalledApp, InstalledVersion


def apps(host: Host) -> Iterator[Finding]:
    """Whether each installed version can be opened, and has its environment."""
    known = host.inventory.snapshot
    installed = [] if known is None else known.apps
    sound = True
    for app in installed:
        for version in app.versions:
            name = f"{app.slug} {version.version}"
            current = version.version == app.current
            try:
                host.inventory.load(Installed(app, version))
            except SoarkitError as error:
                sound = False
                severity = "error" if current else "warning"
                yield Finding("apps", severity, f"{name}: {error.message}", _again(app, version))
                continue
            if version.python and os.sep in version.python and not os.path.exists(version.python):
                sound = False
                message = f"{name}: the interpreter it was installed for is gone: {version.python}"
                yield Finding("apps", "error" if current else "warning", message, _again(app, version))
            elif (
                current and version.environment is not None and not os.path.exists(stamps.program(version.environment))
            ):
                sound = False
                message = f"{name}: its environment is gone; the next run builds it again"
                yield Finding("apps", "warning", message, f"soarkit env refresh {app.slug}")
    if sound:
        yield Finding("apps", "ok", f"{len(installed)} installed")


def _again(app: InstalledApp, version: InstalledVersion) -> str:
    """How to mend a version whose files or interpreter are gone."""
    if version.version != app.current:  # installing it would make it the current one
        return f"soarkit uninstall {app.slug}@{version.version}"
    is_there = not os.path.isabs(version.source) or os.path.exists(version.source)
    return f"soarkit install {typed(version.source) if is_there else 'FILE.tgz'}"


def assets(host: Host) -> Iterator[Finding]:
    """Whether each asset can be used."""
    known = host.inventory.snapshot
    stored = [] if known is None else known.assets
    sound = True
    for one in stored:
        if one.needs:
            sound = False
            given = " ".join(f"--config {name}=..." for name in one.needs)
            message = f"{one.name}: needs configuration: {', '.join(one.needs)}"
            yield Finding("assets", "warning", message, f"soarkit asset edit {typed(one.name)} {given}")
        if not any(True for _ in host.inventory.apps_for(one)):
            sound = False
            message = f"{one.name}: no app for {one.product_vendor} {one.product_name} is installed"
            yield Finding("assets", "warning", message, "soarkit install FILE.tgz")
    if sound:
        yield Finding("assets", "ok", f"{len(stored)} configured")


def environments(host: Host) -> Iterator[Finding]:
    """Environments that no app can use."""
    root = stamps.root(host.home)
    ready = 0
    unusable = {"broken": 0, "unfinished": 0}
    for name in homefiles.names(root):
        if stamps.key_of(name) is not None:
            state = stamps.describe(os.path.join(root, name))["state"]
            ready += state == "ready"
            if state in unusable:
                unusable[state] += 1
    if unusable["broken"]:
        message = f"{unusable['broken']} broken: the interpreter is gone, or another soarkit built them"
        yield Finding("environments", "warning", message, "soarkit env prune")
    if unusable["unfinished"]:
        message = f"{unusable['unfinished']} never finished, or being built now"
        yield Finding("environments", "warning", message, "soarkit env prune")
    if not any(unusable.values()):
        yield Finding("environments", "ok", f"{ready} ready")
