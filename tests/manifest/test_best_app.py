"""Which of several apps for a product runs an action on an asset."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from soarkit.errors import ManifestError, RequestError
from soarkit.manifest.best_app import BestApp, Candidate, best_app, release_order
from soarkit.manifest.loader import build
from soarkit.manifest.source import AppSource


@pytest.fixture
def candidate(raw: dict[str, Any]) -> Any:
    def make(
        name: str, version: str = "1.0.0", *, versions: str = "EQ(*)", regex: str = ".*", **more: Any
    ) -> Candidate:
        document = copy.deepcopy(raw)
        document.update(name=name, appid=name, app_version=version, product_version_regex=regex)
        document["actions"] = [
            {**document["actions"][0], "action": "lookup ip", "identifier": "lookup", "versions": versions}
        ]
        return Candidate(build(document, AppSource(name, f"{name}/app.json")), **more)

    return make


def chosen(found: BestApp) -> tuple[str, str]:
    return found.app.name, found.app.app_version


@pytest.mark.parametrize(
    ("version", "name"), [("12.4", "exact"), ("12.5", "prefix"), ("14", "any"), (None, "any"), ("  ", "any")]
)
def test_the_app_whose_expression_fits_most_closely(candidate: Any, version: str | None, name: str) -> None:
    apps = [
        candidate("any", "9.0.0"),
        candidate("prefix", "2.0.0", versions="EQ(12.*)", own=True),
        candidate("exact", "1.0.0", versions="IN(11, 12.4)"),
    ]
    found = best_app(apps, "lookup ip", version)
    assert found.app.name == name
    assert found.action.identifier == "lookup"


def test_on_a_tie_the_newest_by_number(candidate: Any) -> None:
    apps = [candidate("a", "2.9.1"), candidate("b", "2.10.0"), candidate("c", "2.9.12", own=True)]
    found = best_app(apps, "lookup ip", "1")
    assert chosen(found) == ("b", "2.10.0")
    assert {one.name for one in found.others} == {"a", "c"}


def test_on_a_full_tie_the_assets_own(candidate: Any) -> None:
    for order in (1, -1):
        apps = [candidate("a"), candidate("b", own=True), candidate("c")][::order]
        assert best_app(apps, "lookup ip", "1").app.name == "b"


def test_without_any_difference_the_choice_is_always_the_same(candidate: Any) -> None:
    apps = [candidate("a"), candidate("b")]
    assert best_app(apps, "lookup ip", None).app == best_app(apps[::-1], "lookup ip", None).app


def test_the_apps_regex_for_product_versions_counts(candidate: Any) -> None:
    apps = [candidate("old", "2.0.0", regex="11\\..*"), candidate("new", "1.0.0")]
    found = best_app(apps, "lookup ip", "12.4")
    assert found.app.name == "new"
    assert found.skipped[0].startswith("old 2.0.0: ")
    assert "does not support product version 12.4" in found.skipped[0]
    assert not found.others


def test_an_app_whose_configuration_the_asset_lacks_is_passed_over(candidate: Any) -> None:
    apps = [candidate("fits", "2.0.0", versions="EQ(12.*)", lacking=("tenant",)), candidate("works")]
    found = best_app(apps, "lookup ip", "12.4")
    assert found.app.name == "works"
    assert "fits 2.0.0: it needs configuration that the asset does not have: tenant" in found.skipped
    alone = best_app(apps[:1], "lookup ip", "12.4")  # the run will say what is lacking
    assert alone.app.name == "fits"


def test_a_broken_app_does_not_stand_in_the_way(candidate: Any) -> None:
    apps = [candidate("broken", "2.0.0", versions="about 12"), candidate("sound")]
    found = best_app(apps, "lookup ip", None)
    assert found.app.name == "sound"
    assert "no version expression" in found.skipped[0]
    with pytest.raises(ManifestError, match="no version expression"):
        best_app(apps[:1], "lookup ip", None)


def test_apps_without_the_action_do_not_count(candidate: Any) -> None:
    other = candidate("other", "9.0.0")
    renamed = {**other.app.raw, "actions": [{**other.app.raw["actions"][0], "action": "block ip", "identifier": "b"}]}
    other = Candidate(build(renamed, AppSource("o", "o/app.json")))
    found = best_app([other, candidate("a")], "Lookup  IP", None)
    assert found.app.name == "a"
    assert not found.others
    assert not found.skipped


def test_an_action_that_no_app_has(candidate: Any) -> None:
    with pytest.raises(RequestError, match="'lokup ip'") as caught:
        best_app([candidate("a"), candidate("b")], "lokup ip", None)
    assert "did you mean 'lookup ip'?" in str(caught.value)
    with pytest.raises(RequestError) as caught:
        best_app([candidate("a")], "zzz", None)
    assert "their actions are: lookup ip" in str(caught.value)


def test_no_app_is_for_the_version(candidate: Any) -> None:
    apps = [candidate("a", versions="EQ(12.*)"), candidate("b", versions="EQ(13.*)")]
    with pytest.raises(RequestError) as caught:
        best_app(apps, "lookup ip", "14")
    assert "EQ(12.*)" in caught.value.message
    assert "EQ(13.*)" in caught.value.message


def test_versions_are_compared_by_their_numbers() -> None:
    assert sorted(["2.10.0", "2.9", "10.0.1", "2.9.1"], key=release_order) == ["2.9", "2.9.1", "2.10.0", "10.0.1"]
