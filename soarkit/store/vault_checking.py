"""Looks for what is wrong with the vault; changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from soarkit.store import models
from soarkit.store.database import Database
from soarkit.store.vault_files import Altered, VaultFiles

_SHOWN = 3


class Trouble(NamedTuple):
    """One thing that is wrong.

    :ivar severity: "error" or "warning"
    :ivar hint: the command that mends it
    """

    severity: str
    message: str
    hint: str


def troubles(database: Database, *, contents: bool) -> Iterator[Trouble]:
    """What is wrong with the files that the database tells of, and which files it does not know.

    :param contents: whether to read every file, which takes a second or so for each GiB
    """
    files = VaultFiles(database.home)
    with files.alone():  # or what is being added just now would look like too much, or too little
        documents = models.VaultDocument.objects.using(database.alias).order_by("id")
        known = dict(documents.values_list("hash", "size"))
        unattached = documents.filter(attachments=None).count()
        strays = [one for one in files.ids() if one not in known]
        leftovers = len(files.leftovers())
        missing = [one for one in known if not os.path.isfile(files.path(one))]
    present = known.keys() - set(missing)
    altered = [one for one, size in known.items() if one in present and not _is_sound(files, one, size, contents)]
    for some, what in ((missing, "missing"), (altered, "altered")):
        if some:
            names = _names(database, some)
            hint = "soarkit vault add FILE  puts a file back; soarkit vault delete " + " ".join(some[:_SHOWN])
            yield Trouble(
                "error", f"{_count(len(some))} of the vault {_are(some)} {what}: {names}", f"{hint}  forgets it"
            )
    useless = len(strays) + leftovers + unattached
    if useless:
        yield Trouble("warning", f"{_count(useless)} in the vault that nothing knows of", "soarkit vault sweep")


def _is_sound(files: VaultFiles, vault_id: str, size: int, contents: bool) -> bool:
    try:
        if os.path.getsize(files.path(vault_id)) != size:
            return False
        if contents:
            for _ in files.pieces(vault_id):
                pass
    except FileNotFoundError:  # deleted meanwhile
        return True
    except (Altered, OSError):
        return False
    return True


def _names(database: Database, vault_ids: list[str]) -> str:
    attachments = models.Attachment.objects.using(database.alias)
    shown = []
    for one in vault_ids[:_SHOWN]:
        name = attachments.filter(document__hash=one).order_by("id").values_list("name", flat=True).first()
        shown.append(f"{name} ({one[:12]})")
    return ", ".join(shown) + (f" and {len(vault_ids) - _SHOWN} more" if len(vault_ids) > _SHOWN else "")


def _count(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


def _are(some: list[str]) -> str:
    return "is" if len(some) == 1 else "are"
