"""``soarkit poll``: let an app fetch what is new, once or again and again."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete
from soarkit.cli.options import home_option
from soarkit.cli.output import envelope, error_text, tell, write
from soarkit.cli.watch import TerminalObserver
from soarkit.errors import Cancelled, RequestError, SoarkitError, UsageError, typed
from soarkit.host import Host
from soarkit.render.text import printable
from soarkit.runtime import polling
from soarkit.runtime.polling import PollWish
from soarkit.runtime.run import DEFAULT_TIMEOUT, PreparedRun, RunRequest

if TYPE_CHECKING:
    from soarkit.manifest.model import App
    from soarkit.runtime.asset import Asset
    from soarkit.runtime.result import RunResult
    from soarkit.store.records import StoredAsset

#: What a poll by hand fetches at most, where nothing else is said.
_CONTAINERS, _ARTIFACTS = 5, 10
#: Apps work with it as a number of 32 bits, the highest of which means a scheduled poll.
_COUNT = click.IntRange(1, 4294967294)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@click.command()
@click.argument("app", metavar="[APP]", required=False, shell_complete=complete.installed)
@click.option(
    "--asset", "-a", required=True, metavar="NAME", shell_complete=complete.assets, help="The asset to poll on."
)
@click.option("--every", metavar="TIME", help="Poll again and again, this long apart: 30s, 5m, 1h.")
@click.option("--now", is_flag=True, help="Poll as a person does: a limited number, beside the regular polls.")
@click.option("--containers", type=_COUNT, metavar="N", help=f"With --now.  [default: {_CONTAINERS}]")
@click.option("--artifacts", type=_COUNT, metavar="N", help=f"With --now.  [default: {_ARTIFACTS}]")
@click.option("--ids", default="", metavar="A,B", help="With --now: only what the source calls so.")
@click.option(
    "--since",
    metavar="TIME",
    help="From when on, where it is not the last poll's end: 12h or 30d (ago), or 2024-05-01T00:00Z.",
)
@click.option("--label", metavar="LABEL", help="Label of containers that the app does not label itself.")
@click.option("--format", "-f", "output_format", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_TIMEOUT,
    metavar="SECONDS",
    help="A poll's.",
)
@click.option("--python", type=click.Path(), metavar="PATH", help="Use this interpreter as it is; build nothing.")
@click.option("--no-record", is_flag=True, help="Do not keep the runs; `soarkit runs` will not know them.")
@home_option
@click.option("--verbose", "-v", is_flag=True, help="Show the run's log and what the app prints.")
@click.option("--debug", is_flag=True, help="Show debug lines too.")
def command(app: str | None, asset: str, every: str | None, output_format: str, **options: Any) -> int:
    """Let the app of an asset fetch what is new, into containers and artifacts.

    A poll goes on where the last successful one ended, and two of one asset never run at once. With --every, a poll
    that fails is tried again when its time comes; Ctrl-C, or SIGTERM, lets the app clean up and ends with status 0.
    With --format json it then prints a line of JSON for each poll.

    Exit status: 0 the poll succeeded, 1 it failed, 2 the request was wrong, 3 the run broke, 130 Ctrl-C.
    """
    wish = _wish(options)
    poll = _Poll(app, asset, wish, options, as_json=output_format == "json", lines=every is not None)
    if every is None:
        return poll.once()
    interval = _seconds(every, "--every")
    if interval < 1:
        raise UsageError("polls have to be a second apart at least", where="--every")
    return _again_and_again(poll, interval)


@dataclass
class _Poll:
    """One poll as the command line asked for it, to be done any number of times."""

    app: str | None
    asset: str
    wish: PollWish
    options: dict[str, Any]
    as_json: bool
    lines: bool

    def once(self) -> int:
        """Poll, and print what came of it.

        :raises SoarkitError: there is no result
        """
        options = self.options
        observer = TerminalObserver(verbose=options["verbose"], debug=options["debug"])
        # A new one each time: what is installed and configured may have changed since.
        host = Host(options["home"], python=options["python"], note=observer.note)
        stored = host.inventory.asset(self.asset)
        app = _app(host, stored, self.app)
        asset = _labelled(host.run_asset(stored, app, {}), options["label"])
        given = polling.parameters(self.wish, host.home, asset, app)
        run = PreparedRun(
            RunRequest(
                app=app,
                action=polling.require_polling(app),
                parameters=[given],
                asset=asset,
                timeout=options["timeout"],
                given={"poll_now": True} if self.wish.by_hand else {},
                shared=host.shared_variables(),
                kept=not options["no_record"],
            )
        )
        for warning in run.warnings:
            observer.note(f"warning: {warning}")
        begun = time.time()
        try:
            result = run.execute(host, host.executor, observer)
        finally:
            observer.done()
        if not self.wish.by_hand:
            self._note_success(host.home, asset, app, given, result)
        counts = polling.counts(result)
        about = {
            "asset": asset.name,
            "app": app.name,
            "app_version": app.app_version,
            "run": result.id,
            "status": result.status,
            "message": run.redactor.text(result.message),
            "now": self.wish.by_hand,
            "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun)),
            "elapsed": round(result.elapsed, 3),
            "start_time": given["start_time"],
            "end_time": given["end_time"],
            **counts,
        }
        if self.as_json:
            self._write_json(envelope("poll", ok=result.ok, poll=about))
        else:
            write(_line(about, begun, dated=self.lines) + "\n")
        return 0 if result.ok else 1

    def _note_success(self, home: str, asset: Asset, app: App, given: dict[str, Any], result: RunResult) -> None:
        try:
            if polling.note_success(home, asset, app, given, result):
                self.wish = replace(self.wish, since=None)  # said of the first poll; the next ones go on from here
        except OSError as error:  # what was fetched has been saved all the same
            tell(
                f"soarkit: warning: {error.filename}: until when the asset was polled cannot be kept "
                f"({error.strerror}); the next poll asks for the same time again"
            )

    def failed(self, error: SoarkitError) -> None:
        """Tell of a poll without a result, where the next one may have one."""
        tell(error_text(error))
        if self.as_json:
            self._write_json(envelope("poll", ok=False, error=error))

    def _write_json(self, document: str) -> None:
        text = json.dumps(json.loads(document), ensure_ascii=False, separators=(",", ":")) if self.lines else document
        write(text + "\n")


def _again_and_again(poll: _Poll, interval: float) -> int:
    first = True
    try:
        while True:
            begun = time.monotonic()
            try:
                poll.once()
            except Cancelled:
                return 0
            except SoarkitError as error:
                if first and isinstance(error, RequestError):
                    raise  # a mistake of whoever started it, which no second try mends
                poll.failed(error)
            first = False
            time.sleep(max(0.0, begun + interval - time.monotonic()))
    except KeyboardInterrupt:
        return 0


def _wish(options: dict[str, Any]) -> PollWish:
    since = None if options["since"] is None else _moment(options["since"])
    if not options["now"]:
        for name in ("containers", "artifacts", "ids"):
            if options[name]:
                raise UsageError("only a poll by hand is limited", where=f"--{name}", hint="add --now")
        return PollWish(since=since)
    return PollWish(
        since=since,
        containers=options["containers"] or _CONTAINERS,
        artifacts=options["artifacts"] or _ARTIFACTS,
        ids=options["ids"],
    )


def _app(host: Host, stored: StoredAsset, word: str | None) -> App:
    if word is not None:
        return host.open_app(word)
    if stored.app is not None:
        return host.open_app(stored.app)
    identifier = polling.identifier_in([app for app, _ in host.inventory.apps_for(stored) if app is not None])
    if identifier is None:
        raise RequestError(
            f"no installed app polls {stored.product_vendor} {stored.product_name}: none has an action 'on poll'",
            hint=f"name an app: soarkit poll APP --asset {typed(stored.name)}",
        )
    return host.best_app(stored, identifier, {})


def _labelled(asset: Asset, label: str | None) -> Asset:
    if label is None:
        return asset
    ingest = asset.configuration.get("ingest")
    changed = {**(ingest if isinstance(ingest, dict) else {}), "container_label": label}
    return replace(asset, configuration={**asset.configuration, "ingest": changed})


def _seconds(text: str, option: str) -> float:
    found = re.fullmatch(r"([0-9]{1,7})([smhd])", text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no length of time", where=option, hint="such as 30s, 5m, 1h")
    return int(found[1]) * _UNITS[found[2]]


def _moment(text: str) -> int:
    """A time as epoch milliseconds: how long ago, or ISO 8601 (local, where it does not say)."""
    from datetime import datetime

    hint = "such as 12h, 30d (ago), or 2024-05-01T00:00:00Z"
    try:
        if re.fullmatch(r"[0-9]{1,7}[smhd]( ago)?", text.strip()):
            moment = time.time() - _seconds(text.strip().removesuffix(" ago"), "--since")
        else:
            moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip())).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"{text!r} is no time", where="--since", hint=hint) from None
    if not 0 <= moment <= time.time():
        raise UsageError(f"{text!r} is {'before 1970' if moment < 0 else 'yet to come'}", where="--since", hint=hint)
    return int(moment * 1000)


def _line(about: dict[str, Any], begun: float, *, dated: bool) -> str:
    told = "; ".join(
        f"{what}: " + ", ".join(f"{number} {kind}" for kind, number in about[what].items() if number or kind == "new")
        for what in ("containers", "artifacts")
    )
    head = time.strftime("%Y-%m-%d %H:%M:%S  ", time.localtime(begun)) if dated else ""
    failed = "" if about["status"] == "success" else f"failed: {' '.join(printable(about['message']).split())}; "
    return f"{head}{printable(about['asset'])}: {failed}{told} ({about['elapsed']:.1f} s)"
