"""The file of a recording: JSON, so that it can be read, compared and kept under version control.

::

    {"format": "soarkit-recording", "version": 1, "soarkit": "0.1.0",
     "secrets": {"SOARKIT-MASKED-apikey": "apikey"},          placeholder → configuration variable or parameter
     "tokens": ["SOARKIT-MASKED-access_token-1"],             placeholders of credentials found in the exchanges
     "pieces": ["SOARKIT-MASKED-apikey_piece-1"],             placeholders of parts of the secrets; absent when empty
     "exchanges": [{"request": {"method", "url", "headers", "body"},
                    "response": {"status", "reason", "headers", "body"}}]}

A placeholder stands for a list of variables when they had the same value. Header values are a text, or a list where the
name occurs more than once. A body is absent when empty, else one of ``{"json": value}``, ``{"text": [lines with their
ends]}``, ``{"base64": text}``.
"""

from __future__ import annotations

import base64
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from . import vcr_files
from .exchange import Exchange, Headers, Request, Response

FORMAT = "soarkit-recording"
VERSION = 1
_WORDS = (
    f'"format": "{FORMAT}", "version" "soarkit" "secrets" "tokens" "pieces" "exchanges" "request": {{ "method" "url"'
    ' "headers": {} "response" "status" "reason" "body": { "json" "text": [ "base64"'
)
_AGAIN = "record the run again with --record FILE"


@dataclass
class Tape:
    """What a recording's file holds."""

    exchanges: list[Exchange]
    secrets: dict[str, list[str]] = field(default_factory=dict)  #: placeholder → names of the secrets it stands for
    tokens: list[str] = field(default_factory=list)  #: placeholders of credentials found in the exchanges
    pieces: list[str] = field(default_factory=list)  #: placeholders of what stood there of a secret without the rest


def is_word_of_the_file(value: str) -> bool:
    """Whether the value is part of every recording; what is masked everywhere must not be."""
    return value.lower() in _WORDS


def dumps(tape: Tape) -> str:
    """The text of the file."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "soarkit": _soarkit_version(),
        "secrets": {key: names[0] if len(names) == 1 else names for key, names in tape.secrets.items()},
        "tokens": tape.tokens,
        **({"pieces": tape.pieces} if tape.pieces else {}),
        "exchanges": [_exchange_out(exchange) for exchange in tape.exchanges],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def why_not_writable(path: str) -> str | None:
    """Why no recording can be put there, with the next step; None when one can."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        return "it is a folder; name a file in it"
    if not os.path.exists(folder):
        return f"there is no folder {folder}; make it, or name another file"
    if not os.path.isdir(folder):
        return f"{folder} is not a folder; name another file"
    if os.path.lexists(path) and not os.path.isfile(path):
        return "it is not a regular file; name another one"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"there is no right to write in the folder {folder}; allow it, or name another file"
    return None


def write(path: str, text: str) -> None:
    """Put the text in place in one step, readable by its owner only; what stood there stays until then.

    :raises OSError: the folder or the disk does not allow it
    """
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".recording-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def load(path: str) -> Tape:
    """The recording in a file; a cassette that vcrpy wrote will do as well.

    :raises ValueError: there is none, it is damaged, or a newer soarkit wrote it; the text says which
    """
    try:
        with open(path, "rb") as file:
            document = _document(file.read().decode("utf-8"))
    except OSError as error:
        step = "make it with --record FILE" if isinstance(error, FileNotFoundError) else "give a file that can be read"
        raise ValueError(f"the recording {path} cannot be read: {error.strerror or error}; {step}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the recording {path} is damaged: {error}; {_AGAIN}") from None
    is_cassette = vcr_files.is_cassette(document)
    if not is_cassette:
        _check_format(document, path)
    try:
        if is_cassette:
            return Tape(vcr_files.exchanges(document))
        return Tape(
            [_exchange_in(item) for item in document["exchanges"]],
            {str(key): _texts(names) for key, names in document.get("secrets", {}).items()},
            _texts(document.get("tokens", [])),
            _texts(document.get("pieces", [])),
        )
    except KeyError as error:
        raise ValueError(f"the recording {path} is damaged: {error} is missing; {_AGAIN}") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"the recording {path} is damaged: {error}; {_AGAIN}") from None


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        # JSON that is damaged stays an error of JSON: YAML would explain it in stranger words.
        if text.strip()[:1] in ("", "{"):
            raise
        return vcr_files.parse(text)


def _check_format(document: Any, path: str) -> None:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(
            f'{path} is not a soarkit recording (it has no "format": "{FORMAT}"); give a file that --record made, or a '
            "cassette of vcrpy"
        )
    version = document.get("version")
    if version != VERSION:
        raise ValueError(
            f"the recording {path} has format version {version!r}; this soarkit reads version {VERSION}: "
            f"update soarkit, or {_AGAIN}"
        )


def _exchange_out(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "request": {
            "method": request.method,
            "url": request.url,
            "headers": _headers_out(request.headers),
            **_body_out(request.body),
        },
        "response": {
            "status": response.status,
            "reason": response.reason,
            "headers": _headers_out(response.headers),
            **_body_out(response.body),
        },
    }


def _exchange_in(item: dict[str, Any]) -> Exchange:
    request, response = item["request"], item["response"]
    return Exchange(
        Request(
            str(request["method"]),
            str(request["url"]),
            _headers_in(request.get("headers", {})),
            _body_in(request.get("body")),
        ),
        Response(
            int(response["status"]),
            str(response.get("reason", "")),
            _headers_in(response.get("headers", {})),
            _body_in(response.get("body")),
        ),
    )


def _texts(items: Any) -> list[str]:
    return [str(item) for item in (items if isinstance(items, list) else [items])]


def _headers_out(headers: Headers) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in headers:
        if name not in result:
            result[name] = value
        elif isinstance(result[name], list):
            result[name].append(value)
        else:
            result[name] = [result[name], value]
    return result


def _headers_in(headers: dict[str, Any]) -> Headers:
    return [
        (str(name), str(value))
        for name, values in headers.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def _body_out(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return {"body": {"base64": base64.b64encode(body).decode("ascii")}}
    with suppress(ValueError, RecursionError):
        value = json.loads(text)
        # Only where nothing but white space is lost: keys given twice, 1.10 and escaped characters stay as they came.
        if isinstance(value, (dict, list)) and _compact(value) == _without_space(text):
            return {"body": {"json": value}}
    return {"body": {"text": re.findall(r"[^\n]*\n|[^\n]+", text)}}


def _body_in(body: Any) -> bytes:
    if body is None:
        return b""
    if "json" in body:
        return _compact(body["json"]).encode("utf-8")
    if "text" in body:
        return "".join(body["text"]).encode("utf-8")
    return base64.b64decode(body["base64"], validate=True)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _without_space(text: str) -> str:
    """JSON text without the white space between its parts."""
    return re.sub(r'("(?:[^"\\]|\\.)*")|\s+', lambda match: match.group(1) or "", text)


def _soarkit_version() -> str:
    """Read, not imported: the app's interpreter does not have soarkit."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    try:
        with open(os.path.join(package, "__init__.py"), encoding="utf-8") as file:
            found = re.search(r'^__version__ = "([^"]+)"', file.read(), re.MULTILINE)
    except OSError:
        found = None
    return found.group(1) if found else "unknown"
