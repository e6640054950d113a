"""Credentials in bodies: JSON, forms, multipart, XML and HTML, and text that has fields of any such kind in it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from .exchange import Exchange, Headers, Request, Response, header
from .names import is_credential_name, looks_like_credential
from .places import HANDED_OUT, SHOWN, Visitor, named, pairs, place, rewrite_header, rewrite_url, rewrite_user_info

_LONGEST_FORM = 200_000  # of what does not say that it is one
_SHORTEST_NUMBER = 8  # digits of a number that may be a credential
_FORM_PAIR = re.compile(r"[\w.%\[\]-]+=[^\s<>{}]*")
_ELEMENT = re.compile(
    r"<(?P<tag>(?:[\w.-]+:)?(?P<name>[\w.-]+))(?P<attributes>(?:\s[^<>]*)?)>"
    r"(?P<value>\s*<!\[CDATA\[(?P<data>.*?)\]\]>\s*|[^<>]+)</(?P=tag)\s*>",
    re.DOTALL,
)
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_ATTRIBUTE = re.compile(r"(?<![\w.:-])(?P<name>[\w.:-]+)\s*=\s*(?P<quote>[\"'])(?P<value>[^\"'<>]*)(?P=quote)")
_QUOTED_PAIR = re.compile(r'(?P<before>"(?P<name>[\w.-]{2,60})"\s*:\s*)(?P<value>"(?:[^"\\]|\\.)+")')
_LINE_PAIR = re.compile(
    r"^(?P<before>[ \t]*(?P<name>[\w.-]{2,60})[ \t]*[=:][ \t]*)(?P<value>[^\s\"'<>]+)(?=[ \t]*\r?$)", re.MULTILINE
)
_PART = re.compile(
    r'(?P<before>;\s*name="(?P<name>[^"\r\n]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)(?P<value>.*?)(?=\r\n--)', re.DOTALL
)
_LOGIN_PATH = re.compile(
    "(login|log-in|signin|sign-in|logon|sessions?|tokens?|auth|authenticate|oauth)/?$", re.IGNORECASE
)


def rewrite(exchange: Exchange, visit: Visitor) -> Exchange:
    """The exchange with every credential place filled anew by ``visit``."""
    request, response = exchange.request, exchange.response
    shown = Request(
        request.method,
        rewrite_url(request.url, visit, SHOWN),
        [(name, rewrite_header(name, value, visit, SHOWN)) for name, value in request.headers],
        _body(request.body, request.headers, visit, SHOWN),
    )
    body = _bare_token(exchange, visit)
    handed_out = Response(
        response.status,
        response.reason,
        [(name, rewrite_header(name, value, visit, HANDED_OUT)) for name, value in response.headers],
        _body(response.body, response.headers, visit, HANDED_OUT) if body is None else body,
    )
    return Exchange(shown, handed_out)


def _bare_token(exchange: Exchange, visit: Visitor) -> bytes | None:
    """The answer to a login that is nothing but the token; None when it is not of this kind."""
    path = exchange.request.url.partition("?")[0]
    if exchange.request.method != "POST" or not _LOGIN_PATH.search(path) or len(exchange.response.body) > 10_000:
        return None
    text = exchange.response.body.decode("latin-1")
    match = re.fullmatch(r'\s*"?([^\s"<>{}\[\]&]+)"?\s*', text)
    if not match or not looks_like_credential(match[1]) or "=" in match[1].rstrip("="):
        return None
    return text.replace(match[1], visit("token", match[1], HANDED_OUT)).encode("latin-1")


def _body(body: bytes, headers: Headers, visit: Visitor, where: str) -> bytes:
    try:
        text, encoding = body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = body.decode("latin-1"), "latin-1"
    changed = _text(text, header(headers, "content-type").lower(), visit, where)
    if changed == text:
        return body
    with suppress(UnicodeEncodeError):
        return changed.encode(encoding)
    return changed.encode("utf-8", "surrogatepass")


def _text(text: str, kind: str, visit: Visitor, where: str) -> str:
    first = text.lstrip("\ufeff \t\r\n")[:1]
    if first in ("{", "[", '"'):
        changed = _json(text, visit, where)
        if changed is not None:
            return changed
    if "multipart/" in kind:
        return _PART.sub(lambda match: _part(match, visit, where), text)
    if "x-www-form-urlencoded" in kind or _is_form(text):
        return pairs(text, visit, where)
    if first == "<":
        text = _ELEMENT.sub(lambda match: _element(match, visit, where), text)
        text = _TAG.sub(lambda match: _tag(match, visit, where), text)
    text = _QUOTED_PAIR.sub(lambda match: _quoted_pair(match, visit, where), text)
    text = _LINE_PAIR.sub(lambda match: match["before"] + named(match["name"], match["value"], visit, where), text)
    return rewrite_user_info(text, visit, where)


def _is_form(text: str) -> bool:
    return len(text) <= _LONGEST_FORM and all(_FORM_PAIR.fullmatch(pair) for pair in text.split("&"))


def _json(text: str, visit: Visitor, where: str) -> str | None:
    """None: it is no JSON, or nested too deep to be walked."""
    try:
        tree = json.loads(text.lstrip("\ufeff"))
        changed = _tree(tree, visit, where)
    except (ValueError, RecursionError):
        return None
    return text if changed == tree else json.dumps(changed, ensure_ascii=False)


def _tree(node: Any, visit: Visitor, where: str, inside: str = "") -> Any:
    """``inside``: the credential name that a branch stands under, as in ``{"token": {"value": "..."}}``."""
    if isinstance(node, list):
        return [_tree(item, visit, where, inside) for item in node]
    if isinstance(node, str):
        return visit(inside, node, where) if inside and looks_like_credential(node) else _string(node, visit, where)
    if isinstance(node, dict):
        return _fields(node, partial(_tree, visit=visit, where=where), visit, where, inside)
    if inside and isinstance(node, int) and len(str(node)) >= _SHORTEST_NUMBER:
        masked = visit(inside, str(node), where)
        return node if masked == str(node) else masked
    return node


def _fields(node: dict[str, Any], tree: Callable[..., Any], visit: Visitor, where: str, inside: str) -> dict[str, Any]:
    # {"name": "access_token", "value": "..."} is a field, too.
    labels = [label for label in (node.get("name"), node.get("key")) if isinstance(label, str)]
    label = next(filter(is_credential_name, labels), "")
    result = {}
    for key, value in node.items():
        if isinstance(value, str) and key == "value" and label:
            result[key] = place(label, value, visit, where)
        elif isinstance(value, str) and (not inside or is_credential_name(key)):
            masked = named(key, value, visit, where)
            result[key] = _string(value, visit, where) if masked == value else masked
        else:
            singular = key[:-1] if isinstance(value, list) and key.endswith("s") else key
            result[key] = tree(value, inside=inside or (singular if is_credential_name(singular) else ""))
    return result


def _string(text: str, visit: Visitor, where: str) -> str:
    """A text in JSON may be a document or a URL."""
    if text.lstrip()[:1] in ("{", "["):
        changed = _json(text, visit, where)
        return text if changed is None else changed
    if re.match(r"[A-Za-z][\w+.-]*://\S+$", text):
        return rewrite_url(text, visit, where)
    return rewrite_user_info(text, visit, where)


def _element(match: re.Match[str], visit: Visitor, where: str) -> str:
    value = html.unescape(match["value"].strip()) if match["data"] is None else match["data"].strip()
    masked = named(match["name"], value, visit, where)
    if masked == value:
        label = _label(match["attributes"])
        masked = place(label, value, visit, where) if label else value
    return match.group() if masked == value else f"<{match['tag']}{match['attributes']}>{masked}</{match['tag']}>"


def _tag(match: re.Match[str], visit: Visitor, where: str) -> str:
    if "=" not in match.group():
        return match.group()
    label = _label(match.group())
    return _ATTRIBUTE.sub(lambda attribute: _attribute(attribute, label, visit, where), match.group())


def _label(attributes: str) -> str:
    """The credential name in ``<input name="csrf_token" value="...">``; ``""`` when there is none."""
    found = (item["value"] for item in _ATTRIBUTE.finditer(attributes) if item["name"].lower() in ("name", "key", "id"))
    return next(filter(is_credential_name, found), "")


def _attribute(match: re.Match[str], label: str, visit: Visitor, where: str) -> str:
    value, name = html.unescape(match["value"]), match["name"].rpartition(":")[2]
    is_labelled = bool(label) and name.lower() in ("value", "content")
    masked = place(label, value, visit, where) if is_labelled else named(name, value, visit, where)
    return match.group() if masked == value else f"{match['name']}={match['quote']}{masked}{match['quote']}"


def _quoted_pair(match: re.Match[str], visit: Visitor, where: str) -> str:
    try:
        value = json.loads(match["value"])
    except ValueError:
        value = match["value"][1:-1]
    masked = named(match["name"], value, visit, where)
    return match.group() if masked == value else match["before"] + json.dumps(masked, ensure_ascii=False)


def _part(match: re.Match[str], visit: Visitor, where: str) -> str:
    masked = named(match["name"], match["value"], visit, where)
    if masked == match["value"]:
        masked = _string(match["value"], visit, where)
    return match["before"] + masked
