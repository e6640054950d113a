"""The kinds of items and of entities (enrichment reference, section 1.4)."""

from __future__ import annotations


class ItemTypes:
    """How an item of a widget is shown and sorted. Only a ``Link`` can be clicked."""

    String = "String"
    Integer = "Integer"
    Float = "Float"
    Date = "Date"
    DateTime = "DateTime"
    Link = "Link"
    Domain = "Domain"
    IPv4 = "IPv4"
    Hash = "Hash"
    Email = "Email"
    URL = "URL"
    Phrase = "Phrase"
    AS = "AS"
    NSRecord = "NSRecord"


class EntityTypes:
    """The kinds of observables that transforms start from and lead to."""

    Domain = "anomali.Domain"
    IPv4 = "anomali.IPv4Address"
    Hash = "anomali.Hash"
    EmailAddress = "anomali.EmailAddress"
    URL = "anomali.URL"
    Phrase = "anomali.Phrase"
    AS = "anomali.AS"
    NSRecord = "anomali.NSRecord"


def values_of(names: type) -> frozenset[str]:
    """The values of :class:`ItemTypes` or :class:`EntityTypes`."""
    return frozenset(value for name, value in vars(names).items() if not name.startswith("_"))


#: What ``addMessage`` takes, from the least to the most urgent.
MESSAGE_TYPES = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
