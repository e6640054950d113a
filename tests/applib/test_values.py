"""The small functions of phantom.utils, connector API section 5."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phantom import utils


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:pw@example.com:8443/a?b=c", "example.com"),
        ("http://1.2.3.4:80", "1.2.3.4"),
        ("http://[::1]:80/", "::1"),
        ("ftp://host", "host"),
        ("http://example.com?x=http://other", "example.com"),
        ("http://a@b@c/", "c"),
        ("example.com", None),
        ("example.com/path", None),
        ("http:///x", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_get_host_from_url(url, host):
    assert utils.get_host_from_url(url) == host


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://h/a/b.txt?x=1#y", "b.txt"),
        ("http://h/a%20b.txt", "a b.txt"),
        ("http://h/dir/", "dir"),
        ("http://h", ""),
        ("http://h/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("a/b.txt", "b.txt"),
    ],
)
def test_get_file_name_from_url(url, name):
    assert utils.get_file_name_from_url(url) == name


def test_get_file_name_from_url_as_it_is():
    assert utils.get_file_name_from_url("http://h/a%20b", should_unquote=False) == "a%20b"


@given(st.text())
def test_valid_file_names_never_hold_a_separator(text):
    name = utils.get_valid_file_name(text)
    assert name and not set(name) & set('/\\:*?"<>|\0\n') and name not in (".", "..")


@pytest.mark.parametrize(
    ("text", "keywords", "wanted"),
    [
        ("a, b,,a ", {}, ["a", "b"]),
        ("a,,a", {"drop_blanks": False}, ["a", ""]),
        ("a,,a", {"remove_duplicates": False}, ["a", "a"]),
        ("", {}, []),
        (None, {}, []),
        (5, {}, ["5"]),
    ],
)
def test_get_list_from_string(text, keywords, wanted):
    assert utils.get_list_from_string(text, **keywords) == wanted


def test_values_of_dicts():
    values = {"a": " x ", "n": 5, "none": None, "blank": " "}
    assert utils.get_value(values, "a") == "x" and utils.get_value(values, "a", strip_it=False) == " x "
    assert utils.get_value(values, "zz") is None and utils.get_value(values, "zz", "d") == "d"
    assert utils.get_value(values, "n") == 5
    assert utils.get_str_val(values, "n") == "5" and utils.get_str_val(values, "zz", "d") == "d"
    assert utils.get_req_value(values, "a") == "x" and utils.get_req_value(values, "a", strip_it=False) == " x "
    for key in ("zz", "none", "blank"):
        with pytest.raises(ValueError, match=key):
            utils.get_req_value(values, key)


def test_random_chars():
    assert len(utils.get_random_chars()) == 6
    assert set(utils.get_random_chars(200, "ab")) == {"a", "b"}


def test_dicts_anew():
    source = {"a": 1, "b": None, "src_ip": "x"}
    assert utils.remove_none_values(source) == {"a": 1, "src_ip": "x"}
    assert utils.get_cef_data(source, {"sourceAddress": "src_ip", "dst": "absent"}) == {"sourceAddress": "x"}
    assert source["b"] is None


def test_extract_data_paths():
    objects = [{"a": {"b": [{"c": 1}]}}, {"a": 5}]
    assert utils.extract_data_paths(objects, ["a.b.0.c", "a", "zz.y"]) == [
        [1, {"b": [{"c": 1}]}, None],
        [None, 5, None],
    ]
    assert utils.extract_data_paths({"a": 1}, ["a"]) == [[1]]


def test_run_ext_command(surroundings):
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    assert utils.run_ext_command([sys.executable, "-c", code]) == ("out\n", "err\n", 3)
    assert utils.run_ext_command(f"'{sys.executable}' -c 'print(1)'", dump_ouput=True) == ("1\n", "", 0)
    assert "ended with 0" in surroundings.logged[0][1]
    output, errors, code = utils.run_ext_command("/nowhere/at all")
    assert (output, code) == ("", 127) and errors


def test_status_functions():
    assert utils.is_fail(None) and utils.is_fail(False) and not utils.is_fail(True)
    assert utils.is_success(True) and not utils.is_success(None)
    assert utils.config.platform_strict_tls is True
