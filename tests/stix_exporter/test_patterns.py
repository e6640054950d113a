"""Patterns: every indicator type, what is refused, and patterns judged by the standard's own tools."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import stix2
import stix_export
from stix2patterns.validator import run_validator
from stix_export.errors import ExportError, Skip
from stix_export.mapping import Mapper
from stix_export.options import Options
from stix_export.patterns import KNOWN_TYPES, NoPattern, pattern_for
from stix_export.patterns.checking import complaint
from stix_exporter.observing import matches, observed
from stix_exporter.pattern_rows import REFUSED, TABLE, WITHOUT, unescaped


@pytest.mark.acceptance("S17")
@pytest.mark.parametrize(("indicator_type", "value", "text", "kind"), TABLE)
def test_pattern(indicator_type: str, value: str, text: str, kind: str) -> None:
    pattern = pattern_for(indicator_type, value)
    assert pattern.text == text
    assert (pattern.sco or {}).get("type", "") == kind
    assert run_validator(text, "2.1") == []
    assert complaint(text) == ""


@pytest.mark.acceptance("S17")
def test_every_type_has_a_pattern_or_a_reason() -> None:
    covered = {row[0] for row in TABLE} | set(WITHOUT)
    assert covered == set(KNOWN_TYPES)
    assert len(covered - {"Host name"}) == 34


@pytest.mark.acceptance("S17")
@pytest.mark.parametrize(("indicator_type", "value"), WITHOUT.items())
def test_type_without_a_pattern(indicator_type: str, value: str) -> None:
    with pytest.raises(NoPattern) as refused:
        pattern_for(indicator_type, value)
    assert refused.value.reason.startswith(indicator_type)
    assert (value in str(refused.value)) == (indicator_type != "Password")


def test_unknown_type() -> None:
    with pytest.raises(NoPattern, match=r'Own Type "v": no pattern is known for this type'):
        pattern_for("Own Type", "v")


@pytest.mark.parametrize("name", ["", " "])
def test_an_indicator_without_a_type(name: str) -> None:
    with pytest.raises(NoPattern) as refused:
        pattern_for(name, "v")
    assert refused.value.cause == "Indicator without a type: there is no pattern for it"


@pytest.mark.parametrize("name", ["sha256", "SHA 256", "Sha-256", "sha_256"])
def test_name_of_a_type_however_it_is_written(name: str) -> None:
    assert pattern_for(name, "ab" * 32).text.startswith("[file:hashes.'SHA-256'")


@pytest.mark.acceptance("S20", "S21")
@pytest.mark.parametrize(("indicator_type", "value", "why"), REFUSED)
def test_refused(indicator_type: str, value: str, why: str) -> None:
    with pytest.raises(NoPattern) as refused:
        pattern_for(indicator_type, value)
    assert refused.value.reason.startswith(f'{indicator_type} "')
    assert why in refused.value.reason
    assert value[:80] in refused.value.reason or not value.isprintable()
    assert refused.value.reason.isprintable()
    assert refused.value.cause.startswith(f"{indicator_type}: ")
    assert refused.value.cause.removeprefix(indicator_type) in refused.value.reason


def test_long_value_is_shortened_in_the_reason() -> None:
    with pytest.raises(NoPattern) as refused:
        pattern_for("MD5", "a" * 10_000)
    assert len(refused.value.reason) < 200


@pytest.mark.acceptance("S18")
@pytest.mark.parametrize(
    "value", ["it's", "\\", "\\'", "\\\\srv\\x", "C:\\a\\b'c", "a\tb", "😀", "%_*", "\\d", "''", "x\\", "שלום\u202e"]
)
def test_escaping_is_undone(value: str) -> None:
    assert unescaped(pattern_for("Filename", value).text) == [value]


@pytest.mark.acceptance("S18")
@pytest.mark.parametrize("value", ["C:\\a\\b'c", "\\\\srv\\x", "/a/b", "a/b\\c"])
def test_path_is_split_without_loss(value: str) -> None:
    name, parent = unescaped(pattern_for("File Path", value).text)
    assert value in (parent + "\\" + name, parent + "/" + name)


@pytest.mark.acceptance("S19")
@pytest.mark.parametrize("value", ["example.com/%27", "example.com/it's", "bücher.example/ü", "//example.com/x"])
def test_url_without_a_scheme(value: str) -> None:
    pattern = pattern_for("URL", value).text
    rest = value.removeprefix("//")
    assert unescaped(pattern) == ["http://" + rest, "https://" + rest]
    assert run_validator(pattern, "2.1") == []
    assert all(matches(pattern, observed("URL", scheme + rest)) for scheme in ("http://", "https://"))
    assert not matches(pattern, observed("URL", "ftp://" + rest))


@pytest.mark.acceptance("S21")
def test_sha_384_and_asn() -> None:
    assert pattern_for("SHA-384", "ab" * 48).text == f"[file:hashes.'SHA-384' = '{'ab' * 48}']"
    assert pattern_for("ASN", "AS64496").text == "[autonomous-system:number = 64496]"


@pytest.mark.acceptance("S22")
def test_version_6_under_other_names() -> None:
    assert pattern_for("IP Address", "2001:db8::1").text == "[ipv6-addr:value = '2001:db8::1']"
    assert pattern_for("CIDR Block", "2001:db8::1/32").text == "[ipv6-addr:value ISSUBSET '2001:db8::/32']"


@pytest.mark.acceptance("S23")
def test_hive_is_expanded_and_backslashes_doubled() -> None:
    pattern = pattern_for("Registry Key", "HKLM\\Software\\X").text
    assert unescaped(pattern) == ["HKEY_LOCAL_MACHINE\\Software\\X"]
    assert "HKEY_LOCAL_MACHINE\\\\Software\\\\X" in pattern
    assert unescaped(pattern_for("Registry Key", "HKLMx\\y").text) == ["HKLMx\\y"]


@pytest.mark.acceptance("S41")
@pytest.mark.parametrize(("indicator_type", "value"), [row[:2] for row in TABLE if row[3]])
def test_observable_has_the_id_that_stix2_gives_it(indicator_type: str, value: str) -> None:
    sco = pattern_for(indicator_type, value).sco
    assert sco is not None
    stix2.parse(sco)
    properties = {name: value for name, value in sco.items() if name != "id"}
    assert stix2.parse(properties).id == sco["id"]


@pytest.mark.acceptance("S41")
def test_observable_of_an_address() -> None:
    sco = pattern_for("IP Address", "1.2.3.4").sco
    assert sco == {
        "type": "ipv4-addr",
        "spec_version": "2.1",
        "id": stix2.IPv4Address(value="1.2.3.4").id,
        "value": "1.2.3.4",
    }


def test_checker_names_what_is_wrong() -> None:
    assert "missing square brackets" in complaint("file:name = 'x'")
    assert complaint("[file:name = 'a\\d']")
    assert complaint(f"[file:hashes.MD5 = '{'a' * 31}']") == f"FAIL: '{'a' * 31}' is not a valid MD5 hash"
    assert complaint("  ") == "the pattern is empty"


def test_check_without_the_checker_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stix2patterns.validator", None)
    with pytest.raises(ExportError, match="check=true needs the package stix2-patterns"):
        complaint("[file:name = 'nobody has asked for this one']")


def test_check_looks_at_each_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"id": 1, "type": "Mutex", "value": "it's", "created_at": "2026-01-05 10:00:00"}
    key = ("indicators", 1)
    plain, checked = (Mapper("lib-1", Options(check=check)).object(key, record) for check in (False, True))
    assert plain == checked
    monkeypatch.setattr("stix_export.mapping.mapper.complaint", lambda pattern: "no")
    refused = Mapper("lib-1", Options(check=True)).object(key, record)
    assert isinstance(refused, Skip)
    assert refused.reason == "Mutex: its pattern does not pass the check: no"


def test_checker_is_loaded_only_for_checks() -> None:
    program = "import sys, stix_export.export; sys.exit('stix2patterns' in sys.modules or 'idna' in sys.modules)"
    folder = Path(stix_export.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", program], cwd=folder, check=False).returncode == 0


def test_hundred_thousand_indicators_are_quick() -> None:
    """A generous limit: it takes about a second, and fails only when somebody makes it ten times slower."""
    started = time.perf_counter()
    for number in range(100_000):
        pattern_for("MD5", f"{number:032x}")
    assert time.perf_counter() - started < 15
