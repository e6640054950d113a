"""One custom view: results of runs, drawn by the app's own function in a process of its own (connector API 8.3)."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from soarkit.errors import AppImportError, BuildError, Cancelled, SoarkitError
from soarkit.execute.executor import Executor
from soarkit.manifest.model import Action, App
from soarkit.runtime.app_resources import with_resources
from soarkit.runtime.asset import Asset
from soarkit.runtime.calling import FunctionCall
from soarkit.runtime.redact import Redactor
from soarkit.runtime.run import Observer, Surroundings

#: Seconds that a view may take unless the caller says otherwise.
DEFAULT_TIMEOUT = 60.0

_WHAT = "custom view"
_DEPENDENCIES = "_dependencies"  # how the keys of an app JSON end that name packages
_TAGS = re.compile(r"<[^>]*>")
_LONGEST_TITLE = 500  # characters
_LONGEST_PROBLEM = 2000  # characters; the log has all of it


@dataclass(frozen=True)
class ViewedRun:
    """A run whose results are to be drawn. What must not be shown, such as passwords, is masked in it already.

    :param summary: the run's ``result_summary``
    :param action_results: its ``result_data``
    :param asset_id: the asset's id as text; None for a run without an asset
    :param container: the container's id; 0 for a run without one
    :param id: the run's own id
    """

    summary: Mapping[str, Any]
    action_results: Sequence[Mapping[str, Any]]
    asset_id: str | None = None
    container: int = 0
    id: int | str = 0


@dataclass(frozen=True)
class ViewProblem:
    """Why there is no view to be seen.

    :param what: what failed
    :param where: file, as its path in the app's folder, and line; else the app and the view's name
    :param hint: the next step, where one is known
    :param log_path: the log with the traceback, where one was written
    """

    what: str
    where: str | None = None
    hint: str | None = None
    log_path: str | None = None


@dataclass(frozen=True)
class View:
    """What a custom view made. It is the app's: nothing in it may be trusted.

    :param html: the content of the widget: the block ``widget_content`` of the view's template, all of a template that
        extends nothing, or what an SDK view returned, without the SDK's title bar; empty where there is a problem
    :param title1: the first part of the title, plain text; None: the view has none
    :param title2: the second part
    :param colors: CSS colours as the view gives them, by what they are for: ``title`` (the title's background),
        ``text`` (its text), ``body`` (the content's background) and ``body_text``
    """

    html: str = ""
    title1: str | None = None
    title2: str | None = None
    colors: Mapping[str, str] = field(default_factory=dict)
    problem: ViewProblem | None = None


class Interpreters:
    """The interpreters that the views of one report run with, each looked for once.

    An environment that cannot be built is not built again for every run of its app: that takes minutes each time.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], str | SoarkitError] = {}

    def python_for(self, app: App, surroundings: Surroundings, note: Callable[[str], None]) -> str:
        """As :meth:`Surroundings.python_for`, with the same outcome each time.

        :raises SoarkitError: the environment cannot be had
        """
        key = (app.folder, _needs_packages(app))
        if key not in self._known:
            try:
                self._known[key] = surroundings.python_for(app, note)
            except Cancelled:
                raise
            except SoarkitError as error:
                self._known[key] = error
        found = self._known[key]
        if isinstance(found, SoarkitError):
            raise found
        return found

    def knows(self, app: App) -> bool:
        """Whether the interpreter of an app was looked for before."""
        return (app.folder, _needs_packages(app)) in self._known


def _needs_packages(app: App) -> bool:
    return any(key.endswith(_DEPENDENCIES) for key in app.raw)


