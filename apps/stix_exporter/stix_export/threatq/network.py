"""How requests go out: certificates, proxies, who asks; and in words what keeps them from arriving."""

import os
import re
from typing import NamedTuple, Optional, Union

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from .settings import Settings

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Explained(NamedTuple):
    """Why there is no answer. :ivar again: another try may end otherwise"""

    what: str
    advice: str
    again: bool


class Session(requests.Session):
    """A session that leaves redirects to the client, which looks at where they lead."""

    def get_redirect_target(self, resp: requests.Response) -> Optional[str]:
        return None


class Bearer(AuthBase):
    """The access token of one request."""

    def __init__(self, token: Optional[str]) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Basic(HTTPBasicAuth):
    """OAuth client id and secret; in UTF-8, which requests itself leaves to Latin-1."""

    def __init__(self, client_id: str, secret: str) -> None:
        super().__init__(client_id.encode(), secret.encode())


def verification(wanted: bool) -> Union[bool, str]:
    """What servers' certificates are verified with: the runtime's CA bundle, or certifi's where there is none.

    :returns: a file or folder; True for certifi's; False when they are not verified
    """
    if not wanted:
        return False
    return next((path for path in (os.environ.get(name) for name in _BUNDLES) if path), True)


def explain(error: OSError, settings: Settings) -> Explained:
    """The sentence for an error of requests; its own text may hold addresses with secrets, so little of it is taken."""
    text = str(error)
    if not isinstance(error, requests.RequestException):
        return Explained(
            "cannot be asked, since this machine's CA bundle is not there",
            "check REQUESTS_CA_BUNDLE, or what `soarkit doctor` says",
            False,
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return Explained(
            "cannot be reached through the proxy", "check the proxy of the environment, or set bypass_proxy", True
        )
    if isinstance(error, requests.exceptions.SSLError):
        found = re.search(r"certificate verify failed: ([^()\[\]{}<>]{1,150})", text)
        if found is None:
            return Explained(
                "does not speak TLS that this machine accepts", "check base_url: http or https, and the port", False
            )
        return Explained(
            f"has a certificate that is not trusted ({found.group(1).strip()})",
            "add its certificate authority with `soarkit trust add`, or check base_url",
            False,
        )
    if isinstance(error, requests.exceptions.Timeout):
        return Explained(
            f"does not answer within {settings.timeout:g} seconds", "check the server, or raise timeout", True
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return Explained("breaks its answer off", "try again later", True)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return Explained("answers with something that cannot be unpacked", "check base_url", False)
    if isinstance(error, requests.exceptions.ConnectionError):
        if re.search(r"NameResolutionError|getaddrinfo|resolve", text):
            return Explained("has a name that cannot be resolved", "check base_url and the name service", False)
        if re.search(r"refused", text, re.IGNORECASE):
            return Explained("refuses connections", "check base_url and whether the server runs", True)
        return Explained("breaks the connection off", "check base_url and the network", True)
    return Explained("cannot be asked", "check base_url", False)
