"""The tag by which the platform's widget template hands over its blocks one by one.

``{% soarkit_part "title1" %}{% block title1 %}{% endblock %}{% endsoarkit_part %}`` draws nothing where it stands.
"""

from __future__ import annotations

from django import template

TYPE_CHECKING = False
if TYPE_CHECKING:
    from django.template.base import NodeList, Parser, Token
    from django.template.context import Context

register = template.Library()


class _PartNode(template.Node):
    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist  # under this name, so that Django finds the blocks in it

    def render(self, context: Context) -> str:
        from soarkit_views.engine import PARTS

        text = self.nodelist.render(context)
        getattr(context, PARTS)[self.name] = str(text)
        return ""


@register.tag
def soarkit_part(parser: Parser, token: Token) -> _PartNode:
    """Keep what is inside under a name, for :func:`soarkit_views.engine.draw`."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endsoarkit_part",))
    parser.delete_first_token()
    return _PartNode(name.strip("\"'"), nodelist)
