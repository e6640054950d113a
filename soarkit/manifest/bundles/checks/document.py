"""Rules about the document as a whole: M1 to M5, M15 and M16 at its top, M17 and M20."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from soarkit.manifest.bundles import coercing
from soarkit.manifest.bundles.checks.subject import lacking, told
from soarkit.manifest.bundles.metadata import APP_NAME, VERSION
from soarkit.manifest.loader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soarkit.manifest.bundles.checks.subject import Json, Subject

_TEXTS = ("author", "long_description", "license", "source_url")
_FLAGS = ("is_python3", "update_creds")
_ICONS = {"icon_display": "the icon shown with its results", "icon_thumbnail": "the small icon"}
_KEYS = (
    *("title", "transform_set_name", "description", "icons", *_ICONS, "sdk_type", "app_name", "version"),
    *("credentials", "transforms", *_TEXTS, *_FLAGS),
)
_BETA = re.compile(r"(?:^\W*|[-_\s(\[.])beta(?:[-_.\s]?\d+)?\W*$|^\W*beta\b", re.IGNORECASE)
_MOST_REPEATED = 20  # findings about repeated keys


def check_repeated(text: str, subject: Subject) -> None:
    """M1, second part: keys that an object has twice; the last one counts."""
    try:
        document = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return  # the first part has said so
    for count, pointer in enumerate(_repeated(document)):
        if count == _MOST_REPEATED:
            break
        subject.warning("M1", pointer, "this key is there twice; the last one counts", "remove one of them")


class _Pairs(dict[str, Any]):
    """An object that remembers which keys it was given twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated: list[str] = []
        if len(self) < len(pairs):
            self.repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]


def _repeated(document: object) -> Iterator[str]:
    """Pointers of the keys that are there twice."""
    waiting = [("", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, _Pairs):
            yield from (f"{pointer}/{escape(key)}" for key in value.repeated)
            waiting += [
                (f"{pointer}/{escape(key)}", one) for key, one in value.items() if isinstance(one, (dict, list))
            ]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{at}", one) for at, one in enumerate(value) if isinstance(one, (dict, list))]


def check_top(subject: Subject) -> None:
    """What is wrong at the top of the document, its lists left out."""
    raw = subject.raw
    subject.text(raw, "", "title", "the name of the source")
    _check_set_name(subject)
    subject.text(raw, "", "description", "what the source tells, shown where it is set up")
    if "sdk_type" not in raw:
        subject.error("M2", "/sdk_type", '"sdk_type" is missing', 'add "sdk_type": "anomali"')
    elif raw["sdk_type"] != "anomali":
        problem = f'"sdk_type" cannot be {told(raw["sdk_type"])}: other kinds of bundle work differently'
        subject.error("M3", "/sdk_type", problem, 'write "anomali"')
    _check_app_name(subject)
    _check_version(subject)
    check_icon_keys(subject)
    for key in _TEXTS:
        subject.optional_text(raw, "", key)
    for key in _FLAGS:
        subject.flag(raw, "", key)
    subject.unknown_keys(raw, "", _KEYS)
    _check_beta(subject)


def icons(raw: Json) -> dict[str, tuple[str, str]]:
    """Pointer and file name of each icon that is named: below ``icons``, else at the top."""
    nested = raw.get("icons")
    found = {}
    for place, pointer in ((nested, "/icons"), (raw, "")):
        for key in _ICONS:
            name = coercing.text(place.get(key)) if isinstance(place, dict) else ""
            if name and key not in found:
                found[key] = (f"{pointer}/{key}", name)
    return found


def check_icon_keys(subject: Subject) -> None:
    """Both icons are named, in one place or alike in both (M2, M17)."""
    raw, nested = subject.raw, subject.raw.get("icons")
    if nested is not None and not isinstance(nested, dict):
        message = f'"icons" must be an object, not {told(nested)}'
        subject.error("M2", "/icons", message, 'write {"icon_display": "icon.png", "icon_thumbnail": "thumbnail.png"}')
    inner: Json = nested if isinstance(nested, dict) else {}
    for key, meaning in _ICONS.items():
        here, there = coercing.text(inner.get(key)), coercing.text(raw.get(key))
        if not here and not there:
            place, pointer = (raw, "") if key in raw else (inner, "/icons")
            hint = f"name the file with {meaning}, at the top of the bundle"
            subject.error("M2", f"{pointer}/{key}", lacking(place, key, "text"), hint)
        elif here and there and here != there:
            message = f'"{key}" is {told(there)} here, but {told(here)} below "icons"'
            subject.error("M17", f"/{key}", message, 'keep the one below "icons"')
    subject.unknown_keys(inner, "/icons", _ICONS)


def _check_set_name(subject: Subject) -> None:
    value = subject.raw.get("transform_set_name")
    if isinstance(value, list):
        hint = "write one text; transforms under another name go into a bundle of their own"
        subject.error("M2", "/transform_set_name", "a bundle has one transform_set_name, not a list of them", hint)
    else:
        subject.text(subject.raw, "", "transform_set_name", "the name of the tab, and of the entry in the pivot menu")


def _check_app_name(subject: Subject) -> None:
    form = "<domain suffix>.<company>.<app>, such as com.example.sample"
    name = subject.text(subject.raw, "", "app_name", form)
    written = subject.raw.get("app_name")
    if name and not APP_NAME.fullmatch(str(written)):  # spaces around it would make it another one
        message = f'"app_name" cannot be {told(written)}: it identifies the bundle, and has a form of its own'
        hint = f"write {form}: three or more parts between dots, of letters, digits, - and _"
        subject.error("M4", "/app_name", message, hint)


def _check_version(subject: Subject) -> None:
    form = "<major>.<minor>.<patch>, such as 1.0.0"
    version = subject.text(subject.raw, "", "version", form)
    if not version:
        return
    written = subject.raw["version"]
    found = VERSION.fullmatch(version) if written == version else None
    if found is None:
        message = f'"version" cannot be {told(written)}: updates compare it number by number'
        subject.error("M5", "/version", message, f"write {form}; 1.0.0-beta for one that is being tested")
    elif found[4]:
        message = f'"version" has a suffix, {told(found[4])}, which is for bundles that are being tested'
        subject.judged("M5", "/version", message, f"for certification: {version[: found.start(4)]}")


def _check_beta(subject: Subject) -> None:
    """M20: what makes a beta version stand beside the final one, and what lets people tell them apart."""
    raw = subject.raw
    version = VERSION.fullmatch(coercing.text(raw.get("version")))
    marked = {
        "app_name": _BETA.search(coercing.text(raw.get("app_name"))) is not None,
        "version": version is not None and version[4] is not None,
        "transform_set_name": _BETA.search(coercing.text(raw.get("transform_set_name"))) is not None,
    }
    missing = [key for key, is_marked in marked.items() if not is_marked]
    if not 0 < len(missing) < len(marked):
        return
    by = " and ".join(key for key in marked if key not in missing)
    what = "it would replace the final version" if "app_name" in missing else "people cannot tell it from the final one"
    examples = {
        "app_name": '"com.example.sample-beta"',
        "version": '"1.0.0-beta"',
        "transform_set_name": '"(beta) Sample"',
    }
    wanted = ", ".join(f"{key} like {examples[key]}" for key in missing)
    message = f"marked as a beta version by {by}, but not by {' and '.join(missing)}: {what}"
    subject.warning("M20", f"/{missing[0]}", message, f"mark all three: {wanted}")
