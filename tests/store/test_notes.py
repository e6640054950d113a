"""Notes in containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from soarkit.errors import RequestError

if TYPE_CHECKING:
    from soarkit.store.opened import Store


def test_notes(store: Store) -> None:
    saved = store.containers.save(
        {"name": "c", "artifacts": [{"name": "a"}]}, asset_id=1, appid=None, label="incident", run=None
    )
    [artifact] = [one.id for one in saved.artifacts]
    number = store.notes.add(saved.id, title="t", content="c\0", author="app", artifact_id=artifact)
    note = store.notes.get(number)
    assert [note] == store.notes.list(saved.id)
    assert (note["container"], note["title"], note["content"], note["artifact"]) == (saved.id, "t", "c\ufffd", artifact)
    assert (note["note_type"], note["note_format"], note["author"]) == ("general", "html", "app")
    with pytest.raises(RequestError, match="there is no container 99"):
        store.notes.add(99, title="", content="")
    with pytest.raises(RequestError, match="has no artifact 99"):
        store.notes.add(saved.id, title="", content="", artifact_id=99)
    with pytest.raises(RequestError, match="there is no note 99"):
        store.notes.get(99)
