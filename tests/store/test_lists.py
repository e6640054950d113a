"""Custom lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from soarkit.errors import RequestError

if TYPE_CHECKING:
    from soarkit.store.opened import Store


def test_a_list_lives(store: Store) -> None:
    number = store.lists.create("blocked", [["1.1.1.1", "x"], "2.2.2.2"])
    assert store.lists.get("blocked") == store.lists.get(number)
    assert store.lists.get(number)["content"] == [["1.1.1.1", "x"], ["2.2.2.2"]]
    assert [one["name"] for one in store.lists.list()] == ["blocked"]
    store.lists.append("blocked", [["3"]])
    store.lists.change(number, update_rows={"0": ["one"], 1: "two"}, delete_rows=["2"], append_rows=[["four"]])
    assert store.lists.get("blocked")["content"] == [["one"], ["two"], ["four"]]
    store.lists.set(number, [])
    assert store.lists.get("blocked")["content"] == []
    assert store.lists.delete("blocked") == "blocked"
    with pytest.raises(RequestError, match="there is no list 'blocked'"):
        store.lists.get("blocked")


def test_what_writes_makes_the_list(store: Store) -> None:
    store.lists.append("one", [[]])
    store.lists.set("two", [["a", None, 1]])
    assert store.lists.get("one")["content"] == [[]]
    assert store.lists.get("two")["content"] == [["a", None, 1]]
    with pytest.raises(RequestError, match="there is a list 'one' already"):
        store.lists.create("one")
    for change in (lambda: store.lists.append("", []), lambda: store.lists.create("")):
        with pytest.raises(RequestError, match="needs a name"):
            change()
    with pytest.raises(RequestError, match="there is no list 99"):
        store.lists.set(99, [])


def test_values_are_taken_out(store: Store) -> None:
    store.lists.set("l", [["a", "b"], ["b", "c"], ["A", None]])
    assert store.lists.remove("l", "a") == 1
    assert store.lists.get("l")["content"] == [[None, "b"], ["b", "c"], ["A", None]]
    with pytest.raises(RequestError, match="2 times; nothing was removed"):
        store.lists.remove("l", "b")
    assert store.lists.remove("l", "b", column=0, rows=True) == 1
    assert store.lists.get("l")["content"] == [[None, "b"], ["A", None]]
    with pytest.raises(RequestError, match="does not have the value 'None'"):
        store.lists.remove("l", "None")
    assert store.lists.remove("l", "b", all=True) == 1


def test_rows_that_are_not_there(store: Store) -> None:
    store.lists.set("l", [["a"]])
    for number in (1, -1, "x", None):
        with pytest.raises(RequestError, match="there is no row"):
            store.lists.change("l", update_rows={number: ["b"]})
    assert store.lists.get("l")["content"] == [["a"]]
