"""``soarkit rest``: one request to an app's REST handler or web hook, from the command line."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import click

from soarkit.cli import complete, values
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write, write_bytes
from soarkit.cli.watch import TerminalObserver
from soarkit.errors import UsageError
from soarkit.host import Host
from soarkit.runtime.action_json import directory_name
from soarkit.runtime.asset import Asset
from soarkit.runtime.handling import (
    DEFAULT_TIMEOUT,
    HandlerCall,
    HttpRequest,
    HttpResponse,
    rest_handler,
    segments,
)
from soarkit.runtime.webhooks import Webhook

if TYPE_CHECKING:
    from soarkit.manifest.model import App


@click.command()
@click.argument("app", shell_complete=complete.apps)
@click.argument("path", nargs=-1)
@click.option("--asset", "-a", metavar="NAME", shell_complete=complete.assets, help="The asset that it is about.")
@click.option("--webhook", is_flag=True, help="Call the app's web hook instead of its REST handler.")
@click.option("--method", "-X", metavar="METHOD", help="Default: GET, or POST with --data.")
@click.option("--query", "-q", multiple=True, metavar="K=V", help="A value of the query; k=env:NAME, k=@file as well.")
@click.option("--header", "-H", multiple=True, metavar="K:V", help="A header; k:env:NAME, k:@file as well.")
@click.option("--data", "-d", metavar="TEXT|@FILE", help="The body; @- for standard input.")
@click.option("--include", "-i", is_flag=True, help="Show status and headers too, on standard error.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=DEFAULT_TIMEOUT, metavar="SECONDS")
@click.option("--python", type=click.Path(), metavar="PATH", help="Use this interpreter as it is; build nothing.")
@click.option("--verbose", "-v", is_flag=True, help="Show the log of the call and what the app prints.")
@format_option
@home_option
def command(
    app: str,
    path: tuple[str, ...],
    asset: str | None,
    webhook: bool,
    method: str | None,
    query: tuple[str, ...],
    header: tuple[str, ...],
    data: str | None,
    include: bool,
    timeout: float,
    python: str | None,
    verbose: bool,
    output_format: str,
    home: str,
) -> int:
    """Call the REST handler of APP with PATH, and print its answer.

    APP is an installed app, also by the directory that its addresses have, or an app's JSON file, folder or tarball.

    \b
      soarkit rest slack --asset production start_oauth --query asset_id=1
      soarkit rest microsoft-teams --asset teams --webhook app_package > package.zip

    PATH is what stands behind the app's directory in the address: the asset's name first, which --asset NAME puts
    there. What a web hook lets through (addresses, tokens) does not count here; its routes and methods do.

    Exit status: 0, 1 for an answer with a status from 400 on, 2 the request was wrong, 3 the app broke.
    """
    observer = TerminalObserver(verbose=verbose, debug=False)
    host = Host(home, python=python, note=observer.note)
    opened = host.inventory.in_directory(app) or host.open_app(app)
    words = "/".join(path)
    parts = [quote(part, safe="") for part in _decoded(words)]
    meant = _asset(host, opened, asset, parts if not webhook else [])
    if asset is not None and not webhook:
        parts = [quote(meant.name or asset, safe=""), *parts]
    if webhook and asset is None:
        raise UsageError("a web hook is called for an asset", hint="--asset NAME")
    middle = meant.effective_id(opened) + "/" if webhook else ""
    root = f"/{'webhook' if webhook else 'rest/handler'}/{directory_name(opened.name, opened.appid)}/{middle}"
    base = urlsplit(host.public_url or "http://localhost:80")
    request = HttpRequest(
        method=(method or ("GET" if data is None else "POST")).upper(),
        path=root + "/".join(parts),
        query="&".join(one for one in (urlsplit(words).query, urlencode(_pairs(query, "--query"))) if one),
        headers=tuple(_headers(header)),
        body=b"" if data is None else _body(data),
        scheme=base.scheme or "http",
        server=f"{base.hostname}:{base.port or (443 if base.scheme == 'https' else 80)}",
    )
    call, response = _call(host, opened, request, segments("/".join(parts)), meant, webhook, timeout, observer)
    _show(call, response, include, output_format)
    return 0 if response.status < 400 else 1


def _call(
    host: Host,
    app: App,
    request: HttpRequest,
    parts: Sequence[str],
    asset: Asset,
    webhook: bool,
    timeout: float,
    observer: TerminalObserver,
) -> tuple[HandlerCall, HttpResponse]:
    about: dict[str, Any] = {"asset": asset, "timeout": timeout, "shared": host.shared_variables()}
    if not webhook:
        call = HandlerCall(app, rest_handler(app), request, parts, **about)
        return call, call.execute(host, host.executor, observer)
    hook = Webhook(app)
    seen = hook.seen(request)
    call = HandlerCall(app, hook.function, seen, parts, webhook=True, **about)
    refused = hook.refuses_route(request.method, parts)
    return call, refused or call.execute(host, host.executor, observer)


def _decoded(words: str) -> list[str]:
    """The parts of a path as it was typed: encoded or not, and perhaps with a query."""
    return segments(words.partition("?")[0])


def _asset(host: Host, app: App, name: str | None, parts: Sequence[str]) -> Asset:
    """The asset that a request is about: the one named, or the one that the path begins with. None needs to be."""
    if name is None:
        return host.asset_called(segments(parts[0])[0] if parts else None, app)
    return host.run_asset(host.inventory.asset(name), app, {})


def _pairs(texts: Iterable[str], option: str) -> list[tuple[str, str]]:
    """Names may come several times."""
    return [(name, str(value)) for text in texts for name, value in values.parse([text], option).items()]


def _headers(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip():
            raise UsageError(f"{name!r} has no value", where="--header", hint="write --header NAME:VALUE")
        yield from _pairs([f"{name.strip()}={value.strip()}"], "--header")


def _body(text: str) -> bytes:
    if not text.startswith("@"):
        return text.encode("utf-8", "surrogateescape")
    if text == "@-":
        return sys.stdin.buffer.read()
    try:
        with open(text[1:], "rb") as file:
            return file.read()
    except OSError as error:
        raise UsageError(f"the file cannot be read: {error.strerror}", where=f"--data {text}") from None


def _show(call: HandlerCall, response: HttpResponse, include: bool, output_format: str) -> None:
    headers = [(name, call.redactor.text(value)) for name, value in response.headers]
    try:
        text: str | None = call.redactor.text(response.body.decode())
    except UnicodeDecodeError:
        text = None
    problem = None if response.problem is None else f"{response.problem}; the log: {response.log_path}"
    if output_format == "json":
        body = {"text": text} if text is not None else {"base64": base64.b64encode(response.body).decode("ascii")}
        told = {"status": response.status, "headers": [list(one) for one in headers], "body": body, "problem": problem}
        write(envelope("rest", ok=response.status < 400, response=told) + "\n")
        return
    if include or response.status >= 400:
        tell(f"HTTP {response.status}")
    for name, value in headers if include else ():
        tell(f"{name}: {value}")
    if problem is not None:
        tell(f"soarkit: {problem}")
    if text is None:
        write_bytes(response.body)
    elif text:
        write(text if text.endswith("\n") else text + "\n")
