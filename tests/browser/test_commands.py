"""The menu's commands: the same as `soarkit actions --for` prints, and what a shell makes of them."""

from __future__ import annotations

import random
import subprocess

import pytest

from soarkit.cli.commandline import run_command
from soarkit.offers import Offer, Offers, make_offers
from soarkit.render.table import Column

from .made import table

HOSTILE = [
    "192.0.2.1",
    "a b",
    "it's",
    "''",
    '"; touch pwned; "',
    "'; touch pwned; '",
    "$(touch pwned)",
    "`touch pwned`",
    "a|b&c;d<e>f",
    "$HOME ~ * ? [a] {a,b}",
    "!!",
    "#comment",
    "\\",
    "a\\",
    "-x",
    "--help",
    "=x",
    "==x",
    "@/etc/passwd",
    "env:HOME",
    "run:last:x",
    "<ip>",
    "<asset>",
    "</script><script>alert(1)</script>",
    "<!--",
    "a\nb\tc\rd",
    "\x00\x03\x1b[2J\x7f\x9b",
    "a\u202eb\u200bc\u2066\ufeff",
    "\u2028\u2029\x85\xa0",
    "\U000e0041\U000f0000\ue000",
    "\ud800 \udfff",
    "bücher.example 東京 \U0001f468\u200d\U0001f469 e\u0301",
    "$&$1$'$`",
    "x" * 5000,
    "__proto__",
    "Ünïcode K\u212a \u017f",
]

COLUMN = Column("ip", "action_result.data.*.ip", "string", ("ip",))


def offer(**changes: object) -> Offer:
    about: dict[str, object] = {
        "app": "Reputation",
        "word": "reputation",
        "action": "lookup ip",
        "parameter": "ip",
        "read_only": True,
        "asset": None,
        "assets": (),
        "needs_asset": False,
        "missing": (),
        "types": frozenset(("ip",)),
    }
    return Offer(**{**about, **changes})  # type: ignore[arg-type]


OFFERS = [
    offer(),
    offer(asset="my box"),
    offer(needs_asset=True, missing=("why", "a b")),
    *(offer(word=f"./{text}", action=text, asset=text, parameter="p", missing=(text,)) for text in HOSTILE if text),
]


def made_of(characters: random.Random) -> str:
    """A text of any characters, many of them such that mean something to shells, JSON and terminals."""
    pools = [range(0x20, 0x7F), range(0xA0), range(0x2000, 0x2070), range(0x3000), range(0xD7F0, 0x10000), [0x1F600]]
    return "".join(chr(characters.choice(characters.choice(pools))) for _ in range(characters.randrange(12)))


def test_the_page_makes_the_same_commands_as_the_command_line(show_parts):
    opened = show_parts(table(["ip"], [["x"]]))
    anything = random.Random(5)
    values = [*HOSTILE, "", 0, -5, 2**53, 1.5, True, False, *(made_of(anything) for _ in range(500))]
    entries = [one.to_json() for one in OFFERS]
    made = opened.page.evaluate(
        "([entries, values]) => entries.map((entry) => values.map((value) => soarkit.command(entry, value)))",
        [entries, values[: len(HOSTILE)]],
    )
    assert made == [[run_command(one, value) for value in values[: len(HOSTILE)]] for one in OFFERS]
    made = opened.page.evaluate(
        "([entry, values]) => values.map((one) => soarkit.command(entry, one))", [entries[0], values]
    )
    assert made == [run_command(OFFERS[0], value) for value in values]


def test_numbers_that_javascript_cannot_hold_are_exact(show_parts):
    opened = show_parts(table([COLUMN], [[2**63 + 1]]), contextual=Offers([offer()], {"ip": [0]}).to_json())
    opened.page.locator("[role=grid] tbody td .marked").first.click()
    assert opened.menu.locator(".command code").inner_text() == run_command(offer(), 2**63 + 1)


@pytest.mark.parametrize("value", ["'; touch pwned; '", "$(touch pwned)\n", "</script>", "=@env:", "-x", "a\u202eb"])
def test_what_is_copied_from_the_menu_runs_as_it_is(show_parts, tmp_path, value):
    chosen = [offer(asset="it's mine"), offer(action="block ip", read_only=False, missing=("reason",))]
    contextual = Offers(chosen, {"ip": [0, 1]}).to_json()
    opened = show_parts(table([COLUMN], [[value]]), contextual=contextual)
    opened.page.locator("[role=grid] tbody td .marked").first.click()
    shown = opened.menu.locator(".command code").all_inner_texts()
    assert shown == [run_command(one, value) for one in chosen]
    opened.menu.locator(".command button").first.click()
    opened.wait_copied(shown[0])
    script = f"soarkit() {{ printf '%s\\0' \"$@\"; }}; {shown[0]}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True, timeout=20, cwd=tmp_path)
    words = done.stdout.decode().split("\0")[:-1]
    assert words[:5] == ["run", "reputation", "lookup ip", "--asset", "it's mine"]
    assert not list(tmp_path.glob("pwned"))


def test_types_meet_in_any_spelling_and_what_takes_anything_is_always_there(show_parts):
    chosen = [offer(action=name) for name in ("for hosts", "for hashes", "for anything")]
    types = {"host name": [0, 2], "hostname": [0, 2], "hash": [1, 2], "sha256": [1, 2], "*": [2]}
    contextual = Offers(chosen, types).to_json()
    opened = show_parts(table(["x"], [["x"]]), contextual=contextual)
    for spelled, actions in {
        ("Host_Name",): ["for hosts", "for anything"],
        ("sha256", "hostname"): ["for hosts", "for hashes", "for anything"],
        ("of an app", "constructor"): ["for anything"],
    }.items():
        opened.page.evaluate(
            "(types) => soarkit.openMenu([{contains: types, value: 'x'}], {x: 9, y: 9})", list(spelled)
        )
        assert opened.menu.locator(".command-name span:first-child").all_inner_texts() == actions
        opened.page.keyboard.press("Escape")


def test_no_apps_offer_anything() -> None:
    assert make_offers([], lambda app: []).to_json() == {"types": {}, "commands": []}
