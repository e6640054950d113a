"""``python script.py TRANSFORM VALUE --credentials JSON``, as the guide's chapter 4 has it, in real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import AnomaliEnrichment
import pytest

APPLIB = Path(AnomaliEnrichment.__file__).parent

SCRIPT = """
import sys

from anomalienrichment import AnomaliEnrichment, ItemInWidget, ItemTypes, TextWidget


def enrichDomain(ae, value):
    ae.addMessage("DEBUG", repr(value))
    ae.addWidget(TextWidget(ItemInWidget(ItemTypes.Domain, value), True))
    ae.addWidget(TextWidget(ItemInWidget(itemValue=ae.getCredentialValue("api_key"))))


if __name__ == "__main__":
    ae = AnomaliEnrichment()
    ae.parseArguments()
    {"enrichDomain": enrichDomain}[ae.getTransformName()](ae, ae.getEntityValue())
    returned = ae.returnOutput()
    with open(sys.argv[0] + ".returned", "w") as file:
        file.write(returned)
"""


@pytest.fixture
def by_hand(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")

    def run(*words, given=None, **variables):
        environment = {**os.environ, "PYTHONPATH": str(APPLIB), **variables}
        stdin = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
        return subprocess.run(
            [sys.executable, str(script), *words],
            env=environment,
            capture_output=True,
            timeout=60,
            check=False,
            **stdin,
        )

    run.script = script
    return run


@pytest.mark.acceptance("A6")
@pytest.mark.parametrize("variables", [{}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}])
def test_one_document_and_nothing_else(by_hand, variables):
    ended = by_hand("enrichDomain", "größe.example", "--credentials", '{"api_key": "k"}', **variables)
    assert ended.returncode == 0
    assert ended.stdout.decode() == (by_hand.script.parent / "script.py.returned").read_text() + "\n"
    document = json.loads(ended.stdout)
    assert [widget["item"]["itemValue"] for widget in document["widgets"]] == ["größe.example", "k"]
    assert document["messages"][0]["messageText"] == "'größe.example'"
    assert document["exceptions"] == []
    assert ended.stderr.decode().splitlines() == [
        "soarkit: an item has no type, neither its own nor its column's: it is a String"
    ]


@pytest.mark.acceptance("A8")
def test_credentials_through_a_pipe(by_hand):
    ended = by_hand("enrichDomain", "example.com", given=b'{"api_key": "k"}')
    assert json.loads(ended.stdout)["widgets"][1]["item"]["itemValue"] == "k"


def test_the_script_finds_the_library_by_a_path_file(by_hand, tmp_path):
    """As ``pip install soarkit`` leaves it."""
    site = tmp_path / "lib"
    site.mkdir()
    (site / "soarkit-applib.pth").write_text(f"{APPLIB}\n")
    by_hand.script.write_text(f"import site\nsite.addsitedir({str(site)!r})\n{SCRIPT}", encoding="utf-8")
    ended = by_hand("enrichDomain", "example.com", PYTHONPATH="")
    assert len(json.loads(ended.stdout)["widgets"]) == 2


def test_what_can_be_imported_costs_little(by_hand):
    """By hand, too, a script starts as fast as the library allows: nothing of the connectors' library is loaded."""
    code = "import sys, AnomaliEnrichment, AnomaliTransform; print(*sorted(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(APPLIB)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    loaded = ended.stdout.decode().split()
    assert not {name for name in loaded if name.partition(".")[0] in ("phantom", "select", "subprocess", "decimal")}
    assert "soarkit_app.connector" not in loaded
