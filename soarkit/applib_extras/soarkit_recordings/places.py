"""Credentials found in the exchanges themselves: what a response hands out, and what a request shows as its pass.

Three ways a value is known to be one: the name it stands under (``access_token``, ``X-Api-Key``, a cookie), the place
it is used in (``Authorization``), or that a response gives it under a name like ``key`` and a later request sends it
back in its query or form under the same name. It is always masked in that place, and everywhere else too when it looks
like a credential, not like a word.

:func:`rewrite` is the one walk over all these places: it shows each value to a visitor and puts back what that says.
What bodies hold is in :mod:`.bodies`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus

from .names import is_credential_header, is_credential_name, is_grant_name, is_maybe_name, is_pass_name

#: visit(name of the place, value, where) -> the value to put there
Visitor = Callable[[str, str, str], str]

HANDED_OUT = "handed out"  #: in a response, under a name that says credential
SHOWN = "shown"  #: in a request
MAYBE_HANDED_OUT = "maybe handed out"  #: in a response, under a name that alone says little, like ``key``
MAYBE_SHOWN = "maybe shown"  #: in a request's query or form, under such a name

#: Those of the IANA registry and others in use. The word before the first blank is part of the credential otherwise.
_SCHEMES = frozenset(
    re.split(
        r"\s+",
        "apikey api-key api-token apitoken aws aws4-hmac-sha256 basic bearer concealed digest dpop geniekey gnap"
        " googlelogin hawk hmac hoba jwt key mutual negotiate ntlm oauth privatetoken scram-sha-1 scram-sha-256"
        " sharedaccesssignature sharedkey signature splunk ssws token vapid zoho-oauthtoken",
    )
)
_PARAMETER = re.compile(r'(?<![\w.-])(?P<name>[\w.-]+)\s*=\s*"?(?P<value>[^",;\s]+)')
_USER_INFO = re.compile(
    r"(?P<before>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://)(?P<user>[^/?#@:\s\"'<>]*)(?P<colon>:?)(?P<password>[^/?#@\s\"'<>]*)@"
)
_PATH_PARAMETER = re.compile(r";(?P<name>[\w.-]+)=(?P<value>[^;/?#]+)")
#: What stands for a password where the key is the user.
_NO_PASSWORDS = frozenset(("", "x", "api_token", "unused", "x-oauth-basic"))
_NOTHING = frozenset(("", "true", "false", "null", "none", "undefined"))


def place(name: str, value: str, visit: Visitor, where: str) -> str:
    """What the visitor puts in the place of a credential; a value that is none stays."""
    return value if value.strip().lower() in _NOTHING else visit(name, value, where)


def named(name: str, value: str, visit: Visitor, where: str) -> str:
    """What the visitor puts under a name that says credential, or may say it; under any other name the value stays."""
    if name.lower().endswith("authorization"):
        return _pass(name, value, visit, where)
    if is_credential_name(name) or (where == SHOWN and is_pass_name(name)):
        return place(name, value, visit, where)
    if is_maybe_name(name):
        return place(name, value, visit, MAYBE_SHOWN if where == SHOWN else MAYBE_HANDED_OUT)
    return value


def rewrite_url(url: str, visit: Visitor, where: str) -> str:
    """The URL with what is a credential in it shown to ``visit``: user info, parameters of path, query and fragment."""
    url, hash_mark, fragment = url.partition("#")
    url, mark, query = url.partition("?")
    url = _PATH_PARAMETER.sub(lambda match: _path_parameter(match, visit, where), rewrite_user_info(url, visit, where))
    return url + mark + pairs(query, visit, where, "url") + hash_mark + pairs(fragment, visit, where, "url")


def rewrite_user_info(text: str, visit: Visitor, where: str) -> str:
    """The text with passwords in URLs, which stand before the host, shown to ``visit``."""
    return _USER_INFO.sub(lambda match: _user_info(match, visit, where), text) if "@" in text else text


def _user_info(match: re.Match[str], visit: Visitor, where: str) -> str:
    user, password = unquote(match["user"]), unquote(match["password"])
    # Without a password the user is a key, or a mere name.
    if password.lower() in _NO_PASSWORDS and len(user) >= 16:
        masked = place("user", user, visit, where)
        return match.group() if masked == user else f"{match['before']}{masked}{match['colon']}{match['password']}@"
    masked = place("password", password, visit, where)
    return match.group() if masked == password else f"{match['before']}{match['user']}:{quote(masked)}@"


def _path_parameter(match: re.Match[str], visit: Visitor, where: str) -> str:
    value = unquote(match["value"])
    masked = named(match["name"], value, visit, where)
    return match.group() if masked == value else f";{match['name']}={quote(masked)}"


def pairs(text: str, visit: Visitor, where: str, kind: str = "form") -> str:
    """The pairs of a form or query with its credentials shown to ``visit``.

    :param kind: ``"form"`` or ``"url"``: a URL's signature is a pass in a response, too
    """
    if "=" not in text:
        return text
    names = {name for name, _ in parse_qsl(text)}
    is_granting = "grant_type" in names or {"code", "state"} <= names
    result = []
    for pair in text.split("&"):
        name, mark, value = pair.partition("=")
        plain_name, plain = unquote_plus(name), unquote_plus(value)
        if (is_granting and is_grant_name(plain_name)) or (kind == "url" and is_pass_name(plain_name)):
            masked = place(plain_name, plain, visit, where)
        else:
            masked = named(plain_name, plain, visit, where)
        result.append(pair if masked == plain else f"{name}{mark}{quote_plus(masked)}")
    return "&".join(result)


def rewrite_header(name: str, value: str, visit: Visitor, where: str) -> str:
    """The value of a header with its credentials shown to ``visit``."""
    lower = name.lower()
    if lower in ("cookie", "set-cookie"):
        cookies, mark, attributes = (value, "", "") if lower == "cookie" else value.partition(";")
        return ";".join(_cookie(cookie, visit, where) for cookie in cookies.split(";")) + mark + attributes
    if lower in ("location", "referer", "content-location", "refresh"):
        return rewrite_url(value, visit, where)
    if lower == "link":
        return re.sub("(?<=<)[^<>]+(?=>)", lambda match: rewrite_url(match.group(), visit, where), value)
    return _pass(name, value, visit, where) if is_credential_header(name) else value


def _pass(name: str, value: str, visit: Visitor, where: str) -> str:
    """What ``Authorization`` and its like hold: an authentication scheme with its credentials, or these alone."""
    for match in _PARAMETER.finditer(value):
        if is_credential_name(match["name"]):
            place(match["name"], match["value"], visit, where)  # to be looked for elsewhere; here all of it is masked
    scheme, blank, rest = value.strip().partition(" ")
    is_known = bool(blank) and scheme.lower().rstrip(":") in _SCHEMES
    if is_known or (blank and not re.search(r"\s", rest.strip())):
        masked = _credentials(name, scheme, rest.strip(), visit, where)
        if is_known and name.lower().endswith("authorization"):
            return f"{scheme} {masked}"
    return place(name, value, visit, where)


def _credentials(name: str, scheme: str, value: str, visit: Visitor, where: str) -> str:
    if scheme.lower() != "basic":
        return place(name, value, visit, where)
    try:
        decoded = base64.b64decode(value + "==").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return visit("basic", value, where)
    # The pair is written without its user: some services take the key there.
    user, _, password = decoded.partition(":")
    return place("basic", user if password.lower() in _NO_PASSWORDS else password, visit, where)


def _cookie(cookie: str, visit: Visitor, where: str) -> str:
    name, mark, value = cookie.partition("=")
    # Clients show the value elsewhere without what belongs to the header: a header beside it has the same token.
    plain = unquote(value.strip().strip('"'))
    masked = place(name.strip(), plain, visit, where)
    return cookie if not mark or masked == plain else f"{name}{mark}{masked}"
