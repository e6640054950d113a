"""Views of apps built with the SDK: they return finished HTML, with the page's own title bar in it.

The SDK draws with Jinja, and makes a page of its own of whatever goes wrong.
"""

from __future__ import annotations

import sys

from soarkit_app.app_functions import module_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

_TITLE_BAR = '<div class="grid-title widget-title">'
_TITLE = 'class="widget-title-text"'
_TOOLS = '<span id="widget-tools'
_BODY = '<div class="grid-body widget-body'

#: What may not stand in a text of JavaScript, nor end the attribute or the element that it is in.
_IN_JAVASCRIPT = {ord(one): f"\\u{ord(one):04X}" for one in "\\'\"><&=-;`\u2028\u2029"}
_IN_JAVASCRIPT.update((code, f"\\u{code:04X}") for code in range(32))


def function_name(app_dir: str, main_module: str, name: str) -> str:
    """A view's name as it leads to a module of the app.

    The SDK takes the module's name without its first part. That may have been the package that the app is in, or, where
    the name of the app's folder holds dots, less than this name.

    :param main_module: the dotted name of the app's main module
    """
    parts = name.split(".")
    names = [".".join(parts[start:]) for start in range(len(parts) - 1)]
    names.append(f"{main_module.partition('.')[0]}.{name}")
    return next((one for one in names if module_of(app_dir, one) is not None), name)


def failures() -> List[Tuple[str, Optional[BaseException]]]:
    """A list that will hold what goes wrong in a view, and the exception; it stays empty where there is no SDK.

    Also gives the SDK's templates the filter ``escapejs``, which they do not have there: published apps kept it in
    templates that they wrote for Django.
    """
    found: List[Tuple[str, Optional[BaseException]]] = []
    filters: Any = getattr(sys.modules.get("soar_sdk.views.template_filters"), "JINJA2_FILTERS", None)
    if isinstance(filters, dict):
        filters.setdefault("escapejs", escapejs)
    renderer: Any = getattr(sys.modules.get("soar_sdk.views.template_renderer"), "JinjaTemplateRenderer", None)
    original = getattr(renderer, "render_error_template", None)
    if original is None:
        return found

    def render_error_template(self: Any, error_type: str, error_message: str, *others: Any, **more: Any) -> Any:
        found.append((f"{error_type}: {error_message}", sys.exc_info()[1]))
        return original(self, error_type, error_message, *others, **more)

    renderer.render_error_template = render_error_template
    return found


def escapejs(value: object) -> str:
    """Django's filter of that name: a text as it is written between quotes in JavaScript."""
    return str(value).translate(_IN_JAVASCRIPT)


def taken_apart(html: str) -> Dict[str, Any]:
    """Finished HTML without the title bar that the SDK's own base template puts around it.

    The page has a title bar, and what the SDK's one offers (move, collapse, remove) is for another page. HTML of
    another shape stays as it is.

    :return: as :mod:`soarkit_app.views` answers the host
    """
    start = html.find(_TITLE_BAR)
    end = html.find(_BODY, start)
    if start < 0 or end < 0:
        return {"html": html, "titles": {}, "colors": {}}
    bar, body = html[start:end], html[end:].rstrip()
    for _ in range(2):  # the ends of the two elements around title bar and body
        body = body[: -len("</div>")].rstrip() if body.endswith("</div>") else body
    titles = {}
    if _TITLE in bar:
        title = bar.partition(_TITLE)[2].partition(">")[2].partition(_TOOLS)[0]
        first, _, second = title.partition("<span")
        titles = {"title": first, "subtitle": second.partition(">")[2]}
    return {"html": body, "titles": titles, "colors": {}}
