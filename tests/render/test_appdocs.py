"""The documentation page of an app: what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from render.documented import PNG, action, by_id, document, make_app, words

from soarkit.render.appdocs import readings
from soarkit.render.appdocs.html import page

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def table(tree: Any, kind: str) -> list[list[str]]:
    found = next(one for one in tree.iter("table") if one.get("class") == kind)
    return [[words(cell) for cell in row] for row in found.iter("tr")]


def facts(element: Any) -> dict[str, str]:
    found = next(element.iter("dl"))
    return {words(one.find("dt")): words(one.find("dd")) for one in found}


def test_what_is_said_of_the_app(tmp_path: Path) -> None:
    app = make_app(
        tmp_path,
        {"logo.svg": SVG, "dark.png": PNG},
        publisher="Sample & Co",
        product_vendor="Vendor",
        product_name="Product",
        product_version_regex="5.*",
        license="MIT",
        min_phantom_version="6.1.0",
        python_version="3.9, 3.13",
        url="https://example.org/app",
        logo="logo.svg",
        logo_dark="dark.png",
        latest_tested_versions=["5.1", "5.2"],
    )
    text = page(app)
    tree = document(text)
    said = facts(tree)
    assert said["Publisher"] == "Sample & Co"
    assert said["App version"] == "1.2.3"
    assert said["Product versions supported"] == "5.* (versions that begin with 5)"
    assert said["Python"] == "3.9, 3.13"
    assert said["Tested with"] == "5.1, 5.2"
    assert (said["License"], said["Minimum platform version"]) == ("MIT", "6.1.0")
    link = next(one for one in tree.iter("a") if one.get("href") == "https://example.org/app")
    assert link.get("rel") == "noopener noreferrer nofollow"
    assert words(next(tree.iter("h1"))) == "Sample Lookup"
    assert next(tree.iter("img")).get("src", "").startswith("data:image/svg+xml;base64,")
    assert next(tree.iter("source")).get("srcset", "").startswith("data:image/png;base64,")
    assert words(next(one for one in tree.iter("p") if one.get("class") == "lead")) == "Looks things up"


def test_parts_come_in_the_order_of_the_guide(tmp_path: Path) -> None:
    app = make_app(tmp_path, {"readme.html": "<h1>Set-up</h1><p>Do this.</p>"})
    text = page(app)
    places = [text.index(part) for part in ("Looks things up", "Do this.", 'id="configuration"', 'id="actions"')]
    assert places == sorted(places)


def test_settings_in_their_order_without_gaps_and_secrets(tmp_path: Path) -> None:
    configuration = {
        "last": {"data_type": "string", "description": "No order"},
        "key": {"data_type": "password", "description": "Key", "order": 2, "required": True, "default": "hunter2"},
        "gap": {"data_type": "ph", "order": 1},
        "server": {"data_type": "string", "order": 0, "default": "a|b", "value_list": ["a|b", "c"]},
    }
    text = page(make_app(tmp_path, configuration=configuration))
    assert table(document(text), "fields") == [
        ["Setting", "Required", "Type", "Description"],
        ["server", "optional", "string", "Default: a|bOne of: a|b c"],
        ["key", "required", "password", "KeyHas a default: not shown"],
        ["last", "optional", "string", "No order"],
    ]
    assert "hunter2" not in text


def test_what_an_app_says_twice_is_said_once(tmp_path: Path) -> None:
    repeated = action(verbose="<p>Asks  about a file.</p>")
    longer = action("more", verbose="Asks about a file, and waits.")
    tested = ["Tested with Product 1", "Product 2, tested on Linux"]
    text = page(make_app(tmp_path, actions=[repeated, longer], latest_tested_versions=tested))
    assert text.count('<div class="verbose">') == 1
    assert "Asks about a file, and waits." in text
    assert "<dd>Product 1, Product 2, Linux</dd>" in text


def test_an_action_with_everything(tmp_path: Path) -> None:
    declared = action(
        verbose="Mind the <b>limit</b>.<ul><li>one<li>two</ul>",
        undo="forget",
        versions="IN(5.*, 6.1)",
        lock={"enabled": True, "data_path": "parameters.hash", "timeout": 60},
        render={"type": "custom", "view": "views.show", "title": "Files"},
        parameters={
            "hash": {
                "data_type": "string",
                "description": "The file",
                "contains": ["sha256", "md5"],
                "primary": True,
                "allow_list": True,
                "required": True,
            }
        },
        output=[
            {"data_path": "action_result.parameter.hash", "data_type": "string", "contains": ["sha256", "md5"]},
            {
                "data_path": "action_result.data.*.ip",
                "data_type": "string",
                "contains": ["ip"],
                "example_values": ["<b>10.0.0.1", 7, True, "x" * 500],
                "column_name": "Address",
                "column_order": 0,
            },
            {"data_path": "action_result.data.*.key", "data_type": "password", "example_values": ["hunter2"]},
        ],
    )
    text = page(make_app(tmp_path, actions=[declared, action("forget", read_only=False)]))
    tree = document(text)
    part = next(one for one in tree.iter("article"))
    assert facts(part) == {
        "Type": "investigate",
        "Read only": "yes",
        "Product versions": "5.* or 6.1",
        "Identifier": "file_reputation",
        "Undone by": "forget",
        "Lock": "waits for other runs with the same parameters.hash, at most 60 seconds",
        "Results are shown as": 'a view of the app\'s own (views.show), titled "Files"',
    }
    assert [words(one) for one in part.iter("li")][:2] == ["one", "two"]
    assert next(part.iter("a")).get("href") == "#action-forget"
    parameters = table(part, "fields")
    assert parameters[1][0] == "hash"
    assert "several values, separated by commas" in parameters[1][3]
    assert parameters[1][4] == "sha256 md5"
    outputs = table(part, "outputs")
    assert outputs[2][:3] == ["action_result.data.*.ip", "string", "ip"]
    assert outputs[2][3].startswith("<b>10.0.0.1 7 true xxx")
    assert outputs[2][3].endswith("… (500 characters)")
    assert outputs[2][4] == "Address"
    assert "hunter2" not in text
    links = [one.get("href") for one in part.iter("a") if one.get("class") == "type"]
    assert links[:2] == ["#type-sha256", "#type-md5"]


def test_the_index_of_content_types(tmp_path: Path) -> None:
    takes = action(parameters={"ip": {"data_type": "string", "contains": ["ip", "host name"]}})
    gives = action(
        "look around",
        output=[
            {"data_path": "action_result.parameter.x", "data_type": "string", "contains": ["ip"]},
            *({"data_path": f"action_result.data.*.{n}", "data_type": "string", "contains": ["ip"]} for n in range(5)),
        ],
    )
    tree = document(page(make_app(tmp_path, actions=[takes, gives])))
    assert table(tree, "types") == [
        ["Type", "Taken by", "Given by"],
        ["host name", "file reputation ip", ""],
        [
            "ip",
            "file reputation ip",
            "look around action_result.data.*.0 action_result.data.*.1 action_result.data.*.2 and 2 more",
        ],
    ]
    assert by_id(tree, "type-host-name").tag == "tr"


def test_anchors_stay_and_are_there_once(tmp_path: Path) -> None:
    actions = [action(), action(), action("top"), action("Ünïcode → name"), action("???")]
    text = page(
        make_app(tmp_path, {"README.md": '# Top\n\n# Top\n\n<a name="x"></a>\n\n<h2 id="top">T</h2>'}, actions=actions)
    )
    ids = [one.get("id") for one in document(text).iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {"action-file-reputation", "action-file-reputation-2", "action-top", "action-ünïcode-name"} <= set(ids)
    assert {"page-top", "page-top-2", "page-top-3", "page-x"} <= set(ids)
    linked = re.findall(r'href="#([^"]*)"', text)
    assert set(linked) <= set(ids)


@pytest.mark.parametrize(
    "odd",
    [
        {"publisher": ["A", {"b": 1}], "license": 7, "url": {"x": 1}, "description": None, "logo": 5},
        {"contributors": [{"name": "Ada"}, "Bob", {"name": None}, 3], "python_version": ["3.9"], "logo": "../../x"},
        {"product_version_regex": "(", "latest_tested_versions": None, "type": None},
        {"actions": [], "configuration": {}},
        {"actions": [action(output=["x", {"data_path": 5, "contains": "ip", "example_values": {"a": 1}}], render=7)]},
        {"actions": [action(parameters={"": {"data_type": "", "default": {"a": [0]}, "value_list": [None, 1.5]}})]},
        {"actions": [action(name="\x1b[31m\u202e\ufdd0", verbose=["x"], versions="EQ(", undo="nothing")]},
    ],
)  # fmt: skip
def test_odd_manifests_have_pages(tmp_path: Path, odd: dict[str, Any]) -> None:
    document(page(make_app(tmp_path, **odd)))


def test_what_cannot_be_seen_is_shown_as_escapes(tmp_path: Path) -> None:
    text = page(make_app(tmp_path, name="ab\u202ecd\x07"))
    assert "\u202e" not in text
    assert words(next(document(text).iter("h1"))) == "ab\\u202ecd\\x07"


@pytest.mark.parametrize(
    ("regex", "read"),
    [
        (".*", "all versions"),
        ("", "all versions"),
        ("5.*", "versions that begin with 5"),
        (r"^5\.1$", "version 5.1"),
        (r"2017\.8.*|2018.*", "versions that begin with 2017.8 or versions that begin with 2018"),
        (r"[5-7]\.[0-9]\.*", ""),
        ("(", "not a regular expression"),
    ],
)
def test_product_versions_in_words(regex: str, read: str) -> None:
    assert readings.product_versions(regex) == read


@pytest.mark.parametrize(
    ("expression", "read"),
    [("EQ(*)", "all"), ("NEQ(12.*)", "all but 12.*"), ("NIN(1, 2.*)", "all but 1 or 2.*"), ("NEQ(*)", "none")],
)
def test_versions_of_an_action_in_words(expression: str, read: str) -> None:
    assert readings.entry_versions(expression) == read
