"""What the installed apps offer to do with a value, with the asset to do it on: menus are made of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soarkit_app import checks

from soarkit.manifest.content_types import ANY, canonical, kinds_of, spellings_of, widened
from soarkit.manifest.contextual import ContextualAction, actions_for
from soarkit.manifest.model import App

if TYPE_CHECKING:
    from soarkit.store.records import StoredAsset


@dataclass(frozen=True)
class Offer:
    """One action that takes a value.

    :param app: the app's name, for people
    :param word: what the app is called on a command line: its slug, ``slug@version``, or the path it was opened by
    :param action: the action's name
    :param parameter: the parameter that the value goes into
    :param read_only: whether the action changes nothing
    :param asset: the asset to run it on; None: there is none to choose, or several
    :param assets: names of those there are to choose from, where several are
    :param needs_asset: whether it cannot run as it is, because the app requires configuration and ``asset`` is None
    :param missing: further required parameters without a default
    :param types: types that the parameter takes, in the spelling that comparisons go by
    """

    app: str
    word: str
    action: str
    parameter: str
    read_only: bool
    asset: str | None
    assets: tuple[str, ...]
    needs_asset: bool
    missing: tuple[str, ...]
    types: frozenset[str]

    def to_json(self) -> dict[str, Any]:
        """As a page's data have it."""
        return {
            "app": self.app,
            "slug": self.word,
            "action": self.action,
            "parameter": self.parameter,
            "read_only": self.read_only,
            "asset": self.asset,
            "needs_asset": self.needs_asset,
            "missing": list(self.missing),
        }


@dataclass(frozen=True)
class Offers:
    """Offers in the order of a menu, and which of them each type has.

    :param all: grouped by app, those that only read first
    :param by_type: positions in ``all`` by type, ascending; ``*`` has those that take any value, which are also with
        every other type
    """

    all: list[Offer]
    by_type: dict[str, list[int]]

    def to_json(self) -> dict[str, Any]:
        """The block ``contextual`` of a page's data.

        ``types`` has every type in lower case, in each known spelling; what is not there has the offers of ``*``.
        """
        return {"types": self.by_type, "commands": [one.to_json() for one in self.all]}


def make_offers(
    apps: Iterable[tuple[str, App]],
    assets_of: Callable[[App], list[StoredAsset]],
    types: Collection[str] | None = None,
) -> Offers:
    """What these apps offer.

    An action runs on the app's asset where there is one only. Of several it is the one that was made for the app, if
    the others were made for its product alone; else nobody but the person can know, and none is chosen. Assets that
    still need configuration do not count. An app that requires no configuration needs no asset.

    :param apps: with the word that each is called by
    :param assets_of: the assets that an app can use
    :param types: only offers for these, in any spelling; None: for all types
    """
    words: dict[str, str] = {}
    opened = []
    for word, app in apps:
        words[app.manifest_path] = word
        opened.append(app)
    choices: dict[str, _Choice] = {}
    offers = []
    for found in actions_for(opened, types):
        path = found.app.manifest_path
        if path not in choices:
            choices[path] = _choice(found.app, words[path], assets_of(found.app))
        offers.append(_offer(found, words[path], choices[path]))
    return Offers(offers, _by_type(offers, types))


_Choice = tuple["str | None", tuple[str, ...], bool]


def _choice(app: App, word: str, assets: list[StoredAsset]) -> _Choice:
    """The asset, those there are otherwise, and whether one has to be named."""
    ready = [one for one in assets if not one.needs]
    slug = word.partition("@")[0]
    own = [one for one in ready if one.app == slug]
    for group in (ready, own):
        if len(group) == 1:
            return group[0].name, (), False
    declared = app.raw["configuration"]
    return (
        None,
        tuple(one.name for one in ready),
        bool(checks.missing_required(checks.fill_defaults({}, declared), declared)),
    )


def _offer(found: ContextualAction, word: str, choice: _Choice) -> Offer:
    asset, assets, needs_asset = choice
    return Offer(
        app=found.app.name,
        word=word,
        action=found.action.name,
        parameter=found.parameter.name,
        read_only=found.action.read_only,
        asset=asset,
        assets=assets,
        needs_asset=needs_asset,
        missing=tuple(found.missing),
        types=found.types,
    )


def _by_type(offers: list[Offer], types: Collection[str] | None) -> dict[str, list[int]]:
    """Positions by type, for the types asked for or all there are, in each spelling that a value may come with."""
    if types is None:
        kinds = kinds_of({kind for one in offers for kind in one.types})
        asked = {spelled: kind for kind in kinds for spelled in (kind, *spellings_of(kind))}
    else:
        asked = {text: canonical(text) for one in types for text in (one.strip().lower(), canonical(one)) if text}
    asked[ANY] = ANY
    by_kind = {
        kind: [at for at, one in enumerate(offers) if not one.types.isdisjoint(wider)]
        for kind in set(asked.values())
        for wider in (widened([kind]) | {ANY},)
    }
    return {spelled: by_kind[kind] for spelled, kind in sorted(asked.items()) if by_kind[kind]}
