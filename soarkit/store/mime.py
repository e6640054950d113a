"""What kind of file something is: by how it begins, else by its name."""

from __future__ import annotations

import mimetypes

#: Beginnings that leave no doubt. Of a container format the name says more, as with office documents in ZIP.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"MZ", "application/x-dosexec"),
    (b"\x7fELF", "application/x-executable"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xd4\xc3\xb2\xa1", "application/vnd.tcpdump.pcap"),
    (b"\xa1\xb2\xc3\xd4", "application/vnd.tcpdump.pcap"),
    (b"\x0a\x0d\x0d\x0a", "application/x-pcapng"),
    (b"Rar!\x1a\x07", "application/x-rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_VAGUE: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "text/rtf"),
    (b"<?xml", "text/xml"),
    (b"<!DOCTYPE html", "text/html"),
    (b"<html", "text/html"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Endings that Python's own table lacks in some of its versions.
_ENDINGS = {
    ".eml": "message/rfc822",
    ".msg": "application/vnd.ms-outlook",
    ".gz": "application/gzip",
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
}


def guess(name: str, head: bytes) -> str:
    """The MIME type of a file.

    :param head: how its contents begin, some hundred bytes or more
    """
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if not head:
        return "application/x-empty"
    by_beginning = next((kind for beginning, kind in _VAGUE if head.startswith(beginning)), None)
    return _by_name(name) or by_beginning or ("text/plain" if _is_text(head) else "application/octet-stream")


def _by_name(name: str) -> str | None:
    dot = name.rfind(".")
    ending = name[dot:].lower() if dot > 0 else ""
    # Not guess_type(name): that takes names for URLs.
    return _ENDINGS.get(ending) or mimetypes.types_map.get(ending)


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and error.reason == "unexpected end of data"  # a character cut in two
    return True
