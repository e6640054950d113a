"""Cassettes that vcrpy itself wrote, for replay: many projects have some already."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from .exchange import Exchange, capture_request, capture_response

#: The version that vcrpy has written since 2015.
VERSION = 1


def parse(text: str) -> Any:
    """The document in YAML or JSON text. :raises ValueError: it is neither"""
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None


def is_cassette(document: Any) -> bool:
    """Whether a document has the shape of a vcrpy cassette."""
    return isinstance(document, dict) and isinstance(document.get("interactions"), list)


def exchanges(document: dict[str, Any]) -> list[Exchange]:
    """The exchanges of a cassette.

    :raises ValueError: another version, or parts are missing
    """
    if document.get("version", VERSION) != VERSION:
        raise ValueError(f"its cassette version is {document['version']!r}; version {VERSION} can be read")
    return [_exchange(item) for item in document["interactions"]]


def _exchange(item: dict[str, Any]) -> Exchange:
    request, response = item["request"], item["response"]
    sent = SimpleNamespace(
        method=request["method"],
        uri=request["uri"],
        headers=request.get("headers") or {},
        body=request.get("body"),
    )
    return Exchange(capture_request(sent), capture_response({**response, "headers": _lists(response.get("headers"))}))


def _lists(headers: Any) -> dict[str, list[Any]]:
    """Response headers as vcrpy has them: each name with a list. Cassettes edited by hand often have plain values."""
    return {name: value if isinstance(value, list) else [value] for name, value in (headers or {}).items()}
