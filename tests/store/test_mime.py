"""What kind of file something is."""

from __future__ import annotations

import pytest

from soarkit.store.mime import guess


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.txt", b"%PDF-1.7", "application/pdf"),
        ("invoice.pdf.exe", b"MZ\x90\0", "application/x-dosexec"),
        ("mail.eml", b"Received: x", "message/rfc822"),
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("noname", b"PK\x03\x04", "application/zip"),
        ("noname", b"plain words", "text/plain"),
        ("noname", b"cut " + "ä".encode()[:1], "text/plain"),
        ("noname", b"\xff\xfe\0", "application/octet-stream"),
        ("noname", b"\xe4 in the middle", "application/octet-stream"),
        (".html", b"words", "text/plain"),
        ("http://x/y?z.png", b"words", "image/png"),
        ("empty.pdf", b"", "application/x-empty"),
    ],
)
def test_kinds(name: str, head: bytes, kind: str) -> None:
    assert guess(name, head) == kind
