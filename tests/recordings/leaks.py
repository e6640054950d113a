"""Secrets to record, and what somebody who has the file could see of them."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_plus

PHRASE = "correct horse battery staple"
PREFIX = "Zk9-first_2x"
SECRETS = {
    "passphrase": PHRASE,
    "specials": 'aK+/7=&%"x z9-Q',
    "backslashes": r"b\\Ck\9'q7 \" w\n8",
    "percent": "%41%2Fq%zz%25-9Kd",
    "semicolons": "se;cr=et;Z8 ,x=1;y",
    "colons": "u7:x9:Kq-2:ww:11",
    "markup": "<pw id='4'>&amp;]]></pw>Qz",
    "unicode": "pässwörd-€-\U0001f512-ключ",
    "json": '{"client": "bob-7q", "key": "J8s9 d0f1-x", "n": [1, 2]}',
    "newlines": "-----BEGIN KEY-----\nMIIEvQ1BADANBgkqh\nkiG9w0BAQEFAAS2z\n-----END KEY-----",
    "long": "".join(f"{number:x}Zq{number % 7}/" for number in range(1000, 1300)),
    "padded": "dGhpcyBpcyBub3QgYSBzZWNyZXQ6Zz==",
    "scheme": "Bearer of 7 bad news",
    "digits": "739104826150",
    "words": "SuperAdministratorPassword",
    "location": "S3cr3t.Host-Name",
    "prefix": PREFIX,
    "extended": PREFIX + "-and-More7",
}
TOKEN = "eyJ0b2tlbiI6.Zm9vYmFy-01_xyz"
JSON = {"Content_Type": "application/json"}


def windows(secret: str, size: int = 8) -> set[str]:
    return {secret[at : at + size] for at in range(len(secret) - size + 1)} or {secret}


def strings(node: Any) -> Iterator[str]:
    """Every text in JSON data, however deep it is nested, and the lines of each list of texts as one."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield from node
            waiting += node.values()
        elif isinstance(node, list):
            if node and all(isinstance(item, str) for item in node):
                yield "".join(node)  # the lines of a body
            waiting += node
        else:
            yield node if isinstance(node, str) else json.dumps(node)


def decoded(text: str) -> Iterator[str]:
    """The text, and what every reader along the way could make of it."""
    yield text
    yield from (
        unquote(text),
        unquote_plus(text),
        unquote(unquote(text)),
        html.unescape(text),
        unquote(text, "latin-1"),
    )
    yield re.sub(r"\\u([0-9a-fA-F]{4})|\\(.)", lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)
    yield re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), text)
    yield text.encode("latin-1", "ignore").decode("utf-8", "ignore")
    for run in re.findall("[A-Za-z0-9+/_-]{8,}", unquote(text)):
        plain = run.replace("-", "+").replace("_", "/")
        for skip in range(4):
            part = plain[skip:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            raw = base64.b64decode(part + "=" * (-len(part) % 4))
            yield raw.decode("utf-8", "ignore")
            yield raw.decode("latin-1")
    for run in re.findall("(?:[0-9a-fA-F]{2}){4,}", text):
        yield bytes.fromhex(run).decode("utf-8", "ignore")


def left(path: Path, secret: str) -> set[str]:
    """The pieces of the secret that somebody who has the file can see, without those that are written there anyway."""
    content = path.read_text("utf-8")
    places = {content, *strings(json.loads(content))}
    seen = [view for place in places for view in decoded(place)]
    return {piece for piece in windows(secret) if any(piece in view for view in seen)}
