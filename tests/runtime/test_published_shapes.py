"""Scripts of the shapes that published ones have, against a source on this machine (enrichment reference, 1 and 4).

What published bundles do and the guide does not say: no ``is_python3``, requests without a time limit under a bare
``except:``, a function name with a space, items with nothing but a value, a label left out so that colours shift by one
place, credentials that are tested for None. The published bundles themselves cannot be part of this repository.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from bundles.making import LEFT_OUT, credential, make_bundle, transform

from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.runtime.asset import Asset
from soarkit.runtime.result import RunResult
from soarkit.runtime.run import Observer, PreparedRun, RunRequest

CONTEXT = """\
import datetime
import json
import sys

import requests
from AnomaliEnrichment import AnomaliEnrichment, ItemInWidget, TextWidget, TableWidget
from AnomaliEnrichment import ItemTypes, ChartWidget, CompositeItem
from AnomaliEnrichment import HorizontalRuleWidget

plan = None
days = {"chart": {"type": "xrange"}, "xAxis": {"type": "datetime"}, "series": [{"data": []}]}


def report(out, address, known):
    title = ItemInWidget(ItemTypes.String, "About %s" % address, "SteelBlue", "White", "large", "bold")
    out.addWidget(TextWidget(title, True))
    out.addWidget(TextWidget(ItemInWidget(ItemTypes.Link, "detail/v2/ip?value=%s" % address, "Look again")))
    table = TableWidget("What is known", ["What", "Known"], columnWidths=["30%", "70%"])
    out.addWidget(table)
    for key in ("noise", "riot", "name", "hits", "nothing"):
        table.addRowOfItems([ItemInWidget(itemValue=key), ItemInWidget(itemValue=known.get(key))])
    seen = datetime.datetime.strptime(known["last_seen"], "%Y-%m-%d")
    labels = CompositeItem(False)
    for label in known["labels"]:
        labels.addItemInWidget(ItemInWidget(itemValue=label, backgroundColor="Red", textColor="White"))
    table.addRowOfItems([ItemInWidget(itemValue=seen.strftime("%d %b %Y")), labels])
    out.addWidget(HorizontalRuleWidget())
    days["series"][0]["data"] = [{"x": 1, "x2": 2, "y": 0, "color": "red"}]
    out.addWidget(ChartWidget("Days", json.dumps(days)))


def lookUp(out, address):
    try:
        url = "/".join([out.getCredentialValue("base"), plan, address])
        reply = requests.get(url, headers={"key": out.getCredentialValue("api_key")})
        if reply.status_code == 401:
            out.addMessage("ERROR", "the source wants another key")
        elif reply.json().get("seen"):
            report(out, address, reply.json())
        else:
            out.addWidget(TextWidget(ItemInWidget(ItemTypes.String, "never seen", "never seen", "#FFFFFF", "#000000")))
    except:
        out.addException("lookUp failed: %s" % sys.exc_info()[1])
        out.addMessage("ERROR", "the source could not be asked")


if __name__ == "__main__":
    out = AnomaliEnrichment()
    out.parseArguments()
    plan = out.getCredentialValue("plan")
    if not plan or plan == "":
        plan = "paid"
    {"lookUp": lookUp}[out.getTransformName()](out, out.getEntityValue())
    out.returnOutput()
"""

PIVOT = """\
import sys
import requests
from AnomaliTransform import AnomaliTransform, EntityTypes


def network(at, address):
    try:
        reply = requests.get(at.getCredentialValue("base") + "/pivot/" + address)
        if reply.status_code == 401:
            at.addException("the source wants another key")
        else:
            at.addEntity(EntityTypes.Phrase, "loud" if reply.json().get("noise") else "quiet")
            at.addEntity(EntityTypes.AS, "%s" % reply.json().get("asn"))
    except:
        at.addException("failed: %s" % sys.exc_info()[1])


