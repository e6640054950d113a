"""The identities that go along with an export: who produced it, and who defined the extension it uses."""

from typing import Any, Dict

AUTHOR = "identity--8d0d7646-b593-4a20-9507-559610e8eea8"
PUBLISHED = "2026-01-01T00:00:00.000Z"  # the times of objects that no library has times for


def organization(ref: str, name: str) -> Dict[str, Any]:
    """An identity known by its name alone, with constant times: one id has one content."""
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": ref,
        "created": PUBLISHED,
        "modified": PUBLISHED,
        "name": name,
        "identity_class": "organization",
    }


def author() -> Dict[str, Any]:
    """The identity that made the extension's definition, which is this project and not who exports."""
    maker = organization(AUTHOR, "soarkit project")
    maker["description"] = "Maker of the STIX exporter whose extension this bundle uses."
    return maker
