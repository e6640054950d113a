"""The rules for configuration values and action parameters, on both sides (connector API 2.5, step 7, and 2.6).

Everything works on plain dicts: ``values`` as they were given, ``declared`` as the app JSON declares them (its
``configuration``, or an action's ``parameters``). Declarations that are not objects are ignored.
"""

from __future__ import annotations

import re

from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

#: Data types whose values are text.
_TEXT_TYPES = frozenset(("string", "password", "file", "timezone"))
#: A number's text longer than this is not a number anybody meant, and Python refuses to parse the longest.
_LONGEST_NUMBER = 400
_BOOLEANS = {"true": True, "false": False}


class Problem:
    """A finding about one value.

    :param name: the field's name
    :param message: what continues the name: "takes a number, not 'x'"; never with the value of a password
    """

    __slots__ = ("message", "name")

    def __init__(self, name: str, message: str) -> None:
        self.name = name
        self.message = message

    def __repr__(self) -> str:
        return f"Problem({self.name!r}, {self.message!r})"


def _fields(declared: object) -> Iterator[Tuple[str, Mapping[str, Any]]]:
    """The declared fields; ``ph`` ones only leave a gap in a form."""
    if isinstance(declared, dict):
        for name, field in declared.items():
            if isinstance(field, dict) and field.get("data_type") != "ph":
                yield name, field


def fill_defaults(values: Mapping[str, Any], declared: object) -> Dict[str, Any]:
    """A new dict: the values, and the declared default of each absent key that has one."""
    filled = dict(values)
    for name, field in _fields(declared):
        if name not in filled and "default" in field:
            filled[name] = field["default"]
    return filled


def missing_required(values: Mapping[str, Any], declared: object) -> List[str]:
    """Names of required fields that are absent, null, or empty text where a text is wanted."""
    missing = []
    for name, field in _fields(declared):
        if not _is_true(field.get("required")):
            continue
        value = values.get(name)
        if value is None or (value == "" and field.get("data_type") not in ("boolean", "numeric")):
            missing.append(name)
    return missing


def coerce(values: Mapping[str, Any], declared: object) -> Tuple[Dict[str, Any], List[Problem]]:
    """Convert values to their declared types, leniently.

    Text of a number becomes an int or a float, "true" and "false" (any case) a bool, and a number or bool where a
    text is declared its text, with bools as ``true`` and ``false``, the way JSON and the command line spell them.
    What does not convert stays as it is and is the app's business, except that ``numeric`` must be a finite number
    (an empty optional one is let through). Keys that are not declared are left alone.

    :return: a new dict, and the problems found
    """
    coerced = dict(values)
    problems = []
    for name, field in _fields(declared):
        value = coerced.get(name)
        if value is None:
            continue
        data_type = field.get("data_type")
        if data_type == "numeric":
            number = _number(value)
            if number is not None:
                coerced[name] = number
            elif value != "" or _is_true(field.get("required")):
                problems.append(Problem(name, f"takes a number, not {_quoted(value)}"))
        elif data_type == "boolean" and isinstance(value, str):
            coerced[name] = _BOOLEANS.get(value.strip().lower(), value)
        elif data_type in _TEXT_TYPES:
            coerced[name] = _text(value)
    return coerced, problems


def not_listed(values: Mapping[str, Any], declared: object) -> List[Problem]:
    """Values outside their ``value_list``. Only ever worth a warning: playbooks may pass any value."""
    problems = []
    for name, field in _fields(declared):
        allowed = field.get("value_list")
        value = values.get(name)
        if not isinstance(allowed, list) or not allowed or value is None or value == "":
            continue
        texts = [text_of(_text(one)) for one in allowed]
        for item in _items(value, field):
            if text_of(_text(item)) not in texts:
                shown = "the value given" if field.get("data_type") == "password" else _quoted(item)
                problems.append(Problem(name, f"{shown} is not in its list of values: {', '.join(texts)}"))
                break
    return problems


def check_contains(
    values: Mapping[str, Any], declared: object, validators: Mapping[str, Optional[Callable[[Any], object]]]
) -> List[Problem]:
    """Text values that none of the validators of their ``contains`` types accepts.

    One accepting validator is enough; types without a validator do not count, and a field all of whose types are
    without is not checked. With ``allow_list`` every non-blank item of the comma-separated text must pass; without,
    the validator sees the whole text. A validator that raises has not accepted.
    """
    problems = []
    for name, field in _fields(declared):
        value = values.get(name)
        if field.get("data_type", "string") != "string" or not isinstance(value, str) or not value:
            continue
        contains = field.get("contains")
        types = [one for one in contains if isinstance(one, str)] if isinstance(contains, list) else []
        known = [validator for validator in map(validators.get, types) if validator is not None]
        if not known:
            continue
        for item in _items(value, field):
            if not any(_accepts(validator, item) for validator in known):
                problems.append(Problem(name, f"{_quoted(item)} is not of the type {' or '.join(types)}"))
                break
    return problems


def validation_message(problems: Iterable[Problem]) -> str:
    """*Parameter 'x' failed validation*, the form that apps imitate, with the reason."""
    return ". ".join(f"Parameter '{one.name}' failed validation: {one.message}" for one in problems)


def _items(value: Any, field: Mapping[str, Any]) -> List[Any]:
    if isinstance(value, str) and _is_true(field.get("allow_list")):
        return [item.strip() for item in value.split(",") if item.strip()]
    return [value]


def _accepts(validator: Callable[[Any], object], value: str) -> bool:
    try:
        return bool(validator(value))
    except Exception as error:
        from soarkit_app import session

        session.log("error", f"a validator failed on {_quoted(value)}: {type(error).__name__}: {error}")
        return False


def _number(value: Any) -> Optional[float]:
    """The value as an int or a finite float; None when it is no number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        text = value.strip()
        if len(text) > _LONGEST_NUMBER:
            return None
        if re.fullmatch(r"[+-]?[0-9]+", text):
            return int(text)
        if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", text, re.IGNORECASE):
            return None
        value = float(text)
    # NaN and the infinities differ from themselves by more than nothing.
    return value if isinstance(value, float) and value - value == 0.0 else None


def _text(value: Any) -> Any:
    if value is True or value is False:
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _is_true(flag: object) -> bool:
    return flag is True or (isinstance(flag, str) and flag.strip().lower() == "true")


def _quoted(value: Any) -> str:
    """The value in a message: text in quotes, and the rest in JSON's spelling, which is what people wrote it in."""
    if value is None or isinstance(value, (bool, list, dict)):
        from soarkit_app import jsonsafe

        text = jsonsafe.dumps(value)
    else:
        text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
