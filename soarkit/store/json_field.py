"""A column that holds a JSON value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


class JsonField(_Text):
    """A JSON value, kept as ASCII text.

    PostgreSQL's own JSON loses the order of keys, and takes neither null characters nor halves of surrogate pairs; what
    an app may have put somewhere has to come back as it was.
    """

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> Any:
        """What the column holds, as a value."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        """The value as the column holds it."""
        return None if value is None else json.dumps(value, separators=(",", ":"))
