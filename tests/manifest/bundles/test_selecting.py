"""Which transform a request means."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundles.making import make_bundle, transform

from soarkit.errors import RequestError, UsageError
from soarkit.manifest.bundles.selecting import choose_transform, fitting
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.manifest.selection import choose_action, find_entries

IPV4, NSRECORD, PHRASE = "anomali.IPv4Address", "anomali.NSRecord", "anomali.Phrase"


@pytest.fixture
def app(tmp_path: Path) -> App:
    return load(
        make_bundle(
            tmp_path,
            transforms=[
                transform("enrich", display_name="Domain details"),
                transform("enrich", display_name="Address details", entity_type=IPV4),
                transform("enrich", entity_type=NSRECORD),
                transform("search", pivoting=True, entity_type=PHRASE, display_name="Search it"),
                transform("follow", pivoting=True, display_name="Same"),
                transform("details", display_name="Same"),
                transform("try", enrichment=False, activation=True),
            ],
        )
    )


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("enrich", "example.com", "enrich domain"),
        ("enrich", "192.0.2.1", "enrich ipv4"),
        ("enrich", "192[.]0.2.1", "enrich ipv4"),
        ("enrich", "ns1.example.com", "enrich nsrecord"),
        ("ENRICH ", "example.com", "enrich domain"),
        ("Address details", "192.0.2.1", "enrich ipv4"),
        ("address  details", "192.0.2.1", "enrich ipv4"),
        ("search", "example.com", "search phrase"),
        ("Search it", "anything at all", "search phrase"),
        ("search", None, "search phrase"),
        ("enrich ipv4", "example.com", "enrich ipv4"),  # who names the type means it
        ("enrich domain", "", "enrich domain"),
        ("try", "example.com", "try domain"),
    ],
)
def test_a_name_means_what_fits_the_value(app: App, wanted: str, value: str | None, expected: str) -> None:
    assert choose_transform(app, wanted, value).identifier == expected


def test_a_type_that_is_given_wins(app: App) -> None:
    assert choose_transform(app, "enrich", "localhost", "domain").identifier == "enrich domain"
    assert choose_transform(app, "enrich", "ns1.example.com", "anomali.Domain").identifier == "enrich domain"
    assert choose_transform(app, "enrich", None, "IP").identifier == "enrich ipv4"
    with pytest.raises(UsageError):
        choose_transform(app, "enrich", "example.com", "nonsense")


def test_one_that_does_not_fit_is_refused_with_those_that_do(app: App) -> None:
    with pytest.raises(RequestError) as caught:
        choose_transform(app, "follow", "192.0.2.1")
    assert caught.value.message == "follow is for a domain, but '192.0.2.1' looks like an IPv4 address"
    assert caught.value.hint == (
        "for that there is: 'enrich ipv4', 'search'; if the value is one after all: --type domain"
    )
    with pytest.raises(RequestError) as caught:
        choose_transform(app, "follow", "example.com", "hash")
    assert caught.value.message == "follow is for a domain, but 'example.com' is taken for a hash"
    assert caught.value.hint == "no transform of Example Source is for a hash"


def test_what_could_be_either_is_asked(app: App) -> None:
    with pytest.raises(RequestError) as caught:
        choose_transform(app, "Same", "example.com")
    assert caught.value.hint == "name one of: 'follow', 'details'"
    with pytest.raises(RequestError) as caught:
        choose_transform(app, "enrich", None)
    assert caught.value.message == "'enrich' is there for several types of value"


def test_an_unknown_one_is_refused_with_what_is_near(app: App) -> None:
    with pytest.raises(RequestError) as caught:
        choose_transform(app, "enrch", "example.com")
    assert caught.value.message == "Example Source has no transform 'enrch'"
    assert str(caught.value.hint).startswith("did you mean 'enrich'")
    with pytest.raises(RequestError) as caught:
        choose_transform(app, "zzz", "example.com")
    assert str(caught.value.hint).startswith("its transforms are: 'enrich domain', 'enrich ipv4'")


def test_what_fits_a_value(app: App) -> None:
    assert [(one.name, one.entity_type) for one in fitting(app, "192.0.2.1")] == [("enrich", IPV4), ("search", PHRASE)]
    assert [one.name for one in fitting(app, "x", "domain")] == ["enrich", "follow", "details"]


def test_the_ways_of_connectors_find_transforms_too(app: App) -> None:
    assert [one.identifier for one in find_entries(app, "enrich")] == [
        "enrich domain",
        "enrich ipv4",
        "enrich nsrecord",
    ]
    assert choose_action(app, "Address details").identifier == "enrich ipv4"
    assert choose_action(app, "enrich", "1.0").identifier == "enrich domain"
    with pytest.raises(RequestError, match="Example Source has no transform 'nothing'"):
        choose_action(app, "nothing")
