"""Files, their hashes and what they hold (reference, 4.3)."""

import re
from typing import Callable

from .escape import quoted, regex_of_bytes, regex_of_text
from .result import Pattern, Unfit

_HEX = re.compile("[0-9a-f]+")
# At most 128 characters in all: the pattern checker refuses longer ones.
_SSDEEP = re.compile(r"(?=.{1,128}\Z)[0-9]+:[A-Za-z0-9/+]+:[A-Za-z0-9/+]+")
_TLSH = re.compile("(?:T1)?([0-9A-F]{70})")
_BYTE_STRING = re.compile(r"(?:(?:\\x|0x)?[0-9a-f]{2}[ ,]?)+", re.I)

# The hash vocabulary of STIX 2.1 lacks this one, so that an observable may not hold it.
_WITHOUT_OBSERVABLE = {"SHA-384"}


def hash_of(algorithm: str, digits: int) -> Callable[[str], Pattern]:
    """What makes the pattern of a hash of `digits` hexadecimal digits, under the name that the standard gives it."""

    def hash_pattern(value: str) -> Pattern:
        text = value.strip().lower()
        if len(text) != digits or not _HEX.fullmatch(text):
            raise Unfit(f"not {digits} hexadecimal digits")
        pattern = f"[file:hashes.'{algorithm}' = '{text}']"
        if algorithm in _WITHOUT_OBSERVABLE:
            return Pattern(pattern)
        return Pattern(pattern, ("file", {"hashes": {algorithm: text}}))

    return hash_pattern


def fuzzy_hash(value: str) -> Pattern:
    """A fuzzy hash, ssdeep (`n:text:text`) or TLSH (70 hexadecimal digits, with or without T1 before them)."""
    text = value.strip()
    if _SSDEEP.fullmatch(text):
        return Pattern(f"[file:hashes.SSDEEP = '{text}']", ("file", {"hashes": {"SSDEEP": text}}))
    found = _TLSH.fullmatch(text.upper())
    if not found:
        raise Unfit("neither an ssdeep nor a TLSH hash")
    return Pattern(f"[file:hashes.TLSH = '{found.group(1)}']", ("file", {"hashes": {"TLSH": found.group(1)}}))


def file_name(value: str) -> Pattern:
    """A file's name, as it is given."""
    return Pattern(f"[file:name = {quoted(value)}]", ("file", {"name": value}))


def file_path(value: str) -> Pattern:
    """A file in its directory; a path that ends with a separator is a directory.

    The directory is written without a separator at its end, except where it is only that (`/`) or a drive (`C:\\`).
    """
    at = max(value.rfind("\\"), value.rfind("/"))
    if at < 0:
        return Pattern(f"[file:name = {quoted(value)}]")
    name = value[at + 1 :]
    if not name:
        return Pattern(f"[directory:path = {quoted(value)}]", ("directory", {"path": value}))
    parent = value[:at]
    if not parent or re.fullmatch("[A-Za-z]:", parent):
        parent = value[: at + 1]
    return Pattern(f"[file:name = {quoted(name)} AND file:parent_directory_ref.path = {quoted(parent)}]")


def text_content(value: str) -> Pattern:
    """A text that content holds, as a regular expression over its UTF-8 bytes."""
    return Pattern(f"[artifact:payload_bin MATCHES {quoted(regex_of_text(value))}]")


def binary_content(value: str) -> Pattern:
    """Bytes that content holds.

    Pairs of hexadecimal digits (apart or together, also as `\\x4d` or `0x4d`) are those bytes; any other value stands
    for the bytes of its UTF-8 text.
    """
    text = value.strip()
    if _BYTE_STRING.fullmatch(text):
        data = bytes.fromhex(re.sub(r"\\x|0x|[ ,]", "", text, flags=re.I))
    else:
        data = value.encode()
    return Pattern(f"[artifact:payload_bin MATCHES {quoted(regex_of_bytes(data))}]")
