"""Values for an app's settings and parameters, made from what its JSON says: for benchmarks/compatibility.py."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soarkit_app import checks
from soarkit_app.validators import CONTAINS_VALIDATORS

from soarkit.manifest.model import Action, App

HOST = "service.example"
URL = f"https://{HOST}"
SAMPLE_NAME = "sample.eml"
SAMPLE = b"""\
From: ada@service.example\r
To: bob@service.example\r
Subject: A small file\r
Date: Thu, 01 Jan 2026 00:00:00 +0000\r
Message-ID: <1@service.example>\r
Content-Type: text/plain\r
\r
http://service.example/x is at 203.0.113.7.\r
"""

#: Plausible values by what a field contains.
TYPES: dict[str, str] = {
    "ip": "203.0.113.7",
    "ipv6": "2001:db8::7",
    "domain": HOST,
    "host name": HOST,
    "url": f"{URL}/x",
    "email": f"ada@{HOST}",
    "user name": "ada",
    "md5": "44d88612fea8a8f36de82e1278abb02f",
    "sha1": "3395856ce81f2b7382dee72602f798b642f14140",
    "sha256": "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
    "sha512": "cc805d5fab1fd71a4ab352a9c533e65fb2d5b885518f4e565e68847223b8e6b85cb48f3afad842726d99239c9e36505c"
    "64b0dc9a061d9e507d833277ada336ab",
    "hash": "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f",
    "mac address": "00:00:5e:00:53:01",
    "file name": SAMPLE_NAME,
    "file path": f"/tmp/{SAMPLE_NAME}",
    "port": "443",
    "pid": "1",
    "cve": "CVE-2026-0001",
    "sql query": "select 1",
}
#: What the sample is called in the vault.
SAMPLE_VAULT_ID = hashlib.sha1(SAMPLE).hexdigest()
#: What a word in a name says of the value, the first that is found counting.
_WORDS: dict[str, str] = {
    "url": URL,
    "uri": URL,
    "email": f"ada@{HOST}",
    "json": "{}",
    "timezone": "UTC",
    "time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "port": "443",
    "region": "us-east-1",
    "user": "ada",
    "host": HOST,
    "server": HOST,
    "domain": HOST,
    "ip": "203.0.113.7",
    "file": SAMPLE_NAME,
}


@dataclass(frozen=True)
class Surroundings:
    """What the store holds for the actions, and a key.

    :ivar pem: a private key
    """

    vault_id: str
    container_id: int
    artifact_id: int
    pem: str


def configuration(app: App, around: Surroundings, *, everything: bool = False) -> dict[str, Any]:
    """The settings of an asset. :param everything: optional ones too"""
    declared = app.raw["configuration"]
    filled = {}
    for name, field in declared.items():
        if field.get("data_type") == "ph" or not (everything or field.get("required") or "default" in field):
            continue
        filled[name] = _first(name, field, _for_setting(name, field, around))
    return filled


def parameters(action: Action, around: Surroundings, *, everything: bool = False) -> dict[str, Any]:
    """The parameters of an action; those of a poll are the platform's own five."""
    filled = {}
    declared = action.raw.get("parameters", {})
    for name, field in declared.items():
        if field.get("data_type") == "ph" or not (everything or field.get("required") or "default" in field):
            continue
        filled[name] = _first(name, field, _for_parameter(name, field, action, around))
    if action.identifier == "on_poll":
        now = int(time.time() * 1000)
        filled |= {"container_id": "", "start_time": now - 86_400_000, "end_time": now}
        filled |= {"container_count": 10, "artifact_count": 10}
    return filled


def _first(name: str, field: Mapping[str, Any], candidates: Iterator[Any]) -> Any:
    """The first value that the field's own rules accept, else the last one there is."""
    value = None
    for value in candidates:
        coerced, problems = checks.coerce({name: value}, {name: field})
        if not problems and not checks.check_contains(coerced, {name: field}, CONTAINS_VALIDATORS):
            return value
    return value


def _declared(field: Mapping[str, Any]) -> Iterator[Any]:
    yield from (value for value in (field.get("value_list") or ()) if value not in (None, ""))
    if field.get("default") not in (None, ""):
        yield field["default"]


def _for_setting(name: str, field: Mapping[str, Any], around: Surroundings) -> Iterator[Any]:
    yield from _declared(field)
    words = f"{name} {field.get('description') or ''}".lower()
    if field.get("data_type") in ("password", "file", "string"):
        if "service account" in words or ("json" in words and field.get("data_type") != "string"):
            yield _service_account(around.pem)
        if "pem" in words.split() or ".pem" in words or "private key" in words:
            yield around.pem
        if "json" in words:
            yield '["a"]' if "list" in words else "{}"
        if field.get("data_type") == "string" and any(w in words for w in ("url", "http", "endpoint")):
            yield URL
    yield from _by_type(name, field)


def _for_parameter(name: str, field: Mapping[str, Any], action: Action, around: Surroundings) -> Iterator[Any]:
    contains = [one for one in field.get("contains") or () if isinstance(one, str)]
    for kind, value in (
        ("vault id", around.vault_id),
        ("phantom container id", around.container_id),
        ("phantom artifact id", around.artifact_id),
    ):
        if kind in contains or kind.removeprefix("phantom ").replace(" ", "_") in name.lower():
            yield value
    yield from _declared(field)
    for output in action.outputs:
        if output.data_path == f"action_result.parameter.{name}":
            yield from (one for one in output.example_values if _fits(one, field))
    yield from (TYPES[one] for one in contains if one in TYPES)
    yield from _by_type(name, field)


def _by_type(name: str, field: Mapping[str, Any]) -> Iterator[Any]:
    match field.get("data_type"):
        case "numeric":
            yield 1
        case "boolean":
            yield True
        case "timezone":
            yield "UTC"
        case "password":
            yield "not-a-secret-1"
        case _:
            yield from (value for word, value in _WORDS.items() if word in name.lower())
            yield "1"


def _fits(value: object, field: Mapping[str, Any]) -> bool:
    if field.get("data_type") == "numeric":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if field.get("data_type") == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str) and bool(value.strip())


def _service_account(pem: str) -> str:
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "project-1",
            "private_key_id": "1",
            "private_key": pem,
            "client_email": f"ada@{HOST}",
            "client_id": "1",
            "auth_uri": f"{URL}/auth",
            "token_uri": f"{URL}/token",
        }
    )
