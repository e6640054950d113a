"""``soarkit pivot``: real bundles whose entities form a graph with cycles."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_archive, make_bundle, transform
from conftest import Finished
from jsonschema import Draft202012Validator
from packages.making import Home

from soarkit.manifest.schema_files import read_schema

Soarkit = Callable[..., Finished]

#: Neighbours are computed: hosts 0 to 6 lead to each other, each to an address, an address back to its host.
SCRIPT = """\
import os, sys, time
from AnomaliTransform import AnomaliTransform, EntityTypes

at = AnomaliTransform()
at.parseArguments()
name, value = at.getTransformName(), at.getEntityValue()
at.addMessage("DEBUG", "for the log alone")
if name == "next":
    number = int(value.split(".")[0][4:])
    for other in ((number * 2) % 7, (number + 1) % 7):
        entity = at.addEntity(EntityTypes.Domain, f"host{other}.example.org")
        entity.addAdditionalField("from", "Came from", value)
    at.addEntity(EntityTypes.Domain, f"HOST{(number + 1) % 7}.Example.Org.")
    at.addMessage("INFO", "two, and one of them again")
if name == "address":
    at.addEntity(EntityTypes.IPv4, "192.0.2." + value.split(".")[0][4:])
if name == "back":
    at.addEntity(EntityTypes.Domain, f"host{value.split('.')[3]}.example.org")
if name == "fails":
    at.addException("no answer about " + value)
if name == "many":
    for number in range(60):
        at.addEntity(EntityTypes.Hash, f"{number:064x}")
if name == "told":
    at.addEntity(EntityTypes.Phrase, str(at.getFieldValue("from")))
    at.addEntity(EntityTypes.Phrase, str(at.getCredentialValue("api_key")))
if name == "waits":
    open(value, "w").close()
    try:
        time.sleep(60)
    except:
        pass
