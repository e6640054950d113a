"""What ``validate`` finds in an app JSON: each rule of the guide, and the cross-checks."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soarkit.manifest.findings import Finding

Check = Callable[[object], list[Finding]]
DELETE = object()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def changed(raw: dict[str, Any], pointer: str, value: object) -> dict[str, Any]:
    """The document with one place set, or deleted."""
    *path, last = pointer.strip("/").split("/")
    part: Any = raw
    for key in path:
        part = part[int(key)] if isinstance(part, list) else part.setdefault(key, {})
    if value is DELETE:
        del part[last]
    elif isinstance(part, list):
        part[int(last)] = value
    else:
        part[last] = value
    return raw


def found(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity, finding.pointer) for finding in findings]


def test_a_sound_app_has_no_findings(raw: dict[str, Any], check: Check) -> None:
    assert check(raw) == []


REQUIRED = [
    "/appid",
    "/name",
    "/description",
    "/type",
    "/main_module",
    "/app_version",
    "/product_vendor",
    "/product_name",
    "/product_version_regex",
    "/publisher",
    "/package_name",
    "/license",
    "/configuration",
    "/actions",
    "/configuration/server/data_type",
    "/configuration/server/description",
    "/actions/1/action",
    "/actions/1/identifier",
    "/actions/1/description",
    "/actions/1/type",
    "/actions/1/read_only",
    "/actions/1/parameters/hash/data_type",
    "/actions/1/parameters/hash/description",
    "/actions/1/lock/enabled",
    "/actions/1/output/0/data_type",
]
WISHED = [
    "/python_version",
    "/actions/1/render",
    "/actions/1/render/type",
    "/actions/1/render/title",
    "/actions/1/render/width",
    "/actions/1/render/height",
    "/actions/1/output/0/data_path",
]
OPTIONAL = [
    "/logo",
    "/configuration/server/required",
    "/configuration/server/order",
    "/configuration/mode/value_list",
    "/configuration/mode/default",
    "/actions/1/versions",
    "/actions/1/parameters",
    "/actions/1/output",
    "/actions/1/parameters/hash/required",
    "/actions/1/parameters/hash/contains",
    "/actions/2/undo",
    "/actions/1/parameters/hash/allow_list",
    "/actions/1/lock/timeout",
    "/actions/1/output/0/column_order",
]


@pytest.mark.parametrize("pointer", REQUIRED)
def test_what_the_guide_requires_is_an_error_when_missing(raw: dict[str, Any], check: Check, pointer: str) -> None:
    errors = [finding for finding in check(changed(raw, pointer, DELETE)) if finding.severity == "error"]
    assert [finding.pointer for finding in errors] == [pointer]
    assert f'"{pointer.rpartition("/")[2]}" is missing' in errors[0].message
    assert errors[0].hint


@pytest.mark.parametrize("pointer", WISHED)
def test_what_published_apps_leave_out_is_a_warning(raw: dict[str, Any], check: Check, pointer: str) -> None:
    assert found(check(changed(raw, pointer, DELETE))) == [("warning", pointer)]


@pytest.mark.parametrize("pointer", OPTIONAL)
def test_what_is_optional_may_be_missing(raw: dict[str, Any], check: Check, pointer: str) -> None:
    document = changed(raw, pointer, DELETE)
    document["actions"][1].pop("lock", None)
    assert check(document) == []


@pytest.mark.parametrize(
    ("pointer", "value", "severity"),
    [
        ("/appid", "sample", "error"),
        ("/appid", "FD4DC1CE-B63C-4D0E-94E6-DF0AE680D99C", None),
        ("/appid", "fd4dc1ce-b63c-1d0e-94e6-df0ae680d99c", "warning"),
        ("/name", "", "error"),
        ("/name", 7, "error"),
        ("/app_version", "latest", "error"),
        ("/app_version", 1.0, "error"),
        ("/app_version", "0.9", "warning"),
        ("/app_version", "10", None),
        ("/min_phantom_version", "new", "error"),
        ("/min_phantom_version", "6.1.1.211", None),
        ("/main_module", "../evil.py", "error"),
        ("/main_module", "/etc/evil.py", "error"),
        ("/main_module", "C:\\evil.py", "error"),
        ("/main_module", "sub/../../evil.py", "error"),
        ("/main_module", "nowhere.py", "error"),
        ("/main_module", "sampleapp_connector.pyc", None),
        ("/main_module", "src.app:app", "error"),
        ("/main_module", "src app:app", "error"),
        ("/main_module", "sampleapp_connector:app", None),
        ("/product_version_regex", "([", "error"),
        ("/product_version_regex", "a{99999999999999999999}", "error"),
        ("/product_version_regex", "5.*", None),
        ("/python_version", "3.9, 3.13", None),
        ("/python_version", "3.", None),
        ("/python_version", ["3.9", "3.13"], "warning"),
        ("/python_version", 3, "warning"),
        ("/python_version", "2.7", "warning"),
        ("/python_version", "2.7, 3.9", None),
        ("/python_version", "three", "error"),
        ("/consolidate_widgets", "true", "error"),
        ("/logo", "gone.svg", "warning"),
        ("/logo", "../contoso.svg", "error"),
        ("/logo_dark", "sampleapp_view.py", "warning"),
        ("/rest_handler", "sampleapp_view.file_reputation", None),
        ("/rest_handler", "sampleapp_view.absent", "error"),
        ("/rest_handler", "no dot", "error"),
        ("/webhook/handler", "absent.handle", "error"),
        ("/configuration", [], "error"),
        ("/configuration/server", "x", "error"),
        ("/configuration/server/data_type", "secret", "error"),
        ("/configuration/server/data_type", "timezone", None),
        ("/configuration/server/data_type", "file", None),
        ("/configuration/server/required", "yes", "error"),
        ("/configuration/server/order", "0", "error"),
        ("/configuration/server/order", -1, "error"),
        ("/configuration/mode/value_list", "fast", "error"),
        ("/configuration/mode/default", "slow", "warning"),
        ("/configuration/mode/default", ["fast"], "error"),
        ("/configuration/gap", {"data_type": "ph"}, "warning"),
        ("/actions", {}, "error"),
        ("/actions/0", "x", "error"),
        ("/actions/1/type", "inspect", "error"),
        ("/actions/2/type", "ingest", None),
        ("/actions/1/read_only", "true", "error"),
        ("/actions/1/identifier", "test_connectivity", "error"),
        ("/actions/1/identifier", 1, "error"),
        ("/actions/2/undo", "restore hash", "warning"),
        ("/actions/1/versions", "EQ(12.*", "error"),
        ("/actions/1/versions", "GT(12)", "error"),
        ("/actions/1/versions", "IN()", "error"),
        ("/actions/1/versions", "EQ(1.*, 2.*)", "error"),
        ("/actions/1/versions", " nin( 1.* , 2 )", None),
        ("/actions/1/parameters", [], "error"),
        ("/actions/1/parameters/hash/data_type", "text", "error"),
        ("/actions/1/parameters/hash/contains", "hash", "error"),
        ("/actions/1/parameters/hash/order", "first", "error"),
        ("/actions/1/parameters/hash/default", "deadbeef", None),
        ("/actions/1/parameters/depth/default", "deep", "warning"),
        ("/actions/1/parameters/depth/default", "1", "warning"),
        ("/actions/1/parameters/depth/default", True, "warning"),
        ("/actions/1/parameters/depth/default", 1.5, None),
        ("/actions/1/lock/data_path", "parameters.ip", "error"),
        ("/actions/1/lock/data_path", "configuration.host", "error"),
        ("/actions/1/lock/data_path", "configuration.server", None),
        ("/actions/1/lock/data_path", "configuration.apikey", "warning"),
        ("/actions/1/lock/data_path", "the printer", None),
        ("/actions/1/lock/timeout", -1, "error"),
        ("/actions/1/lock/timeout", "600", "error"),
        ("/actions/1/lock/enabled", "true", "error"),
        ("/actions/1/lock/concurrency", 0, "error"),
        ("/actions/1/render/type", "chart", "warning"),
        ("/actions/2/render/type", "map", None),
        ("/actions/1/render/width", 0, "warning"),
        ("/actions/1/render/width", 12, "warning"),
        ("/actions/1/render/width", "4", "error"),
        ("/actions/1/render/height", 11, "warning"),
        ("/actions/1/render/height", 0, None),
        ("/actions/1/render/view", "sampleapp_view.ip_reputation", "error"),
        ("/actions/1/render/view", "other_view.file_reputation", "error"),
        ("/actions/1/output/1/data_path", "result.data.*.x", "warning"),
        ("/actions/1/output/1/data_path", "action_result.other", "warning"),
        ("/actions/1/output/1/data_path", "action_result.database", "warning"),
        ("/actions/1/output/1/data_path", "", "warning"),
        ("/actions/1/output/1/data_path", "action_result.data.*.x.", "warning"),
        ("/actions/1/output/1/data_path", "action_result.context.guid", None),
        ("/actions/1/output/1/data_path", "action_result.data", None),
        ("/actions/1/output/1/data_path", "summary", None),
        ("/actions/1/output/1/column_order", 0, "warning"),
        ("/actions/1/output/1/column_order", "1", "warning"),
        ("/actions/1/output/1/column_order", "one", "error"),
        ("/actions/1/output/1/data_type", "array", "warning"),
        ("/actions/1/output/1/data_type", "tuple", "error"),
        ("/actions/1/output/1/example_values", "x", "error"),
        ("/pip3_dependencies/pypi", [{"version": "1"}], "error"),
        ("/pip3_dependencies/pypi", [{"module": "six==1.17.0"}], None),
        ("/pip3_dependencies/wheel", [{"module": "x", "input_file": "../x.whl"}], "error"),
        ("/pip3_dependencies/wheel", [{"module": "x", "input_file": "wheels/x.whl"}], "warning"),
        ("/pip313_dependencies/wheel", [{"module": "x"}], "error"),
        ("/pip314_dependencies/wheel", "x", "error"),
    ],
)
def test_each_rule(raw: dict[str, Any], check: Check, pointer: str, value: object, severity: str | None) -> None:
    findings = check(changed(raw, pointer, value))
    if severity is None:
        assert findings == []
        return
    assert findings[0].severity == severity
    assert all(finding.pointer.startswith(pointer) for finding in findings), findings
    assert all(finding.message and finding.hint for finding in findings), findings


@pytest.mark.parametrize(
    ("pointer", "value", "said"),
    [
        ("/actions/1/read_only", "true", "write true without quotes"),
        ("/actions/1/parameters/hash/order", "3", "write 3 without quotes"),
        ("/actions/1/parameters/hash/contains", "ip", 'put it in a list: ["ip"]'),
        ("/app_version", 1.5, 'put it in quotes: "1.5"'),
        ("/actions/1/lock/data_path", "parameters.hsah", 'did you mean "parameters.hash"?'),
        ("/actions/2/undo", "file reputaton", 'did you mean "file reputation"?'),
        ("/actions/1/render/view", "sampleapp_view.file_reputaton", 'did you mean "file_reputation"?'),
        ("/actions/1/type", "inspect", "contain, correct, generic, investigate, test, ingest"),
    ],
)
def test_hints_say_what_to_write(raw: dict[str, Any], check: Check, pointer: str, value: object, said: str) -> None:
    assert said in str(check(changed(raw, pointer, value))[0].hint)


@pytest.mark.parametrize(
    ("pointer", "suggested"),
    [
        ("/fips_complaint", "fips_compliant"),
        ("/pyhton_version", "python_version"),
        ("/configuration/server/requierd", "required"),
        ("/actions/1/version", "versions"),
        ("/actions/1/parameters/hash/contain", "contains"),
        ("/actions/1/lock/datapath", "data_path"),
        ("/actions/1/output/0/exampsle_values", "example_values"),
        ("/actions/1/output/0/column_oder", "column_order"),
        ("/actions/1/render/widht", "width"),
        ("/actions/1/render/tpye", "type"),
        ("/lgoo", "logo"),
        ("/licence", "license"),
        ("/actions/1/parameters/hash/defualt", "default"),
    ],
)
def test_a_misspelt_key_gets_the_right_one(raw: dict[str, Any], check: Check, pointer: str, suggested: str) -> None:
    findings = check(changed(raw, pointer, True))
    assert found(findings) == [("warning", pointer)]
    assert findings[0].hint == f'did you mean "{suggested}"?'


def test_a_key_misspelt_everywhere_is_one_finding(raw: dict[str, Any], check: Check) -> None:
    for field in raw["actions"][1]["output"]:
        field["example_valus"] = []
    findings = check(raw)
    assert found(findings) == [("warning", "/actions/1/output/0/example_valus")]
    assert "in 2 more places" in findings[0].message


@pytest.mark.parametrize("key", ["my_note", "x", "created_by", "tenant", "pip314_dependencies"])
def test_keys_of_the_apps_own_are_nobodys_business(raw: dict[str, Any], check: Check, key: str) -> None:
    document = changed(changed(raw, f"/{key}", {}), f"/actions/1/{key}", "x")
    assert check(document) == []


def test_a_default_may_name_several_listed_values_where_lists_are_allowed(raw: dict[str, Any], check: Check) -> None:
    parameter = raw["actions"][1]["parameters"]["hash"]
    parameter.update(value_list=["a", "b"], default="a, b")
    assert check(raw) == []
    parameter["allow_list"] = False
    assert found(check(raw)) == [("warning", "/actions/1/parameters/hash/default")]


def test_true_is_not_one_in_a_value_list(raw: dict[str, Any], check: Check) -> None:
    raw["actions"][1]["parameters"]["depth"].update(value_list=[1, 2], default=True)
    assert found(check(raw)) == [("warning", "/actions/1/parameters/depth/default")] * 2


def test_entries_of_one_name_that_fit_equally(raw: dict[str, Any], check: Check) -> None:
    raw["actions"][2]["action"] = "file reputation"
    del raw["actions"][2]["undo"]
    assert check(raw) == []
    raw["actions"][2]["versions"] = "EQ(*)"
    findings = check(raw)
    assert found(findings) == [("error", "/actions/2/versions")]
    assert "/actions/1" in findings[0].message


def test_the_pointer_is_escaped(raw: dict[str, Any], check: Check) -> None:
    raw["configuration"]["a/b~c"] = {"data_type": "x", "description": "d"}
    assert found(check(raw)) == [("error", "/configuration/a~1b~0c/data_type")]


def test_errors_come_first(raw: dict[str, Any], check: Check) -> None:
    del raw["python_version"], raw["license"]
    raw["logo"] = "gone.svg"
    assert [finding.severity for finding in check(raw)] == ["error", "warning", "warning"]


def places(value: Any) -> list[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *places(value[key])]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_a_manifest_holds_gives_findings(raw: dict[str, Any], check: Check, data: st.DataObject) -> None:
    document = deepcopy(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(json_values)
    for finding in check(document):
        assert finding.pointer == "" or finding.pointer.startswith("/")
        assert finding.message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(document=json_values)
def test_any_json_gives_findings(check: Check, document: object) -> None:
    assert any(finding.severity == "error" for finding in check(document))
