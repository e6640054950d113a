"""Local Maltego transforms, run as transforms of a bundle (guide, chapter 3)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from bundles.making import make_bundle, transform

from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.runtime import maltego
from soarkit.runtime.output import InvalidOutputError
from soarkit.runtime.result import RunResult
from soarkit.runtime.run import Observer, PreparedRun, RunRequest

MESSAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<MaltegoMessage><MaltegoTransformResponseMessage>
<Entities>
 <Entity Type="maltego.IPv4Address"><Value>192.0.2.1</Value><Weight>100</Weight>
  <DisplayInformation><Label Name="Seen" Type="text/html"><![CDATA[<b>today</b>]]></Label></DisplayInformation>
  <AdditionalFields><Field Name="seen" DisplayName="Seen" MatchingRule="strict">t&#252;day</Field></AdditionalFields>
  <IconURL>https://example.com/icon.png</IconURL>
 </Entity>
 <Entity Type="maltego.MXRecord"><Value>mx.example.com</Value></Entity>
 <Entity Type="maltego.Person"><Value>A. Person</Value></Entity>
</Entities>
<UIMessages><UIMessage MessageType="Inform">3 found</UIMessage>
<UIMessage MessageType="PartialError">1 &lt;missing&gt;</UIMessage></UIMessages>
</MaltegoTransformResponseMessage></MaltegoMessage>
"""


def test_a_message_becomes_a_document() -> None:
    assert maltego.document(MESSAGE.encode()) == {
        "entities": [
            {
                "entityType": "anomali.IPv4Address",
                "entityValue": "192.0.2.1",
                "additionalFields": [
                    {"fieldName": "weight", "displayName": "Weight", "fieldValue": "100"},
                    {"fieldName": "display.1", "displayName": "Seen", "fieldValue": "<b>today</b>"},
                    {"fieldName": "seen", "displayName": "Seen", "fieldValue": "tüday"},
                    {"fieldName": "iconUrl", "displayName": "Icon", "fieldValue": "https://example.com/icon.png"},
                ],
            },
            {"entityType": "anomali.Domain", "entityValue": "mx.example.com", "additionalFields": []},
            {
                "entityType": "anomali.Phrase",
                "entityValue": "A. Person",
                "additionalFields": [
                    {"fieldName": "maltegoType", "displayName": "Maltego type", "fieldValue": "maltego.Person"}
                ],
            },
        ],
        "exceptions": [],
        "messages": [
            {"messageType": "INFO", "messageText": "3 found"},
            {"messageType": "WARNING", "messageText": "1 <missing>"},
        ],
    }


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("maltego.Domain", "anomali.Domain"),
        ("maltego.DNSName", "anomali.Domain"),
        ("maltego.Website", "anomali.Domain"),
        ("maltego.Hash", "anomali.Hash"),
        ("maltego.EmailAddress", "anomali.EmailAddress"),
        ("maltego.URL", "anomali.URL"),
        ("maltego.Phrase", "anomali.Phrase"),
        ("maltego.AS", "anomali.AS"),
        ("maltego.NSRecord", "anomali.NSRecord"),
        ("anomali.Hash", "anomali.Hash"),
        ("", "anomali.Phrase"),
    ],
)
def test_kinds_of_entities(name: str, constant: str) -> None:
    document = maltego.document(f'<MaltegoMessage><Entity Type="{name}"/></MaltegoMessage>'.encode())
    assert document is not None
    assert document["entities"][0]["entityType"] == constant


def test_an_exception_message() -> None:
    text = "<MaltegoMessage><MaltegoTransformExceptionMessage><Exceptions><Exception>no key</Exception></Exceptions>"
    document = maltego.document(f"{text}</MaltegoTransformExceptionMessage></MaltegoMessage>".encode())
    assert document == {"entities": [], "exceptions": ["no key"], "messages": []}


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><MaltegoMessage>&a;</MaltegoMessage>', "entities of its own"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><MaltegoMessage/>', "entities of its own"),
        ("<MaltegoMessage><Entities>", "no XML that can be read"),
        ("<MaltegoMessage/>done", "no XML that can be read"),
        ("starting\n<MaltegoMessage/>", 'syntax error.: line 1, "starting"'),
        ("<MaltegoMessage/>\ndone", 'line 2, "done"'),
        ("<x><MaltegoMessage/></x>", "its outermost element is x"),
        ('<?xml version="1.0" encoding="nonsense"?><MaltegoMessage/>', "no XML that can be read"),
    ],
)
def test_what_is_refused(printed: str, message: str) -> None:
    with pytest.raises(InvalidOutputError, match=message):
        maltego.document(printed.encode())


