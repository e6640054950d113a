"""What is needed to talk to a ThreatQ server, read from the asset's configuration."""

import math
import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional
from urllib.parse import urlsplit

from ..errors import ExportError

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Settings:
    """Where the server is, who asks, and how.

    :ivar base_url: scheme, host and port, and a path where the server is below one; no slash at the end
    :ivar client_id: OAuth client, of the user (with ``username``) or of the application (with ``client_secret``)
    :ivar timeout: seconds to wait for a connection and for each part of an answer
    :ivar page_size: objects asked for at once
    :ivar attempts: how often one request is sent at most, when the server says that it failed for now
    :ivar longest_wait: seconds; a server that asks for a longer pause ends the export
    """

    base_url: str
    client_id: str
    client_secret: Optional[str] = None
    username: Optional[str] = None
    password: Optional[str] = None
    verify_server_cert: bool = True
    bypass_proxy: bool = False
    timeout: float = 30.0
    page_size: int = 500
    attempts: int = 5
    longest_wait: float = 120.0

    def __repr__(self) -> str:
        """The server only: what is logged must not hold a secret."""
        return f"Settings({self.base_url!r})"

    @property
    def host(self) -> str:
        """The server's name in lower case, with the port where it is not the scheme's own: the default library id."""
        parts = urlsplit(self.base_url)
        usual = {"http": 80, "https": 443}[parts.scheme]
        name = (parts.hostname or "").rstrip(".")
        name = f"[{name}]" if ":" in name else name
        return name if parts.port in (None, usual) else f"{name}:{parts.port}"

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> "Settings":
        """Read the asset's configuration.

        Keys: ``base_url``, ``client_id``, and either ``client_secret`` or ``username`` with ``password``; optional
        ``verify_server_cert``, ``bypass_proxy`` and ``timeout``.

        :raises ExportError: something is missing or is not what it should be
        """
        base_url = server_address(config.get("base_url"))
        client_id, secret = _text(config, "client_id"), _text(config, "client_secret", strip=False)
        username, password = _text(config, "username"), _text(config, "password", strip=False)
        if not client_id:
            raise ExportError(
                "The configuration has no client_id: give the OAuth client id of ThreatQ, with client_secret, "
                "or with username and password."
            )
        if secret and (username or password):
            raise ExportError(
                "The configuration has both a client_secret and a username or password: give one kind of credentials."
            )
        if not secret and not (username and password):
            raise ExportError(
                "The configuration has no complete credentials for ThreatQ: give client_secret, "
                "or username and password."
            )
        return cls(
            base_url=base_url,
            client_id=client_id,
            client_secret=secret,
            username=username,
            password=password,
            verify_server_cert=_switch(config, "verify_server_cert", True),
            bypass_proxy=_switch(config, "bypass_proxy", False),
            timeout=_seconds(config, "timeout", 30.0),
        )


def server_address(text: Any) -> str:
    """The address of the server as requests are sent to: ``host``, ``host:port`` and addresses with ``/api`` are taken.

    :raises ExportError: it is no such address
    """
    given = text.strip() if isinstance(text, str) else ""
    if not given:
        raise ExportError("The configuration has no base_url: give the address of the ThreatQ server.")
    wrong = ExportError(
        "The base_url of the configuration is not an address such as https://threatq.example.com: "
        "give scheme, host and, if need be, port."
    )
    scheme = _SCHEME.match(given)
    if scheme is None:
        given = "https://" + given
    elif scheme.group(1).lower() not in ("http", "https"):
        raise wrong
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise wrong from None
    host = parts.hostname or ""
    # A user in the address would be sent, logged and shown beside the configured credentials.
    if not host or "@" in parts.netloc or parts.query or parts.fragment or re.search(r"[\s\\\x00-\x1f]", given):
        raise wrong
    path = re.sub(r"(/api)?/*$", "", parts.path.rstrip("/"))
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme.lower()}://{name}{'' if port is None else f':{port}'}{path}"


def _text(config: Mapping[str, Any], name: str, strip: bool = True) -> Optional[str]:
    value = config.get(name)
    if value is None:
        return None
    text = str(value)
    return (text.strip() if strip else text) or None


def _switch(config: Mapping[str, Any], name: str, default: bool) -> bool:
    value = config.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE + _FALSE:
        raise ExportError(f"The {name} of the configuration is neither true nor false.")
    return word in _TRUE


def _seconds(config: Mapping[str, Any], name: str, default: float) -> float:
    value = config.get(name)
    if value is None or value == "":
        return default
    try:
        seconds = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        seconds = math.nan
    if not 0 < seconds <= 3600:
        raise ExportError(f"The {name} of the configuration is not a number of seconds above 0 and up to 3600.")
    return seconds
