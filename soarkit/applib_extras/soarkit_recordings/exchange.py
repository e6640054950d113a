"""One HTTP request with its response, as plain data."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

Headers = list[tuple[str, str]]  #: in the order they were sent; a name may occur more than once


@dataclass
class Request:
    """A request as it left the app; ``body`` without its content encoding."""

    method: str
    url: str
    headers: Headers
    body: bytes


@dataclass
class Response:
    """A response as the server gave it; ``body`` without its content encoding."""

    status: int
    reason: str
    headers: Headers
    body: bytes


@dataclass
class Exchange:
    request: Request
    response: Response


def header(headers: Headers, name: str) -> str:
    """The first value of a header, ``""`` when it is not there. Names are compared without case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


def capture_request(request: Any) -> Request:
    """Plain data from vcrpy's request object (its ``method``, ``uri``, ``headers``, ``body``)."""
    headers = [(_text(name), _text(value)) for name, value in request.headers.items()]
    headers.sort(key=lambda item: item[0].lower())
    headers, body = _decoded(headers, _body_bytes(request.body))
    return Request(_text(request.method).upper(), _text(request.uri), headers, body)


def capture_response(response: dict[str, Any]) -> Response:
    """Plain data from vcrpy's response dictionary (``status``, ``headers``, ``body``)."""
    headers = [(_text(name), _text(value)) for name, values in response["headers"].items() for value in values]
    # vcrpy walks a set of names, so their order changes from run to run.
    headers.sort(key=lambda item: item[0].lower())
    headers, body = _decoded(headers, _body_bytes(response["body"].get("string")))
    # The body is kept whole; how it was cut on the way says nothing.
    headers = [item for item in headers if item[0].lower() != "transfer-encoding"]
    status = response["status"]
    return Response(int(status["code"]), _text(status.get("message") or ""), headers, body)


def playable(response: Response) -> dict[str, Any]:
    """The dictionary that vcrpy answers from; a fresh one each time, since vcrpy changes it."""
    headers: dict[str, list[str]] = {}
    for name, value in response.headers:
        is_length = name.lower() == "content-length" and response.body
        headers.setdefault(name, []).append(str(len(response.body)) if is_length else value)
    return {
        "status": {"code": response.status, "message": response.reason},
        "headers": headers,
        "body": {"string": response.body},
    }


def _text(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    if isinstance(value, (list, tuple)):  # http.client's putheader takes several values
        return ", ".join(_text(item) for item in value)
    return str(value)


def _body_bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8")
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    if hasattr(body, "read"):
        return _body_bytes(body.read())
    return _joined(body)


def _joined(chunks: Iterable[Any]) -> bytes:
    parts = list(chunks)
    if parts and isinstance(parts[0], int):
        return bytes(parts)
    return b"".join(_body_bytes(part) for part in parts)


def _decoded(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """Undo the content encoding, so that secrets in the body can be seen.

    :raises ValueError: the encoding is one that cannot be undone here; such a body cannot be checked for secrets
    """
    encodings = [part.strip().lower() for part in header(headers, "content-encoding").split(",") if part.strip()]
    for encoding in reversed(encodings):
        body = _decompress(encoding, body)
    if encodings:
        headers = [item for item in headers if item[0].lower() != "content-encoding"]
    return headers, body


def _decompress(encoding: str, body: bytes) -> bytes:
    decompress = _DECOMPRESSORS.get(encoding)
    if not body or encoding == "identity":
        return body
    if decompress is not None:
        with suppress(ImportError, ValueError, zlib.error):
            return decompress(body)
    # Libraries that undo the encoding themselves hand over readable text and leave the header as it was.
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(
            f"a body with content encoding {encoding!r} cannot be read here, so it may hold secrets "
            "unseen; have the app ask for another with the header 'Accept-Encoding: gzip'"
        ) from None
    return body


def _gzip(body: bytes) -> bytes:
    return zlib.decompress(body, zlib.MAX_WBITS | 16)


def _deflate(body: bytes) -> bytes:
    try:
        return zlib.decompress(body)
    except zlib.error:  # some servers leave the wrapper out
        return zlib.decompress(body, -zlib.MAX_WBITS)


def _brotli(body: bytes) -> bytes:
    try:
        import brotli
    except ImportError:
        import brotlicffi as brotli
    try:
        return bytes(brotli.decompress(body))
    except brotli.error as error:
        raise ValueError(str(error)) from error


def _zstd(body: bytes) -> bytes:
    import zstandard

    try:
        return bytes(zstandard.ZstdDecompressor().decompressobj().decompress(body))
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error


_DECOMPRESSORS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
