"""What is written into a pattern: text between quotes, and text or bytes as a regular expression (reference, 4.4)."""

import re
from typing import Dict

# NUL, every line break of Unicode, and halves of a surrogate pair, which no UTF-8 file can hold.
_UNWRITABLE = re.compile("[\0\n\x0b\x0c\r\x85\u2028\u2029\ud800-\udfff]")

_META = "\\^$.[]|()?*+{}-#/&~"


def unwritable(text: str) -> str:
    """What in `text` no pattern may hold, in words ("a line break"); "" when all of it can be written."""
    found = _UNWRITABLE.search(text)
    if not found:
        return ""
    character = found.group()
    if character == "\0":
        return "a NUL character"
    return "half of a surrogate pair" if "\ud800" <= character <= "\udfff" else "a line break"


def quoted(text: str) -> str:
    """`text` as a string of a pattern, quotes included.

    Only the backslash and the quote are escaped: the grammar knows no other escape.
    """
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _expressions() -> Dict[int, str]:
    table = {number: f"\\x{number:02x}" for number in range(256)}
    table.update({number: chr(number) for number in range(0x20, 0x7F)})
    table.update({ord(character): "\\" + character for character in _META})
    return table


_EXPRESSIONS = _expressions()


def regex_of_text(text: str) -> str:
    """A regular expression (PCRE) that finds the UTF-8 bytes of `text` in a payload.

    Printable ASCII stays readable; every other byte is `\\xNN`, because a payload is compared byte by byte and a
    character outside ASCII is several bytes there.
    """
    return text.encode().decode("latin-1").translate(_EXPRESSIONS)


def regex_of_bytes(data: bytes) -> str:
    """A regular expression (PCRE) that finds exactly `data`: `\\xNN` for each byte."""
    return "".join([f"\\x{byte:02x}" for byte in data])
