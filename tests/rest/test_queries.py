"""The query language, the same on both databases."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest
from rest.conftest import Ask

if TYPE_CHECKING:
    from soarkit.store.opened import Store

CEF = [
    {"sourceAddress": "192.0.2.1", "port": 443, "note": 'says "hello"', "nested": {"deep": [{"x": 1}, {"x": 2}]}},
    {"sourceAddress": "192.0.2.10", "port": "443", "a__b": "under", "flag": True, "umlaut": "Grüße"},
    {"sourceAddress": "198.51.100.7", "port": 80, "nothing": None, "percent": "50%20off"},
    {},
]
TIME = "2024-02-29T12:30:00Z"
NAMES = ["Alpha", "alpha beta", "Gamma_1", "Grüße%"]


@pytest.fixture
def filled(store: Store) -> Store:
    """Two containers, the first with four artifacts."""
    one = {"name": "INBOX : 1", "source_data_identifier": "s1", "tags": ["red", "green"], "severity": "high"}
    artifacts = [
        {"name": name, "cef": cef, "source_data_identifier": f"a{number}", "label": "event", "tags": [f"t{number}"]}
        for number, (name, cef) in enumerate(zip(NAMES, CEF, strict=True))
    ]
    common = {"asset_id": 7, "appid": None, "label": "events", "run": None}
    store.containers.save({**one, "artifacts": artifacts, "start_time": TIME, "due_time": TIME}, **common)
    store.containers.save({"name": "Other", "status": "closed", "owner_id": "admin"}, **common)
    return store


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("name", '"Alpha"', [1]),
        ("name", "Alpha", [1]),
        ("name__exact", "'Alpha'", [1]),
        ("name__iexact", '"ALPHA"', [1]),
        ("name__iexact", '"GRÜSSE%"', []),
        ("name__iexact", '"gRÜßE%"', [4]),
        ("name__contains", '"lpha"', [1, 2]),
        ("name__contains", '"Alpha"', [1]),
        ("name__icontains", '"ALPHA"', [1, 2]),
        ("name__icontains", '"_"', [3]),
        ("name__contains", '"%"', [4]),
        ("name__icontains", '"ü"', [4]),
        ("name__startswith", '"alpha"', [2]),
        ("name__istartswith", '"ALPHA"', [1, 2]),
        ("name__endswith", '"beta"', [2]),
        ("name__iendswith", '"BETA"', [2]),
        ("name__regex", r'"^[Aa]lpha\\b"', [1, 2]),
        ("name__iregex", '"^GAMMA"', [3]),
        ("name__in", '["Alpha", "Gamma_1"]', [1, 3]),
        ("name", '["Alpha", "Gamma_1"]', [1, 3]),
        ("name__in", "Alpha", [1]),
        ("name__gt", '"alpha beta"', []),
        ("name__isnull", "False", [1, 2, 3, 4]),
        ("name", "None", []),
        ("kill_chain__isnull", "true", [1, 2, 3, 4]),
        ("id", "2", [2]),
        ("id", '"2"', [2]),
        ("id__gte", "'3'", [3, 4]),
        ("id__range", "(2, 3)", [2, 3]),
        ("id__in", "(1, '4')", [1, 4]),
        ("id", "99999999999999999999", []),
        ("id__lt", "99999999999999999999", [1, 2, 3, 4]),
        ("id__contains", "3", [3]),
        ("run_automation", "False", [1, 2, 3]),
        ("run_automation", '"true"', [4]),
        ("container", "1", [1, 2, 3, 4]),
        ("container_id", '"1"', [1, 2, 3, 4]),
        ("container_id", "2", []),
        ("container__name__icontains", '"inbox"', [1, 2, 3, 4]),
        ("container__in", "[1, 2]", [1, 2, 3, 4]),
        ("container__tags__contains", '"blue"', []),
        ("container__tags__contains", '"red"', [1, 2, 3, 4]),
        ("container__asset__name", '"box"', []),
        ("container__severity", "1", [1, 2, 3, 4]),
        ("severity", '"medium"', [1, 2, 3, 4]),
        ("cef__sourceAddress", "'192.0.2.1'", [1]),
        ("cef__sourceAddress__startswith", '"192.0.2.1"', [1, 2]),
        ("cef__sourceAddress__in", '["192.0.2.1", "198.51.100.7"]', [1, 3]),
        ("cef__sourceAddress__regex", r'"^192\.0"', [1, 2]),
        ("cef__sourceAddress__isnull", "True", [4]),
        ("cef__port", "443", [1, 2]),
        ("cef__port", '"443"', [1, 2]),
        ("cef__port__lt", "100", [3]),
        ("cef__a__b", '"under"', [2]),
        ("cef__flag", "True", [2]),
        ("cef__flag", "true", [2]),
        ("cef__nothing__isnull", "True", [1, 2, 3, 4]),
        ("cef__umlaut__icontains", '"GRÜSS"', []),
        ("cef__umlaut__icontains", '"grüß"', [2]),
        ("cef__nested__deep__x", "2", [1]),
        ("cef__nested__deep__0__x", "2", []),
        ("cef__note__contains", "'says \"hello\"'", [1]),
        ("cef__icontains", "'\"192.0.2.1\"'", [1]),
        ("cef__icontains", '"192.0.2.1"', [1, 2]),
        ("cef__icontains", "'%22192.0.2.1%22'", [1]),
        ("cef__icontains", '"Grüße"', [2]),
        ("cef__percent", '"50%20off"', [3]),
        ("tags__contains", '"t2"', [3]),
        ("tags", '["t2"]', [3]),
        ("create_time__gt", '"2020-01-01T00:00:00.000000Z"', [1, 2, 3, 4]),
        ("create_time__lt", '"2020-01-01"', []),
        ("create_time__year__gte", "2020", [1, 2, 3, 4]),
        ("end_time__isnull", "True", [1, 2, 3, 4]),
        ("owner__username", '"admin"', []),
        ("name", '"nul\\x00"', []),
    ],
)
def test_filters(filled: Store, ask: Ask, name: str, value: str, found: list[int]) -> None:
    answer = ask("GET", "artifact", **{f"_filter_{name}": value})
    assert answer.ids == found
    assert answer.json["count"] == len(found)
    left_out = ask("GET", "artifact", **{f"_exclude_{name}": value})
    assert left_out.ids == [one for one in (1, 2, 3, 4) if one not in found]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("status", "3", [2]),
        ("status", '"closed"', [2]),
        ("status__in", '["new", "open"]', [1]),
        ("status__in", "[1, 2]", [1]),
        ("artifact_count", "4", [1]),
        ("artifact_count__lt", "4", [2]),
        ("asset", "7", [1, 2]),
        ("asset_id", '"7"', [1, 2]),
        ("owner__username", '"admin"', [2]),
        ("owner", "1", [2]),
        ("start_time__date", '"2024-02-29"', [1]),
        ("start_time__week_day", "5", [1]),
        ("due_time__hour__gt", "12", []),
        ("start_time__startswith", '"2024-02"', [1]),
        ("start_time", '"2024-02-29T12:30:00Z"', [1]),
        ("custom_fields__k__regex", '"."', []),
    ],
)
def test_filters_of_containers(filled: Store, ask: Ask, name: str, value: str, found: list[int]) -> None:
    assert ask("GET", "container", **{f"_filter_{name}": value}).ids == found


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"_filter_nothing": "1"}, ["nothing", "source_data_identifier"]),
        ({"_filter_container__nothing": "1"}, ["nothing", "artifact_count"]),
        ({"_filter_name": '"x'}, ["quotes"]),
        ({"_filter_id": '"x"'}, ["_filter_id"]),
        ({"_filter_name__sounds": "1"}, ["operators", "icontains"]),
        ({"_filter_name__regex": '"["'}, ["regular expression"]),
        ({"_filter_create_time__gt": '"soon"'}, ["2024-01-31T13:45:00.000000Z"]),
        ({"_filter_id__range": "1"}, ["two ends"]),
        ({"_filter_run_automation": '"perhaps"'}, ["perhaps"]),
        ({"sort": "nothing"}, ["sort", "nothing"]),
        ({"page_size": "-1"}, ["page_size"]),
        ({"page": "x"}, ["page"]),
        ({"page": 10**20, "page_size": 10**20}, ["That page contains no results"]),
        ({"page": 9}, ["That page contains no results"]),
    ],
)
def test_what_cannot_be_asked(filled: Store, ask: Ask, given: dict[str, str], words: list[str]) -> None:
    answer = ask("GET", "artifact", **given)
    assert answer.status == 400
    assert "json" in answer.kind
    for word in words:
        assert word in answer.refusal


def test_pages(filled: Store, ask: Ask) -> None:
    first = ask("GET", "artifact", page_size='"3"')
    assert (first.ids, first.json["count"], first.json["num_pages"]) == ([1, 2, 3], 4, 2)
    assert ask("GET", "artifact", page_size=3, page=1).ids == [4]
    assert ask("GET", "artifact", page_size=0).ids == ask("GET", "artifact", page_size=10**20).ids == [1, 2, 3, 4]
    # Related to what nothing is kept of.
    assert ask("GET", "app_run", _filter_playbook_run__status='"x"').ids == []
    # Where Python looks at each row, too.
    second = ask("GET", "artifact", page_size=1, page=1, _filter_cef__port="443")
    assert (second.ids, second.json["count"], second.json["num_pages"]) == ([2], 2, 2)
    assert ask("GET", "container", page_size=0, _filter_name="nobody").json == {"count": 0, "num_pages": 1, "data": []}


def test_pages_are_ten_rows_long(store: Store, ask: Ask) -> None:
    many = [{"name": str(number)} for number in range(25)]
    store.containers.save({"name": "c", "artifacts": many}, asset_id=0, appid=None, label="events", run=None)
    answer = ask("GET", "artifact")
    assert (len(answer.ids), answer.json["count"], answer.json["num_pages"]) == (10, 25, 3)


def test_order(filled: Store, ask: Ask) -> None:
    assert ask("GET", "artifact", sort="id", order="desc").ids == [4, 3, 2, 1]
    assert ask("GET", "artifact", sort='"id"', order='"desc"', page_size=2).ids == [4, 3]
    assert ask("GET", "artifact", sort="container__id").status == 400
    # What has no time comes last, whichever way.
    assert ask("GET", "container", sort="due_time", order="desc").ids == [1, 2]
    assert ask("GET", "container", sort="due_time").ids == [1, 2]
    # What only Python knows.
    assert ask("GET", "container", sort="artifact_count", order="desc").ids == [1, 2]
    assert ask("GET", "container", sort="artifact_count").ids == [2, 1]


def test_what_is_shown(filled: Store, ask: Ask) -> None:
    plain = ask("GET", "container/1").json
    assert not [name for name in plain if name.startswith("_pretty")]
    assert plain["start_time"] == "2024-02-29T12:30:00.000000Z"
    for name in ("create_time", "container_update_time", "artifact_update_time"):
        assert datetime.strptime(plain[name], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    assert plain["artifact_count"] == 4
    assert {"ingest_app", "tenant", "id", "owner", "owner_name", "closing_rule_run"} <= plain.keys()
    pretty = ask("GET", "container/1", pretty="").json
    assert pretty.items() >= plain.items()
    assert {"_pretty_create_time", "_pretty_container_update_time", "_pretty_owner"} <= pretty.keys()
    assert ask("GET", "container/1", _exclude_fields="data, tags").json.keys() == plain.keys() - {"data", "tags"}
    assert ask("GET", "container/1", _annotation_container_attachments=1).json == plain


def test_several_filters_narrow_each_other(filled: Store, ask: Ask) -> None:
    assert ask("GET", "artifact", _filter_name__icontains='"alpha"', _filter_cef__port='"443"').ids == [1, 2]
    assert ask("GET", "artifact", _filter_name="Alpha", _filter_cef__port="80").ids == []
    assert ask("GET", "artifact", _filter_name="Alpha", _exclude_cef__port="80").ids == [1]


def test_search_in_cef(filled: Store, ask: Ask) -> None:
    assert ask("GET", "artifact", search_cef='["192.0.2.10"]').ids == [2]
    assert ask("GET", "artifact", search_cef="198.51").ids == [3]


def test_parts_of_objects(filled: Store, ask: Ask) -> None:
    assert ask("GET", "container/1/artifacts", page_size=2, _filter_label='"event"').ids == [1, 2]
    assert ask("GET", "container/2/artifacts").ids == []
    assert ask("GET", "container/1/severity").json == {"data": "high"}
    assert ask("GET", "artifact/3/container").json["name"] == "INBOX : 1"
    for part in "attachments notes comments actions audit activity_feed playbook_runs phases approvals pins".split():
        assert ask("GET", f"container/1/{part}").json == {"count": 0, "num_pages": 1, "data": []}
    assert ask("GET", "container/1/nothing").status == 404
    assert ask("GET", "container/9/artifacts").status == 404
    assert ask("POST", "container/1/artifacts").status == 405
