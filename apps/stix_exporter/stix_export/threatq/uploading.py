"""The finished file in ThreatQ: uploaded, made an attachment, related to the object (reference 1, 3.1)."""

import os
import uuid
from typing import Any, Dict, NamedTuple, Optional

from ..errors import ExportError
from ..library import Key, identity_of
from .client import Client

FILE_TYPE = "STIX"
_CHUNK = 16 * 1024 * 1024  # bytes


class Uploaded(NamedTuple):
    """The attachment as ThreatQ knows it. :ivar url: of its page"""

    id: int
    url: str


def upload(client: Client, path: str, name: str, root: Key, title: Optional[str] = None) -> Uploaded:
    """Put a file into ThreatQ and relate it to an object. The file is kept as it is, nothing of it is imported.

    :param path: of the finished file
    :param name: of the file in ThreatQ
    :param root: the object it belongs to
    :param title: shown in ThreatQ; None takes the name
    :raises ExportError: one of the steps failed; the text says what is in ThreatQ by then
    """
    _send(client, path, name)
    wanted = {"name": name, "title": title or name, "type": FILE_TYPE, "malware_locked": 0, "sources": []}
    number = _id(client.post("attachments", json=wanted))
    server = client.settings.base_url
    if number is None:
        raise ExportError(
            f"ThreatQ at {server} took the file {name} but did not say under which id; look for it among its files."
        )
    try:
        client.post(f"{root[0]}/{root[1]}/attachments", json=[{"id": number}])
    except ExportError as error:
        raise ExportError(
            f"The file {name} is in ThreatQ as file {number}, but is not related to the object {root[1]} of "
            f"{root[0]}: {error}"
        ) from None
    return Uploaded(number, f"{server}/files/{number}/details")


def _send(client: Client, path: str, name: str) -> None:
    """The file's content, in as many parts as it takes; the fields are those of resumable.js."""
    size = os.path.getsize(path)
    parts = max(1, -(-size // _CHUNK))
    identifier = f"{uuid.uuid4().hex}-{name.replace('.', '')}"  # of this upload only: parts of two must not mix
    with open(path, "rb") as file:
        for part in range(1, parts + 1):
            content = file.read(_CHUNK)
            form: Dict[str, Any] = {
                "resumableChunkNumber": part,
                "resumableChunkSize": _CHUNK,
                "resumableCurrentChunkSize": len(content),
                "resumableTotalSize": size,
                "resumableType": "application/json",
                "resumableIdentifier": identifier,
                "resumableFilename": name,
                "resumableRelativePath": name,
                "resumableTotalChunks": parts,
            }
            client.post("attachments/upload", form=form, files={"file": ("blob", content, "application/octet-stream")})


def _id(answer: Dict[str, Any]) -> Optional[int]:
    data = answer.get("data")
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    return identity_of(data.get("id")) if isinstance(data, dict) else None
