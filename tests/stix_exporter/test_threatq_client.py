"""Requests to a ThreatQ server: log-in, retries, redirects, proxies, certificates, and what is said when they fail."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from services.certificate import make_certificate
from services.echo import EchoService
from services.threatq import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER, ThreatQService
from stix_export.errors import ExportError
from stix_export.threatq import Client, Settings
from stix_export.threatq.answers import error_text, one_line, retry_after
from stix_export.threatq.settings import server_address

from .threatq_libraries import APPLICATION, PERSON, Pauses, library

NOW = datetime(2021, 10, 21, 21, 2, 46, tzinfo=timezone.utc)


@pytest.fixture
def service() -> Iterator[ThreatQService]:
    with ThreatQService(library()) as running:
        yield running


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


def fails(client: Client, path: str = "incident/12") -> str:
    with client, pytest.raises(ExportError) as error:
        client.get(path)
    return str(error.value)


@pytest.mark.parametrize("credentials", [APPLICATION, PERSON])
def test_logs_in_once(service: ThreatQService, pauses: Pauses, credentials: dict[str, str]) -> None:
    with pauses.client(service, credentials) as client:
        assert client.get("incident/12").body == client.get("incident/12").body
    assert len(service.asked("/api/token")) == 1
    assert all(CLIENT_SECRET not in request.path + str(request.query) for request in service.requests)
    assert all(PASSWORD not in str(request.query) for request in service.requests)


@pytest.mark.parametrize("credentials", [APPLICATION, PERSON])
def test_refreshes_a_token_that_has_expired(
    service: ThreatQService, pauses: Pauses, credentials: dict[str, str]
) -> None:
    with pauses.client(service, credentials) as client:
        client.get("incident/12")
        for _ in range(2):
            service.expire()
            assert client.get("incident/12").body
    grants = [request.body + json.dumps(request.query).encode() for request in service.asked("/api/token")]
    assert [b"refresh_token" in grant for grant in grants] == [False, True, True]


def test_logs_in_again_where_the_refresh_token_has_expired_too(service: ThreatQService, pauses: Pauses) -> None:
    with pauses.client(service, PERSON) as client:
        client.get("incident/12")
        service.expire(refresh=True)
        assert client.get("incident/12").body
    assert len(service.asked("/api/token")) == 3


def test_a_new_token_that_is_refused_ends_it(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/incident/", "unauthorized", "forever")
    said = fails(pauses.client(service))
    assert "does not accept its own new access token (HTTP 401): The access token is invalid (/api/" in said
    assert len(service.asked("/incident/")) == 2


@pytest.mark.parametrize(
    ("credentials", "secret", "advice"),
    [
        ({**APPLICATION, "client_secret": "wr'on g/secret"}, "wr'on g/secret", "check client_id and client_secret of"),
        ({**PERSON, "password": "wr'on g/word"}, "wr'on g/word", "check client_id, username and password of"),
    ],
)
def test_wrong_credentials_are_said_and_not_shown(
    service: ThreatQService,
    pauses: Pauses,
    caplog: pytest.LogCaptureFixture,
    credentials: dict[str, str],
    secret: str,
    advice: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    said = fails(pauses.client(service, credentials))
    assert "refuses the credentials (HTTP 40" in said
    assert advice in said
    assert "******" in said  # the server repeated them
    assert secret not in said + caplog.text
    assert "Basic d" not in said + caplog.text
    assert len(service.requests) == 1


def test_tokens_are_in_no_message(service: ThreatQService, pauses: Pauses, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pauses.client(service) as client:
        client.get("incident/12")
        tokens = service.tokens
        service.fail_on("/incident/", "unauthorized", "echo")
        with pytest.raises(ExportError) as error:
            client.get("incident/12")
    said = str(error.value)
    assert "Bearer ****** is what you sent and more" in said
    assert not any(token in said + caplog.text + repr(client.settings) for token in tokens | service.tokens)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("forbidden", "does not permit this (HTTP 403): You do not have permission to do this (/api/incident/12);"),
        ("error_page", "fails (HTTP 500) (/api"),
        ("unavailable", "fails (HTTP 503): Down for maintenance (/api"),
        ("rate_limit", "still answers that there were too many requests (HTTP 429)"),
        ("html", "answers with a web page titled 'ThreatQ - Login' instead of JSON (HTTP 200)"),
        ("not_found_page", "answers with a web page titled '404 Not Found' instead of JSON (HTTP 404)"),
        ("not_json", "answers with text that is not JSON ("),
        ("list", "answers with JSON that is no object ("),
        ("empty", "answers with an empty answer ("),
        ("errors", "reports an error: Unknown relation.; Of the query given (/api"),
        ("data_errors", "reports an error: id: The id is not valid (/api"),
        ("hang_up", "breaks the connection off"),
        ("cut", "breaks "),
        ("slow", "does not answer within 0.5 seconds"),
        ("redirect_loop", "redirects more than 5 times"),
    ],
)
def test_each_failure_is_one_sentence(service: ThreatQService, pauses: Pauses, kind: str, said: str) -> None:
    service.fail_on("/incident/", kind, "forever")
    message = fails(pauses.client(service, timeout=0.5, attempts=3))
    assert message.startswith(f"ThreatQ at {service.url} ")
    assert said in message
    assert "\n" not in message
    assert "; " in message  # what to do


def test_an_object_that_is_not_there(service: ThreatQService, pauses: Pauses) -> None:
    with pauses.client(service) as client:
        assert client.get("incident/13").body is None


def test_what_fails_for_now_is_asked_again(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/incident/", "error_page", "unavailable", "hang_up", "rate_limit")
    with pauses.client(service) as client:
        assert client.get("incident/12").body
    assert pauses.seconds == [1, 3, 4, 7]
    assert "answers HTTP 503 for /api/incident/12; trying again in 3 s" in pauses.told[1]


def test_the_log_in_is_tried_again(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_next("unavailable", "rate_limit_bare")
    with pauses.client(service) as client:
        assert client.get("incident/12").body
    assert pauses.seconds == [3, 2]


def test_a_date_to_try_again_at(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/incident/", "rate_limit_date")
    with pauses.client(service) as client:
        assert client.get("incident/12").body
    assert 25 < pauses.seconds[0] <= 30


def test_a_pause_that_is_too_long_ends_it(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/incident/", "rate_limit_long")
    message = fails(pauses.client(service))
    assert "asks to wait for 86400 seconds (HTTP 429), which is longer than the 120 that an export waits" in message
    assert pauses.seconds == []


def test_what_is_sent_is_sent_once(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/attachments", "error_page", "hang_up")
    with pauses.client(service) as client:
        for said in ("fails (HTTP 500)", "breaks the connection off"):
            with pytest.raises(ExportError, match="ThreatQ at") as error:
                client.post("attachments", json={})
            assert said in str(error.value)
    assert len(service.asked("/attachments")) == 2
    assert pauses.seconds == []


def test_a_redirect_on_the_server_is_followed(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/incident/", "redirect")
    with pauses.client(service) as client:
        assert client.get("incident/12", **{"with": "tags"}).body
    assert [request.query for request in service.asked("/incident/")] == [{"with": "tags"}] * 2


@pytest.mark.parametrize("path", ["/incident/", "/token"])
def test_credentials_go_to_no_other_server(service: ThreatQService, pauses: Pauses, path: str) -> None:
    with EchoService() as other:
        service.redirect_to(f"{other.url}/take?token=secret-in-an-address")
        service.fail_on(path, "redirect_away")
        message = fails(pauses.client(service))
        assert other.requests == []
    assert f"redirects to {other.url}, where no credentials are sent" in message
    assert "secret-in-an-address" not in message


@pytest.mark.parametrize(
    "location", ["http://[", "//evil.example:99999/", "ftp://evil.example/", "javascript:alert(1)"]
)
def test_odd_redirects_are_refused(service: ThreatQService, pauses: Pauses, location: str) -> None:
    service.redirect_to(location)
    service.fail_on("/incident/", "redirect_away")
    assert "redirects" in fails(pauses.client(service))


def test_the_log_in_is_not_sent_on(service: ThreatQService, pauses: Pauses) -> None:
    service.fail_on("/token", "redirect")
    assert "redirects what is sent to it" in fails(pauses.client(service))


def test_netrc_is_not_asked(
    service: ThreatQService, pauses: Pauses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password wrong\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with pauses.client(service) as client:
        assert client.get("incident/12").body


def test_the_proxy_of_the_environment(service: ThreatQService, pauses: Pauses, monkeypatch: pytest.MonkeyPatch) -> None:
    with EchoService() as proxy:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(name, "")
        assert "without a token" in fails(pauses.client(service))
        assert proxy.requests[0].path.startswith(service.url)
        with pauses.client(service, bypass_proxy=True) as client:
            assert client.get("incident/12").body
        assert len(proxy.requests) == 1
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with pauses.client(service) as client:
            assert client.get("incident/12").body


def test_a_proxy_that_is_not_there(service: ThreatQService, pauses: Pauses, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://ada:proxy-secret@127.0.0.1:{_closed_port()}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    message = fails(pauses.client(service, attempts=2))
    assert "cannot be reached through the proxy" in message
    assert "bypass_proxy" in message
    assert "proxy-secret" not in message


def test_certificates(tmp_path: Path, pauses: Pauses, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path)
    with ThreatQService(library(), certificate=certificate) as service:
        monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
        message = fails(pauses.client(service))
        assert "has a certificate that is not trusted (self" in message
        assert "soarkit trust add" in message
        assert len(pauses.seconds) == 0
        with pauses.client(service, verify_server_cert=False) as client:
            assert client.get("incident/12").body
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        with pauses.client(service) as client:
            assert client.get("incident/12").body
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "absent.pem"))
        assert "CA bundle is not there" in fails(pauses.client(service))
        with pauses.client(service, verify_server_cert=False) as client:
            assert client.get("incident/12").body


def test_no_tls_where_tls_is_expected(service: ThreatQService, pauses: Pauses) -> None:
    message = fails(pauses.client(service, base_url=service.url.replace("http:", "https:")))
    assert "does not speak TLS that this machine accepts" in message


def test_nobody_is_there(service: ThreatQService, pauses: Pauses) -> None:
    address = f"http://127.0.0.1:{_closed_port()}"
    assert "refuses connections (/api/token)" in fails(pauses.client(service, base_url=address, attempts=2))
    absent = "http://threatq.invalid"
    assert "has a name that cannot be resolved" in fails(pauses.client(service, base_url=absent, bypass_proxy=True))


@pytest.mark.parametrize("answer", [{}, {"access_token": None}, {"access_token": "a\r\nb"}, {"access_token": " "}])
def test_a_log_in_without_a_token(pauses: Pauses, answer: dict[str, Any]) -> None:
    with EchoService() as other, ThreatQService(library()) as service:
        other.reply(json.dumps(answer).encode())
        assert "without a token" in fails(pauses.client(service, base_url=other.url))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("tq.example.com", "https://tq.example.com"),
        (" https://TQ.example.com/ ", "https://tq.example.com"),
        ("https://tq.example.com/api/", "https://tq.example.com"),
        ("https://tq.example.com:8443/below/api", "https://tq.example.com:8443/below"),
        ("10.0.0.1:8443", "https://10.0.0.1:8443"),
        ("[2001:db8::1]", "https://[2001:db8::1]"),
        ("HTTP://tq.example.com", "http://tq.example.com"),
    ],
)
def test_addresses(given: str, address: str) -> None:
    assert server_address(given) == address


@pytest.mark.parametrize(
    "given",
    ["tq example", "ftp://tq", "https://", "https://a:b@tq", "https://tq:99999", "https://tq/?a=b", "tq#a", "["],
)
def test_what_is_no_address(given: str) -> None:
    with pytest.raises(ExportError, match="The base_url of the configuration is not an address such as https://"):
        server_address(given)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "has no base_url"),
        ({"base_url": "tq"}, "has no client_id"),
        ({"base_url": "tq", "client_id": CLIENT_ID}, "no complete credentials"),
        ({"base_url": "tq", "client_id": CLIENT_ID, "username": USER}, "no complete credentials"),
        ({"base_url": "tq", **APPLICATION, **PERSON}, "both a client_secret and a username"),
        ({"base_url": "tq", **APPLICATION, "bypass_proxy": "maybe"}, "bypass_proxy of the configuration is neither"),
        ({"base_url": "tq", **APPLICATION, "timeout": 0}, "timeout of the configuration is not"),
        ({"base_url": "tq", **APPLICATION, "timeout": True}, "timeout of the configuration is not"),
        ({"base_url": "tq", **APPLICATION, "timeout": "nan"}, "timeout of the configuration is not"),
    ],
)
def test_configurations_that_are_refused(config: dict[str, Any], said: str) -> None:
    with pytest.raises(ExportError) as error:
        Settings.from_config(config)
    assert said in str(error.value)
    assert CLIENT_SECRET not in str(error.value)


def test_a_configuration() -> None:
    settings = Settings.from_config({"base_url": "TQ.Example:443", **APPLICATION, "bypass_proxy": "Yes", "timeout": ""})
    assert (settings.host, settings.bypass_proxy, settings.verify_server_cert) == ("tq.example", True, True)
    assert Settings.from_config({"base_url": "http://[::1]:8080", **PERSON}).host == "[::1]:8080"
    assert CLIENT_SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("Thu, 21 Oct 2021 21:03:46 -0000", 60.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(), st.text(min_size=4))
def test_text_of_a_server_is_one_line_without_secrets(text: str, secret: str) -> None:
    shown = one_line(f"{text}{secret}{text}", lambda value: value.replace(secret, ""))
    assert len(shown) <= 300
    assert shown.isprintable() or not any(ord(letter) < 32 for letter in shown)
    assert secret not in shown


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_errors_of_any_shape(errors: Any) -> None:
    assert isinstance(error_text({"errors": errors, "data": {"errors": errors}}, str), str)


def _closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
