"""Which names say that a credential stands under them, and which values look like one."""

from __future__ import annotations

import re

_NAMES = frozenset(
    re.split(
        r"\s+",
        "accesskey apikey appkey appsecret authkey authorization bearer clientsecret consumersecret credential"
        " credentials csrf csrfkey jsessionid jwt passphrase passwd password phpsessid presharedkey privatekey psk pwd"
        " samlresponse secret secretaccesskey secretid secretkey sessid sessionid sessionkey sharedsecret"
        " subscriptionkey wresult xsrf",
    )
)
_ENDINGS = (
    *("token", "clientsecret", "apisecret", "tokensecret", "password", "passphrase", "apikey", "sessionid"),
    *("secretkey", "secretaccesskey", "privatekey", "sharedaccesssignature"),
)
#: Made anew for each request; in a response the same names are data (a malware signature, an assertion about a user).
_REQUEST_NAMES = frozenset(("assertion", "clientassertion", "otp", "pass", "passcode", "sig", "totp"))
#: A place in a list of pages is no credential, though it is called a token too.
_CURSOR = re.compile(
    "^(next|page|paging|pagination|prev|previous|continuation|continue|sync|delta|scroll|cursor|resume|skip|search"
    "|marker|start|end|after|before|last|first|query)"
)
_MAYBE_NAMES = frozenset(("auth", "cookie", "key", "session", "sid", "ticket"))
_HEADER = re.compile(
    "(authorization$|token|secret|passw|session|cookie|jwt|csrf|xsrf|signature|credential"
    "|(api|access|app|application|auth|subscription|account|client|^x?)-?_?key$|(^|-)(auth|sid|ticket|bearer)$)"
)
_NO_CREDENTIAL_HEADER = re.compile("^(access-control-|sec-websocket-)|rate-?limit|tokens$|token-(type|count|limit)$")
#: One-time parts of an OAuth exchange; elsewhere "code" is anything.
_GRANT_NAMES = frozenset(("code", "devicecode", "codeverifier"))


def is_credential_name(name: str) -> bool:
    """Whether a field of this name holds a credential: ``access_token``, ``apiKey``, ``session-id``, ..."""
    plain = _plain(name)
    return plain in _NAMES or (plain.endswith(_ENDINGS) and not _CURSOR.match(plain))


def is_pass_name(name: str) -> bool:
    """Whether a field of this name is a pass in a request and in a URL, though maybe data elsewhere: ``sig``, ..."""
    plain = _plain(name)
    return plain in _REQUEST_NAMES or plain.endswith("signature")


def is_grant_name(name: str) -> bool:
    """Whether a field of this name, next to ``grant_type`` or ``state``, is a one-time credential."""
    return _plain(name) in _GRANT_NAMES


def is_maybe_name(name: str) -> bool:
    """Whether the name alone says too little: ``key``, ``session``, ..."""
    return name.lower() in _MAYBE_NAMES


def is_credential_header(name: str) -> bool:
    """Whether a header of this name holds a credential: ``Authorization``, ``X-Auth-Token``, ``Key``, ..."""
    lower = name.lower()
    return bool(_HEADER.search(lower)) and not _NO_CREDENTIAL_HEADER.search(lower)


def looks_like_credential(value: str) -> bool:
    """Whether the value is worth looking for everywhere: one word, long, or with digits among the letters."""
    if len(value) < 8 or re.search(r"\s", value):
        return False
    return len(value) >= 16 or bool(re.search(r"\d", value) and re.search("[A-Za-z]", value))


def is_unusual(text: str) -> bool:
    """Whether a text is nothing that stands in an exchange for another reason: no words, dates, versions or hosts.

    Asked of short pieces (8 characters and more): a run of letters and digits is unusual when it mixes both within
    itself, mixes small and capital letters otherwise than names do, or is long; a text is, when it has nearly no runs.
    """
    if len(set(text)) < 4 or _is_series(text):
        return False
    runs = re.findall(r"[^\W_]+", text)
    if any(_is_odd(run) for run in runs):
        return True
    letters = sum(char.isalnum() for char in text)
    return letters >= 3 and any(char.isalpha() for char in text) and max(map(len, runs)) < 4


def _is_odd(run: str) -> bool:
    if run.isdigit():
        return len(run) >= 10 and not _is_series(run)
    if re.fullmatch(r"\d{8}T\d+Z?", run):
        return False
    if len(run) >= 16:
        return True
    if run.isalpha():
        return len(run) >= 6 and not re.fullmatch("(?:[^A-Z]+|[A-Z]+|(?:[A-Z]?[a-z]{2,}|[A-Z]{2,})+)", run)
    return len(run) >= 6 and not re.fullmatch(r"[^\W\d]+\d{1,4}|\d{1,4}[^\W\d]+|v\d+[a-z]+\d+", run)


def _is_series(text: str) -> bool:
    """``12345678``, ``abcdefgh``, ``zyxw``: each character the next of the one before."""
    return len({ord(text[at + 1]) - ord(text[at]) for at in range(len(text) - 1)}) == 1


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
