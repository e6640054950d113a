"""Which transform of a bundle a request means: one name may stand for several, each for another kind of value."""

from __future__ import annotations

from soarkit.errors import RequestError
from soarkit.manifest.bundles import metadata as metadata_
from soarkit.manifest.bundles.entity_types import BY_CONSTANT, PHRASE, EntityType, named, recognise
from soarkit.manifest.bundles.metadata import Transform
from soarkit.manifest.model import Action, App
from soarkit.manifest.selection import suggestions

_LISTED = 20  # transforms that an error names


def choose_transform(app: App, wanted: str, value: str | None, entity_type: str | None = None) -> Action:
    """The transform to run.

    An identifier (``enrichIP ipv4``) means just that one, whatever the value looks like. A transform's name, or the
    name that people read, means the one of that name that is for the value's type: the most exact type that one is for.

    :param app: the bundle
    :param wanted: identifier, ``transform_name`` or ``display_name``; case and surplus spaces do not matter unless they
        tell two apart
    :param value: the observable; None or empty where it is not known, which only a name for one type can do with
    :param entity_type: constant, short name or display name of the type that the value is to be taken for
    :raises RequestError: there is no such transform, or none that fits the value
    :raises UsageError: there is no such type
    """
    transforms = metadata_.of(app).transforms
    by_identifier, by_name = _found(app, transforms, wanted)
    if by_identifier and entity_type is None:
        return app.actions[by_identifier[0].index]
    candidates = by_identifier or by_name
    if not candidates:
        raise unknown_transform(app, wanted)
    if entity_type is not None:
        types = [named(entity_type)]
    elif value:
        types = recognise(value)
    else:
        types = list(dict.fromkeys(BY_CONSTANT[one.entity_type] for one in candidates))
        if len(types) > 1:
            raise _ambiguous(app, candidates, f"{wanted!r} is there for several types of value")
    for kind in types:
        fitting = [one for one in candidates if one.entity_type == kind.constant]
        if len(fitting) > 1:
            raise _ambiguous(app, fitting, f"{wanted!r} means several transforms for {_article(kind)}")
        if fitting:
            return app.actions[fitting[0].index]
    raise _unfit(app, transforms, candidates, types, value, entity_type)


def entries(app: App, wanted: str) -> list[Action]:
    """All transforms that a word means, whatever they are for; see :func:`choose_transform`."""
    by_identifier, by_name = _found(app, metadata_.of(app).transforms, wanted)
    return [app.actions[one.index] for one in by_identifier or by_name]


def fitting(app: App, value: str, entity_type: str | None = None) -> list[Transform]:
    """The transforms of a bundle that are for a value and that people see, the most exact type's first, in the order
    of the file.

    :param entity_type: as for :func:`choose_transform`
    :raises UsageError: there is no such type
    """
    types = [named(entity_type)] if entity_type is not None else recognise(value)
    seen = [one for one in metadata_.of(app).transforms if one.surface != "activation"]
    return [one for kind in types for one in seen if one.entity_type == kind.constant]


def _found(app: App, transforms: tuple[Transform, ...], wanted: str) -> tuple[list[Transform], list[Transform]]:
    """The transforms that a word means: as an identifier, and as a name. Exact words come before similar ones."""
    for normal in (str, _forgiving):
        key = normal(wanted)
        identifiers = [one for one in transforms if normal(app.actions[one.index].identifier) == key]
        names = [one for one in transforms if normal(one.name) == key]
        shown = [one for one in transforms if normal(one.display_name) == key]
        if identifiers or names or shown:
            return identifiers, names or shown
    return [], []


def _forgiving(text: str) -> str:
    return " ".join(text.split()).casefold()


def _article(kind: EntityType) -> str:
    return f"{'an' if kind.display[0] in 'aeioAEIO' else 'a'} {kind.display}"


def word_for(app: App, transform: Transform) -> str:
    """How people name a transform: by its name where no other has that, else by its identifier."""
    alone = len(entries(app, transform.name)) == 1
    return transform.name if alone else app.actions[transform.index].identifier


def _listed(app: App, transforms: list[Transform]) -> str:
    names = [repr(word_for(app, one)) for one in transforms[: _LISTED + 1]]
    return ", ".join(names[:_LISTED]) + (" ..." if len(names) > _LISTED else "")


def _ambiguous(app: App, candidates: list[Transform], problem: str) -> RequestError:
    return RequestError(problem, where=app.manifest_path, hint=f"name one of: {_listed(app, candidates)}")


def _unfit(
    app: App,
    transforms: tuple[Transform, ...],
    candidates: list[Transform],
    types: list[EntityType],
    value: str | None,
    entity_type: str | None,
) -> RequestError:
    shown = [kind for kind in types if kind is not PHRASE] or types  # anything is a phrase
    kinds = " or ".join(map(_article, shown))
    wanted = " or ".join(dict.fromkeys(_article(BY_CONSTANT[one.entity_type]) for one in candidates))
    constants = {kind.constant for kind in types}
    others = [one for one in transforms if one.entity_type in constants and one.surface != "activation"]
    said = f"{value!r} is taken for" if entity_type is not None and value else f"{value!r} looks like"
    hint = f"for that there is: {_listed(app, others)}" if others else f"no transform of {app.name} is for {kinds}"
    if entity_type is None:
        shorts = " or ".join(dict.fromkeys(BY_CONSTANT[one.entity_type].short for one in candidates))
        hint += f"; if the value is one after all: --type {shorts}"
    return RequestError(f"{candidates[0].name} is for {wanted}, but {said} {kinds}", where=app.manifest_path, hint=hint)


def unknown_transform(app: App, wanted: str) -> RequestError:
    """That a bundle has no such transform, with what it has instead."""
    transforms = metadata_.of(app).transforms
    names = [name for one in transforms for name in (one.name, one.display_name)]
    close = suggestions(wanted, [*dict.fromkeys(names), *(one.identifier for one in app.actions)])
    if close:
        hint = f"did you mean {' or '.join(map(repr, close))}?"
    else:
        hint = f"its transforms are: {_listed(app, list(transforms))}"
    return RequestError(f"{app.name} has no transform {wanted!r}", where=app.manifest_path, hint=hint)
