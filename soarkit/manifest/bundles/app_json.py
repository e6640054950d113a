"""An enrichment bundle as an app: the app JSON that its metadata amounts to.

Each transform becomes an action that takes a value, and optionally further fields of the observable. So all that works
with apps works with bundles.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from soarkit.manifest.bundles.entity_types import BY_CONSTANT
from soarkit.manifest.bundles.metadata import Credential, Metadata, Transform, from_document
from soarkit.manifest.keys import ENRICHMENT
from soarkit.manifest.loader import build
from soarkit.manifest.model import App
from soarkit.manifest.source import METADATA, AppSource

VALUE = "value"  #: the parameter that holds the observable
FIELDS = "fields"  #: the parameter that holds further fields of it

_NAMESPACE = b"\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"  # of names in the DNS, RFC 4122


def app_of(metadata: Metadata, folder: str) -> App:
    """The app that a bundle is.

    :param folder: where it lies
    """
    folder = os.path.abspath(folder)
    return build(app_json(metadata), AppSource(folder, os.path.join(folder, METADATA)))


def app_json(metadata: Metadata) -> dict[str, Any]:
    """The app JSON of a bundle; the metadata itself is under ``enrichment``.

    The product is named by ``app_name``, which is what tells bundles apart: a beta version, and a connector for the
    same product, have their own credentials.
    """
    company = metadata.app_name.split(".")[1]
    return {
        "appid": app_id(metadata.app_name),
        "name": metadata.title,
        "description": metadata.description,
        "publisher": metadata.author or company,
        "type": "information",
        "main_module": METADATA,
        "app_version": metadata.version,
        "product_vendor": metadata.author or company,
        "product_name": metadata.app_name,
        "product_version_regex": ".*",
        "license": metadata.license,
        "logo": metadata.icon_thumbnail,
        "python_version": "3",
        "configuration": {one.name: _variable(one, order) for order, one in enumerate(metadata.credentials)},
        "actions": [_action(one) for one in metadata.transforms],
        ENRICHMENT: metadata.raw,
    }


def app_id(app_name: str) -> str:
    """The id of the app that a bundle is: a UUID of version 5 made of its ``app_name``, so that versions share it."""
    try:
        sha1 = import_module("_sha1").sha1  # the time that hashlib takes to start counts in every run
    except ImportError:
        sha1 = import_module("hashlib").sha1
    digest = bytearray(sha1(_NAMESPACE + app_name.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def identifier(transform: Transform) -> str:
    """What tells a transform from all others of its bundle: its name and the kind of value it is for."""
    return f"{transform.name} {BY_CONSTANT[transform.entity_type].short}"


def transform_of(app: App, index: int) -> Transform:
    """The transform that an action of a bundle stands for.

    :param index: the action's position in the app
    """
    return from_document(app.raw[ENRICHMENT], app.manifest_path).transforms[index]


def _variable(credential: Credential, order: int) -> dict[str, Any]:
    label, description = credential.label, credential.description
    return {
        "data_type": "password" if credential.sensitive else "string",
        "description": f"{label}: {description}" if description and description != label else label,
        "required": credential.required,
        "order": order,
    }


def _action(transform: Transform) -> dict[str, Any]:
    entity_type = BY_CONSTANT[transform.entity_type]
    list_name = "entities" if transform.pivoting else "widgets"
    return {
        "action": transform.name,
        "identifier": identifier(transform),
        "description": transform.description or transform.display_name,
        "type": "test" if transform.surface == "activation" else "investigate",
        "read_only": True,
        "versions": "EQ(*)",
        "lock": {"enabled": False},
        "parameters": {
            VALUE: {
                "data_type": "string",
                "description": f"The {entity_type.display} to ask about",
                "required": True,
                "primary": True,
                "contains": list(entity_type.contains),
                "order": 0,
            },
            FIELDS: {
                "data_type": "string",
                "description": "Further fields of it: a JSON object, or name=value#name=value",
                "required": False,
                "order": 1,
            },
        },
        "output": [
            _output("status", "string"),
            _output("message", "string"),
            _output(f"parameter.{VALUE}", "string", contains=list(entity_type.contains)),
            _output(f"parameter.{FIELDS}", "string"),
            _output(f"summary.total_{list_name}", "numeric"),
            *(_output(f"data.*.{path}", "string") for path in _paths(transform)),
            _output("data.*.exceptions.*", "string"),
            _output("data.*.messages.*.messageType", "string"),
            _output("data.*.messages.*.messageText", "string"),
        ],
        "render": {"type": "json", "title": transform.display_name},
    }


def _paths(transform: Transform) -> list[str]:
    """Where a transform's output document has what people look for (reference, section 2.2)."""
    if transform.pivoting:
        return ["entities.*.entityType", "entities.*.entityValue", "entities.*.additionalFields"]
    return ["widgets.*.widgetType", "widgets.*.item.itemValue", "widgets.*.rows"]


def _output(path: str, data_type: str, **more: Any) -> dict[str, Any]:
    whole = path if path.startswith("summary.") else f"action_result.{path}"
    return {"data_path": whole.replace("summary.", "action_result.summary."), "data_type": data_type, **more}
