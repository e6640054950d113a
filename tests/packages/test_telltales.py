"""Known secrets are found, and masked, wherever they hide in what is to be sent."""

from __future__ import annotations

import base64
import gzip
import io
import tarfile
import zipfile

import pytest

from soarkit.errors import ArchiveError
from soarkit.packages.telltales import masked, masked_tarball, telltales
from soarkit.runtime.redact import Redactor

SECRET = "pl4nted sécret/1"
KNOWN = {"'api_key' of the asset mine": SECRET, "'pin' of the asset mine": "12"}


def tarball(zipped: bool = False, **files: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz" if zipped else "w") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "form",
    [SECRET, "pl4nted%20s%C3%A9cret%2F1", "pl4nted s\\u00e9cret/1", base64.b64encode(SECRET.encode()).decode()],
)
def test_a_secret_is_found_in_every_form(form: str) -> None:
    content = b"\xff\x00" + f"x = {form};".encode()
    ((place, what),) = telltales("manual.md", content, KNOWN)
    assert (place, what) == ("manual.md", "'api_key' of the asset mine")
    assert telltales("manual.md", b"\xff\x00 12 nothing", KNOWN) == []


def test_archives_are_looked_into() -> None:
    inside = SECRET.encode()
    for content in (tarball(a=b"", b=inside), tarball(True, b=inside), zipped(b=inside)):
        assert telltales("x", content, KNOWN) == [("x!/b", "'api_key' of the asset mine")]
    for damaged in (b"PK\x03\x04", b"\x1f\x8b", gzip.compress(b"no tar"), tarball(True, b=b"x" * 9000)[:60]):
        assert telltales("x", damaged, KNOWN) == []


def test_a_tarball_is_masked_and_else_left_alone() -> None:
    redactor = Redactor([SECRET])
    clean = tarball(True, a=b"1", b=b"\xff")
    assert masked_tarball(clean, redactor) == (clean, [])
    made, changed = masked_tarball(tarball(a=b"1", b=b"\xff" + SECRET.encode()), redactor)
    assert changed == ["./b"]
    with tarfile.open(fileobj=io.BytesIO(made)) as tar:
        assert {one.name: tar.extractfile(one).read() for one in tar} == {  # type: ignore[union-attr]
            "./a": b"1",
            "./b": b"\xff********",
        }
    assert masked(b"\xfe plain", redactor) == b"\xfe plain"
    with pytest.raises(ArchiveError, match="cannot be read"):
        masked_tarball(b"no tar", redactor)
