"""Rules about the credentials: M8, M9, M11, M15, M16 and M18."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soarkit.manifest.bundles.checks.subject import told

if TYPE_CHECKING:
    from soarkit.manifest.bundles.checks.subject import Json, Subject

_TEXTS = {"label": "its name is shown", "description": "nothing is shown"}
_FLAGS = {"required": "it may stay empty", "sensitive": "it is shown in plain text"}
_KEYS = ("name", *_TEXTS, *_FLAGS, "rank")


def check_credentials(subject: Subject) -> None:
    """What is wrong with the list of credentials."""
    meaning = 'a list of fields that users fill in; "credentials": [] where there are none'
    if not subject.list_is_sound("credentials", meaning=meaning, needed=False):
        return
    group: list[tuple[str, Json]] = []
    first: dict[str, str] = {}
    for _, pointer, one in subject.entries("credentials"):
        _check_name(one, pointer, first, subject)
        for key, taken in _TEXTS.items():
            subject.optional_text(one, pointer, key)
            _note_missing(one, pointer, key, taken, subject)
        for key, taken in _FLAGS.items():
            subject.flag(one, pointer, key)
            _note_missing(one, pointer, key, taken, subject)
        subject.rank(one, pointer)
        subject.unknown_keys(one, pointer, _KEYS)
        group.append((pointer, one))
    subject.ranks(group, "the credentials")


def _check_name(one: Json, pointer: str, first: dict[str, str], subject: Subject) -> None:
    name = one.get("name")
    if not isinstance(name, str) or not name.strip():
        wrong = "is missing" if "name" not in one else f"cannot be {told(name)}"
        subject.error("M11", f"{pointer}/name", f'"name" {wrong}: scripts ask for the credential by it', "add a name")
    elif name in first:
        message = f"{told(name)} is the name of {first[name]} too"
        subject.error("M11", f"{pointer}/name", message, "give each credential a name of its own")
    else:
        first[name] = pointer


def _note_missing(one: Json, pointer: str, key: str, taken: str, subject: Subject) -> None:
    if key not in one:
        subject.warning("M18", f"{pointer}/{key}", f'"{key}" is missing: {taken}', f'add "{key}"')
