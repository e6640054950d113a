"""The marking definitions of the Traffic Light Protocol, which are the same everywhere (reference, section 7)."""

from typing import Any, Dict

from ..tlp import NAMES

_TLP2_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
_TLP1 = (
    "",
    "613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "f88d31f6-486f-44da-b317-01333bde0b82",
    "",  # TLP 1 has no amber+strict
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
)
_TLP2 = (
    "",
    "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "e828b379-4e03-4974-9ac4-e53a884c97c1",
)


def marking_ref(rank: int, version: int) -> str:
    """Id of the marking for a label's rank (1 to 5) in TLP 1 or 2; amber+strict is TLP 2's in both."""
    ids = _TLP1 if version == 1 and _TLP1[rank] else _TLP2
    return f"marking-definition--{ids[rank]}"


def marking(rank: int, version: int) -> Dict[str, Any]:
    """The marking definition itself, as OASIS publishes it."""
    shared = {"type": "marking-definition", "spec_version": "2.1", "id": marking_ref(rank, version)}
    if version == 1 and _TLP1[rank]:
        colour = "white" if rank == 1 else NAMES[rank]
        return {
            **shared,
            "created": "2017-01-20T00:00:00.000Z",
            "name": f"TLP:{colour.upper()}",
            "definition_type": "tlp",
            "definition": {"tlp": colour},
        }
    return {
        **shared,
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{NAMES[rank].upper()}",
        "extensions": {_TLP2_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": NAMES[rank]}},
    }
