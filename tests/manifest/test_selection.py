"""Which entry of ``actions`` a request means."""

from __future__ import annotations

from typing import Any

import pytest

from soarkit.errors import ManifestError, RequestError
from soarkit.manifest.loader import build
from soarkit.manifest.model import App
from soarkit.manifest.selection import choose_action
from soarkit.manifest.source import AppSource


def app_of(raw: dict[str, Any], *entries: tuple[str, str, str]) -> App:
    """The app with these (name, identifier, versions) entries."""
    sample = raw["actions"][0]
    raw["actions"] = [
        {**sample, "action": name, "identifier": identifier, "versions": versions}
        for name, identifier, versions in entries
    ]
    return build(raw, AppSource("folder", "folder/app.json"))


@pytest.fixture
def versioned(raw: dict[str, Any]) -> App:
    return app_of(
        raw,
        ("lookup ip", "lookup_ip_any", "EQ(*)"),
        ("lookup ip", "lookup_ip_12", "EQ(12.*)"),
        ("lookup ip", "lookup_ip_124", "eq( 12.4 )"),
        ("block ip", "block_ip", "IN(12.*, 13.*)"),
    )


@pytest.mark.parametrize(
    ("version", "identifier"),
    [("12.4", "lookup_ip_124"), ("12.9", "lookup_ip_12"), ("11", "lookup_ip_any"), (None, "lookup_ip_any")],
)
def test_the_most_specific_entry_of_a_name(versioned: App, version: str | None, identifier: str) -> None:
    assert choose_action(versioned, "lookup ip", version).identifier == identifier


def test_an_identifier_means_its_entry(versioned: App) -> None:
    assert choose_action(versioned, "lookup_ip_12", "12.4").identifier == "lookup_ip_12"


@pytest.mark.parametrize("wanted", ["Lookup  IP", " LOOKUP ip ", "LOOKUP_IP_ANY"])
def test_case_and_spaces_are_forgiven(versioned: App, wanted: str) -> None:
    assert choose_action(versioned, wanted).identifier == "lookup_ip_any"


def test_exact_spelling_comes_first(raw: dict[str, Any]) -> None:
    app = app_of(raw, ("Ping", "one", "EQ(*)"), ("ping", "two", "EQ(*)"))
    assert choose_action(app, "ping").identifier == "two"
    assert choose_action(app, "Ping").identifier == "one"


def test_a_name_comes_before_an_identifier(raw: dict[str, Any]) -> None:
    app = app_of(raw, ("ping", "ping", "EQ(12.*)"), ("ping", "ping_other", "NEQ(12.*)"))
    assert choose_action(app, "ping", "13").identifier == "ping_other"


@pytest.mark.parametrize(("version", "said"), [("14.1", "product version 14.1"), (None, "an unknown product version")])
def test_no_fitting_entry_names_the_expressions(versioned: App, version: str | None, said: str) -> None:
    with pytest.raises(RequestError, match=said) as caught:
        choose_action(versioned, "block ip", version)
    assert "IN(12.*, 13.*)" in caught.value.message


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("lokup ip", "lookup ip"),
        ("blok_ip", "block_ip"),
        ("entirely different", "its actions are: lookup ip, block ip"),
    ],
)
def test_an_unknown_action_gets_suggestions(versioned: App, wanted: str, hint: str) -> None:
    with pytest.raises(RequestError, match="has no action") as caught:
        choose_action(versioned, wanted)
    assert hint in (caught.value.hint or "")


def test_an_app_without_actions(raw: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="has no action") as caught:
        choose_action(app_of(raw), "anything")
    assert "empty" in (caught.value.hint or "")


def test_a_broken_expression_breaks_only_its_own_action(raw: dict[str, Any]) -> None:
    app = app_of(raw, ("good", "good", "EQ(*)"), ("bad", "bad", "EQ(12.*"))
    assert choose_action(app, "good").identifier == "good"
    with pytest.raises(ManifestError, match=r"/actions/1/versions.*column 8"):
        choose_action(app, "bad")


def test_entries_that_fit_equally_are_refused(raw: dict[str, Any]) -> None:
    app = app_of(raw, ("ping", "one", "EQ(*)"), ("ping", "two", "EQ(*)"))
    with pytest.raises(ManifestError, match="/actions/0 and /actions/1"):
        choose_action(app, "ping")


def test_the_product_version_regex_filters_known_versions_only(raw: dict[str, Any]) -> None:
    raw["product_version_regex"] = r"5\."
    app = app_of(raw, ("ping", "ping", "EQ(*)"))
    assert choose_action(app, "ping").identifier == "ping"
    assert choose_action(app, "ping", "5.1").identifier == "ping"
    with pytest.raises(RequestError, match="does not support product version 6"):
        choose_action(app, "ping", "6")


def test_a_broken_product_version_regex_matters_only_for_known_versions(raw: dict[str, Any]) -> None:
    raw["product_version_regex"] = "(["
    app = app_of(raw, ("ping", "ping", "EQ(*)"))
    assert choose_action(app, "ping").identifier == "ping"
    with pytest.raises(ManifestError, match="/product_version_regex"):
        choose_action(app, "ping", "6")
