"""Wheel lists rewritten in the text of an app JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.deps.listedit import rewritten
from soarkit.errors import ManifestError

NEW = [{"module": "b", "input_file": "wheels/py3/b-2-py3-none-any.whl"}]


def test_entries_that_stay_keep_their_form() -> None:
    text = """{
  "name": "Caf\\u00e9", "odd" :[1,2 ],
  "pip39_dependencies": {
    "wheel": [
      {"module":"a",   "input_file": "wheels/a.whl"},
      {"module":"x", "input_file": "wheels/x.whl"}
    ]
  }
}"""
    kept = {"module": "a", "input_file": "wheels/a.whl"}
    assert rewritten(text, {"pip39_dependencies": [kept, *NEW]}) == text.replace(
        '{"module":"x", "input_file": "wheels/x.whl"}',
        '{"module": "b", "input_file": "wheels/py3/b-2-py3-none-any.whl"}',
    )


def test_a_new_list_goes_behind_the_last_one() -> None:
    text = '{\r\n\t"a": 1,\r\n\t"pip39_dependencies": {},\r\n\t"z": 2\r\n}\r\n'
    assert rewritten(text, {"pip313_dependencies": NEW}) == text.replace(
        '\t"z"',
        '\t"pip313_dependencies": {\r\n\t\t"wheel": [\r\n\t\t\t{\r\n\t\t\t\t"module": "b",\r\n'
        '\t\t\t\t"input_file": "wheels/py3/b-2-py3-none-any.whl"\r\n\t\t\t}\r\n\t\t]\r\n\t},\r\n\t"z"',
    )


def test_a_list_without_wheels_gets_them() -> None:
    text = '{\n    "pip3_dependencies": {\n        "pypi": [{"module": "x"}]\n    }\n}\n'
    new = rewritten(text, {"pip3_dependencies": NEW})
    assert new.startswith('{\n    "pip3_dependencies": {\n        "pypi": [{"module": "x"}],\n        "wheel": [\n')
    assert json.loads(new)["pip3_dependencies"]["wheel"] == NEW


def test_nothing_to_change_changes_nothing() -> None:
    text = '\ufeff{ "pip3_dependencies":{"wheel" : [ {"module":"b"}] } }'
    assert rewritten(text, {"pip3_dependencies": [{"module": "b"}]}) == text


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(ManifestError, match="cannot be changed"):
        rewritten('{"pip3_dependencies": [], "a": 1}', {"pip3_dependencies": NEW})


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_ENTRIES = st.lists(
    st.fixed_dictionaries({"module": _TEXTS, "input_file": _TEXTS}, optional={"input_file_aarch64": _TEXTS}), max_size=4
)
_KEYS = st.sampled_from(["pip_dependencies", "pip3_dependencies", "pip39_dependencies", "pip313_dependencies"])
_LISTS = st.dictionaries(
    _KEYS, st.fixed_dictionaries({}, optional={"wheel": _ENTRIES, "pypi": st.just([{"module": "x"}])}), max_size=3
)
_FORMS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 1, 2, 4, "\t"]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([None, (",", ":"), (", ", ": "), (",", " : ")]),
    }
)


@given(
    before=st.dictionaries(_TEXTS.map(lambda text: f"k{text}"), _VALUES, max_size=4),
    lists=_LISTS,
    after=st.dictionaries(_TEXTS.map(lambda text: f"z{text}"), _VALUES, max_size=4),
    form=_FORMS,
    new=st.dictionaries(_KEYS, _ENTRIES, max_size=3),
    ending=st.sampled_from(["", "\n"]),
    windows=st.booleans(),
)
def test_only_the_lists_change(
    before: dict[str, Any],
    lists: dict[str, Any],
    after: dict[str, Any],
    form: dict[str, Any],
    new: dict[str, Any],
    ending: str,
    windows: bool,
) -> None:
    manifest = {**before, **lists, **after}
    text = json.dumps(manifest, **form) + ending
    text = text.replace("\n", "\r\n") if windows else text
    result = rewritten(text, new)
    wanted = {key: {**manifest.get(key, {}), "wheel": entries} for key, entries in new.items()}
    assert json.loads(result) == {**manifest, **wanted}
    kept = [key for key in json.loads(result) if key in manifest]
    assert kept == list(manifest)
    assert ("\r\n" in result) == ("\r\n" in text)
    assert result.endswith(ending)
    assert rewritten(result, new) == result
    # With the old lists put back, every byte outside of them is the old one.
    unchanged = {key: lists[key]["wheel"] for key in new if "wheel" in lists.get(key, {})}
    if set(unchanged) == set(new):
        assert _outside(result, new) == _outside(text, unchanged)


def _outside(text: str, lists: dict[str, Any]) -> str:
    """The text with the values of the wheel lists cut out."""
    from soarkit.deps.listedit import _members

    for key in lists:
        place = next(one for one in _members(text, 0) if one.key == key)
        wheel = next(one for one in _members(text, place.value) if one.key == "wheel")
        text = text[: wheel.value] + "[]" + text[wheel.end :]
    return text
