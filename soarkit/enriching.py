"""Asks the transforms of installed bundles about an observable: which are to be run, and several runs at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any

from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.observing import FIELDS, VALUE, observed_run
from soarkit.errors import Cancelled, RequestError, SoarkitError, typed
from soarkit.execute.executor import StoppableExecutor
from soarkit.host import Host
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.entity_types import BY_CONSTANT, EntityType, named, recognise
from soarkit.manifest.bundles.metadata import Transform
from soarkit.manifest.model import Action, App
from soarkit.runtime.asset import Asset
from soarkit.runtime.run import Observer, PreparedRun, RunRequest

if TYPE_CHECKING:
    from soarkit.runtime.result import RunResult

#: How many transforms run at the same time: they mostly wait for their sources.
JOBS = 4


def _silent(text: str) -> None:
    pass


@dataclass(frozen=True)
class Planned:
    """A transform that is to be run on an observable.

    :param word: what stands for the bundle on a command line
    :param asset: with the bundle's credentials
    :param fields: further fields of this observable; those given for all runs win
    """

    app: App
    action: Action
    transform: Transform
    word: str
    value: str
    asset: Asset = field(default_factory=Asset)
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """What people call it."""
        return f"{self.app.name} · {self.transform.display_name}"


@dataclass(frozen=True)
class Ran:
    """What became of a transform that was to be run.

    :param run: None where it could not even be prepared
    :param result: None where the run broke, which ``error`` tells of
    :param started: ISO 8601, UTC
    """

    planned: Planned
    run: PreparedRun | None = None
    result: RunResult | None = None
    error: SoarkitError | None = None
    started: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the transform succeeded."""
        return self.result is not None and self.result.ok

    @property
    def document(self) -> dict[str, Any] | None:
        """The result JSON without secrets."""
        if self.run is None or self.result is None:
            return None if self.error is None else self.error.result
        return self.run.masked(self.result) or self.result.to_dict()

    def observed(self, *, icons: bool = False) -> ObservedRun:
        """The run as those who look at it know it.

        :param icons: whether the bundle's picture is read too
        """
        planned, run = self.planned, self.run
        error = None
        if self.error is not None:
            error = self.error.to_dict() if run is None else run.redactor.data(self.error.to_dict())
        return observed_run(
            planned.app,
            planned.action,
            value=planned.value,
            status=self.result.status if self.result is not None else "failed",
            message=run.redactor.text(self.result.message) if run is not None and self.result is not None else "",
            document=self.document,
            error=error,
            elapsed=None if self.result is None else self.result.elapsed,
            run_id=None if run is None else run.key,
            started=self.started,
            icon=_icon(planned.app) if icons else None,
        )


def plan_for(
    host: Host,
    value: str,
    entity_type: str | None = None,
    bundle: tuple[str, App, Asset] | None = None,
    *,
    surface: str = "context",
    note: Callable[[str], None] = _silent,
) -> list[Planned]:
    """The transforms that have something to say of an observable: bundles by name, the transforms of each by rank.

    :param value: the observable
    :param entity_type: what it is, by constant, short or display name; None: what it looks like, and of several types
        the most exact that any transform is for
    :param bundle: only of this one: the word for it, the app, and the asset to run it on; None: of every bundle that
        is installed and active
    :param surface: "context", or "pivot" for those of graphs
    :param note: told which bundles are passed over, and why
    :raises RequestError: there is none; says what there is
    """
    types = [named(entity_type)] if entity_type is not None else recognise(value)
    bundles = [bundle] if bundle is not None else list(usable_bundles(host, note))
    described = [(one, metadata.of(one[1])) for one in bundles]
    for kind in types:
        plan = [
            Planned(app, app.actions[transform.index], transform, word, value, asset)
            for (word, app, asset), about in described
            for transform in (about.pivots if surface == "pivot" else about.context)(kind.constant)
        ]
        if plan:
            return plan
    raise _nothing(host, value, types, [(word, app) for word, app, _ in bundles], bundle is not None, surface)


