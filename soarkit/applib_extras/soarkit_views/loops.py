"""A ``for`` that a single value does not stop: where a list is expected, it is a list's only item.

So it is with data paths as well (``*`` on a value that is no list), and for the same reason: what an app shows comes
from services that give one thing where there might have been several. Django's own tag raises, and the widget is gone.
"""

from __future__ import annotations

from django import template
from django.template.defaulttags import do_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from django.template.base import FilterExpression, Parser, Token
    from django.template.context import Context
    from django.template.defaulttags import ForNode

register = template.Library()


class _OneOrMany:
    """An expression whose value can be ranged over."""

    def __init__(self, expression: FilterExpression) -> None:
        self._expression = expression

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        value = self._expression.resolve(context, ignore_failures)
        if value is None or any(hasattr(value, name) for name in ("__iter__", "__len__", "__getitem__")):
            return value
        return [] if isinstance(value, bool) else [value]


@register.tag("for")
def for_each(parser: Parser, token: Token) -> ForNode:
    """Django's ``for``, for one or many."""
    node = do_for(parser, token)
    node.sequence = _OneOrMany(node.sequence)  # type: ignore[arg-type, assignment]
    return node
