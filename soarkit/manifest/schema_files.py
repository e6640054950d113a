"""Where the published JSON Schemas are read from: one place for a source checkout and for an installed
wheel."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Any

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@cache
def schema_text(name: str) -> str:
    """The text of ``schemas/<name>.schema.json``.

    :param name: ``app``, ``metadata`` or ``envelope``
    :raises FileNotFoundError: there is no such schema, or the installation is damaged
    """
    # The wheel has them inside the package, a checkout beside it.
    for folder in (_PACKAGE, os.path.dirname(_PACKAGE)):
        path = os.path.join(folder, "schemas", f"{name}.schema.json")
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise FileNotFoundError(f"soarkit's schema {name!r} is not installed")


def read_schema(name: str) -> dict[str, Any]:
    """The schema as a dictionary of the caller's own; see :func:`schema_text`."""
    schema: dict[str, Any] = json.loads(schema_text(name))
    return schema
