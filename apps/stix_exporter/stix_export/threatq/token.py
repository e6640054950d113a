"""The OAuth token of a ThreatQ server: by client id and secret, or by user, password and client id (reference 3.1)."""

import base64
from typing import Any, Dict, List, Optional, Set
from urllib.parse import quote, quote_plus

from .settings import Settings

Request = Dict[str, Any]


class Token:
    """The token in use, and what is sent to get one. It never shows itself.

    :ivar access: the token, None before the first log-in
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.access: Optional[str] = None
        self._refresh: Optional[str] = None
        # Those of before too: a server's error may repeat what it no longer takes.
        self._tokens: Set[str] = set()

    @property
    def can_refresh(self) -> bool:
        return self._refresh is not None

    def login(self) -> Request:
        """The parameters, body and basic authentication that ask for a first token."""
        settings = self._settings
        if settings.client_secret is not None:
            return {
                "params": {"grant_type": "client_credentials"},
                "json": {},
                "basic": (settings.client_id, settings.client_secret),
            }
        return {
            "params": {"grant_type": "password", "client_id": settings.client_id},
            "json": {"email": settings.username, "password": settings.password},
        }

    def refresh(self) -> Request:
        """The same, for a new token in place of one that has expired. The refresh token is good for one use."""
        settings = self._settings
        # In the body, not in the address as some clients have it: addresses end up in logs of proxies.
        request: Request = {"json": {"grant_type": "refresh_token", "refresh_token": self._refresh}}
        if settings.client_secret is not None:
            request["basic"] = (settings.client_id, settings.client_secret)
        else:
            request["json"]["client_id"] = settings.client_id
        self._refresh = None
        return request

    def take(self, answer: Dict[str, Any]) -> bool:
        """Keep what the server has answered. :returns: whether there was a token in it"""
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not isinstance(access, str) or not access.isascii() or not access.isprintable() or not access.strip():
            return False
        self.access = access
        self._refresh = refresh if isinstance(refresh, str) and refresh else None
        self._tokens.update(token for token in (self.access, self._refresh) if token)
        return True

    def forget(self) -> None:
        """Have none: the server no longer takes it."""
        self.access = None

    def redact(self, text: str) -> str:
        """The text without any of the secrets, in whatever form a server may repeat them."""
        for secret in self._secrets():
            text = text.replace(secret, "******")
        return text

    def _secrets(self) -> List[str]:
        settings = self._settings
        found = [settings.client_secret, settings.password, *self._tokens]
        plain = [secret for secret in found if secret]
        if settings.client_secret is not None:
            pair = f"{settings.client_id}:{settings.client_secret}".encode()
            plain.append(base64.b64encode(pair).decode("ascii"))
        forms = {form for secret in plain for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        forms |= {" ".join(form.split()) for form in forms}
        return sorted((form for form in forms if form), key=len, reverse=True)