at.returnOutput()
"""


def pivot(name: str, kind: str = "anomali.Domain", **more: Any) -> dict[str, Any]:
    return transform(name, script="pivot.py", pivoting=True, entity_type=kind, **more)


def bundle(parent: Path, *transforms: dict[str, Any], **more: Any) -> str:
    return str(make_bundle(parent, transforms=transforms, scripts={"pivot.py": SCRIPT}, **more))


HOSTS = (pivot("next"), pivot("address"), pivot("back", "anomali.IPv4Address"))


@pytest.fixture
def follow(soarkit: Soarkit) -> Soarkit:
    """Run ``soarkit pivot ARGUMENTS`` with the interpreter of the tests."""

    def run(*arguments: str, **options: Any) -> Finished:
        return soarkit("pivot", *arguments, "--python", sys.executable, **options)

    return run


def checked(finished: Finished) -> dict[str, Any]:
    """The graph that was printed, which is as the schemas say."""
    document = finished.json()
    Draft202012Validator(read_schema("envelope")).validate(document)
    Draft202012Validator(read_schema("pivot")).validate(document["graph"])
    graph: dict[str, Any] = document["graph"]
    return graph


def test_cycles_are_met_once(follow: Soarkit, soarkit: Soarkit, tmp_path: Path) -> None:
    done = follow("host1.example.org", "--bundle", bundle(tmp_path, *HOSTS), "--depth", "9")
    assert done.code == 0, done.stderr
    graph = checked(done)
    hosts = {one["value"] for one in graph["nodes"] if one["type"] == "anomali.Domain"}
    assert hosts == {f"host{number}.example.org" for number in (1, 2, 3, 4, 5, 6, 0)}
    assert len(graph["nodes"]) == 14  # an address each
    assert {one["state"] for one in graph["nodes"]} == {"asked"}
    asked = [(one["node"], one["transform"]) for one in graph["runs"]]
    assert len(asked) == len(set(asked)) == 7 * 2 + 7  # nobody is asked twice
    tree_edges = [one for one in graph["edges"] if not one["back"]]
    assert len(tree_edges) == 13
    assert graph["stopped"] is None and graph["nodes"][0]["times"] > 0
    assert {one["transform"] for one in graph["edges"]} == {"next shown", "address shown", "back shown"}
    # Each is an ordinary run, and kept.
    kept = soarkit("runs", "--format", "json", "--limit", "50").json()["runs"]
    assert {one["id"] for one in graph["runs"]} == {one["key"] for one in kept}


def test_depth_is_bounded(follow: Soarkit, tmp_path: Path) -> None:
    made = bundle(tmp_path, *HOSTS)
    graph = checked(follow("host1.example.org", "--bundle", made, "--depth", "1"))
    assert [(one["value"], one["depth"], one["state"]) for one in graph["nodes"]] == [
        ("host1.example.org", 0, "asked"),
        ("host2.example.org", 1, "depth"),
        ("192.0.2.1", 1, "depth"),
    ]
    (double,) = [one for one in graph["edges"] if one["target"] == 2]
    assert double["times"] == 3
    assert graph["nodes"][1]["fields"] == [{"name": "from", "display_name": "Came from", "value": "host1.example.org"}]
    assert graph["runs"][0]["messages"] == [{"type": "INFO", "text": "two, and one of them again"}]
    assert "step 1 of 1: 2 transforms" in follow("host1.example.org", "--bundle", made, "--depth", "1").stderr


@pytest.mark.acceptance("A19")
def test_fifty_entities_of_a_pivot_are_shown_and_all_are_kept(
    follow: Soarkit, soarkit: Soarkit, tmp_path: Path
) -> None:
    made = bundle(tmp_path, pivot("many"))
    done = follow("example.org", "--bundle", made, "--format", "tree")
    assert "… 50 of 60 shown" in done.stdout
    assert done.stdout.count("  Hash") == 50
    graph = checked(follow("example.org", "--bundle", made))
    (run,) = graph["runs"]
    assert (run["entities"], run["shown"], len(graph["nodes"])) == (60, 50, 51)
    kept = soarkit("runs", "show", run["id"], "--format", "json").data
    assert len(kept[0]["entities"]) == 60
    few = checked(follow("example.org", "--bundle", made, "--breadth", "3"))
    assert len(few["nodes"]) == 4
    every = checked(follow("example.org", "--bundle", made, "--breadth", "0"))
    assert len(every["nodes"]) == 61


def test_a_full_graph_ends_the_walk(follow: Soarkit, tmp_path: Path) -> None:
    done = follow("host1.example.org", "--bundle", bundle(tmp_path, *HOSTS), "--depth", "9", "--max-nodes", "4")
    graph = checked(done)
    assert (done.code, graph["stopped"], len(graph["nodes"])) == (0, "max_nodes", 4)
    assert sum(one["omitted"] for one in graph["runs"]) == 1


def test_a_failure_is_told_of_its_entity_and_the_rest_goes_on(follow: Soarkit, tmp_path: Path) -> None:
    made = bundle(tmp_path, pivot("fails"), *HOSTS, pivot("fails", "anomali.IPv4Address"))
    done = follow("host1.example.org", "--bundle", made, "--depth", "2")
    graph = checked(done)
    assert done.code == 0
    assert [one["notes"] for one in graph["nodes"][:3]] == [
        ["fails shown: no answer about host1.example.org"],
        ["fails shown: no answer about host2.example.org"],
        ["fails shown: no answer about 192.0.2.1"],
    ]
    alone = follow("host1.example.org", "--bundle", made, "--transform", "fails")
    assert alone.code == 1
    assert {one["transform"] for one in checked_failed(alone)["runs"]} == {"fails"}


def checked_failed(finished: Finished) -> dict[str, Any]:
    assert finished.json()["ok"] is False
    return checked(finished)


def test_a_transform_that_takes_too_long_is_ended(follow: Soarkit, tmp_path: Path) -> None:
    made = bundle(tmp_path, pivot("waits", "anomali.Phrase"))
    done = follow(str(tmp_path / "sign"), "--type", "phrase", "--bundle", made, "--timeout", "0.5")
    (run,) = checked_failed(done)["runs"]
    assert (done.code, run["status"]) == (1, "error")
    assert "did not finish within 0.5 s" in run["message"]


def test_fields_and_credentials_reach_the_next_transform(follow: Soarkit, tmp_path: Path) -> None:
    made = bundle(tmp_path, pivot("next"), pivot("told"), credentials=[credential()])
    refused = follow("host1.example.org", "--bundle", made)
    assert refused.code == 2 and "api_key" in refused.stderr
    done = follow("host1.example.org", "--bundle", made, "--credential", "api_key=hunter2222", "--depth", "2")
    phrases = [one["value"] for one in checked(done)["nodes"] if one["type"] == "anomali.Phrase"]
    assert "host1.example.org" in phrases  # what host2 came from
    assert "hunter2222" not in done.stdout + done.stderr


def test_two_bundles_make_one_graph(follow: Soarkit, tmp_path: Path) -> None:
    one = bundle(tmp_path, pivot("address"), title="One", app_name="com.example.one")
    other = bundle(tmp_path, pivot("back", "anomali.IPv4Address"), title="Other", app_name="com.example.other")
    graph = checked(follow("host1.example.org", "--bundle", one, "--bundle", other))
    assert [(each["transform"], each["bundle"], each["back"]) for each in graph["edges"]] == [
        ("address shown", "One", False),
        ("back shown", "Other", True),
    ]
    refused = follow("host1.example.org", "--bundle", one, "--bundle", other, "--credential", "a=b")
    assert refused.code == 2 and "the one bundle" in refused.stderr


def test_the_graph_goes_to_a_file(follow: Soarkit, tmp_path: Path) -> None:
    made = bundle(tmp_path, *HOSTS)
    for name, start in (("graph.html", "<!doctype html>"), ("graph.json", "{"), ("graph.txt", "host1.example.org  D")):
        form = ("--format", "tree") if name.endswith(".txt") else ()
        path = tmp_path / name
        done = follow("host1.example.org", "--bundle", made, "--depth", "1", "-o", str(path), *form)
        assert (done.code, done.stdout) == (0, ""), done.stderr
        assert path.read_text().startswith(start)
        assert "3 entities" in done.stderr
    text = (tmp_path / "graph.html").read_text()
    block = re.search(r'<script type="application/json" id="graph">(.*?)</script>', text)
    assert block is not None and len(json.loads(block[1])["nodes"]) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--type", "hash", "abc"), "no pivot transform that can be asked is for 'abc' (hash)"),
        (("--type", "planet", "abc"), "there is no entity type 'planet'"),
        (("host1.example.org", "--transform", "nxt"), "there is no pivot transform 'nxt'"),
        (("host1.example.org", "-o", "no/such/graph.html"), "there is no such folder"),
        (("host1.example.org", "-o", "graph.csv"), "a graph is no table"),
        ((" ",), "name a value"),
        ((), "name a value"),
    ],
)
def test_what_cannot_be_done_is_refused(follow: Soarkit, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = follow(*arguments, "--bundle", bundle(tmp_path, *HOSTS))
    assert done.code == 2
    assert said in done.stderr


def test_without_bundles_the_next_step_is_said(follow: Soarkit) -> None:
    done = follow("example.org")
    assert done.code == 2
    assert "no enrichment bundle is installed" in done.stderr
    assert done.json()["ok"] is False


def test_a_connector_is_no_bundle(follow: Soarkit, app: Callable[[str], str]) -> None:
    done = follow("example.org", "--bundle", app("shows_results_in_every_way"))
    assert done.code == 2
    assert "not an enrichment bundle" in done.stderr


def test_what_was_found_before_ctrl_c_is_shown(tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    made = bundle(
        tmp_path,
        transform("start", script="start.py", pivoting=True),
        pivot("waits", "anomali.Phrase"),
    )
    (Path(made) / "source" / "start.py").write_text(
        "from AnomaliTransform import *\nat = AnomaliTransform()\nat.parseArguments()\n"
        f"at.addEntity(EntityTypes.Phrase, {str(sign)!r})\nat.returnOutput()\n"
    )
    page = tmp_path / "graph.json"
    words = ["pivot", "example.org", "--bundle", made, "--python", sys.executable, "-o", str(page)]
    process = subprocess.Popen(
        [sys.executable, "-m", "soarkit", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=dict(os.environ),
        text=True,
    )
    for _ in range(600):
        if sign.exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "cancelled: 1 not asked" in told
    graph = json.loads(page.read_text())["graph"]
    Draft202012Validator(read_schema("pivot")).validate(graph)
    assert (graph["stopped"], [one["value"] for one in graph["nodes"]]) == ("cancelled", ["example.org", str(sign)])
    assert graph["nodes"][1]["state"] == "left"


def test_active_bundles_are_asked_with_their_credentials(follow: Soarkit, home: Path, tmp_path: Path) -> None:
    made = make_bundle(
        tmp_path, transforms=[pivot("next"), pivot("told")], scripts={"pivot.py": SCRIPT}, credentials=[credential()]
    )
    place = Home(home)
    slug = place.installer.install(str(make_archive(made))).app.slug
    refused = follow("host1.example.org")
    assert refused.code == 2
    assert f"{slug} is installed, but inactive: soarkit asset create NAME --app {slug}" in refused.stderr
    place.store.assets.create("mine", app=slug, configuration={"api_key": "hunter2222"})
    place.store.assets.set_active("mine", True)
    place.store.close()
    done = follow("host1.example.org", "--depth", "1")
    graph = checked(done)
    assert {(one["transform"], one["asset"], one["status"]) for one in graph["runs"]} == {
        ("next", "mine", "success"),
        ("told", "mine", "success"),
    }
    assert "hunter2222" not in done.stdout + done.stderr
