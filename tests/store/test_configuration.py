"""How configuration follows the declared fields (the guide, "Configuration changes with app version changes")."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.errors import InputError
from soarkit.store import configuration as config
from soarkit.store.configuration import Values, carry

_NAMES = st.sampled_from(["a", "b", "c", "d"])
_TYPES = st.sampled_from(["string", "password", "numeric", "boolean"])
_FIELDS = st.dictionaries(
    _NAMES,
    st.builds(
        lambda kind, required, default: {
            "data_type": kind,
            "required": required,
            **({} if default is None else {"default": default}),
        },
        _TYPES,
        st.booleans(),
        st.sampled_from([None, "default", "7"]),
    ),
)
_EMPTY = Values({}, {}, frozenset())


def encrypt(text: str) -> str:
    return f"<{text}>"


def decrypt(token: str) -> str:
    return token[1:-1]


def switched(values: Values, fields: config.Fields, **options: Any) -> config.Carried:
    return carry(values, fields, encrypt=encrypt, **options)


def values_of(**plain: Any) -> Values:
    return Values(plain, {}, frozenset(plain))


@given(_FIELDS, _FIELDS)
def test_any_switch_leaves_exactly_what_is_declared(first: dict[str, Any], second: dict[str, Any]) -> None:
    before = switched(_EMPTY, first).values
    after = switched(before, second)
    values = after.values
    assert values.known == second.keys()
    assert values.plain.keys() | values.secret.keys() <= second.keys()
    assert not values.plain.keys() & values.secret.keys()
    assert all(config.is_password(second[name]) or name in before.secret for name in values.secret)
    assert not any(config.is_password(second[name]) for name in values.plain)
    assert set(after.added) == second.keys() - first.keys()
    assert set(after.removed) == first.keys() - second.keys()
    for name in second.keys() - first.keys():
        default = second[name].get("default")
        held = decrypt(values.secret[name]) if name in values.secret else values.plain.get(name)
        assert held == default
    required = {name for name in second if second[name]["required"]}
    assert set(config.needs(values, second)) == required - values.plain.keys() - values.secret.keys()


@given(_FIELDS)
def test_a_switch_to_the_same_fields_changes_nothing(fields: dict[str, Any]) -> None:
    before = switched(_EMPTY, fields).values
    assert switched(before, fields) == config.Carried(before, {}, ())


@given(_FIELDS, _FIELDS, _FIELDS)
def test_what_stays_declared_keeps_its_value(first: Any, second: Any, third: Any) -> None:
    own = dict.fromkeys(first, "own")
    given = config.edit(
        _EMPTY,
        {name: {**field, "data_type": "string"} for name, field in first.items()},
        own,
        (),
        encrypt=encrypt,
        where="x",
    )
    after = switched(switched(given, second).values, third).values
    for name in first.keys() & second.keys() & third.keys():
        assert (decrypt(after.secret[name]) if name in after.secret else after.plain[name]) == "own"


def test_switching_back_gives_the_default_or_nothing() -> None:
    first = {"a": {"data_type": "string", "default": "d"}, "b": {"data_type": "string"}}
    back = switched(switched(values_of(a="own", b="own"), {}).values, first)
    assert back.values.plain == {"a": "d"}
    assert back.added == {"a": "d", "b": None}


def test_a_value_outside_the_new_list_of_values_stays() -> None:
    after = switched(values_of(a="own"), {"a": {"data_type": "string", "value_list": ["x"], "default": "x"}})
    assert after.values.plain == {"a": "own"}


def test_a_field_that_was_left_empty_stays_empty() -> None:
    after = switched(Values({}, {}, frozenset("a")), {"a": {"data_type": "string", "default": "d"}})
    assert (after.values.plain, after.added) == ({}, {})


def test_only_what_may_go_goes() -> None:
    after = switched(values_of(a=1, b=2), {}, droppable={"a"})
    assert (after.values.plain, after.removed) == ({"b": 2}, ("a",))


def test_what_the_platform_adds_stays() -> None:
    values = Values({}, {"_reserved_environment_variables": "<{}>"}, frozenset())
    assert switched(values, {}).values.secret == values.secret


def test_places_in_the_form_are_no_fields() -> None:
    declared = {"a": {"data_type": "string"}, "gap": {"data_type": "ph", "required": True}, "odd": 7}
    assert list(config.declared(declared)) == ["a"]
    assert config.declared(None) == {}


def test_a_union_hides_what_one_app_hides() -> None:
    several = [
        {"a": {"data_type": "numeric", "default": 1}},
        {"a": {"data_type": "password", "required": True, "default": 2}, "b": {"data_type": "string"}},
    ]
    union = config.union(several)
    assert union["a"] == {"data_type": "password", "default": 1}
    assert list(union) == ["a", "b"]


def test_several_apps_need_what_the_easiest_of_them_needs() -> None:
    text = {"data_type": "string", "required": True}
    several = [{"a": text, "b": text, "c": text}, {"a": text, "d": text}]
    assert config.needs_of(values_of(), several) == ("a", "d")
    assert config.needs_of(values_of(a=1, b=2), several) == ("c",)
    assert config.needs_of(values_of(a=1, d=2), several) == ()
    assert config.needs_of(values_of(), []) == ()


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("numeric", "7", 7),
        ("numeric", "7.5", 7.5),
        ("boolean", "yes", True),
        ("boolean", "False", False),
        ("string", 7, "7"),
        ("string", True, "true"),
    ],
)
def test_given_values_get_the_type_of_their_field(kind: str, value: object, held: object) -> None:
    assert config.checked({"a": value}, {"a": {"data_type": kind}}, "x") == {"a": held}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ({"data_type": "numeric"}, "x", "takes a number, not 'x'"),
        ({"data_type": "boolean"}, "perhaps", "takes true or false"),
        ({"data_type": "string"}, ["x"], "takes text"),
        ({"data_type": "string", "value_list": ["one", "two"]}, "three", "not in its list of values: one, two"),
    ],
)
def test_values_that_do_not_fit_are_refused(field: dict[str, Any], value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        config.checked({"a": value}, {"a": field}, "x")


def test_a_refused_password_is_not_shown() -> None:
    field = {"data_type": "password", "value_list": ["x"]}
    with pytest.raises(InputError) as caught:
        config.checked({"a": "hush-hush"}, {"a": field}, "x")
    assert "hush-hush" not in str(caught.value)


def test_unknown_fields_are_refused_with_what_may_be_meant() -> None:
    fields = {"server": {"data_type": "string"}}
    with pytest.raises(InputError, match="did you mean 'server'") as caught:
        config.edit(_EMPTY, fields, {"servr": 1}, ["other"], encrypt=encrypt, where="x")
    assert "unknown configuration 'other'" in str(caught.value)


def test_what_is_a_password_no_more_stays_a_secret_until_it_is_set_anew() -> None:
    password, plain = {"a": {"data_type": "password"}}, {"a": {"data_type": "string"}}
    held = config.edit(_EMPTY, password, {"a": "own"}, (), encrypt=encrypt, where="x")
    after = switched(held, plain).values
    assert (after.plain, after.secret) == ({}, {"a": "<own>"})
    assert config.edit(after, plain, {"a": "new"}, (), encrypt=encrypt, where="x").plain == {"a": "new"}