at = AnomaliTransform()
at.parseArguments()
{"Find Network": network}[at.getTransformName()](at, at.getEntityValue())
at.returnOutput()
"""

SEEN = {"seen": True, "noise": True, "riot": False, "name": "ü", "hits": 3, "nothing": None, "asn": "AS64500"}
ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "192.0.2.1": (200, {**SEEN, "last_seen": "2026-01-09", "labels": ["a", "b"]}),
    "192.0.2.2": (200, {**SEEN, "last_seen": "2026-01-09", "labels": [], "noise": False}),
    "192.0.2.3": (200, {"seen": False}),
    "192.0.2.4": (401, {"message": "forbidden"}),
    "192.0.2.5": (200, {**SEEN, "last_seen": "never"}),
}


class _Source(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["key"]))
        status, answer = ANSWERS[self.path.rpartition("/")[2]]
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def source() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Source) as server:
        _Source.asked.clear()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def bundle(tmp_path: Path) -> App:
    ipv4 = {"entity_type": "anomali.IPv4Address"}
    pivot = transform("findNetwork", script="p.py", function="'Find Network'", pivoting=True, **ipv4)
    folder = make_bundle(
        tmp_path,
        is_python3=LEFT_OUT,
        transforms=[transform("lookUp", script="e.py", activation=True, **ipv4), pivot],
        scripts={"e.py": CONTEXT, "p.py": PIVOT},
        credentials=[credential(), credential("base"), credential("plan", required=False, sensitive=False)],
    )
    return load(str(folder))


def _ask(app: App, home: Path, source: str, action: str, value: str, **config: str) -> RunResult:
    asset = Asset(configuration={"api_key": "key-of-4711", "base": source, **config})
    host = Host(str(home), python=sys.executable)
    request = RunRequest(app=app, action=action, parameters=[{"value": value}], asset=asset, kept=False)
    return PreparedRun(request).execute(host, host.executor, Observer())


@pytest.mark.acceptance("A16")
@pytest.mark.parametrize("plan", ["", "free"])
@pytest.mark.parametrize(
    ("value", "status", "message", "widgets"),
    [
        ("192.0.2.1", "success", "Total widgets: 5", ["Text", "Text", "Table", "HorizontalRule", "Chart"]),
        ("192.0.2.2", "success", "Total widgets: 5", ["Text", "Text", "Table", "HorizontalRule", "Chart"]),
        ("192.0.2.3", "success", "Total widgets: 1", ["Text"]),
        ("192.0.2.4", "failed", "the source wants another key", []),
        ("192.0.2.5", "failed", "the source could not be asked", ["Text", "Text", "Table"]),
    ],
)
def test_context(
    bundle: App, home: Path, source: str, value: str, plan: str, status: str, message: str, widgets: list[str]
) -> None:
    result = _ask(bundle, home, source, "lookUp", value, plan=plan)
    assert (result.status, result.message) == (status, message)
    (document,) = result.data
    assert [widget["widgetType"] for widget in document["widgets"]] == widgets
    assert _Source.asked == [(f"/{plan or 'paid'}/{value}", "key-of-4711")]


@pytest.mark.acceptance("A15", "A16")
@pytest.mark.parametrize(
    ("value", "message", "entities"),
    [
        ("192.0.2.1", "Total entities: 2", ["loud", "AS64500"]),
        ("192.0.2.2", "Total entities: 2", ["quiet", "AS64500"]),
        ("192.0.2.4", "the source wants another key", []),
    ],
)
def test_pivot(bundle: App, home: Path, source: str, value: str, message: str, entities: list[str]) -> None:
    result = _ask(bundle, home, source, "findNetwork", value)
    assert result.message == message
    assert [entity["entityValue"] for entity in result.data[0]["entities"]] == entities


def test_a_table_of_such_a_script(bundle: App, home: Path, source: str) -> None:
    first, _, table, *_ = _ask(bundle, home, source, "lookUp", "192.0.2.1").data[0]["widgets"]
    assert (first["item"]["itemLabel"], first["item"]["fontSize"]) == ("SteelBlue", "bold")
    values = [[cell.get("itemValue") for cell in row] for row in table["rows"]]
    assert values[:5] == [["noise", True], ["riot", False], ["name", "ü"], ["hits", 3], ["nothing", None]]
    assert values[5] == ["09 Jan 2026", None]
    assert [one["itemValue"] for one in table["rows"][5][1]["itemsInWidget"]] == ["a", "b"]
