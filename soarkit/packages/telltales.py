"""Finding and masking known secrets in files that are about to be sent to somebody: archives are looked into."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping

from soarkit.errors import ArchiveError
from soarkit.runtime.redact import Redactor

_LARGEST = 50 * 1024 * 1024  # bytes of one file that are looked at


def telltales(name: str, content: bytes, secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where known secrets stand in a file.

    Tarballs and zip files (office documents too) are looked into; compressed streams of PDF files are not.

    :param name: the file's name, for the places that are given
    :param secrets: what a secret is called → its value; values of fewer than four characters are not looked for
    :returns: place and what stands there, each once; never a value
    """
    searched = {what: Redactor([value]) for what, value in secrets.items()}
    found: dict[tuple[str, str], None] = {}
    inside = [(f"{name}!/{inner}", inner.encode() + b"\n" + data) for inner, data in _members(content)]
    for place, part in inside or [(name, content)]:
        text = _text(part)
        for what, redactor in searched.items():
            if redactor.text(text) != text:
                found[place, what] = None
    return list(found)


def masked(content: bytes, redactor: Redactor) -> bytes:
    """A file's content with every secret replaced; untouched where it holds none."""
    text = _text(content)
    replaced = redactor.text(text)
    return content if replaced == text else replaced.encode("utf-8", "surrogateescape")


def masked_tarball(content: bytes, redactor: Redactor) -> tuple[bytes, list[str]]:
    """A tarball with every secret in its files replaced.

    :returns: the tarball, byte by byte the same where nothing was replaced; and the files in which something was
    :raises ArchiveError: it cannot be read
    """
    changed: list[str] = []
    buffer = io.BytesIO()
    try:
        with (
            tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as given,
            tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as made,
        ):
            for member in given:
                file = given.extractfile(member) if member.isreg() else None
                data = b"" if file is None else file.read(_LARGEST)
                clean = masked(data, redactor)
                name = redactor.text(member.name)
                if clean != data or name != member.name:
                    changed.append(name)
                    member.name, member.size = name, len(clean)
                made.addfile(member, io.BytesIO(clean) if member.isreg() else None)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ArchiveError(f"the archive cannot be read: {error}") from None
    if not changed:
        return content, []
    return gzip.compress(buffer.getvalue(), mtime=0), changed


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files in an archive; nothing where it is none, or damaged."""
    if content.startswith(b"PK\x03\x04"):
        yield from _zip_members(content)
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as packed:
            for member in packed:
                file = packed.extractfile(member) if member.isreg() and member.size <= _LARGEST else None
                if file is not None:
                    yield member.name.removeprefix("./"), file.read()
    except (tarfile.TarError, OSError, EOFError):
        return


def _zip_members(content: bytes) -> Iterable[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return [(one.filename, packed.read(one)) for one in packed.infolist() if 0 < one.file_size <= _LARGEST]
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return []
