"""Bundles for commands that make something to be sent: their archives, and the secrets that must not travel."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from soarkit.errors import SoarkitError, UsageError
from soarkit.homefiles import scratch
from soarkit.host import Host
from soarkit.manifest.model import App


def require_bundle(app: App, word: str) -> None:
    """Refuse a connector.

    :raises UsageError: the app is no enrichment bundle
    """
    if app.kind != "enrichment":
        raise UsageError(
            "this is a connector, and no enrichment bundle",
            where=word,
            hint="connectors: soarkit package, soarkit docs",
        )


@contextmanager
def packed(app: App, word: str, home: str) -> Iterator[tuple[str, str]]:
    """A bundle's archive and its name: the one that was named, byte by byte, or one that is made of the folder.

    :param word: what the bundle was opened by
    :raises ArchiveError: the folder breaks rules
    """
    if os.path.isfile(word) and os.path.basename(word) != os.path.basename(app.manifest_path):
        yield os.path.abspath(word), os.path.basename(word)
        return
    from soarkit.packages.building import build, file_name
    from soarkit.packages.bundles import select_bundle

    with scratch(home) as folder:
        path = os.path.join(folder, file_name(app))
        build(select_bundle(app.folder), path)
        yield path, os.path.basename(path)


def known_secrets(host: Host, note: Callable[[str], None]) -> dict[str, str]:
    """The secret values of all assets, by what they are called; those that cannot be decrypted are told of."""
    from soarkit import encryption

    found: dict[str, str] = {}
    for asset in host.inventory.assets():
        try:
            revealed = asset.reveal(lambda cipher, salt: encryption.decrypt(cipher, salt, host.home))
        except SoarkitError as error:
            note(f"warning: secrets of the asset {asset.name} cannot be looked for: {error.message}")
            continue
        found |= {f"{name!r} of the asset {asset.name}": str(revealed[name]) for name in asset.secrets}
    return found