class ViewCall:
    """Results on their way to an app's view.

    :param action: the action whose ``render`` names the view
    :param runs: all runs that go into one widget, one after the other
    :param timeout: seconds it may take
    :param secrets: texts that must appear neither in the log and the problem nor in what is drawn
    :param interpreters: what the other views of the same report found
    """

    def __init__(
        self,
        app: App,
        action: Action,
        runs: Sequence[ViewedRun],
        *,
        timeout: float = DEFAULT_TIMEOUT,
        secrets: Iterable[str] = (),
        interpreters: Interpreters | None = None,
    ) -> None:
        self.app, self.action, self.runs, self.timeout = app, action, list(runs), timeout
        self.interpreters = interpreters or Interpreters()
        self.redactor = Redactor(secrets)

    def execute(self, surroundings: Surroundings, executor: Executor, observer: Observer) -> View:
        """Let the app draw. A view that fails is a view with a problem.

        :raises Cancelled: the caller wanted it to end
        """
        function = self.action.render.view
        if not function:
            where = f"{self.app.manifest_path}, action {self.action.name!r}"
            return View(problem=self._problem("render.type is 'custom', and render.view names no function", where))
        try:
            try:
                answer, log_path = self._ask(self.app, function, surroundings, executor, observer)
            except BuildError as error:
                answer, log_path = self._ask_without_dependencies(error, function, surroundings, executor, observer)
        except Cancelled:
            raise
        except SoarkitError as error:
            return View(problem=self._problem(error.message, error.where, error.hint, error.log))
        drawn = json.loads(answer)
        problem = drawn.get("problem")
        if problem is not None:
            return View(problem=self._problem(problem["what"], problem["where"], log_path=log_path))
        return self._view(drawn)

    def _ask(
        self, app: App, function: str, surroundings: Surroundings, executor: Executor, observer: Observer
    ) -> tuple[bytes, str | None]:
        def note(text: str) -> None:
            observer.note(self.redactor.text(text))

        return FunctionCall(
            app=app,
            what=_WHAT,
            function=function,
            kind="view",
            described=self._described(function),
            redactor=self.redactor,
            timeout=self.timeout,
            asset=Asset(id=self.runs[0].asset_id if self.runs else None),
            python=self.interpreters.python_for(app, surroundings, note),
        ).execute(surroundings, executor, observer)

    def _ask_without_dependencies(
        self,
        error: BuildError,
        function: str,
        surroundings: Surroundings,
        executor: Executor,
        observer: Observer,
    ) -> tuple[bytes, str | None]:
        """Draw in an environment without what the app itself needs: hardly a view uses any of it.

        Results are looked at in other places than where the app runs, and without what its packages came from.

        :raises SoarkitError: as without this, where the view cannot be loaded so
        """
        if self.app.is_sdk_app:
            raise error
        raw = {key: value for key, value in self.app.raw.items() if not key.endswith(_DEPENDENCIES)}
        bare = replace(self.app, raw=raw)
        told = self.interpreters.knows(bare)
        try:
            answer = self._ask(bare, function, surroundings, executor, observer)
        except (AppImportError, BuildError):
            raise error from None
        if not told:
            observer.note(f"{self.app.name}: its environment cannot be built; its views are drawn without its packages")
        return answer

    def _problem(
        self, what: str, where: str | None, hint: str | None = None, log_path: str | None = None
    ) -> ViewProblem:
        def short(text: str) -> str:
            """Without secrets, and without the way to the app's folder: a page may be handed on."""
            text = self.redactor.text(text).replace(self.app.folder + os.sep, "")
            return text if len(text) <= _LONGEST_PROBLEM else text[:_LONGEST_PROBLEM] + " …"

        place = self.app.name if where == self.app.folder else where
        return ViewProblem(short(what), place and short(place), hint and short(hint), log_path)

    def _view(self, drawn: Mapping[str, Any]) -> View:
        mask = self.redactor.text
        titles = {name: plain for name, text in drawn["titles"].items() if (plain := _plain(mask(text)))}
        return View(
            html=with_resources(mask(drawn["html"]), self.app.folder),
            title1=titles.get("title") or titles.get("title1"),
            title2=titles.get("subtitle") if "title" in titles else titles.get("title2"),
            colors={name: plain for name, text in drawn["colors"].items() if (plain := _plain(text))},
        )

    def _described(self, function: str) -> dict[str, Any]:
        return {
            "function": function,
            "provides": self.action.name,
            "runs": [
                {"id": one.id, "summary": dict(one.summary), "results": [dict(result) for result in one.action_results]}
                for one in self.runs
            ],
            "context": self._context(),
        }

    def _context(self) -> dict[str, Any]:
        """What a view finds on entry. Logos are files of the app, which :func:`with_resources` puts in their place."""
        container = self.runs[0].container if self.runs else 0
        title1, _, title2 = (self.action.render.title or self.action.name).strip().partition(" ")
        light, dark = (self.app.raw.get(key) for key in ("logo", "logo_dark"))
        light, dark = light or dark or None, dark or light or None
        return {
            "QS": {"container": [str(container)], "app_run": [str(one.id) for one in self.runs]},
            "container": container,
            "app": _NUMBER_OF_AN_APP,
            "no_connection": True,  # what is drawn will be looked at without a network
            "google_maps_key": False,
            "title1": title1,
            "title2": title2.strip(),
            "title_logo": light,
            "dark_title_logo": dark,
            "title_logo_name": f"{self.app.name} logo",
            "dark_title_logo_name": f"{self.app.name} logo",
            "app_name": self.app.name,
        }


_NUMBER_OF_AN_APP = 1  # the platform's row number, which no app can do anything with here


def _plain(text: str) -> str:
    """The text of some mark-up, on one line."""
    last = text.rfind(">") + 1  # no tag ends behind it, and to look for such ends takes the square of time
    return " ".join(html.unescape(_TAGS.sub("", text[:last]) + text[last:]).split())[:_LONGEST_TITLE]