def usable_bundles(host: Host, note: Callable[[str], None] = _silent) -> Iterator[tuple[str, App, Asset]]:
    """The installed bundles that can be asked, by name: their slugs, themselves, and the assets to run them on.

    :param note: told which cannot, though they are active
    """
    for installed, app, stored in host.inventory.active_bundles():
        try:
            asset = Asset() if stored is None else host.run_asset(stored, app, {})
        except SoarkitError as error:  # a credential that cannot be decrypted is no reason to ask nobody else
            note(f"passing over {installed.app.slug}: {error.message}")
            continue
        yield installed.app.slug, app, asset


def prepared(
    planned: Planned,
    host: Host,
    *,
    timeout: float | None = None,
    fields: Mapping[str, Any] | None = None,
    variables: Mapping[str, str] | None = None,
) -> PreparedRun:
    """The ordinary run that a planned transform is.

    :raises RequestError: it may not run
    """
    return PreparedRun(
        RunRequest(
            app=planned.app,
            action=planned.action.identifier,
            parameters=[parameters(planned.value, {**planned.fields, **(fields or {})})],
            asset=planned.asset,
            timeout=timeout,
            variables=variables or {},
            shared=host.shared_variables(),
        )
    )


def parameters(value: str, fields: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters of a run on an observable."""
    return {VALUE: value, **({FIELDS: json.dumps(fields, ensure_ascii=False)} if fields else {})}


def run_all(
    host: Host,
    plan: Sequence[Planned],
    *,
    observer: Observer,
    timeout: float | None = None,
    jobs: int = JOBS,
    fields: Mapping[str, Any] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Generator[Ran, None, None]:
    """Run transforms, a few at the same time. One that fails, breaks or takes too long leaves the others alone.

    What they say comes in the order of the plan, each as soon as it is known. Whoever stops asking ends what is under
    way.

    :param observer: told of everything, from several threads but never from two at once
    :param timeout: seconds for each; None: half a minute
    :param jobs: how many run at the same time
    :param fields: further fields of the observable
    :param variables: environment variables for them, on top of what they inherit
    :raises Cancelled: somebody wanted it to end
    """
    prepare = partial(prepared, host=host, timeout=timeout, fields=fields, variables=variables)
    work = _Work(host, plan, observer, prepare)
    threads = [threading.Thread(target=work.take, name="soarkit enrich", daemon=True) for _ in range(jobs)]
    try:
        work.build()
        for thread in threads[: len(plan)]:
            thread.start()
        for at in range(len(plan)):
            work.wait_for(at)
            ran = work.done[at]
            if isinstance(ran.error, Cancelled):
                raise ran.error
            yield ran
    finally:
        work.end(threads)


class _Work:
    """Planned transforms that threads take one after another."""

    def __init__(
        self,
        host: Host,
        plan: Sequence[Planned],
        observer: Observer,
        prepare: Callable[[Planned], PreparedRun],
    ) -> None:
        self._host, self._plan, self._observer, self._prepare = host, plan, observer, prepare
        self._speaking = threading.Lock()
        self._changed = threading.Condition()
        self._next = 0
        self._broken: dict[str, SoarkitError] = {}
        self._executor = StoppableExecutor(host.executor)
        self.done: dict[int, Ran] = {}

    def build(self) -> None:
        """Make the bundles' environments ready, here: two threads must not wait for the same one."""
        for app in {one.app.manifest_path: one.app for one in self._plan}.values():
            try:
                self._host.python_for(app, self._observer.note)
            except Cancelled:
                raise
            except SoarkitError as error:
                self._broken[app.manifest_path] = error

    def take(self) -> None:
        """What each thread does."""
        while True:
            with self._changed:
                at, self._next = self._next, self._next + 1
            if at >= len(self._plan):
                return
            ran = self._run(self._plan[at])
            with self._changed:
                self.done[at] = ran
                self._changed.notify_all()

    def _run(self, planned: Planned) -> Ran:
        if problem := self._broken.get(planned.app.manifest_path):
            return Ran(planned, error=problem)
        run = None
        started = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
        try:
            run = self._prepare(planned)
            observer = _Named(self._observer, planned.called if len(self._plan) > 1 else "", self._speaking)
            for warning in run.warnings:
                observer.note(f"warning: {warning}")
            return Ran(planned, run, run.execute(self._host, self._executor, observer), started=started)
        except SoarkitError as error:
            return Ran(planned, run, error=error, started=started)
        except Exception as error:  # the others are to be heard all the same
            problem = SoarkitError(f"internal error: {type(error).__name__}: {error}")
            return Ran(planned, run, error=problem, started=started)

    def wait_for(self, at: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: at in self.done)

    def end(self, threads: Sequence[threading.Thread]) -> None:
        """End what is under way, and wait until it has: what becomes of a run is written down."""
        with self._changed:
            self._next = len(self._plan)
        self._executor.stop()
        for thread in threads:
            while thread.is_alive():
                try:
                    thread.join()
                except KeyboardInterrupt:  # it is ending already, and takes a few seconds at most
                    continue
        self._executor.close()


class _Named(Observer):
    """Passes on what is told of one run among several, with its name."""

    def __init__(self, observer: Observer, name: str, speaking: threading.Lock) -> None:
        self._observer, self._speaking = observer, speaking
        self._start = f"{name}: " if name else ""

    def began(self, key: str) -> None:
        with self._speaking:
            self._observer.began(key)

    def progress(self, text: str, transient: bool) -> None:
        with self._speaking:
            self._observer.progress(self._start + text if text else text, transient)

    def note(self, text: str) -> None:
        with self._speaking:
            self._observer.note(self._start + text)

    def log(self, level: str, text: str) -> None:
        with self._speaking:
            self._observer.log(level, self._start + text)


def _icon(app: App) -> str | None:
    from soarkit.render.logos import app_logos

    return app_logos(app).light


def _nothing(
    host: Host,
    value: str,
    types: Sequence[EntityType],
    bundles: Sequence[tuple[str, App]],
    one_bundle: bool,
    surface: str,
) -> RequestError:
    """Why nobody can be asked, with what can be done about it."""
    kinds = ", ".join(one.display for one in types)
    hints = []
    for word, app in bundles:
        taken = taken_types(app, surface)
        hints.append(f"{word} is for {', '.join(taken)}" if taken else f"{word} has nothing of this sort")
    if not one_bundle:
        hints += inactive_bundles(host)
        if not hints:
            hints.append("no enrichment bundle is installed: soarkit install FILE.tgz")
    if len(types) > 1:
        hints.append("if the value is something else: --type TYPE")
    what = "pivot transform" if surface == "pivot" else "enrichment"
    return RequestError(f"no {what} that can be asked is for {value!r} ({kinds})", hint="\n".join(hints))


def taken_types(app: App, surface: str = "context") -> list[str]:
    """What the transforms of a bundle are for, in words."""
    found = [one.entity_type for one in metadata.of(app).transforms if one.surface == surface]
    return [BY_CONSTANT[one].display for one in dict.fromkeys(found)]


def inactive_bundles(host: Host) -> Iterator[str]:
    """What to do about installed bundles that cannot be asked yet: a line for each, with the command."""
    snapshot = host.inventory.snapshot
    for one in snapshot.apps if snapshot is not None else ():
        if not one.is_bundle or host.inventory.bundle_state(one) == "active":
            continue
        mine = sorted(
            (asset for asset in host.inventory.assets() if asset.app == one.slug), key=lambda it: bool(it.needs)
        )
        if not mine:
            step = f"create NAME --app {typed(one.slug)}"
        elif mine[0].needs:
            given = " ".join(f"--config {typed(name)}=..." for name in mine[0].needs)
            step = f"edit {typed(mine[0].name)} {given}"
        else:
            step = f"test {typed(mine[0].name)}"
        yield f"{one.slug} is installed, but inactive: soarkit asset {step}"
