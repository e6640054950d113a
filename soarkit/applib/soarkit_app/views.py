"""Calling the functions of an app that draw results: custom views (connector API 8.3).

The host sends the results here, as a dict:

``function``
    the dotted name in the app JSON: ``module.function``
``provides``
    the action's name
``runs``
    one entry for each run: ``{"id", "summary", "results": [dict of an action result, ...]}``
``context``
    what a view finds in its third argument: texts and numbers; ``container`` and ``app`` are ids

The answer is ``{"html", "titles": {name: text}, "colors": {name: text}}``; ``titles`` are ``title1``, ``title2``,
``title`` and ``subtitle``, as far as the view has them, and may hold mark-up. Instead, where the app's function or its
template failed: ``{"problem": {"what", "where"}}``.
"""

from __future__ import annotations

import json
import os

from soarkit_app import sdk_views, session
from soarkit_app.action_result import ActionResult
from soarkit_app.app_functions import find
from soarkit_app.extras import with_django
from soarkit_app.loader import LoadError, is_sdk_module, place_of, sdk_module
from soarkit_app.messages import exception_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    Runs = List[Tuple[Dict[str, Any], List[ActionResult]]]

#: Characters; a browser would not open a page with more.
LARGEST = 100_000_000

_WHAT = "custom view"


class ViewFailed(Exception):
    """What an app's view gave cannot be shown. :param where: file and line, where they are known"""

    def __init__(self, what: str, where: Optional[str] = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where


class Identified(int):
    """A number that is its own id: templates write ``container`` as well as ``container.id``."""

    @property
    def id(self) -> int:
        """The number."""
        return int(self)


def answer(message: Dict[str, Any]) -> str:
    """What the view in a ``run`` message makes of its results, as JSON text.

    :raises LoadError: the view cannot be loaded
    """
    view, app_dir = message["view"], message["app_dir"]
    function = _function(app_dir, message["main_module"], view["function"])
    context = {**view["context"]}
    for name in ("container", "app"):
        context[name] = Identified(context[name])
    try:
        made = _drawn(function, app_dir, view["provides"], runs_of(view["runs"]), context)
    except ViewFailed as error:
        if error.__cause__ is not None:
            session.log_traceback(error.__cause__)
        where = error.where or place_of_function(function, app_dir)
        made = {"problem": {"what": error.what, "where": where}}
    except LoadError:
        raise
    except BaseException as error:  # sys.exit as well: there is a result to be shown, and it can be shown otherwise
        session.log_traceback(error)
        where = place_of(error, app_dir, place_of_function(function, app_dir))
        made = {"problem": {"what": f"the {_WHAT} raised {_named(error)}", "where": where}}
    return json.dumps(made)


def _named(error: BaseException) -> str:
    """``KeyError: 'ip'``; the name alone where there is no text."""
    return f"{type(error).__name__}: {exception_text(error)}".rstrip(": ")


def _function(app_dir: str, main_module: str, name: str) -> Callable[..., Any]:
    if is_sdk_module(main_module):
        from soarkit_app import sdk_app

        # The modules that define views import the app object, so that one comes first.
        sdk_app.load(app_dir, main_module)
        name = sdk_views.function_name(app_dir, sdk_module(main_module)[0], name)
    return find(app_dir, name, _WHAT)


def place_of_function(function: Callable[..., Any], app_dir: str) -> str:
    """File and line of a function in the app's folder; the folder where that is not known."""
    code: Any = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    file = getattr(code, "co_filename", "")
    return f"{file}:{code.co_firstlineno}" if file.startswith(app_dir + os.sep) else app_dir


def runs_of(given: List[Dict[str, Any]]) -> Runs:
    """``all_app_runs``: summary and action results of each run. A list, since some views go through it twice."""
    runs = []
    for one in given:
        results = [result_of(values, one["id"]) for values in one["results"]]
        summary = one["summary"] if isinstance(one["summary"], dict) else {}
        summary.setdefault("total_objects", len(results))
        summary.setdefault("total_objects_successful", sum(result.get_status() for result in results))
        runs.append((summary, results))
    return runs


def result_of(values: Dict[str, Any], run_id: Any) -> ActionResult:
    """The action result that a dict in a result JSON was made from.

    :param run_id: the result's ``id`` where the dict has none
    """
    parameter = values.get("parameter")
    result = ActionResult(parameter if isinstance(parameter, dict) else {})
    data = values.get("data")
    attributes: Dict[str, Any] = {
        # As they are: the ways to set them would format the message once more, and copy the data.
        "_ActionResult__status_code": values.get("status") in (True, "success"),
        "_ActionResult__status_message": values.get("message") or "",
        "_ActionResult__data": data if isinstance(data, list) else [],
        "_ActionResult__summary": values.get("summary") or {},
        "_ActionResult__extra_data": values.get("extra_data") or [],
        "id": values.get("id", run_id),
    }
    result.__dict__.update(attributes)
    result.set_param_context(values.get("context"))
    return result


def _drawn(
    function: Callable[..., Any], app_dir: str, provides: str, runs: Runs, context: Dict[str, Any]
) -> Dict[str, Any]:
    failures = sdk_views.failures()
    returned = function(provides, runs, context)
    if failures:
        what, error = failures[0]
        where = None if error is None else _template_place(error) or place_of(error, app_dir, "")
        raise ViewFailed(what, where) from error
    if context.get("prerender"):
        if not isinstance(returned, str):
            raise ViewFailed(f"the {_WHAT} returned {type(returned).__name__} instead of HTML")
        return _checked(sdk_views.taken_apart(returned))
    templates = with_django("soarkit_views", "a custom view draws Django templates")
    drawn: Dict[str, Any] = templates.draw(app_dir, _template_names(returned), context)
    return _checked(drawn)


def _template_place(error: BaseException) -> Optional[str]:
    """Where in a template of Jinja's an error is: its syntax errors say so themselves."""
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    return f"{name}:{line}" if isinstance(name, str) and isinstance(line, int) else None


def _template_names(returned: object) -> List[str]:
    """The names that a view may return: one, or several of which the first that is there counts."""
    names = [returned] if isinstance(returned, str) else returned
    if isinstance(names, (list, tuple)) and names and all(isinstance(name, str) and name for name in names):
        return list(names)
    shown = "an empty text" if returned == "" else type(returned).__name__
    raise ViewFailed(f"the {_WHAT} returned {'None' if returned is None else shown} instead of a template's name")


def _checked(drawn: Dict[str, Any]) -> Dict[str, Any]:
    if len(drawn["html"]) > LARGEST:
        size = f"{len(drawn['html']) / 1e6:.0f} million characters of HTML"
        raise ViewFailed(f"the {_WHAT} made {size}, which no browser shows")
    return drawn
