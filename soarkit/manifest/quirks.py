"""What published apps do that the guide does not list, and what is made of it.

The one table of it: the schema lets these keys and values through (a contract test compares the two),
and the checks give a warning where ``warn`` says so. ``manifests`` counts how many of the 200 public
manifests that the project tests with need the entry; 0 stands for what only other apps, or apps made
with the SDK, do.
"""

from __future__ import annotations

from typing import NamedTuple


class Quirk(NamedTuple):
    """One deviation that is tolerated.

    Fields: ``place``, a definition of the schema (``app`` for the top level) or one of its properties;
    ``what``, the key or value; ``manifests``, how many need it; ``warn``, whether it is worth a
    warning.
    """

    place: str
    what: str
    manifests: int
    warn: bool = False


KEYS = (
    Quirk("app", "pip39_dependencies", 101),
    Quirk("app", "pip313_dependencies", 82),
    Quirk("app", "requires-python", 0),
    Quirk("app", "packaged_by", 0),
    Quirk("app", "supports_es_polling", 0),
    Quirk("app", "fips_compliant", 124),
    Quirk("app", "latest_tested_versions", 99),
    Quirk("app", "latest_tested_version", 8),
    Quirk("app", "contributors", 36),
    Quirk("app", "utctime_updated", 199),
    Quirk("app", "require_auth_token", 2),
    Quirk("app", "uber_view", 2),
    Quirk("app", "webhook", 2),
    Quirk("app", "app_config", 2),
    Quirk("app", "app_config_render", 3),
    Quirk("app", "app_wizard_version", 122),
    Quirk("app", "appname", 2),
    Quirk("app", "copied_from_id", 1),
    Quirk("app", "copied_from_version", 1),
    Quirk("app", "custom_made", 1),
    Quirk("app", "directory", 1),
    Quirk("app", "disabled", 2),
    Quirk("app", "executable", 2),
    Quirk("app", "test_metadata", 2),
    Quirk("app", "verbose", 1),
    Quirk("app", "version", 2),
    Quirk("configuration_variable", "visibility", 6),
    Quirk("configuration_variable", "id", 5),
    Quirk("configuration_variable", "name", 6),
    Quirk("configuration_variable", "optional", 1),
    Quirk("configuration_variable", "value", 2),
    Quirk("configuration_variable", "verbose", 3),
    Quirk("parameter", "descriptionError", 1),
    Quirk("parameter", "example_values", 1),
    Quirk("parameter", "id", 3),
    Quirk("parameter", "key", 1),
    Quirk("parameter", "name", 11),
    Quirk("parameter", "param_name", 3),
    Quirk("parameter", "value", 5),
    Quirk("parameter", "verbose", 8),
    Quirk("lock", "concurrency", 2),
    Quirk("output_field", "description", 1),
    Quirk("wheel_requirement", "input_file_aarch64", 0),
)

VALUES = (
    Quirk("configuration_variable.data_type", "file", 1),
    Quirk("configuration_variable.data_type", "timezone", 1),
    Quirk("configuration_variable.data_type", "python_script", 0),
    Quirk("configuration_variable.data_type", "ph", 17),  # the guide has it, in a section of its own
    Quirk("parameter.data_type", "ph", 16),
    Quirk("parameter.data_type", "file", 0),
    Quirk("parameter.data_type", "timezone", 0),
    Quirk("action.type", "ingest", 44),
    Quirk("output_field.data_type", "ph", 11, warn=True),
    Quirk("output_field.data_type", "array", 1, warn=True),
    Quirk("output_field.data_type", "object", 1, warn=True),
    Quirk("render.type", "map", 3),
)

SHAPES = (
    Quirk("app.main_module", "names .pyc where .py is shipped", 32),
    Quirk("app.main_module", "names module and object, as the SDK does", 0),
    Quirk("app.appid", "in capitals", 5),
    Quirk("app.python_version", "a list of versions", 87),
    Quirk("app.python_version", "only Python 2", 5, warn=True),
    Quirk("app.python_version", "a number, or a JSON list", 0, warn=True),
    Quirk("app.python_version", "missing", 32, warn=True),
    Quirk("configuration_variable.description", "missing from a place holder", 15, warn=True),
    Quirk("parameter.description", "missing from a place holder", 13, warn=True),
    Quirk("value_list", "empty", 7),
    Quirk("value_list", "holds numbers", 2),
    Quirk("action.render", "missing from a test or ingest action, which shows nothing", 196),
    Quirk("action.render", "missing from any other action", 4, warn=True),
    Quirk("render.type", "missing", 4, warn=True),
    Quirk("render.title", "missing", 119, warn=True),
    Quirk("render.width", "missing", 128, warn=True),
    Quirk("render.height", "missing", 128, warn=True),
    Quirk("render.width", "outside 1 to 6", 107, warn=True),
    Quirk("output_field.column_order", "a number written as text", 4, warn=True),
    Quirk("wheel_requirement.input_file", "not a wheel", 2, warn=True),
)


def warned_values(place: str) -> frozenset[str]:
    """Values at one place that are let through with a warning."""
    return frozenset(quirk.what for quirk in VALUES if quirk.place == place and quirk.warn)
