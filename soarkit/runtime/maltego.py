"""What a local Maltego transform prints, as the output document that bundles' scripts make.

The guide keeps such scripts for backward compatibility (chapter 3) and says nothing else of them. The form of their XML
is that of the public libraries for Maltego transforms.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from soarkit.runtime.output import InvalidOutputError, line_of

#: Kinds of entities, without what stands before the last dot, in lower case.
_TYPES = {
    "domain": "anomali.Domain",
    "dnsname": "anomali.Domain",
    "website": "anomali.Domain",
    "mxrecord": "anomali.Domain",
    "fqdn": "anomali.Domain",
    "ipv4address": "anomali.IPv4Address",
    "ipaddress": "anomali.IPv4Address",
    "hash": "anomali.Hash",
    "emailaddress": "anomali.EmailAddress",
    "url": "anomali.URL",
    "phrase": "anomali.Phrase",
    "as": "anomali.AS",
    "asnumber": "anomali.AS",
    "nsrecord": "anomali.NSRecord",
}
_MESSAGE_TYPES = {"fatalerror": "ERROR", "partialerror": "WARNING", "inform": "INFO", "debug": "DEBUG"}


def document(printed: bytes) -> dict[str, Any] | None:
    """The output document of a Maltego message; None where this is no XML with such a message at all.

    :param printed: what the script wrote to standard output
    :raises InvalidOutputError: it is one that cannot be read
    """
    if b"<MaltegoMessage" not in printed:
        return None
    content = printed.strip()
    try:
        _refuse_document_type(content)
        root = ElementTree.fromstring(content)  # noqa: S314
    except InvalidOutputError:
        raise
    except (ElementTree.ParseError, expat.ExpatError) as error:
        what = str(error).partition(":")[0]
        line = error.lineno if isinstance(error, expat.ExpatError) else error.position[0]
        shown = line_of(content.decode("utf-8", "replace"), line - 1)
        raise InvalidOutputError(f"the Maltego message is no XML that can be read ({what}): {shown}") from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise InvalidOutputError(f"the Maltego message is no XML that can be read: {error}") from None
    if _tag(root) != "MaltegoMessage":
        raise InvalidOutputError(f"the output is no Maltego message: its outermost element is {_tag(root)}")
    return {
        "entities": [_entity(one) for one in _all(root, "Entity")],
        "exceptions": [_text(one) for one in _all(root, "Exception")],
        "messages": [_message(one) for one in _all(root, "UIMessage")],
    }


def _refuse_document_type(content: bytes) -> None:
    """Entities of a document's own could grow without end, or name files of this machine.

    :raises InvalidOutputError: it has a document type, the only place where they can be declared
    """

    def refuse(*_declared: object) -> None:
        raise InvalidOutputError("the Maltego message has a document type or entities of its own, which is refused")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)


def _entity(element: ElementTree.Element) -> dict[str, Any]:
    given = element.get("Type") or ""
    kind = _TYPES.get(given.rpartition(".")[2].lower())
    fields = []
    if kind is None:
        fields.append(_field("maltegoType", "Maltego type", given))
    value = ""
    for part in element:
        tag = _tag(part)
        if tag == "Value":
            value = _text(part)
        elif tag == "Weight" and _text(part):
            fields.append(_field("weight", "Weight", _text(part)))
        elif tag == "IconURL" and _text(part):
            fields.append(_field("iconUrl", "Icon", _text(part)))
        elif tag == "AdditionalFields":
            fields += [
                _field(one.get("Name") or "", one.get("DisplayName") or one.get("Name") or "", _text(one))
                for one in _all(part, "Field")
            ]
        elif tag == "DisplayInformation":
            fields += [
                _field(f"display.{number}", one.get("Name") or "Information", _text(one))
                for number, one in enumerate(_all(part, "Label"), 1)
            ]
    return {"entityType": kind or "anomali.Phrase", "entityValue": value, "additionalFields": fields}


def _message(element: ElementTree.Element) -> dict[str, str]:
    kind = (element.get("MessageType") or "").replace(" ", "").lower()
    return {"messageType": _MESSAGE_TYPES.get(kind, "INFO"), "messageText": _text(element)}


def _field(name: str, display: str, value: str) -> dict[str, str]:
    return {"fieldName": name, "displayName": display, "fieldValue": value}


def _all(element: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """The elements of a name below another, but not what such an element holds itself: each text is read once."""
    pending = [iter(element)]
    while pending:
        one = next(pending[-1], None)
        if one is None:
            pending.pop()
        elif _tag(one) == tag:
            yield one
        else:
            pending.append(iter(one))


def _tag(element: ElementTree.Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    """All text of an element: labels may hold markup."""
    return "".join(element.itertext()).strip()
