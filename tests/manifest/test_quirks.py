"""The quirks table, the schema and the published apps agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs

from soarkit.manifest.quirks import KEYS, VALUES
from soarkit.manifest.schema_files import read_schema

GUIDE = {
    "app": "appid name description type main_module app_version pip_dependencies pip3_dependencies min_phantom_version "
    "product_vendor product_name product_version_regex publisher package_name license consolidate_widgets "
    "configuration url logo logo_dark actions rest_handler python_version",
    "configuration_variable": "data_type description required value_list default order",
    "action": "action identifier description verbose type read_only undo versions parameters lock render output",
    "parameter": "description data_type contains required primary value_list default order allow_list",
    "lock": "enabled data_path timeout",
    "render": "type width height view title menu_name",
    "output_field": "data_path data_type contains column_name column_order example_values map_info",
    "dependencies": "pypi wheel",
    "pypi_requirement": "module",
    "wheel_requirement": "module input_file",
}
GUIDE_VALUES = {
    "configuration_variable.data_type": "string password numeric boolean",
    "parameter.data_type": "string password numeric boolean",
    "output_field.data_type": "string password numeric boolean",
    "action.type": "contain correct generic investigate test",
}


def definition(name: str) -> dict[str, Any]:
    schema = read_schema("app")
    part: dict[str, Any] = schema if name == "app" else schema["$defs"][name]
    return part


def test_schemas_are_sound() -> None:
    for name in ("app", "envelope"):
        jsonschema_rs.meta.validate(read_schema(name))


def test_the_schema_knows_the_keys_of_the_guide_and_of_the_table() -> None:
    for place, keys in GUIDE.items():
        extra = {quirk.what for quirk in KEYS if quirk.place == place}
        assert set(definition(place)["properties"]) == set(keys.split()) | extra, place


def test_every_key_is_described() -> None:
    for place in GUIDE:
        for key, part in definition(place)["properties"].items():
            named = part.get("$ref", "").rpartition("/")[2]
            assert part.get("description") or definition(named).get("description"), (place, key)


def test_the_schema_lets_the_values_of_the_guide_and_of_the_table_through() -> None:
    for place, values in GUIDE_VALUES.items():
        name, key = place.split(".")
        extra = {quirk.what for quirk in VALUES if quirk.place == place}
        assert set(definition(name)["properties"][key]["enum"]) == set(values.split()) | extra, place


def test_the_table_counts_what_published_apps_do(public_manifests: list[Path]) -> None:
    counted: dict[tuple[str, str], int] = {}
    for path in public_manifests:
        for seen in _seen(json.loads(path.read_text())):
            counted[seen] = counted.get(seen, 0) + 1
    for quirk in (*KEYS, *VALUES):
        assert counted.get((quirk.place, quirk.what), 0) == quirk.manifests, quirk


def _seen(raw: dict[str, Any]) -> set[tuple[str, str]]:
    parts = [("app", raw), *(("configuration_variable", item) for item in raw["configuration"].values())]
    for action in raw["actions"]:
        parts.append(("action", action))
        parts += [("parameter", item) for item in action["parameters"].values()]
        parts += [("output_field", item) for item in action["output"]]
        parts += [(key, action[key]) for key in ("lock", "render") if key in action]
    seen = {(place, key) for place, part in parts for key in part}
    return seen | {
        (f"{place}.{key}", part[key])
        for place, part in parts
        for key in ("data_type", "type")
        if isinstance(part.get(key), str)
    }
