"""What a person sees of a result, and of selected values."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from soarkit_app.datapaths import collect_rows

from soarkit.render.cuts import Cuts
from soarkit.render.grid import Style, value_text
from soarkit.render.rows import draw_rows
from soarkit.render.terminal import render_result, select_text
from soarkit.render.text import display_width

HASH = "44d88612fea8a8f36de82e1278abb02f"
LINK = f"https://reputation.contoso.example/file/{HASH}/analysis/1700000000?tab=summary"
FIELDS = [
    {"data_path": "action_result.parameter.hash", "column_name": "Hash", "column_order": 0},
    {"data_path": "action_result.data.*.vendors.*.name", "column_name": "Vendor", "column_order": 1},
    {"data_path": "action_result.data.*.vendors.*.score", "column_name": "Score", "column_order": 2},
    {"data_path": "action_result.data.*.permalink", "column_name": "Permalink", "column_order": 3},
]


def answer(*items, parameter=None, status="success", message="", summary=None):
    return {
        "data": list(items),
        "parameter": parameter or {},
        "summary": summary or {},
        "status": status,
        "message": message,
    }


def run(*results, status="success", message="", summary=None, **more):
    counts = {"total_objects": len(results), "total_objects_successful": len(results)}
    return {
        "status": status,
        "message": message,
        "result_data": list(results),
        "result_summary": {**counts, **(summary or {})},
        **more,
    }


REPUTATION = run(
    answer(
        {"permalink": LINK, "vendors": [{"name": "Contoso AV", "score": 100}, {"name": "北京安全", "score": None}]},
        parameter={"hash": HASH},
        summary={"positives": 54},
        message="Found in 54 lists",
    ),
    message="Found in 54 lists",
)


def draw(result, fields=(), *, width=80, color=False, duration=None, **options):
    return render_result(
        result, fields, title="Contoso 1.0.0 · file reputation", width=width, color=color, duration=duration, **options
    )


def plain(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_result_as_a_whole():
    assert draw(REPUTATION, FIELDS, duration=0.4213).split("\n") == [
        "Contoso 1.0.0 · file reputation",
        "✓ success · 0.42 s",
        "Found in 54 lists",
        "",
        "positives: 54",
        "",
        f"Hash:      {HASH}",
        "Permalink: https://reputation.contoso.example/file/44d88612fea8a8f36de82e1278abb",
        "           02f/analysis/1700000000?tab=summary",
        "",
        "Vendor      Score",
        "──────────  ─────",
        "Contoso AV    100",
        "北京安全        -",
    ]


def test_where_everything_fits_on_one_line_nothing_is_moved():
    lines = draw(REPUTATION, FIELDS, width=160).split("\n")
    assert lines[6].split() == ["Hash", "Vendor", "Score", "Permalink"]
    assert lines[8].split() == [HASH, "Contoso", "AV", "100", LINK]
    assert len(lines) == 10


def test_a_single_row_that_does_not_fit_becomes_a_record():
    item = {"permalink": LINK, "positives": 54, "first_seen": None}
    assert draw(run(answer(item)), width=60).split("\n\n")[1].split("\n") == [
        "permalink:  https://reputation.contoso.example/file/44d88612",
        "            fea8a8f36de82e1278abb02f/analysis/1700000000?tab",
        "            =summary",
        "positives:  54",
        "first_seen: -",
    ]


def test_more_columns_than_fit_become_numbered_records():
    items = [{f"column number {index}": f"{row}.{index}" for index in range(12)} for row in range(2)]
    text = draw(run(answer(*items)), width=60)
    assert text.count("── 1 ─") == text.count("── 2 ─") == 1
    assert "column number 3:  1.3" in text


def test_long_labels_stand_on_their_own_line():
    item = {"a label that is longer than two fifths": "x" * 30, "b": 1}
    assert draw(run(answer(item)), width=40).split("\n\n")[1].split("\n") == [
        "a label that is longer than two fifths:",
        "  " + "x" * 30,
        "b: 1",
    ]


def test_long_cells_wrap_inside_their_column():
    items = [{"id": index, "text": f"row {index} " + "word " * 20} for index in range(3)]
    lines = draw(run(answer(*items)), width=50).split("\n")
    assert "id  text" in lines
    assert lines[5].startswith(" 0  row 0 word")
    assert lines[6].startswith("    word word")
    assert "" in lines[6:]  # tall rows stand apart


def test_numbers_stand_to_the_right_and_other_columns_to_the_left():
    items = [{"n": 5, "b": True, "s": "7", "mixed": 1}, {"n": 1234.5, "b": False, "s": "12345", "mixed": "one"}]
    assert draw(run(answer(*items))).split("\n")[-2:] == [
        "     5  true   7      1",
        "1234.5  false  12345  one",
    ]


def test_nested_values_are_json_on_one_line():
    fields = [{"data_path": "action_result.data.*.tags", "column_name": "Tags"}]
    assert draw(run(answer({"tags": ["a", "北", {"k": None}]})), fields).endswith('["a", "北", {"k": null}]')


def test_a_huge_cell_is_cut_and_says_so():
    text = draw(run(answer({"blob": "x" * 1_000_000}, {"blob": "y"})), width=3000)
    assert len(text) < 5000
    assert "xx… (998000 more characters)\n" in text
    assert text.endswith("\n\n… 998000 more characters: --format json, or --select 'action_result.data.*.blob'")


def test_a_long_list_in_a_cell_is_cut_and_says_so():
    text = draw(run(answer({"list": list(range(1000))}, {"list": [1]})), width=3000)
    assert "198, 199… (800 more items)\n" in text
    assert text.endswith("\n\n… 800 more items: --format json, or --select 'action_result.data.*.list.*'")


def test_rows_beyond_the_limit_are_counted():
    result = run(answer(*({"a": number} for number in range(2500))))
    assert draw(result).endswith("\n999\n\n… 1500 more rows: --format json")
    assert draw(result, max_rows=2499).endswith("… 1 more row: --format json")
    assert "more row" not in draw(result, max_rows=2500)


# Outcome, message, summary


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({}, "✗ failed"),
        ({"action_cancelled": True}, "✗ failed · cancelled"),
        ({"exception_occured": True}, "✗ failed · the app raised an exception"),
        ({"exception_occured": False, "action_cancelled": False}, "✗ failed"),
    ],
)
def test_the_outcome_is_said_in_words(more, line):
    assert draw(run(status="failed", **more)).split("\n")[1] == line


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.004, "0.00 s"), (9.876, "9.88 s"), (59.94, "59.9 s"), (60, "1 min 00 s"), (3725, "62 min 05 s")],
)
def test_duration(seconds, text):
    assert draw(run(), duration=seconds).split("\n")[1] == f"✓ success · {text}"


def test_a_message_of_several_lines():
    text = draw(run(status="failed", message="Cannot connect.\r\n\tCheck the key.\n\n" + "word " * 20), width=40)
    assert text.split("\n")[2:5] == ["Cannot connect.", "    Check the key.", ""]
    assert all(len(line) <= 40 for line in text.split("\n"))


def test_the_only_results_own_message_is_not_lost():
    failed = answer(status="failed", message="401 Unauthorized")
    assert "401 Unauthorized" in draw(run(failed, status="failed", message="1 action failed"))
    assert draw(run(failed, status="failed", message="Error: 401 Unauthorized")).count("401") == 1


def test_a_failed_run_without_data_shows_no_table():
    failed = answer(parameter={"hash": HASH}, status="failed", message="no")
    assert draw(run(failed, status="failed", message="no"), FIELDS).split("\n")[1:] == ["✗ failed", "no"]


def test_a_run_without_any_result():
    assert draw(run(message="Test Connectivity Passed")).split("\n")[1:] == ["✓ success", "Test Connectivity Passed"]


def test_summary_of_the_action_and_of_the_run():
    result = run(answer(summary={"found": {"a": 1}, "none": None}), summary={"containers_added": 3})
    assert draw(result).split("\n")[3:] == ["none: -  containers_added: 3", "found:", "  a: 1"]


def test_a_summary_that_is_the_message_is_said_once():
    message = "Positives: 54, Total scans: 70"
    result = run(answer(summary={"positives": 54, "total_scans": 70}, message=message), message=message)
    assert draw(result).split("\n")[2:] == [message]


def test_a_long_summary_wraps_between_entries():
    result = run(answer(summary={f"key_{number}": number for number in range(20)} | {"long": "x" * 100}))
    lines = draw(result, width=50).split("\n")
    assert all(len(line) <= 50 for line in lines)
    assert all(re.fullmatch(r"(key_\d+: \d+(  )?)+", line) for line in lines[3:8])


# Several action results


def test_failed_results_are_listed_with_parameters_and_message():
    result = run(
        answer({"a": 1}, parameter={"ip": "10.0.0.1"}),
        answer(parameter={"ip": "10.0.0.2", "pin": "hunter2"}, status="failed", message="no route"),
        message="1 of 2 failed",
    )
    text = draw(result, passwords={"pin"})
    assert "1 of 2 failed:\nip        pin       status  message\n" in text
    assert "10.0.0.2  ********  failed  no route" in text
    assert "hunter2" not in text
    assert text.endswith("\na\n─\n1")


def test_results_without_data_are_listed():
    results = [answer(parameter={"ip": f"10.0.0.{n}"}, status="failed", message=f"no {n}") for n in range(3)]
    assert draw(run(*results, status="failed")).split("\n")[-3:] == [f"10.0.0.{n}  failed  no {n}" for n in range(3)]


def test_many_failures_are_capped():
    results = [answer({"a": n}, parameter={"ip": f"10.0.0.{n}"}, status="failed", message="no") for n in range(30)]
    text = draw(run(*results, status="failed"))
    assert "30 of 30 failed:" in text
    assert "… 20 more rows" in text


# Colour and hostile text


def test_without_colour_no_escape_and_with_it_the_same_text():
    failed = answer({"a": None}, status="failed", message="no")
    for result in (REPUTATION, run(failed, answer({"a": 2}), status="failed", message="m")):
        bare, painted = draw(result, FIELDS), draw(result, FIELDS, color=True)
        assert "\x1b" not in bare
        assert "\x1b[" in painted
        assert plain(painted) == bare


HOSTILE = "a\x1b[2J\x9b31m\x07\r\x00\u202eb\u2028c\udcffd"


def test_hostile_text_is_harmless_everywhere():
    item = {HOSTILE: HOSTILE, "list": [HOSTILE]}
    one = answer(item, parameter={HOSTILE: HOSTILE}, status="failed", message=HOSTILE, summary={HOSTILE: HOSTILE})
    fields = [{"data_path": "action_result.data.*.list", "column_name": HOSTILE, "column_order": 1}]
    for width in (20, 40, 80, 200):
        for results in ([one], [one, one], [one, answer(item)]):
            result = run(*results, status="failed", message=HOSTILE, summary={HOSTILE: [HOSTILE]})
            for columns in ([], fields):
                text = render_result(result, columns, title=HOSTILE, width=width, color=False, duration=1)
                assert not {c for c in text if category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}
                assert r"\x1b[2J" in text.replace("\n", "").replace(" ", "")
                text.encode()


def test_newlines_in_a_value_stay_inside_its_cell():
    lines = draw(run(answer({"a": "one\ntwo\tx", "b": "z"}, {"a": "y", "b": "w"}))).split("\n")
    assert lines[-4:] == ["one    z", "two x", "", "y      w"]


@given(
    st.lists(
        st.dictionaries(st.text(max_size=12), st.one_of(st.none(), st.integers(), st.text(max_size=200)), max_size=5),
        max_size=4,
    ),
    st.integers(0, 130),
    st.text(max_size=100),
)
def test_no_line_is_wider_than_the_terminal(items, width, text):
    result = run(answer(*items, message=text, summary={"key": text}), message=text)
    for line in draw(result, width=width).split("\n"):
        assert display_width(line) <= max(width, 20)
        assert line == line.rstrip(" ")


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"status": "success"},
        {"status": 5, "message": ["m"], "result_data": "x", "result_summary": []},
        {"status": "success", "message": None, "result_data": [None, 5, {}], "result_summary": None},
        {"status": "failed", "result_data": [{"data": {"a": 1}, "parameter": [], "summary": 5, "message": {}}] * 2},
    ],
)
def test_a_result_of_another_shape_is_still_drawn(damaged):
    assert "Contoso" in draw(damaged, FIELDS)


def test_what_json_cannot_hold_is_text():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert value_text(deep) == "(cannot be shown here)"
    assert value_text({"when": {1}}) == '{"when": "{1}"}'


def test_a_table_without_rows_has_its_heading():
    assert draw_rows(["A", "B"], [], 40, Style(color=False), Cuts()) == ["A  B", "─  ─"]


# --select


PATHS = ["action_result.data.*.vendors.*.name", "action_result.data.*.vendors.*.score"]


def select(result, paths, **options):
    return select_text(collect_rows(result, paths), paths, **options)


def test_one_path_gives_one_value_a_line():
    result = run(answer({"v": "text"}, {"v": 1}, {"v": None}, {"v": True}, {"v": {"k": ["北", 1]}}, {}))
    for terminal in (True, False):
        assert select(result, ["action_result.data.*.v"], terminal=terminal) == 'text\n1\nnull\ntrue\n{"k":["北",1]}'


def test_several_paths_are_tab_separated_for_a_pipe():
    assert select(REPUTATION, PATHS, terminal=False) == "Contoso AV\t100\n北京安全\t"
    odd = run(answer({"vendors": [{"name": "a\tb\nc\r\\d", "score": {"k": [1]}}]}))
    assert select(odd, PATHS, terminal=False) == 'a\\tb\\nc\\r\\\\d\t{"k":[1]}'


def test_several_paths_are_a_table_on_a_terminal():
    assert select(REPUTATION, PATHS, terminal=True, width=40).split("\n") == [
        "name        score",
        "──────────  ─────",
        "Contoso AV    100",
        "北京安全        -",
    ]


def test_headings_that_end_alike_are_written_out():
    paths = ["action_result.data.*.a.name", "action_result.data.*.b.name"]
    text = select(run(answer({"a": {"name": 1}, "b": {"name": 2}})), paths, terminal=True, width=100)
    assert text.split("\n")[0].split() == paths


def test_more_rows_than_a_table_takes_are_lines():
    result = run(answer(*({"a": n, "b": "\x1b"} for n in range(1001))))
    lines = select(result, ["action_result.data.*.a", "action_result.data.*.b"], terminal=True).split("\n")
    assert len(lines) == 1001
    assert lines[7] == "7\t\\x1b"


def test_control_characters_reach_a_pipe_but_no_terminal():
    result = run(answer({"v": "\x1b[2Jx\ny"}))
    assert select(result, ["action_result.data.*.v"], terminal=False) == "\x1b[2Jx\ny"
    assert select(result, ["action_result.data.*.v"], terminal=True) == "\\x1b[2Jx\ny"


def test_lone_surrogates_can_be_written():
    result = run(answer({"v": "é\udcff"}))
    assert select(result, ["action_result.data.*.v"], terminal=False).encode().startswith("é".encode())


def test_nothing_selected_is_nothing():
    for terminal in (True, False):
        assert select(run(), PATHS, terminal=terminal) == select(run(), PATHS[:1], terminal=terminal) == ""


def test_drawing_imports_nothing_heavy():
    code = "import sys, soarkit.render.terminal; print(*sys.modules)"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    assert not {"rich", "click", "django", "jsonschema", "asyncio", "logging", "dataclasses", "inspect"} & set(
        done.stdout.split()
    )
