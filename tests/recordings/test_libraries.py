"""Every HTTP library an app may use is recorded, and answered in a replay with the server gone."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.services.certificate import make_certificate, server_context
from tests.services.echo import EchoService

from .conftest import Opened

Answer = tuple[int, bytes]


def _requests(url: str, body: bytes) -> Answer:
    requests = pytest.importorskip("requests")
    response = requests.post(url, data=body, timeout=10)
    return response.status_code, response.content


def _requests_session_streaming(url: str, body: bytes) -> Answer:
    requests = pytest.importorskip("requests")
    with requests.Session() as session, session.post(url, data=iter([body]), stream=True, timeout=10) as response:
        return response.status_code, b"".join(response.iter_content(7))


def _urllib3(url: str, body: bytes) -> Answer:
    urllib3 = pytest.importorskip("urllib3")
    with urllib3.PoolManager() as pool:
        response = pool.request("POST", url, body=body)
        return response.status, response.data


def _http_client(url: str, body: bytes) -> Answer:
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=10)
    connection.request("POST", f"{split.path}?{split.query}", body)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


def _urllib(url: str, body: bytes) -> Answer:
    # An opener of its own: urlopen keeps one for the whole process, with the proxies and certificates it met first.
    opener = urllib.request.build_opener()
    with opener.open(urllib.request.Request(url, data=body, method="POST"), timeout=10) as response:
        return response.status, response.read()


def _httpx(url: str, body: bytes) -> Answer:
    httpx = pytest.importorskip("httpx")
    response = httpx.post(url, content=body, timeout=10)
    return response.status_code, response.content


def _httpx_async(url: str, body: bytes) -> Answer:
    import asyncio

    httpx = pytest.importorskip("httpx")

    async def post() -> Answer:
        async with httpx.AsyncClient() as client:
            response = await client.post(url, content=body, timeout=10)
            return response.status_code, response.content

    return asyncio.run(post())


LIBRARIES = [_requests, _requests_session_streaming, _urllib3, _http_client, _urllib, _httpx, _httpx_async]


@pytest.mark.parametrize("post", LIBRARIES, ids=lambda post: post.__name__.strip("_"))
def test_library(post: Callable[[str, bytes], Answer], record: Opened, replay: Opened) -> None:
    with EchoService() as service:
        url = f"{service.url}/things?a=1&b=%20"
        with record() as recording:
            recorded = post(url, b"the body")
        assert not recording.problems
        assert [(item.method, item.path, item.body) for item in service.requests] == [
            ("POST", "/things?a=1&b=%20", b"the body")
        ]
    with replay() as recording:
        replayed = post(url, b"the body")
        with pytest.raises(Exception, match="is not in the recording with this body"):
            post(url, b"another body")
    assert (replayed[0], json.loads(replayed[1])) == (recorded[0], json.loads(recorded[1]))
    assert recording.problems == [f"POST {url} is not in the recording with this body"]


def test_tls_with_a_certificate_of_its_own(tmp_path: Path, record: Opened, replay: Opened) -> None:
    requests = pytest.importorskip("requests")
    certificate = make_certificate(tmp_path)
    with EchoService(tls=server_context(certificate)) as service:
        with record():
            assert requests.get(service.url, verify=str(certificate), timeout=10).json()["path"] == "/"
        url = service.url
    with replay() as recording:
        assert requests.get(url, verify=str(certificate), timeout=10).json()["path"] == "/"
    assert not recording.problems


@pytest.mark.parametrize("post", [_requests, _urllib], ids=["requests", "urllib"])
def test_behind_a_proxy(
    post: Callable[[str, bytes], Answer],
    tmp_path: Path,
    record: Opened,
    replay: Opened,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was recorded without a proxy is answered to an app that would use one."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("NO_PROXY", "")
    with EchoService(tls=server_context(certificate)) as service:
        url = f"{service.url}/?a=1"
        with record():
            post(url, b"body")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.contoso.example:3128")
    with replay() as recording:
        assert post(url, b"body")[0] == 200
    assert not recording.problems
