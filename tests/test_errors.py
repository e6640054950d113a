"""Errors cross process and queue borders, so they pickle; each class has a code of its own."""

from __future__ import annotations

import pickle

import pytest

from soarkit import errors


def _classes(kind: type[errors.SoarkitError]) -> list[type[errors.SoarkitError]]:
    return [kind, *(cls for sub in kind.__subclasses__() for cls in _classes(sub))]


@pytest.mark.parametrize("kind", _classes(errors.SoarkitError))
def test_every_error_survives_pickling(kind: type[errors.SoarkitError]) -> None:
    error = kind("what", where="where", hint="next")
    error.log = "log"
    error.result = {"status": "failed"}
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert copy.to_dict() == {"code": kind.code, "message": "what", "where": "where", "hint": "next", "log": "log"}
    assert copy.result == {"status": "failed"}


def test_codes_are_unique_and_the_tree_is_drawn() -> None:
    classes = _classes(errors.SoarkitError)
    assert len({cls.code for cls in classes}) == len(classes)
    assert all(cls.__name__ in (errors.__doc__ or "") for cls in classes)
