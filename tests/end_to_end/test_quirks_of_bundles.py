"""A bundle with the habits of published ones runs as it is, is recorded, and replayed without a network (A16)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import LEFT_OUT, credential, make_archive, make_bundle, transform
from conftest import Finished

from tests.services.passive_dns import PassiveDnsService

Soarkit = Callable[..., Finished]

KEY = "quirks-pl4nted-key"

#: No time limit on requests, a bare except around everything, globals, results of methods thrown away, no types, a
#: colour where the label belongs, values of every kind, dates as only POSIX formats them.
ENRICHMENT = """\
import copy
import datetime
import json
import os
import sys

import requests
from AnomaliEnrichment import (
    AnomaliEnrichment,
    ChartWidget,
    CompositeItem,
    HorizontalRuleWidget,
    ItemInWidget,
    ItemTypes,
    TableWidget,
    TextWidget,
)

api_key = None
api_type = "enterprise"
template = {
    "chart": {"type": "xrange", "height": 200},
    "xAxis": {"type": "datetime"},
    "yAxis": {"categories": ["Seen"], "reversed": True},
    "series": [{"name": "Timeline", "pointWidth": 25, "data": []}],
}


def enrichIP(ae, ip):
    try:
        response = requests.get(api_url + "/v1/ips/" + ip, headers={"X-Api-Key": api_key})
        found = response.json()
        if api_type.lower() == "community":
            ae.addMessage("ERROR", "Not supported with a community key")
        elif response.status_code == 200:
            ae.addWidget(TextWidget(ItemInWidget(ItemTypes.String, "Intel for %s" % ip, "Intel for %s" % ip, "#A9A9A9",
                                                 "#FFFFFF", "30px", "bold"), True))
            ae.addWidget(TextWidget(ItemInWidget(ItemTypes.String, "Shifted", "Grey", "Black", "15px")))
            table = TableWidget("Details", ["Key", "Value"], columnWidths=["20%", "80%"])
            for value in (None, True, 3, 1.5, "text", found["verdict"]):
                table.addRowOfItems([ItemInWidget(itemValue="Is"), ItemInWidget(itemValue=value)])
            ports = CompositeItem(False)
            for port in found["ports"]:
                ports.addItemInWidget(ItemInWidget(itemValue=port))
            table.addRowOfItems([ItemInWidget(itemValue="Ports"), ports])
            ae.addWidget(table)
            day = datetime.datetime.strptime("2023-10-01", "%Y-%m-%d")
            table.addRowOfItems([ItemInWidget(itemValue="Day"), ItemInWidget(itemValue=day.strftime("%-d %b %Y"))])
            similar = TableWidget("Similar", ["IP", "Score"])
            similar.addRowOfItems([ItemInWidget(ItemTypes.Link, "/detail/v2/ip?value=%s" % ip, ip),
                                   ItemInWidget(itemValue="97%")])
            ae.addWidget(similar)
            ae.addWidget(HorizontalRuleWidget())
            chart = copy.deepcopy(template)
            chart["series"][0]["data"] = [{"x": 0, "x2": 86400000, "y": 0, "color": "red", "value": "Seen: yes"}]
            ae.addWidget(ChartWidget("Timeline", json.dumps(chart)))
        elif response.status_code == 401:
            ae.addException("status 401")
            ae.addMessage("ERROR", "API Key is Missing, Expired or Incorrect, please verify")
    except:
        ae.addException("Unknown Error:%sType: %s%sValue:%s"
                        % (os.linesep, sys.exc_info()[0], os.linesep, sys.exc_info()[1]))
    return ae


functions = {"enrichIP": enrichIP}

if __name__ == "__main__":
    ae = AnomaliEnrichment()
    ae.parseArguments()
    api_key = ae.getCredentialValue("api_key")
    api_url = ae.getCredentialValue("api_url")
    api_type = ae.getCredentialValue("api_type")
    if not api_type or api_type == "":
        api_type = "enterprise"
    functions[ae.getTransformName()](ae, ae.getEntityValue())
    ae.returnOutput()
"""
PIVOT = """\
import requests
from AnomaliTransform import AnomaliTransform, EntityTypes


def search(at, ip):
    found = requests.get(api_url + "/v1/ips/" + ip, headers={"X-Api-Key": api_key}).json()
    at.addEntity(EntityTypes.AS, "AS%d" % found["asn"])
    at.addEntity(EntityTypes.Phrase, "Classification: " + found["verdict"])
    return at


