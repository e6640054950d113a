"""The template engine: where templates are found, and how a view's widget is taken apart into titles and content."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.apps import apps
from django.template import Context, Engine, Origin, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Node
from django.template.loaders.filesystem import Loader
from soarkit_app.messages import exception_text
from soarkit_app.views import ViewFailed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The platform's own templates.
PLATFORM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
#: Where the platform keeps them; an app names one of them by its whole path.
_PLATFORM_FOLDER = "phantom_ui/templates/"
#: What a view's template extends has these around its blocks: title1, body, ...
PARTS = "soarkit_parts"

_LIBRARIES = {
    "custom_template": "soarkit_views.custom_template",
    "humanize": "django.contrib.humanize.templatetags.humanize",
    # Those that Django's own engine has anywhere.
    **{name: f"django.templatetags.{name}" for name in ("cache", "i18n", "l10n", "static", "tz")},
}
_CONTENT = "widget_content"
_TITLES = ("title1", "title2", "title", "subtitle")
#: The names of colours, by the block that holds them.
_COLORS = {"title_color": "title", "title_text_color": "text", "body_color": "body", "body_text_color": "body_text"}


class AppTemplates(Loader):
    """Finds templates below folders. Names that climb out of them are not found."""

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """See Django. A leading slash means nothing; paths of the platform's own templates lead to them."""
        _, platform, name = template_name.rpartition(_PLATFORM_FOLDER)
        yield from super().get_template_sources(name if platform else template_name.lstrip("/"))


def draw(app_dir: str, names: list[str], context: dict[str, Any]) -> dict[str, Any]:
    """Draw the first of the templates that is there.

    :return: as :mod:`soarkit_app.views` answers the host
    :raises ViewFailed: none is there, or one cannot be drawn
    """
    apps.populate(())  # there are none, and some tags ask for that
    engine = Engine(
        dirs=[app_dir, PLATFORM],
        loaders=[("soarkit_views.engine.AppTemplates", [app_dir, PLATFORM])],
        libraries=_LIBRARIES,
        builtins=["soarkit_views.parts", "soarkit_views.loops"],
        debug=True,  # errors tell file and line
    )
    try:
        template = engine.select_template(names) if len(names) > 1 else engine.get_template(names[0])
    except TemplateDoesNotExist as error:
        raise _absent(error, names, app_dir) from error
    except (TemplateSyntaxError, UnicodeDecodeError, OSError) as error:
        raise ViewFailed(_what(error), _where(error)) from error
    return _drawn(template, context, names, app_dir)


def _drawn(template: Template, context: dict[str, Any], names: list[str], app_dir: str) -> dict[str, Any]:
    drawing = Context(context)
    parts: dict[str, str] = {}
    setattr(drawing, PARTS, parts)
    try:
        html = template.render(drawing)
    except TemplateDoesNotExist as error:  # what the template extends or includes
        raise _absent(error, names, app_dir) from error
    except Exception as error:
        raise ViewFailed(_what(error), _where(error) or template.origin.name) from error
    if _CONTENT not in parts:  # a template of its own, that extends nothing of the platform
        return {"html": str(html), "titles": {}, "colors": {}}
    return {
        "html": parts[_CONTENT],
        "titles": {name: parts[name] for name in _TITLES if name in parts},
        "colors": {color: parts[name] for name, color in _COLORS.items() if name in parts},
    }


def _absent(error: TemplateDoesNotExist, names: list[str], app_dir: str) -> ViewFailed:
    missing = str(error.args[0]) if error.args else names[0]
    if missing in names or len(names) > 1:
        listed = " or ".join(repr(name) for name in names)
        return ViewFailed(f"the custom view returned {listed}, and there is no such template in the app's folder")
    where = _where(error)
    return ViewFailed(f"there is no template {missing!r}, which {os.path.basename(names[0])!r} needs", where or app_dir)


def _what(error: BaseException) -> str:
    name = "" if isinstance(error, TemplateSyntaxError) else f"{type(error).__name__}: "
    return f"the template cannot be drawn: {name}{exception_text(error)}"


def _where(error: BaseException) -> str | None:
    """File and line of the part of a template that was being drawn, else of the one that Django found fault with."""
    place = None
    step = error.__traceback__
    while step is not None:
        # Django 3 looks for the line in the template that is extended.
        node = step.tb_frame.f_locals.get("self") if step.tb_frame.f_code.co_name == "render_annotated" else None
        if step.tb_frame.f_code.co_name == "get_contents" and isinstance(step.tb_frame.f_locals.get("origin"), Origin):
            place = step.tb_frame.f_locals["origin"].name  # a file that is no text
        if isinstance(node, Node) and node.origin is not None and node.token is not None:
            place = f"{node.origin.name}:{node.token.lineno}"
        step = step.tb_next
    about = getattr(error, "template_debug", None)
    return place or (f"{about['name']}:{about['line']}" if about else None)
