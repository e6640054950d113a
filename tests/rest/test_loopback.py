"""The address of one run: TLS, its secret part, limits, several connections at once, and its end."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from soarkit.rest import certificate
from soarkit.rest.loopback import Loopback


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def loopback(home: Path, notes: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)

    def caller(base_url: str) -> Any:
        from soarkit.rest.caller import Caller
        from soarkit.store import open_store

        return Caller(store=open_store(str(home)), base_url=base_url, product_version="8.6.0", own_session=True)

    with Loopback(str(home), caller, notes.append) as running:
        yield running
    assert not [one.name for one in threading.enumerate() if one.name == "soarkit-rest"]


def connection(loopback: Loopback, **options: Any) -> http.client.HTTPSConnection:
    place = urlsplit(loopback.base_url)
    trusted = ssl.create_default_context(cafile=certificate.path(loopback._home))
    # As strict as any Python is by default.
    trusted.verify_flags |= ssl.VERIFY_X509_STRICT
    return http.client.HTTPSConnection(place.hostname or "", place.port, context=trusted, timeout=60, **options)


def ask(loopback: Loopback, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    asking = connection(loopback)
    try:
        asking.request(method, path, body, headers)
        answer = asking.getresponse()
        return answer.status, answer.read()
    finally:
        asking.close()


def below(loopback: Loopback, path: str) -> str:
    return urlsplit(loopback.base_url).path + path


def test_the_certificate(home: Path) -> None:
    path = certificate.ensure(str(home))
    assert path == str(home / "rest" / "certificate.pem") == certificate.ensure(str(home))
    assert stat.S_IMODE(os.stat(home / "rest" / "key.pem").st_mode) == 0o600
    before = Path(path).read_bytes()
    code = "import sys; from soarkit.rest import certificate as c; c.ensure(sys.argv[1]); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=True).stdout
    assert not {"ssl", "cryptography", "django", "soarkit.homefiles"} & set(loaded.split())
    assert Path(path).read_bytes() == before


def test_it_is_trusted_for_this_machine_alone(loopback: Loopback) -> None:
    trusted = ssl.create_default_context(cafile=certificate.path(loopback._home))
    port = urlsplit(loopback.base_url).port
    for name in ("127.0.0.1", "localhost"):
        with (
            socket.create_connection(("127.0.0.1", port or 0)) as plain,
            trusted.wrap_socket(plain, server_hostname=name),
        ):
            pass
    with socket.create_connection(("127.0.0.1", port or 0)) as plain, pytest.raises(ssl.SSLCertVerificationError):
        trusted.wrap_socket(plain, server_hostname="example.com")


@pytest.mark.parametrize("path", ["rest/version", "/rest/version", "//rest///version/", "rest/version?"])
def test_slashes(loopback: Loopback, path: str) -> None:
    assert ask(loopback, "GET", below(loopback, path)) == (200, b'{"version": "8.6.0.0"}')


def test_only_who_knows_the_address(loopback: Loopback) -> None:
    for path in ("/", "/rest/version", "/x/rest/version", below(loopback, "")[:-2] + "/rest/version"):
        assert ask(loopback, "GET", path) == (404, b"")
    assert ask(loopback, "POST", "/rest/container", b"x" * 100) == (404, b"")


def test_a_slash_in_a_name(loopback: Loopback) -> None:
    body = json.dumps({"name": "a/b ü", "content": [["x"]]}).encode()
    assert ask(loopback, "POST", below(loopback, "rest/decided_list"), body)[0] == 200
    assert ask(loopback, "GET", below(loopback, "rest/decided_list/a%2Fb%20%C3%BC"))[0] == 200
    assert ask(loopback, "GET", below(loopback, "rest/decided_list/a/b%20%C3%BC"))[0] == 404


def test_bodies(loopback: Loopback) -> None:
    container = json.dumps({"name": "c", "label": "x", "data": {"x": "y" * 3_000_000}}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json"):
        headers = {"Content-Type": kind}
        assert ask(loopback, "POST", below(loopback, "rest/container"), container, **headers)[0] == 200
    asking = connection(loopback)
    asking.request("POST", below(loopback, "rest/container"), iter([b'{"name": ', b'"chunked"}']), encode_chunked=True)
    assert json.loads(asking.getresponse().read())["success"] is True
    asking.close()
    asking = connection(loopback)
    asking.putrequest("POST", below(loopback, "rest/container"))
    asking.putheader("Content-Length", "many")
    asking.endheaders()
    assert asking.getresponse().status == 400
    asking.close()


def test_a_body_that_is_too_long(loopback: Loopback) -> None:
    status, body = ask(loopback, "POST", below(loopback, "rest/container_attachment"), b"x" * ((48 << 20) + 1))
    assert (status, json.loads(body)["failed"]) == (413, True)


def test_one_connection_for_several_requests(loopback: Loopback) -> None:
    asking = connection(loopback)
    for name in ("version", "system_info", "nothing", "container"):
        asking.request("GET", below(loopback, f"rest/{name}"))
        assert json.loads(asking.getresponse().read())
    asking.request("HEAD", below(loopback, "rest/version"))
    assert asking.getresponse().read() == b""
    asking.request("GET", below(loopback, "rest/version"))
    assert asking.getresponse().status == 200
    asking.close()


def test_several_at_once(loopback: Loopback) -> None:
    def save(number: int) -> int:
        body = json.dumps({"name": str(number), "source_data_identifier": str(number // 2), "asset_id": 1}).encode()
        answer = json.loads(ask(loopback, "POST", below(loopback, "rest/container"), body)[1])
        return int(answer.get("id") or answer["existing_container_id"])

    silent = socket.create_connection(("127.0.0.1", urlsplit(loopback.base_url).port or 0))
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(save, range(24)))
    silent.close()
    assert len(set(numbers)) == 12


def test_what_is_no_tls(loopback: Loopback, notes: list[str]) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(loopback.base_url).port or 0)) as plain:
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with suppress(ConnectionResetError):
            assert plain.recv(100) != b"HTTP"
    assert ask(loopback, "GET", below(loopback, "rest/version"))[0] == 200
    assert notes == []


def test_the_end_does_not_wait_for_idle_connections(home: Path) -> None:
    began = time.monotonic()
    with Loopback(str(home), lambda base_url: None, print) as running:  # type: ignore[arg-type,return-value]
        place = ("127.0.0.1", urlsplit(running.base_url).port or 0)
        silent = socket.create_connection(place)
        time.sleep(0.2)
    silent.close()
    assert time.monotonic() - began < 5
    with pytest.raises(OSError, match=r"."):
        socket.create_connection(place).close()


def test_a_store_that_cannot_be_opened(home: Path, notes: list[str]) -> None:
    from soarkit.errors import SurroundingsError

    def caller(base_url: str) -> Any:
        raise SurroundingsError("the database is damaged", hint="mend it")

    with Loopback(str(home), caller, notes.append) as running:
        status, body = ask(running, "GET", below(running, "rest/version"))
    assert (status, json.loads(body)["message"]) == (500, "the database is damaged")
    assert len(notes) == 1


def test_signing_in(loopback: Loopback) -> None:
    asking = connection(loopback)
    asking.request("GET", below(loopback, "login"), headers={"Cookie": 'csrftoken="><script>'})
    answer = asking.getresponse()
    page = answer.read().decode()
    cookie = answer.getheader("Set-Cookie") or ""
    assert cookie.startswith("csrftoken=")
    assert "script" not in page
    token = cookie.partition(";")[0].partition("=")[2]
    headers = {"Cookie": f"csrftoken={token}", "X-Requested-With": "XMLHttpRequest"}
    asking.request("POST", below(loopback, "/login"), b"username=u&password=p", headers)
    answer = asking.getresponse()
    assert json.loads(answer.read()) == {"authenticated": True}
    given = answer.headers.get_all("Set-Cookie") or []
    assert any(one.startswith("sessionid=") for one in given)
    assert any(one.startswith(f"csrftoken={token}") for one in given)
    asking.close()
