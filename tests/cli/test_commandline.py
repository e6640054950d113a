"""The command to copy: what a shell and `soarkit run` make of it."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.cli import values
from soarkit.cli.commandline import assignment, run_command
from soarkit.errors import UsageError
from soarkit.offers import Offer


def offer(**changes: Any) -> Offer:
    about: dict[str, Any] = {
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
    return Offer(**{**about, **changes})


@pytest.mark.parametrize(
    ("changes", "value", "command"),
    [
        ({}, "1.1.1.1", "soarkit run reputation 'lookup ip' --param ip=1.1.1.1"),
        ({"asset": "my box"}, "x", "soarkit run reputation 'lookup ip' --asset 'my box' --param ip=x"),
        ({"needs_asset": True}, "x", "soarkit run reputation 'lookup ip' --asset '<asset>' --param ip=x"),
        ({"missing": ("why",)}, None, "soarkit run reputation 'lookup ip' --param 'ip=<ip>' --param 'why=<why>'"),
        ({"action": "--help"}, "x", "soarkit run --param ip=x -- reputation --help"),
        ({"action": "a\x1bb"}, "x", "soarkit run reputation 'a?b' --param ip=x"),
        ({}, 5, "soarkit run reputation 'lookup ip' --param ip=5"),
        ({}, True, "soarkit run reputation 'lookup ip' --param ip=true"),
        ({}, "it's", """soarkit run reputation 'lookup ip' --param 'ip=it'"'"'s'"""),
    ],
)
def test_commands(changes: dict[str, Any], value: Any, command: str) -> None:
    assert run_command(offer(**changes), value) == command


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "ip="),
        ("=x", "ip===x"),
        ("@file", "ip==@file"),
        ("env:HOME", "ip==env:HOME"),
        ("run:last:x", "ip==run:last:x"),
        ("<ip>", "ip==<ip>"),
        ("<other>", "ip=<other>"),
        ("a@b", "ip=a@b"),
        ("a\nb", 'ip:="a\\nb"'),
        ("\x7f\x9b", 'ip:="\\u007f\\u009b"'),
        ("a\u202eb", 'ip:="a\\u202eb"'),
        ("\U000e0041", 'ip:="\\udb40\\udc41"'),
        ("\ud800", 'ip:="\\ud800"'),
        ("bücher 東京 \U0001f600", "ip=bücher 東京 \U0001f600"),
        ('ü"\\\t', 'ip:="ü\\"\\\\\\t"'),
        (None, "ip=<ip>"),
    ],
)
def test_forms_of_a_value(value: str | None, text: str) -> None:
    assert assignment("ip", value) == text


@given(st.text())
def test_soarkit_reads_the_value_back(value: str) -> None:
    assert values.parse([assignment("ip", value)], "--param", chaining=True) == {"ip": value}


_PRINTABLE = st.text(st.characters(blacklist_categories=("Cc", "Cf", "Co", "Cs", "Zl", "Zp")), min_size=1)


@given(st.text(), _PRINTABLE, _PRINTABLE)
def test_a_shell_reads_the_words_back(value: str, asset: str, action: str) -> None:
    words = shlex.split(run_command(offer(asset=asset, action=action), value))
    target = ["reputation", action]
    options = ["--asset", asset, "--param", assignment("ip", value)]
    rest = [*options, "--", *target] if action.startswith("-") else [*target, *options]
    assert words == ["soarkit", "run", *rest]


@given(st.text(), st.text(), st.text())
def test_no_command_has_characters_that_act_or_hide(value: str, asset: str, action: str) -> None:
    command = run_command(offer(asset=asset, action=action, missing=(asset,)), value)
    assert not {unicodedata.category(one) for one in command} & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "a\\",
    "!!",
    "$HOME ~ * ? [a] {a,b}",
    "-x",
    "--help",
    "a|b&c;d<e>f",
    "\u2019\u2018",
    "#comment",
    " ",
]


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "dash"])
def test_real_shells_take_hostile_values_as_they_are(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    for text in HOSTILE:
        command = run_command(offer(asset=text, action=f"x{text}"), text)
        script = f"soarkit() {{ printf '%s\\0' \"$@\"; }}; {command}"
        done = subprocess.run([shell, "-c", script], capture_output=True, check=True, timeout=20)
        words = done.stdout.decode().split("\0")[:-1]
        assert words == ["run", "reputation", f"x{text}", "--asset", text, "--param", assignment("ip", text)]


def test_placeholders_are_refused() -> None:
    with pytest.raises(UsageError, match="replaced by a value"):
        values.parse(["ip=<ip>"], "--param")
    assert values.parse(["ip==<ip>", "ip2=<ip>"], "--param") == {"ip": "<ip>", "ip2": "<ip>"}
