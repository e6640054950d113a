"""Reading a compressed tarball as a stream whose memory and output are bounded, whatever the archive says."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import IO, Protocol

_CHUNK = 64 * 1024
#: The most one read may ask for, in bytes. ``tarfile`` reads extended headers (long names, attributes) in one piece as
#: large as they claim to be; real ones are a few hundred bytes.
MAX_READ = 256 * 1024
#: What an xz archive may ask for as its dictionary; ``xz -9`` asks for 64 MiB.
_XZ_MEMORY = 160 * 1024**2


class StreamError(Exception):
    """The archive is damaged, or asks for more than it may."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the manners of the others: what it has not consumed, it keeps itself."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Plain:
    """No compression."""

    eof = False
    unused_data = b""

    def __init__(self) -> None:
        self._rest = b""

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        data = self._rest + data
        self._rest = data[max_length:]
        return data[:max_length]


def _decompressor(start: bytes) -> _Decompressor:
    if start.startswith(b"\x1f\x8b"):
        return _Gzip()
    if start.startswith(b"BZh"):
        return bz2.BZ2Decompressor()
    if start.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    return _Plain()


class Stream:
    """The decompressed bytes of a file, forward only; what ``tarfile`` needs of a file object.

    :param file: the archive, at its start
    :param limit: how many bytes it may unpack to
    :param ratio: how many times its packed size it may unpack to
    :param ratio_from: unpacked size from which the ratio counts
    """

    def __init__(self, file: IO[bytes], *, limit: int, ratio: int, ratio_from: int) -> None:
        self._file = file
        self._limit = limit
        self._ratio = ratio
        self._ratio_from = ratio_from
        self._packed = 0
        self._position = 0
        start = file.read(6)
        file.seek(0)
        self._inner = _decompressor(start)
        self._ended = False
        self.last = b""  #: what the last read gave

    def tell(self) -> int:
        """Position in the decompressed bytes."""
        return self._position

    def seek(self, position: int) -> int:
        """Skip forward; to the end where the bytes do not reach so far."""
        if position < self._position:
            raise StreamError("the archive cannot be read in one pass")
        while self._position < position:
            if not self.read(min(_CHUNK, position - self._position)):
                break
        return self._position

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; fewer only at the end.

        :raises StreamError: damage, or a limit is passed
        """
        if size > MAX_READ:
            raise StreamError(f"an extended header claims {size} bytes")
        blocks = []
        wanted = size
        while wanted > 0 and (block := self._more(wanted)):
            blocks.append(block)
            wanted -= len(block)
        self.last = b"".join(blocks)
        return self.last

    def _more(self, size: int) -> bytes:
        block = b""
        data = b""
        while not block and not self._ended:
            try:
                block = self._inner.decompress(data, size)
            except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
                raise StreamError(f"its compressed data is damaged ({error})") from None
            if self._inner.eof:
                self._next_member()
                data = b""
            elif not block:
                data = self._file.read(_CHUNK)
                self._packed += len(data)
                if not data:
                    if not isinstance(self._inner, _Plain):
                        raise StreamError("it ends in the middle")
                    self._ended = True
        self._position += len(block)
        if self._position > self._limit:
            raise StreamError(f"it unpacks to more than {self._limit >> 20} MiB")
        if self._position > self._ratio_from and self._position > self._ratio * self._packed:
            raise StreamError(f"it unpacks to more than {self._ratio} times its size")
        return block

    def _next_member(self) -> None:
        """Go on with what follows one compressed member: another one, or padding, which is ignored."""
        rest = self._inner.unused_data
        while not rest.strip(b"\0"):
            rest = self._file.read(_CHUNK)
            self._packed += len(rest)
            if not rest:
                self._ended = True
                return
        start = self._file.tell() - len(rest.lstrip(b"\0"))
        self._packed -= len(rest.lstrip(b"\0"))
        self._file.seek(start)
        self._inner = _decompressor(self._file.read(6))
        self._file.seek(start)
        if isinstance(self._inner, _Plain):
            raise StreamError("something else follows its compressed data")