def test_hostile_xml_in_another_encoding_is_no_message() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "b">]><MaltegoMessage/>'
    assert maltego.document(text.encode("utf-16")) is None


def test_other_xml_is_no_message() -> None:
    assert maltego.document(b"<html></html>") is None


def test_what_looks_like_a_document_type_in_a_text() -> None:
    text = "<MaltegoMessage><Entity Type='Phrase'><Value><![CDATA[<!DOCTYPE html>]]></Value></Entity></MaltegoMessage>"
    document = maltego.document(text.encode())
    assert document is not None
    assert document["entities"][0]["entityValue"] == "<!DOCTYPE html>"


def test_an_exception_without_a_text_is_a_failure() -> None:
    document = maltego.document(b"<MaltegoMessage><Exceptions><Exception/></Exceptions></MaltegoMessage>")
    assert document is not None
    assert document["exceptions"] == [""]


def test_each_text_is_read_once_however_it_is_nested() -> None:
    """Else a few megabytes become terabytes."""
    depth = 20_000
    for tag in ("UIMessage", "Exception", "Entity"):
        text = f"<MaltegoMessage>{f'<{tag}>text' * depth}{f'</{tag}>' * depth}</MaltegoMessage>"
        document = maltego.document(text.encode())
        assert document is not None
        assert sum(map(len, (document["entities"], document["exceptions"], document["messages"]))) == 1


SCRIPT = f"""\
import sys
print({MESSAGE!r}.replace("A. Person", repr(sys.argv[1:])))
"""


def _ask(folder: Path, home: Path, **parameters: str) -> RunResult:
    host = Host(str(home), python=sys.executable)
    asked: dict[str, Any] = {"value": "example.com", **parameters}
    run = PreparedRun(RunRequest(app=load(str(folder)), action="dnsToIp", parameters=[asked], kept=False))
    return run.execute(host, host.executor, Observer())


@pytest.mark.parametrize("parameters", ["project.py", "project.py local dnstoip"])
def test_a_run(tmp_path: Path, home: Path, parameters: str) -> None:
    entry = transform("dnsToIp", pivoting=True, parameters=parameters)
    folder = make_bundle(tmp_path, transforms=[entry], scripts={"project.py": SCRIPT})
    fields = json.dumps({"a": "1=2", "b": "x#y"})
    result = _ask(folder, home, fields=fields)
    assert (result.status, result.message) == ("success", "Total entities: 3")
    given = [*parameters.split()[1:], "example.com", "a=1\\=2#b=x\\#y"]
    assert result.data[0]["entities"][2]["entityValue"] == repr(given)


def test_a_message_that_cannot_be_read(tmp_path: Path, home: Path) -> None:
    entry = transform("dnsToIp", pivoting=True, parameters="project.py")
    folder = make_bundle(tmp_path, transforms=[entry], scripts={"project.py": "print('<MaltegoMessage>')"})
    result = _ask(folder, home)
    assert (result.status, result.data) == ("failed", [])
    assert "no XML that can be read" in result.message


def test_a_print_before_the_message_is_quoted(tmp_path: Path, home: Path) -> None:
    script = "print('looking it up')\nprint('<MaltegoMessage></MaltegoMessage>')"
    entry = transform("dnsToIp", pivoting=True, parameters="project.py")
    folder = make_bundle(tmp_path, transforms=[entry], scripts={"project.py": script})
    result = _ask(folder, home)
    assert result.status == "failed"
    assert 'line 1, "looking it up"' in result.message
