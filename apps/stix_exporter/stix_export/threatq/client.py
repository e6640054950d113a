"""Requests to a ThreatQ server: log-in, retries, and one clear sentence for whatever goes wrong (reference 3.1)."""

import re
import time
import warnings
from datetime import datetime, timezone
from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import InsecureRequestWarning

from ..errors import ExportError
from . import answers, network
from .settings import Settings
from .token import Request, Token

_TOKEN = "token"
_REDIRECTS = (301, 302, 303, 307, 308)
_AGAIN = (500, 502, 503, 504)
_MOST_REDIRECTS = 5

#: Told what the client does while it takes long: one sentence.
Progress = Callable[[str], None]


class Forbidden(ExportError):
    """The credentials are good, but not for this (HTTP 403)."""


class Answer(NamedTuple):
    """An answer that was understood. :ivar body: None where the server knows no such object (404)"""

    status: int
    body: Optional[Dict[str, Any]]


class Client:
    """One session with a server. Use it as a context manager; it logs in when it is first asked for something.

    :param settings: where and how
    :param progress: told about pauses
    :param sleep: waits for so many seconds
    """

    def __init__(
        self, settings: Settings, progress: Optional[Progress] = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.settings = settings
        self._progress = progress or (lambda text: None)
        self._sleep = sleep
        self._token = Token(settings)
        self._session = network.Session()
        # What the environment says is read here: requests would also take passwords from ~/.netrc, and would let
        # the CA bundle of the environment win over verify_server_cert.
        self._session.trust_env = False
        self._session.headers.update({"Accept": "application/json", "User-Agent": "soarkit-stix-exporter"})
        self._verify = network.verification(settings.verify_server_cert)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def redact(self, text: str) -> str:
        """The text without the secrets of this session."""
        return self._token.redact(text)

    def get(self, path: str, **params: Any) -> Answer:
        """Ask for something.

        :param path: below ``/api/``
        :param params: of the address
        :raises ExportError: there was no answer that can be used; 404 with an answer in JSON is one
        """
        return self._call("GET", path, {"params": params})

    def post(self, path: str, json: Any = None, form: Any = None, files: Any = None) -> Dict[str, Any]:
        """Send something: JSON, or a form with files.

        It is sent again only where the server says that it took nothing (401, 429).

        :raises ExportError: the server did not take it
        """
        request: Request = {"data": form, "files": files} if files is not None else {"json": json}
        answer = self._call("POST", path, request)
        if answer.body is None:
            raise self._error(path, "knows no such address or object (HTTP 404)", "check base_url and the object")
        return answer.body

    def _call(self, method: str, path: str, request: Request) -> Answer:
        if self._token.access is None:
            self._log_in()
        response = self._send(method, path, request)
        if response.status_code == 401:
            self._renew()
            response = self._send(method, path, request)
            if response.status_code == 401:
                raise self._error(
                    path,
                    "does not accept its own new access token (HTTP 401)" + self._detail(response),
                    "check what the OAuth client or user may do in ThreatQ",
                )
        return self._read(path, response)

    def _log_in(self) -> None:
        self._take_token(self._send("POST", _TOKEN, self._token.login()))

    def _renew(self) -> None:
        """Get a new token: by the refresh token, or by logging in again where that is refused."""
        self._token.forget()
        if self._token.can_refresh:
            response = self._send("POST", _TOKEN, self._token.refresh())
            if response.status_code not in (400, 401, 403):
                self._take_token(response)
                return
        self._log_in()

    def _take_token(self, response: requests.Response) -> None:
        if response.status_code in (400, 401, 403):
            settings = self.settings
            who = "client_id and client_secret" if settings.client_secret else "client_id, username and password"
            raise self._error(
                _TOKEN,
                f"refuses the credentials (HTTP {response.status_code}){self._detail(response)}",
                f"check {who} of the configuration",
            )
        answer = self._read(_TOKEN, response)
        if answer.body is None:
            raise self._error(_TOKEN, "has no log-in there (HTTP 404)", "check base_url: is it a ThreatQ server?")
        if not self._token.take(answer.body):
            raise self._error(_TOKEN, "answered the log-in without a token", "check base_url: is it a ThreatQ server?")

    def _read(self, path: str, response: requests.Response) -> Answer:
        """The answer's JSON, or the error that it is."""
        status = response.status_code
        detail = self._detail(response)
        if status == 403:
            what = f"does not permit this (HTTP 403){detail}"
            raise Forbidden(str(self._error(path, what, "give the OAuth client or user the right to it")))
        if status == 429:
            raise self._error(path, "still answers that there were too many requests (HTTP 429)", "try again later")
        if status >= 500:
            raise self._error(path, f"fails (HTTP {status}){detail}", "try again later, or ask who runs it")
        try:
            body = answers.document(response.content, self.redact)
        except answers.NoJson as error:
            raise self._error(
                path,
                f"answers with {error} (HTTP {status})",
                "check base_url, and whether a proxy or log-in page stands between",
            ) from None
        if status == 404:
            return Answer(status, None)
        if status >= 400:
            raise self._error(path, f"refuses this (HTTP {status}){detail}", "check the configuration and the object")
        if not 200 <= status < 300:
            raise self._error(path, f"gives an answer of no use (HTTP {status})", "check base_url")
        reported = answers.error_text(body, self.redact)
        if reported:
            raise self._error(
                path, f"reports an error: {reported.rstrip('.')}", "see what ThreatQ's documentation says of it"
            )
        return Answer(status, body)

    def _send(self, method: str, path: str, request: Request) -> requests.Response:
        """Send a request until it is answered with something that another try would not change."""
        # What only reads, or only makes a token, does no harm when it is done twice.
        harmless = method == "GET" or path == _TOKEN
        attempt = 0
        while True:
            attempt += 1
            last = attempt >= self.settings.attempts
            try:
                response = self._follow(method, path, request)
            except OSError as error:  # those of requests, and a CA bundle that is not there
                said = network.explain(error, self.settings)
                if last or not harmless or not said.again:
                    raise self._error(path, said.what, said.advice) from None
                self._pause(path, 2.0 ** (attempt - 1), said.what)
                continue
            status = response.status_code
            if last or not (status == 429 or (harmless and status in _AGAIN)):
                return response
            asked = answers.retry_after(response.headers.get("Retry-After"), datetime.now(timezone.utc))
            seconds = 2.0 ** (attempt - 1) if asked is None else asked
            if seconds > self.settings.longest_wait:
                raise self._error(
                    path,
                    f"asks to wait for {seconds:.0f} seconds (HTTP {status}), which is longer than the "
                    f"{self.settings.longest_wait:.0f} that an export waits",
                    "try again then",
                )
            self._pause(path, seconds, f"answers HTTP {status}")

    def _follow(self, method: str, path: str, request: Request) -> requests.Response:
        """Send once, and follow redirects as long as they stay on the server: credentials go nowhere else."""
        address = f"{self.settings.base_url}/api/{path}"
        params = request.get("params")
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._send_once(method, address, params, request)
            if response.status_code not in _REDIRECTS:
                return response
            target = _address(response.url, response.headers.get("Location"))
            if target is None:
                raise self._error(path, "redirects without saying where to", "check base_url")
            if _origin(target) != _origin(address):
                raise self._error(
                    path,
                    f"redirects to {answers.one_line(_shown(target), self.redact)}, where no credentials are sent",
                    "set base_url to the address of the ThreatQ server itself",
                )
            if method != "GET":
                raise self._error(path, "redirects what is sent to it", "set base_url to where ThreatQ answers itself")
            address, params = target, None
        raise self._error(path, f"redirects more than {_MOST_REDIRECTS} times", "check base_url")

    def _send_once(self, method: str, address: str, params: Any, request: Request) -> requests.Response:
        basic: Optional[Tuple[str, str]] = request.get("basic")
        with warnings.catch_warnings():
            if self._verify is False:  # the configuration asks for it: one more line for each request tells nothing
                warnings.simplefilter("ignore", InsecureRequestWarning)
            return self._session.request(
                method,
                address,
                params=params,
                json=request.get("json"),
                data=request.get("data"),
                files=request.get("files"),
                auth=network.Basic(*basic) if basic else network.Bearer(self._token.access),
                timeout=self.settings.timeout,
                verify=self._verify,
                proxies={} if self.settings.bypass_proxy else get_environ_proxies(address),
                allow_redirects=False,
            )

    def _pause(self, path: str, seconds: float, why: str) -> None:
        self._progress(f"ThreatQ at {self.settings.base_url} {why} for /api/{path}; trying again in {seconds:.0f} s")
        self._sleep(seconds)

    def _detail(self, response: requests.Response) -> str:
        """What the server says about an error, after a colon; empty where that is a page or nothing."""
        try:
            said = answers.error_text(answers.document(response.content, self.redact), self.redact)
        except answers.NoJson:
            return ""
        return f": {said.rstrip('.')}" if said else ""

    def _error(self, path: str, what: str, advice: str) -> ExportError:
        return ExportError(f"ThreatQ at {self.settings.base_url} {what} (/api/{path}); {advice}.")


def _address(current: str, location: Optional[str]) -> Optional[str]:
    if not location:
        return None
    try:
        target = urljoin(current, location)
        urlsplit(target).port  # noqa: B018 (raises for what is no port)
    except ValueError:
        return None
    return target


def _origin(address: str) -> Tuple[str, str, Optional[int]]:
    parts = urlsplit(address)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or usual


def _shown(address: str) -> str:
    """Scheme, host and port of an address; the rest may hold secrets."""
    scheme, host, port = _origin(address)
    return re.sub(r"[^\w.:\[\]/-]", "?", f"{scheme}://{host}" + (f":{port}" if port else ""))[:200]
