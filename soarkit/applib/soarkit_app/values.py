"""Small functions over texts and dicts that ``phantom.utils`` offers to apps (connector API, section 5)."""

from __future__ import annotations

from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping


def get_list_from_string(text: Any, drop_blanks: bool = True, remove_duplicates: bool = True) -> List[str]:
    """Split a comma-separated text into stripped items, in order."""
    items = [item.strip() for item in text_of(text).split(",")]
    if drop_blanks:
        items = [item for item in items if item]
    return list(dict.fromkeys(items)) if remove_duplicates else items


def get_value(in_dict: Mapping[str, Any], in_key: str, def_val: Any = None, strip_it: bool = True) -> Any:
    """The value of a key, a text stripped; ``def_val`` when the key is absent."""
    value = in_dict.get(in_key, def_val)
    return value.strip() if strip_it and isinstance(value, str) else value


def get_str_val(in_dict: Mapping[str, Any], in_key: str, def_val: Any = None, strip_it: bool = True) -> Any:
    """As :func:`get_value`, but a value that is present is always text."""
    if in_dict.get(in_key) is None:
        return def_val
    text = text_of(in_dict[in_key])
    return text.strip() if strip_it else text


def get_req_value(in_dict: Mapping[str, Any], in_key: str, strip_it: bool = True) -> str:
    """The text of a key that must be there. :raises ValueError: it is absent or blank"""
    text = text_of(in_dict.get(in_key))
    if not text.strip():
        raise ValueError(f"the required value '{in_key}' is absent or blank")
    return text.strip() if strip_it else text


def get_random_chars(size: int = 6, chars: str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") -> str:
    """A text of ``size`` random characters."""
    import secrets

    return "".join(secrets.choice(chars) for _ in range(size))


def remove_none_values(in_dict: Mapping[str, Any]) -> Dict[str, Any]:
    """A new dict without the keys whose value is None."""
    return {key: value for key, value in in_dict.items() if value is not None}


def get_cef_data(input_dict: Mapping[str, Any], map_dict: Mapping[str, str]) -> Dict[str, Any]:
    """A new dict with the names of ``map_dict`` (CEF name → key in ``input_dict``), for the keys that are there."""
    return {cef: input_dict[key] for cef, key in map_dict.items() if key in input_dict}


def extract_data_paths(json_object_list: Any, paths: List[str]) -> List[List[Any]]:
    """One row for each object, with the value of each dotted path, None where there is none."""
    objects = json_object_list if isinstance(json_object_list, list) else [json_object_list]
    return [[_value_at(one, path) for path in paths] for one in objects]


def _value_at(value: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
