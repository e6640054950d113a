"""The library ``custom_template`` and what else the platform's templates offer, drawn in an app's process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from custom_views import draw, viewed

DATA = {
    "@name": "at",
    "list": ["c", "a", "b"],
    "none": None,
    "text": "1,2/x y-z!",
    "outer": {"@inner": "in"},
    "numbers": {"b": 0, "a": 1, "c": 2},
    "gaps": ["x", "", None, "y"],
    "tenant": "4711_user_1",
    "float": 1.5,
    "html": "<b>bold</b><script>x</script>",
    "hostile": ["</script>"],
    "quoted": ["o'clock", "</script>"],
    "big": 12345678,
    "negative": -5,
    "iso": "2024-01-05T13:02:00Z",
    "date": "2024-01-05",
    "wrong": "2024-99-99",
    "dicts": [{"n": 2}, {"n": 1}],
    "loop_over_one": "12345678-",
    "lines": "a\nb",
}

EXPECTED = {
    "by_key": "at",
    "by_key_absent": "",
    "by_key_list": "a",
    "by_key_none": "",
    "by_key_text": "",
    "by_nested_key": "in",
    "by_nested_key_first": "None",
    "by_nested_key_second": "",
    "sorteditems": "a=1 b=0 c=2 ",
    "sorteditems_none": "",
    "sorteditems_mixed": "1 None b ",
    "batch": "c,a;b;",
    "batch_none": "",
    "dict_batch": "b0a1;c2;",
    "remove_empty": "2",
    "remove_empty_list": "x,y",
    "getattribute": "of a thing",
    "getattribute_absent": "",
    "is_list": "True False",
    "typeof": "&lt;class &#x27;str&#x27;&gt; &lt;class &#x27;list&#x27;&gt;",
    "strip_tenant_id": "4711",
    "strip_tenant_id_absent": "",
    "startswith": "yesTrue",
    "commasplit": "2/x y-z!",
    "commasplit_absent": "",
    "slashsplit": "2",
    "sformat": "3 of 5 1.5",
    "sformat_wrong": "%d",
    "superslug": "a_b_cä",
    "bleach": "&lt;b&gt;bold&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;",  # without bleach
    "to_json": "{&quot;@inner&quot;: &quot;in&quot;}",
    "to_json_safe": '["<\\/script>"]',
    "to_json_time": '"2024-01-05"',
    "jslist": "['o\\u0027clock','\\u003C/script\\u003E']",
    "jslist_text": "['ip']",
    "jslist_none": "[]",
    "safe_intcomma": "12,345,678 1,234 1,2/x y-z!",
    "safe_intcomma_none": "None",
    "absval": "5 3",
    "human_datetime": "3 minutes ago, an hour ago, 2 days from now, now",
    "human_datetime_naive": "a year ago",
    "human_datetime_exact": "Jan 5, 2024 1:02 pm, Jan 5, 2024 12:02 am, Jan 5, 2024 12:00 am",
    "human_datetime_text": "Jan 5, 2024 1:02 pm, Jan 5, 2024 12:00 am",
    "human_datetime_other": "1,2/x y-z! 12345678 2024-99-99",
    "human_timedelta": "2 hours 1,2/x y-z!",
    "datetime_minutes": "121 1,2/x y-z!",
    "intcomma": "12,345,678",
    "autoescape": "&lt;b&gt;bold&lt;/b&gt;&lt;script&gt;x&lt;/script&gt;",
    "default": "-none",
    "dictsort": "1221",
    "case": "ABabAb Cd",
    "others": "ccaa%20b33",
    "loop_over_one": "12345678-",
    "lines": "a<br>b",
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each line of the test app's template came to."""
    view = draw(tmp_path_factory.mktemp("home"), "draws_with_every_filter", "every_filter", viewed(DATA))
    assert view.problem is None
    return dict(re.findall(r'<p id="(\w+)">(.*)</p>', view.html))


@pytest.mark.parametrize("name", EXPECTED)
def test_filter(drawn: dict[str, str], name: str) -> None:
    assert drawn[name] == EXPECTED[name]


def test_ids_are_unique(drawn: dict[str, str]) -> None:
    assert re.fullmatch(r"widget_[0-9a-f]{32}", drawn["widget_uuid"])
    assert drawn["widget_uuid"] != drawn["another_uuid"]


def test_every_filter_is_tested() -> None:
    library = Path(__file__).parents[2] / "soarkit" / "applib_extras" / "soarkit_views" / "custom_template.py"
    filters = set(re.findall(r"@register\.filter\ndef (\w+)", library.read_text()))
    assert filters <= {*EXPECTED}
    assert len(filters) == 23
