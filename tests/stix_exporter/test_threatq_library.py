"""A threat library behind a ThreatQ server: the same records, relations and bundles as from a file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services.threatq import COLLECTIONS, Habits, ThreatQService
from stix_export.collections import CREATE_BUNDLE, CREATE_SIGHTING, LABELS
from stix_export.errors import ExportError
from stix_export.export import export, export_file
from stix_export.library_file import open_library
from stix_export.options import Options
from stix_export.threatq import ThreatQLibrary
from stix_export.threatq.library import NO_COLLECTION, NOT_AMONG_THEMSELVES, NOT_PERMITTED

from .threatq_libraries import ROOT, Pauses, library, star

HABITS = {
    "new version": Habits(),
    "one entry a page": Habits(page_cap=1),
    "counts": Habits(counts=True),
    "no catalogue": Habits(catalogue=False),
    "plain lists": Habits(with_lists=False),
    "attributes apart": Habits(attribute_sources=False, nested_names=True),
    "ids of types": Habits(type_names=False),
    "no totals": Habits(totals=False, page_cap=2),
}


@pytest.fixture
def serve() -> Iterator[Callable[..., ThreatQService]]:
    running: list[ThreatQService] = []

    def start(document: dict[str, Any], habits: Habits | None = None) -> ThreatQService:
        service = ThreatQService(document, habits)
        running.append(service.__enter__())
        return service

    yield start
    for service in running:
        service.__exit__(None, None, None)


def through_rest(service: ThreatQService, options: Options, action: str = CREATE_BUNDLE, **changes: Any) -> bytes:
    with Pauses().client(service, **changes) as client:
        out = io.BytesIO()
        export(ThreatQLibrary(client, "lib-1"), ROOT, action, options, out)
        return out.getvalue()


def through_file(folder: Path, document: dict[str, Any], options: Options, action: str = CREATE_BUNDLE) -> bytes:
    path = folder / "library.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    out = io.BytesIO()
    export(open_library(str(path)), ROOT, action, options, out)
    return out.getvalue()


@pytest.mark.parametrize("habits", HABITS.values(), ids=HABITS.keys())
@pytest.mark.parametrize("action", [CREATE_BUNDLE, CREATE_SIGHTING])
def test_the_same_bundle_as_through_a_file(
    serve: Callable[..., ThreatQService], tmp_path: Path, habits: Habits, action: str
) -> None:
    options = Options(depth=3, convert_events=True, style="suggested")
    bundle = through_rest(serve(library(), habits), options, action)
    assert bundle == through_file(tmp_path, library(), options, action)
    types = {each["type"] for each in json.loads(bundle)["objects"]}
    assert {"incident", "indicator", "threat-actor", "tool", "marking-definition", "vulnerability"} <= types


@pytest.mark.parametrize("depth", [1, 2])
def test_the_same_bundle_at_less_depth(serve: Callable[..., ThreatQService], tmp_path: Path, depth: int) -> None:
    for options in (
        Options(depth=depth),
        Options(depth=depth, profile="guide"),
        Options(depth=depth, hide_sources=True),
    ):
        assert through_rest(serve(library()), options) == through_file(tmp_path, library(), options)


_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_RECORDS = st.lists(
    st.fixed_dictionaries(
        {"value": _TEXT, "type": st.sampled_from(["Filename", "Username", "Mutex", "URL"])},
        optional={
            "description": st.none() | _TEXT,
            "tags": st.lists(_TEXT, max_size=3),
            "sources": st.lists(
                st.fixed_dictionaries({"name": _TEXT}, optional={"tlp_id": st.integers(1, 4)}), max_size=3
            ),
            "attributes": st.lists(st.fixed_dictionaries({"name": _TEXT, "value": _TEXT}), max_size=3),
            "score": st.none() | st.integers(0, 10),
            "published_at": st.just("2021-10-07 14:05:58"),
        },
    ),
    max_size=6,
)
_PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12)


@settings(max_examples=25, deadline=None)
@given(_RECORDS, _PAIRS)
def test_any_library_gives_the_same_bundle(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], pairs: list[tuple[int, int]]
) -> None:
    times = {"created_at": "2021-10-07 14:05:58"}
    keys = [["incident", 12], *(["indicators", number] for number in range(1, len(records) + 1))]
    document = {
        **star(0),
        "objects": {
            "incident": [{**times, "id": 12, "value": "Root"}],
            "indicators": [{**times, "id": number, **each} for number, each in enumerate(records, start=1)],
        },
        "relationships": [
            {"a": keys[a % len(keys)], "b": keys[b % len(keys)], "created_at": f"2021-10-07 14:00:{number:02}"}
            for number, (a, b) in enumerate(pairs)
        ],
    }
    with ThreatQService(document) as service:
        bundle = through_rest(service, Options(depth=3), page_size=2)
    assert bundle == through_file(tmp_path_factory.mktemp("any"), document, Options(depth=3))


def test_each_record_is_asked_for_once(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library())
    through_rest(service, Options(depth=3, convert_events=True))
    asked = [(request.path, request.query.get("offset")) for request in service.requests]
    assert len(asked) == len(set(asked))
    # The root; the others came with the lists that name them.
    assert [path for path, _ in asked if path.count("/") == 3 and path.rpartition("/")[2].isdigit()] == [
        "/api/incident/12"
    ]


def test_a_server_that_counts_is_asked_for_no_empty_list(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library(), Habits(counts=True))
    through_rest(service, Options(depth=1))
    assert service.asked("/incident/12/indicators")
    assert not service.asked("/incident/12/report")


def test_no_name_with_an_underscore_in_with(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library())
    through_rest(service, Options(depth=2))
    assert not [request for request in service.requests if "_" in request.query.get("with", "")]


def test_a_hub_is_read_in_pages(serve: Callable[..., ThreatQService], tmp_path: Path) -> None:
    document = star(1203)
    service = serve(document, Habits(page_cap=100))
    assert through_rest(service, Options()) == through_file(tmp_path, document, Options())
    assert len(service.asked("/incident/12/indicators")) == 13


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ("repeat", "repeats entries it has given before, after 20 of 45; the export would be incomplete"),
        ("end", "ends after 20 of 45 entries"),
        ("change", "changes while it is read"),
    ],
)
def test_lists_that_are_not_whole_end_the_export(
    serve: Callable[..., ThreatQService], tmp_path: Path, lists: str, said: str
) -> None:
    service = serve(star(45), Habits(page_cap=20, lists=lists))
    target = tmp_path / "bundle.json"
    with Pauses().client(service) as client, pytest.raises(ExportError) as error:
        export_file(ThreatQLibrary(client), ROOT, CREATE_BUNDLE, Options(), str(target))
    assert str(error.value).startswith(f"The list /api/incident/12/indicators of ThreatQ at {service.url} {said}")
    assert list(tmp_path.iterdir()) == []


def test_without_totals_a_repeated_page_ends_the_export(serve: Callable[..., ThreatQService]) -> None:
    service = serve(star(45), Habits(page_cap=20, lists="repeat", totals=False))
    with pytest.raises(ExportError, match="repeats entries it has given before, after 20 of an unknown number"):
        through_rest(service, Options())


def test_a_list_that_changed_once_is_read_again(serve: Callable[..., ThreatQService], tmp_path: Path) -> None:
    service = serve(star(45), Habits(page_cap=20, lists="change_once"))
    assert through_rest(service, Options()) == through_file(tmp_path, star(45), Options())


@pytest.mark.parametrize("kind", ["forbidden", "error_page", "html", "errors", "hang_up", "unauthorized", "not_found"])
def test_an_error_in_the_middle_ends_the_export(
    serve: Callable[..., ThreatQService], tmp_path: Path, kind: str
) -> None:
    service = serve(library())
    service.fail_on("/adversaries/12/indicators", kind, "forever")
    target = tmp_path / "bundle.json"
    with Pauses().client(service, attempts=2) as client, pytest.raises(ExportError) as error:
        export_file(ThreatQLibrary(client), ROOT, CREATE_BUNDLE, Options(depth=2), str(target))
    assert "/api/adversaries/12/indicators" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_object(serve: Callable[..., ThreatQService]) -> None:
    with (
        Pauses().client(serve(library())) as client,
        pytest.raises(ExportError, match="Incident 99 is not in the library"),
    ):
        export(ThreatQLibrary(client), ("incident", 99), CREATE_BUNDLE, Options(), io.BytesIO())


def test_another_object_than_the_one_asked_for(serve: Callable[..., ThreatQService]) -> None:
    service = serve({**star(0), "objects": {"incident": [{"id": 12, "value": "x"}]}})
    service._state.library.objects["incident", 12]["id"] = 13
    with Pauses().client(service) as client, pytest.raises(ExportError, match="with something else than that object"):
        ThreatQLibrary(client).record(ROOT)


def test_an_object_that_is_deleted_meanwhile(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library())
    with Pauses().client(service) as client:
        known = ThreatQLibrary(client)
        assert known.record(ROOT)
        service.remove(ROOT)
        with pytest.raises(ExportError, match="was deleted from ThreatQ at"):
            known.neighbours(ROOT)


def test_collections_that_are_not_exported_are_counted_and_named(serve: Callable[..., ThreatQService]) -> None:
    with Pauses().client(serve(library())) as client:
        known = ThreatQLibrary(client)
        assert ("tasks", 1) in [link.other for link in known.neighbours(ROOT)]
        report = export(known, ROOT, CREATE_BUNDLE, Options(), io.BytesIO())
    assert [(skip.collection, skip.id) for skip in report.skipped.kept if skip.collection == "tasks"] == [("tasks", 1)]


def test_collections_that_the_server_does_not_have(serve: Callable[..., ThreatQService]) -> None:
    document = library()
    del document["objects"]["tool"]
    service = serve(document, Habits(absent=("tool", "report")))
    with Pauses().client(service) as client:
        known = ThreatQLibrary(client)
        known.neighbours(ROOT)
        known.neighbours(("malware", 46))
        assert known.problems.total == 0
    assert len(service.asked("/tool$")) == len(service.asked("/report$")) == 2
    service.habits.catalogue = False
    with Pauses().client(service) as client:
        known = ThreatQLibrary(client)
        known.neighbours(ROOT)
        assert known.problems.counts == {NO_COLLECTION: 1}


def test_a_server_that_relates_no_adversaries_to_each_other(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library())
    service.fail_on("/adversaries/12/adversaries", "not_found")
    with Pauses().client(service) as client:
        known = ThreatQLibrary(client)
        assert [link.other for link in known.neighbours(("adversaries", 12))] == [("incident", 12), ("indicators", 337)]
        assert known.problems.counts == {NOT_AMONG_THEMSELVES: 1}
        assert ("adversaries", 12) in [link.other for link in known.neighbours(ROOT)]


def test_collections_that_are_only_counted_may_be_forbidden(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library())
    service.fail_on("/tasks$", "forbidden", "forever")
    with Pauses().client(service) as client:
        known = ThreatQLibrary(client)
        assert len(known.neighbours(ROOT)) == 11
        assert known.problems.counts == {NOT_PERMITTED: 1}


def test_progress_is_told(serve: Callable[..., ThreatQService]) -> None:
    told: list[str] = []
    with Pauses().client(serve(library())) as client:
        ThreatQLibrary(client, progress=told.append).neighbours(ROOT)
    assert told == [
        "Read 1 objects and the relations of 0 of them from ThreatQ",
        "Read 13 objects and the relations of 1 of them from ThreatQ",
    ]


def test_the_library_is_named_after_its_server(serve: Callable[..., ThreatQService]) -> None:
    with Pauses().client(serve(library()), base_url="https://tq.example.com/below") as client:
        assert ThreatQLibrary(client).library_id == "tq.example.com"


def test_the_server_knows_all_collections() -> None:
    assert set(LABELS) < set(COLLECTIONS)


def test_each_export_of_a_library_counts_the_problems_that_it_meets(serve: Callable[..., ThreatQService]) -> None:
    service = serve(library())
    service.fail_on("/incident/12/tasks$", "forbidden", "forever")
    with Pauses().client(service) as client:
        known = ThreatQLibrary(client)
        met = [
            export(known, root, CREATE_BUNDLE, Options(), io.BytesIO()).skipped.counts.get(NOT_PERMITTED)
            for root in (ROOT, ROOT, ("malware", 46), ROOT)
        ]
    assert met == [1, 1, None, 1]
