"""What an output document of an enrichment transform consists of (reference, sections 1.3, 1.4 and 2.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from soarkit.enrichments.attributes import PLAIN, Style

#: The types of items and columns (reference, section 1.4).
ITEM_TYPES = (
    "String", "Integer", "Float", "Date", "DateTime", "Link", "Domain", "IPv4", "Hash", "Email", "URL", "Phrase", "AS",
    "NSRecord",
)  # fmt: skip
#: Message types (guide, chapter 2); any other is read as INFO.
MESSAGE_TYPES = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True)
class Item:
    """A value with its type and look.

    :param type: one of :data:`ITEM_TYPES`: its own, else its column's, else String
    :param value: None, bool, int, float or str as the script gave it
    :param label: what is shown in place of the value; None: the value
    """

    type: str
    value: Any
    label: Any = None
    style: Style = PLAIN


@dataclass(frozen=True)
class Composite:
    """Several items in one place, beside each other or on separate lines."""

    items: tuple[Item, ...]
    separate_lines: bool = False


Cell = Item | Composite


@dataclass(frozen=True)
class Text:
    """A text widget."""

    item: Cell
    line_break: bool = True


@dataclass(frozen=True)
class Table:
    """A table widget.

    :param types: of the columns; None: none was given
    :param widths: shares of the whole, which is 1
    :param rows: each as long as the headings
    """

    name: str
    headings: tuple[str, ...]
    types: tuple[str | None, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Rule:
    """A horizontal line."""


@dataclass(frozen=True)
class Chart:
    """A chart widget.

    :param text: Highcharts options as JSON text, not yet looked at
    """

    name: str
    text: str


@dataclass(frozen=True)
class Bad:
    """A widget that cannot be shown.

    :param what: why
    """

    what: str


Widget = Text | Table | Rule | Chart | Bad


@dataclass(frozen=True)
class TextRun:
    """Texts that share one line."""

    items: tuple[Cell, ...]


@dataclass(frozen=True)
class EntityField:
    """An additional field of an entity.

    :param display_name: what people call it
    """

    name: str
    display_name: str
    value: Any


@dataclass(frozen=True)
class Entity:
    """What a pivot found.

    :param type: as the script named it, such as ``anomali.Domain``
    """

    type: str
    value: str
    fields: tuple[EntityField, ...] = ()


@dataclass(frozen=True)
class Message:
    """A message of the script.

    :param type: one of :data:`MESSAGE_TYPES`
    """

    type: str
    text: str


@dataclass(frozen=True)
class Output:
    """What one transform printed.

    :param warnings: what a viewer had to leave out or to guess, for the bundle's author
    """

    widgets: list[Widget] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """Where a link leads: to the web, or to the page of another observable.

    :param address: http or https; None: an observable
    :param kind: ip, domain, url or hash
    """

    address: str | None = None
    kind: str | None = None
    value: str | None = None
