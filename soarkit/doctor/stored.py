"""What lasts: the database, the snapshot that runs read, the key, the runs that wait to be taken in."""

from __future__ import annotations

import os
from collections.abc import Iterator

from soarkit import encryption, homefiles, keyring, variables
from soarkit.doctor.findings import Finding
from soarkit.errors import SoarkitError, typed
from soarkit.host import Host
from soarkit.inventory import store_exists
from soarkit.store import snapshot, spool
from soarkit.store.records import StoredAsset

_MANY = 10_000  # runs waiting to be taken in


def store(host: Host) -> Iterator[Finding]:
    """The database, and whether runs know what is in it."""
    if not store_exists(host.home):
        yield Finding("store", "ok", "nothing has been stored yet")
        return
    behind = snapshot.read(host.home) is None
    opened = host.open_store()  # says itself what is wrong where it cannot
    # What it says about apps, secrets and runs, the other checks say with more about each.
    findings = [one for one in opened.check(contents=False) if one.subject in ("database", "snapshot", "vault")]
    for one in findings:
        yield Finding("store", one.severity, one.message, one.hint)
    if behind:
        # Opening it has just written the snapshot anew, as any run would have.
        yield Finding("store", "ok", "a change that was broken off has been told to runs now")
    if not findings and not behind:
        yield Finding("store", "ok", opened.database.address.shown)


def key(host: Host) -> Iterator[Finding]:
    """The key that secrets are encrypted with."""
    path = os.path.join(host.home, "key")
    known = host.inventory.snapshot
    secret = [one for one in (known.assets if known is not None else []) if one.secrets]
    in_variable = bool(os.environ.get("SOARKIT_KEY", "").strip())
    if not in_variable and not os.path.lexists(path):
        if secret:
            message = f"{path}: not there, so the secrets of {_names(secret)} cannot be read"
            yield Finding("key", "error", message, f"bring the file back, or give the secrets anew:\n{_anew(secret)}")
        else:
            yield Finding("key", "ok", "will be made when the first secret is stored")
        return
    try:
        encryption.encrypt("", "", host.home)
    except ValueError as error:
        if in_variable:
            mend = "unset SOARKIT_KEY, or put the right key there"
        else:
            mend = f"bring the file back, or: mv {typed(path)} {typed(path + '.damaged')}"
            mend += f"  and give the secrets anew:\n{_anew(secret)}" if secret else "  and a new one will be made"
        yield Finding("key", "error", str(error), mend)
        return
    if not in_variable and os.stat(path).st_mode & 0o077:
        yield Finding("key", "warning", f"{path}: other users can read it", f"chmod 600 {typed(path)}")
    broken = [one for one in secret if not _reads(one, host.home)]
    source = "SOARKIT_KEY" if in_variable else path
    if broken:
        message = f"{source} is not the key that the secrets of {_names(broken)} were stored with"
        other = "unset SOARKIT_KEY" if in_variable and os.path.exists(path) else "bring that key back"
        yield Finding("key", "error", message, f"{other}, or give the secrets anew:\n{_anew(broken)}")
        return
    yield from _earlier_keys(host, secret)
    yield Finding("key", "ok", source + (f"; reads the secrets of {_names(secret)}" if secret else ""))


def _earlier_keys(host: Host, secret: list[StoredAsset]) -> Iterator[Finding]:
    """What is odd about the keys that were replaced."""
    path = os.path.join(host.home, encryption.module().OLD_KEYS_FILE)
    if os.path.exists(path) and os.stat(path).st_mode & 0o077:
        yield Finding("key", "warning", f"{path}: other users can read it", f"chmod 600 {typed(path)}")
    keyring.known(host.home)  # says what is wrong with them
    behind = [
        f"asset {one.name}"
        for one in secret
        if not all(encryption.is_current(token, one.salt, host.home) for token in one.secrets.values())
    ]
    behind += [f"variable {name}" for name in variables.with_earlier_keys(host.home)]
    if behind:
        message = f"not encrypted with the present key: {', '.join(behind)}"
        yield Finding("key", "warning", message, "soarkit key rotate  encrypts them anew")


def runs(host: Host) -> Iterator[Finding]:
    """Runs on their way to the store."""
    folder = spool.folder(host.home)
    if os.path.lexists(folder) and not (os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)):
        mend = f"chmod 700 {typed(folder)}" if os.path.isdir(folder) else f"rm {typed(folder)}"
        yield Finding("runs", "error", f"{folder}: cannot be written, so runs are not recorded", mend)
        return
    waiting = len(spool.finished(host.home))
    orphans = [header for _, header in spool.orphans(host.home)]
    damaged = homefiles.names(os.path.join(folder, "damaged"))
    left = spool.leftovers(host.home)
    if waiting > _MANY:
        yield Finding("runs", "warning", f"{waiting} runs wait to be taken into the store", "soarkit runs")
    if orphans:
        message = f"{len(orphans)} runs whose host ended before they did"
        yield Finding("runs", "warning", message, "soarkit runs  notes them as failed")
    if damaged:
        message = f"{len(damaged)} damaged records of runs"
        yield Finding("runs", "warning", message, f"look at them, then: rm -r {typed(os.path.join(folder, 'damaged'))}")
    if left:
        yield Finding("runs", "warning", f"{len(left)} half written records of runs", "soarkit runs  removes them")
    if not (waiting > _MANY or orphans or damaged or left):
        under_way = len(spool.running(host.home))
        yield Finding("runs", "ok", f"{under_way} under way, {waiting} to be taken in when the store is next opened")


def _names(assets: list[StoredAsset]) -> str:
    names = [one.name for one in assets]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _reads(asset: StoredAsset, home: str) -> bool:
    try:
        asset.reveal(lambda cipher, salt: encryption.decrypt(cipher, salt, home))
    except (SoarkitError, ValueError):
        return False
    return True


def _anew(assets: list[StoredAsset]) -> str:
    """The commands that give the secrets of assets anew."""
    lines = []
    for one in assets:
        given = " ".join(f"--config {name}=env:VARIABLE" for name in one.secrets)
        lines.append(f"soarkit asset edit {typed(one.name)} {given}")
    return "\n".join(lines)
