"""Credentials found in the exchanges themselves: what a response hands out, and what a request shows as its pass.

Three ways a value is known to be one: the name it stands under (``access_token``, ``X-Api-Key``, a cookie), the place
it is used in (``Authorization``), or that a response gives it under a name like ``key`` and a later request sends it
back in its query or form under the same name. It is always masked in that place, and everywhere else too when it looks
like a credential, not like a word.

:func:`rewrite` is the one walk over all these places: it shows each value to a visitor and puts back what that says.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote_plus, unquote_plus

from .exchange import Exchange, Headers, Request, Response, header

#: visit(name of the place, value, where) -> the value to put there
Visitor = Callable[[str, str, str], str]

HANDED_OUT = "handed out"  #: in a response, under a name that says credential
SHOWN = "shown"  #: in a request
MAYBE_HANDED_OUT = "maybe handed out"  #: in a response, under a name that alone says little, like ``key``
MAYBE_SHOWN = "maybe shown"  #: in a request's query or form, under such a name

_NAMES = frozenset(
    re.split(
        r"\s+",
        "accesskey apikey appkey authkey authorization bearer clientsecret consumersecret jsessionid jwt passphrase"
        " passwd password phpsessid privatekey pwd secret secretaccesskey secretkey sessionid sessionkey sharedsecret"
        " subscriptionkey",
    )
)
#: Made anew for each request; in a response the same names are data (a malware signature, an assertion about a user).
_REQUEST_NAMES = frozenset(("assertion", "clientassertion", "sig", "signature", "xamzsignature"))
#: A place in a list of pages is no credential, though it is called a token too.
_CURSOR = re.compile(
    "^(next|page|paging|pagination|prev|previous|continuation|continue|sync|delta|scroll|cursor|resume|skip|search"
    "|marker|start|end|after|before|last|first|query)"
)
_MAYBE_NAMES = frozenset(("auth", "cookie", "key", "session", "sid", "ticket"))
_HEADER = re.compile(
    "(authorization$|token|secret|passw|session|cookie|jwt|csrf|xsrf|signature|credential"
    "|(api|access|app|application|auth|subscription|account|client|^)-?_?key$|(^|-)auth$)"
)
#: One-time parts of an OAuth exchange; elsewhere "code" is anything.
_GRANT_NAMES = frozenset(("code", "devicecode", "codeverifier"))
_XML_VALUE = re.compile(
    r"<(?P<tag>(?:[\w.-]+:)?(?P<name>[\w.-]+))(?P<attributes>(?:\s[^<>]*)?)>(?P<value>[^<>]+)</(?P=tag)\s*>"
)
_NOTHING = frozenset(("", "true", "false", "null", "none", "undefined"))


def is_credential_name(name: str) -> bool:
    """Whether a field of this name holds a credential: ``access_token``, ``apiKey``, ``session-id``, ..."""
    plain = re.sub("[^a-z0-9]", "", name.lower())
    if plain in _NAMES:
        return True
    return plain.endswith(("token", "clientsecret", "password", "apikey", "sessionid")) and not _CURSOR.match(plain)


def looks_like_credential(value: str) -> bool:
    """Whether the value is worth looking for everywhere: one word, long, or with digits among the letters."""
    if len(value) < 8 or re.search(r"\s", value):
        return False
    return len(value) >= 16 or bool(re.search(r"\d", value) and re.search("[A-Za-z]", value))


def rewrite(exchange: Exchange, visit: Visitor) -> Exchange:
    """The exchange with every credential place filled anew by ``visit``."""
    request, response = exchange.request, exchange.response
    return Exchange(
        Request(
            request.method,
            rewrite_url(request.url, visit, SHOWN),
            [(name, _header_value(name, value, visit, SHOWN)) for name, value in request.headers],
            _body(request.body, request.headers, visit, SHOWN),
        ),
        Response(
            response.status,
            response.reason,
            [(name, _header_value(name, value, visit, HANDED_OUT)) for name, value in response.headers],
            _body(response.body, response.headers, visit, HANDED_OUT),
        ),
    )


def rewrite_url(url: str, visit: Visitor, where: str) -> str:
    """The URL with credentials among its query values and a password before its host shown to ``visit``."""
    before, mark, query = url.partition("?")
    if mark:
        query, hash_mark, fragment = query.partition("#")
        url = before + mark + _pairs(query, visit, where) + hash_mark + fragment
    user_info = re.match(r"[A-Za-z][\w+.-]*://[^/?#@:]*:(?P<password>[^/?#@]+)@", url)
    if user_info:
        start, end = user_info.span("password")
        url = url[:start] + _place("password", user_info["password"], visit, where) + url[end:]
    return url


def _place(name: str, value: str, visit: Visitor, where: str) -> str:
    return value if value.strip().lower() in _NOTHING else visit(name, value, where)


def _named(name: str, value: str, visit: Visitor, where: str) -> str:
    if is_credential_name(name) or (where == SHOWN and re.sub("[^a-z]", "", name.lower()) in _REQUEST_NAMES):
        return _place(name, value, visit, where)
    if name.lower() in _MAYBE_NAMES:
        return _place(name, value, visit, MAYBE_SHOWN if where == SHOWN else MAYBE_HANDED_OUT)
    return value


def _header_value(name: str, value: str, visit: Visitor, where: str) -> str:
    lower = name.lower()
    if lower in ("cookie", "set-cookie"):
        cookies, attributes = (
            (value.split(";"), []) if lower == "cookie" else (value.split(";")[:1], value.split(";")[1:])
        )
        return ";".join([*(_cookie(cookie, visit, where) for cookie in cookies), *attributes])
    if lower in ("location", "referer", "content-location", "refresh"):
        return rewrite_url(value, visit, where)
    if not _HEADER.search(lower) or lower.startswith(("access-control-", "sec-websocket-")):
        return value
    scheme, blank, rest = value.partition(" ")
    if blank and scheme.lower() == "basic":
        return f"{scheme} {_basic(rest, visit, where)}"
    return scheme + blank + _place(name, rest.strip(), visit, where) if blank else _place(name, value, visit, where)


def _basic(encoded: str, visit: Visitor, where: str) -> str:
    """The pair is written without its user: some services take the key there."""
    try:
        decoded = base64.b64decode(encoded.strip() + "==").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return visit("basic", encoded, where)
    user, _, password = decoded.partition(":")
    # With no password the user is the key.
    return _place("basic", password or user, visit, where)


def _cookie(cookie: str, visit: Visitor, where: str) -> str:
    name, mark, value = cookie.partition("=")
    return f"{name}{mark}{_place(name.strip(), value, visit, where)}" if mark else cookie


def _body(body: bytes, headers: Headers, visit: Visitor, where: str) -> bytes:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body
    first = text.lstrip()[:1]
    if first in ("{", "["):
        try:
            tree = json.loads(text)
        except ValueError:
            return body
        changed = _tree(tree, visit, where)
        return body if changed == tree else json.dumps(changed, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if first == "<":
        text = _XML_VALUE.sub(lambda match: _element(match, visit, where), text)
    elif "x-www-form-urlencoded" in header(headers, "content-type").lower():
        text = _pairs(text, visit, where)
    return text.encode("utf-8")


def _tree(node: Any, visit: Visitor, where: str, inside: str = "") -> Any:
    """``inside``: the credential name that a branch stands under, as in ``{"token": {"value": "..."}}``."""
    if isinstance(node, list):
        return [_tree(item, visit, where, inside) for item in node]
    if not isinstance(node, dict):
        if inside and isinstance(node, str) and looks_like_credential(node):
            return visit(inside, node, where)
        return node
    result = {}
    for key, value in node.items():
        if isinstance(value, str) and (not inside or is_credential_name(key)):
            result[key] = _named(key, value, visit, where)
        else:
            result[key] = _tree(value, visit, where, inside or (key if is_credential_name(key) else ""))
    return result


def _element(match: re.Match[str], visit: Visitor, where: str) -> str:
    value = _named(match["name"], match["value"].strip(), visit, where)
    if value == match["value"].strip():
        return match.group()
    return f"<{match['tag']}{match['attributes']}>{value}</{match['tag']}>"


def _pairs(text: str, visit: Visitor, where: str) -> str:
    granting = any(name == "grant_type" for name, _ in parse_qsl(text))
    result = []
    for pair in text.split("&"):
        name, mark, value = pair.partition("=")
        plain_name, plain = unquote_plus(name), unquote_plus(value)
        if granting and re.sub("[^a-z]", "", plain_name.lower()) in _GRANT_NAMES:
            masked = _place(plain_name, plain, visit, where)
        else:
            masked = _named(plain_name, plain, visit, where)
        result.append(pair if masked == plain else f"{name}{mark}{quote_plus(masked)}")
    return "&".join(result)