functions = {"Search IP": search}

at = AnomaliTransform()
at.parseArguments()
api_key, api_url = at.getCredentialValue("api_key"), at.getCredentialValue("api_url")
functions[at.getTransformName()](at, at.getEntityValue())
at.returnOutput()
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    ipv4 = {"entity_type": "anomali.IPv4Address"}
    folder = make_bundle(
        tmp_path,
        folder="mine",
        is_python3=LEFT_OUT,
        license="Example License",
        credentials=[
            credential("api_key", rank=1),
            credential("api_type", required=False, sensitive=False, rank=1),
            credential("api_url", required=False, sensitive=False, rank=2),
        ],
        transforms=[
            transform("enrichIP", rank=1, script="enrichment.py", **ipv4),
            transform("searchiptransform", pivoting=True, parameters="pivot.py 'Search IP'", rank=LEFT_OUT, **ipv4),
        ],
        scripts={"enrichment.py": ENRICHMENT, "pivot.py": PIVOT},
    )
    return make_archive(folder, prefix="", directories=False)


@pytest.mark.acceptance("A15", "A16")
def test_it_validates_with_warnings_alone(soarkit: Soarkit, archive: Path) -> None:
    done = soarkit("validate", archive, "-f", "json")
    assert done.code == 0
    assert {one["severity"] for one in done.json()["findings"]} == {"warning"}
    assert {one["message"].split(":")[0] for one in done.json()["findings"]} == {"M9", "M10"}


@pytest.mark.acceptance("A14", "A15", "A16")
def test_it_runs_is_recorded_and_replayed(soarkit: Soarkit, archive: Path, tmp_path: Path) -> None:
    def ask(name: str, *options: str, key: str = KEY) -> Finished:
        given = ["--config", "api_key=env:KEY", "--config", f"api_url={url}", "--format", "json"]
        return soarkit("run", archive, name, "--param", "value=198.51.100.7", *given, *options, KEY=key)

    def shown(done: Finished) -> Any:
        return done.json()["result_data"]

    with PassiveDnsService(KEY) as service:
        url = service.url
        made = {
            name: ask(name, "--record", str(tmp_path / f"{name}.yaml")) for name in ("enrichIP", "searchiptransform")
        }
        refused = ask("enrichIP", "--record", str(tmp_path / "refused.yaml"), key="another-wrong-key")
        community = ask("enrichIP", "--config", "api_type=Community")
        service.fail_next("not_json")
        broken = ask("enrichIP")
    # The service is gone.
    for name, done in made.items():
        assert done.code == 0, done.stdout + done.stderr
        assert KEY not in (tmp_path / f"{name}.yaml").read_text()
        again = ask(name, "--replay", str(tmp_path / f"{name}.yaml"))
        assert (again.code, shown(again)) == (0, shown(done))
    assert shown(ask("enrichIP", "--replay", str(tmp_path / "refused.yaml"), key="another-wrong-key")) == shown(refused)

    kinds = [one["widgetType"] for one in made["enrichIP"].data[0]["widgets"]]
    assert kinds == ["Text", "Text", "Table", "Table", "HorizontalRule", "Chart"]
    values = [row[1].get("itemValue") for row in made["enrichIP"].data[0]["widgets"][2]["rows"]]
    assert values == [None, True, 3, 1.5, "text", "suspicious", None, "1 Oct 2023"]
    entities = [(one["entityType"], one["entityValue"]) for one in made["searchiptransform"].data[0]["entities"]]
    assert entities == [("anomali.AS", "AS64501"), ("anomali.Phrase", "Classification: suspicious")]
    assert (refused.code, refused.json()["message"]) == (1, "API Key is Missing, Expired or Incorrect, please verify")
    assert (community.code, community.json()["message"]) == (1, "Not supported with a community key")
    assert broken.code == 1
    assert "JSONDecodeError" in broken.json()["message"]


@pytest.mark.acceptance("A13", "A16")
def test_a_source_that_does_not_answer_is_given_up(soarkit: Soarkit, archive: Path) -> None:
    with PassiveDnsService(KEY) as service:
        service.fail_next("slow")
        given = ["-c", "api_key=env:KEY", "-c", f"api_url={service.url}", "--timeout", "2", "-f", "json"]
        done = soarkit("enrich", archive, "enrichIP", "198.51.100.7", *given, KEY=KEY)
    assert done.code == 3
    assert done.json()["error"]["code"] == "app-timeout"
