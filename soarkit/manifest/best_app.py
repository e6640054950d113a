"""Which of several apps best supports an asset: the guide's "best app" ("Action Section: Versions").

An asset names a product, not an app. Of the apps for that product the one runs whose action describes the asset's
product version most closely; on a tie the newest app, and last the one that the asset was made for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from soarkit.errors import ManifestError, RequestError
from soarkit.manifest.model import Action, App
from soarkit.manifest.selection import choose_action, find_entries, suggestions
from soarkit.manifest.versions import Specificity, specificity

#: An app that was passed over, and why.
_Refusal = tuple[App, RequestError]


class Candidate(NamedTuple):
    """An app that may run an action on an asset.

    :ivar app: the app
    :ivar own: whether it is the one that the asset was made for
    :ivar lacking: required configuration of the app that the asset does not give
    """

    app: App
    own: bool = False
    lacking: tuple[str, ...] = ()


class BestApp(NamedTuple):
    """The choice.

    :ivar app: the app to run
    :ivar action: its entry to run
    :ivar others: the other apps that could have run it
    :ivar skipped: why apps that have the action were passed over, a sentence each
    """

    app: App
    action: Action
    others: tuple[App, ...]
    skipped: tuple[str, ...]


def best_app(candidates: Sequence[Candidate], wanted: str, product_version: str | None) -> BestApp:
    """Choose an app.

    An app whose required configuration the asset cannot fill is passed over while there is another.

    :param candidates: the apps of the asset's product
    :param wanted: an action's name or identifier
    :param product_version: version of the asset's product; None or blank when it is unknown
    :raises RequestError: no app has the action, or none has it for this version; the message says why
    """
    having = [one for one in candidates if find_entries(one.app, wanted)]
    if not having:
        raise _nobody_has(candidates, wanted)
    fitting: list[tuple[Candidate, Action, Specificity]] = []
    refusals: list[_Refusal] = []
    for one in having:
        try:
            action = choose_action(one.app, wanted, product_version)
        except RequestError as error:  # not for this version, or its JSON is wrong, which is no reason to refuse others
            refusals.append((one.app, error))
        else:
            closeness = specificity(action.versions, product_version)
            assert closeness is not None  # noqa: S101 - it was chosen because it fits
            fitting.append((one, action, closeness))
    if not fitting:
        raise _nobody_fits(refusals)
    fitting.sort(key=lambda item: _rank(*item), reverse=True)
    chosen, action, _ = fitting[0]
    skipped = [_told(*refusal) for refusal in refusals]
    skipped += [
        f"{one.app.name} {one.app.app_version}: it needs configuration that the asset does not have: "
        + ", ".join(one.lacking)
        for one, _, _ in fitting[1:]
        if one.lacking and not chosen.lacking
    ]
    others = tuple(one.app for one, _, _ in fitting[1:] if chosen.lacking or not one.lacking)
    return BestApp(chosen.app, action, others, tuple(skipped))


def release_order(app_version: str) -> tuple[int, ...]:
    """What app versions sort by: their numbers, so that 2.10.0 comes after 2.9.1."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", app_version))


def _rank(one: Candidate, action: Action, closeness: Specificity) -> tuple[object, ...]:
    # The last two only make the choice the same every time.
    return not one.lacking, closeness, release_order(one.app.app_version), one.own, one.app.name, one.app.appid


def _nobody_has(candidates: Sequence[Candidate], wanted: str) -> RequestError:
    names = list(dict.fromkeys(action.name for one in candidates for action in one.app.actions))
    close = suggestions(wanted, names)
    if close:
        hint = f"did you mean {' or '.join(map(repr, close))}?"
    else:
        hint = f"their actions are: {', '.join(names[:20])}{' ...' if len(names) > 20 else ''}"
    asked = ", ".join(f"{one.app.name} {one.app.app_version}" for one in candidates)
    return RequestError(f"no app for this asset has an action {wanted!r}; looked at: {asked}", hint=hint)


def _nobody_fits(refusals: list[_Refusal]) -> RequestError:
    errors = [error for _, error in refusals]
    if len(errors) == 1:
        return errors[0]
    kind = ManifestError if all(isinstance(one, ManifestError) for one in errors) else RequestError
    return kind("; ".join(_told(*refusal) for refusal in refusals), hint=errors[0].hint)


def _told(app: App, error: RequestError) -> str:
    return f"{app.name} {app.app_version}: {error.message}"
