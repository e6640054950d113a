"""``--listen``: an app waits for a browser, and its REST handler answers meanwhile."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from installing import install
from services.oauth import CLIENT_ID, USER, OAuthService
from waiting import Waiting

from soarkit.store import open_store

APP = "waits_for_a_browser"
DIRECTORY = "waitsforabrowser_0b1f2c55-4f0a-4c1d-9d53-6a4b9d1f7e02"
LINK = re.compile(r"https?://.*/start_oauth\?\S+")


def browse(url: str, context: ssl.SSLContext | None = None) -> tuple[int, str]:
    """What a browser shows in the end, having followed where it was sent."""
    try:
        # Browsers encode what a link has in plain.
        with urllib.request.urlopen(url.replace(" ", "%20"), timeout=30, context=context) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def provider() -> Iterator[OAuthService]:
    with OAuthService() as service:
        yield service


@pytest.fixture
def asset(home: Path, provider: OAuthService) -> str:
    """An asset of the installed app."""
    slug = install(home, APP).slug
    configuration = {"server": provider.url, "client_id": CLIENT_ID, "client_secret": provider.client_secret}
    with open_store(str(home)) as store:
        store.assets.create("my asset", app=slug, configuration=configuration)
    return "my asset"


def seen_anywhere(home: Path, *finished: Finished) -> str:
    """All that was printed and written."""
    printed = "".join(one.stdout + one.stderr for one in finished)
    return printed + "".join(path.read_bytes().decode("latin-1") for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_whole_dance(home: Path, provider: OAuthService, asset: str, soarkit: Any, scheme: str) -> None:
    test = Waiting("asset", "test", asset, "--listen", f"{scheme}://127.0.0.1:0", "-f", "json")
    link = test.until(LINK)
    assert re.match(rf"{scheme}://127\.0\.0\.1:\d+/rest/handler/{DIRECTORY}/my asset/start_oauth", link)
    context = None
    if scheme == "https":
        context = ssl.create_default_context(cafile=str(home / "rest" / "certificate.pem"))
    assert browse(link, context) == (200, "Code received. You can close this window.")
    tested = test.end()
    assert tested.code == 0, tested
    assert tested.data == [USER]
    assert f"soarkit: GET /rest/handler/{DIRECTORY}/my%20asset/result: 200" in tested.stderr
    # Another action has the token; and when that is not good any more, gets another.
    who = ("run", "who am i", "--asset", asset, "--python", sys.executable)
    first = soarkit(*who)
    provider.expire()
    second = soarkit(*who)
    assert (first.data, second.data) == ([USER], [USER])
    assert provider.log == [
        "authorize",
        "token authorization_code",
        "GET /api/v4/users/me",
        "GET /api/v4/users/me",
        "GET /api/v4/users/me",
        "token refresh_token",
        "GET /api/v4/users/me",
    ]
    everything = seen_anywhere(home, tested, first, second)
    assert not [one for one in (*provider.issued, provider.client_secret) if one in everything]
    # The address is free again, and nobody answers there.
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(link.replace(" ", "%20"), timeout=5)


def test_strangers(asset: str) -> None:
    test = Waiting("asset", "test", asset, "--listen", "127.0.0.1:0")
    base = test.until(LINK).partition("/rest/")[0]
    handler = f"{base}/rest/handler/{DIRECTORY}/my%20asset"
    assert browse(f"{handler}/result?state=1:wrong&code=x") == (400, "wrong state")
    assert browse(f"{handler}/else")[0] == 404
    for path in ("/", "/rest/system_info", "/rest/asset/1", "/rest/handler/other_1/start_oauth", "/webhook/x/1/"):
        assert browse(base + path)[0] == 404
    test.process.send_signal(signal.SIGINT)
    ended = test.end()
    assert ended.code == 130
    assert "Traceback" not in ended.stderr


def test_a_public_address(asset: str) -> None:
    public = "https://soar.contoso.example"
    test = Waiting("asset", "test", asset, "--listen", "127.0.0.1:0", SOARKIT_BASE_URL=f"{public}/")
    link = test.until(LINK)
    assert link.startswith(f"{public}/rest/handler/{DIRECTORY}/")
    listened = re.search(r"listening on (http://127\.0\.0\.1:\d+)", "".join(test.lines))
    assert listened is not None
    # The provider sends the browser to the public address, where nobody is; a redirect is as far as it gets here.
    state = _state(listened[1] + link.removeprefix(public))
    code = listened[1] + f"/rest/handler/{DIRECTORY}/my%20asset/result?code=x&state={state}"
    assert browse(code)[0] == 200
    ended = test.end()
    assert (ended.code, "invalid_grant" in ended.stdout) == (1, True)


def _state(link: str) -> str:
    class Stop(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(Stop).open(link.replace(" ", "%20"), timeout=30)
    with caught.value as redirect:
        return redirect.headers["Location"].partition("&state=")[2]


def test_without_listening_nobody_comes(asset: str, soarkit: Any) -> None:
    words = ("asset", "test", asset, "--timeout", "5", "--python", sys.executable)
    finished = soarkit(*words, SOARKIT_BASE_URL="http://a")
    assert finished.code == 3
    assert f"http://a/rest/handler/{DIRECTORY}/my asset/start_oauth" in finished.stderr


def test_an_app_by_its_path(provider: OAuthService, tmp_path: Path) -> None:
    shutil.copytree(APPS / APP, tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    configuration = {"server": provider.url, "client_id": CLIENT_ID, "client_secret": provider.client_secret}
    (tmp_path / "asset.json").write_text(json.dumps({"id": 12, "name": "mine", "configuration": configuration}))
    run = Waiting(
        *("run", str(tmp_path / "app"), "test connectivity", "--asset-file", str(tmp_path / "asset.json")),
        *("--listen", "127.0.0.1:0"),
    )
    link = run.until(LINK)
    assert f"/{DIRECTORY}/mine/start_oauth?asset_id=12" in link
    assert browse(link)[0] == 200
    assert run.end().data == [USER]


def test_what_cannot_be_listened_to(asset: str, soarkit: Any, app: Any) -> None:
    test = ("asset", "test", asset, "--python", sys.executable, "--listen")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        finished = soarkit(*test, taken)
    assert (finished.code, "Please open" in finished.stderr) == (3, False)
    assert f"{taken}: cannot listen on this address" in finished.stderr
    finished = soarkit(*test, "nowhere")
    assert (finished.code, "no address to listen on" in finished.stderr) == (2, True)
    finished = soarkit(*test, "127.0.0.1:0", SOARKIT_BASE_URL="soar.example")
    assert (finished.code, "'soar.example' is no address" in finished.stderr) == (2, True)
    echo = ("run", app("echo"), "echo", "-p", "text=x", "-c", "server=s", "--python", sys.executable)
    finished = soarkit(*echo, "--listen", "127.0.0.1:0")
    assert (finished.code, "nothing to listen for" in finished.stderr) == (2, True)
    finished = soarkit(*echo, "--listen", "127.0.0.1:0", "--record", "tape.json")
    assert (finished.code, "neither recorded nor replayed" in finished.stderr) == (2, True)
