"""The table of an action run: columns and aligned rows."""

from __future__ import annotations

import pytest

from soarkit.render.outline import MASK
from soarkit.render.table import Column, data_table, declared_columns, fields_beside, results_table


def output(path, name=None, order=None, data_type="string", **more):
    field = {"data_path": path, "data_type": data_type, **more}
    if name is not None:
        field["column_name"] = name
    if order is not None:
        field["column_order"] = order
    return field


def run(*results, status="success"):
    return {"status": status, "message": "", "result_data": list(results), "result_summary": {}}


def answer(*items, parameter=None, status="success", message=""):
    return {"data": list(items), "parameter": parameter or {}, "summary": {}, "status": status, "message": message}


def names(table):
    return [column.name for column in table.columns]


def test_columns_are_the_named_outputs_in_their_order():
    fields = [
        output("action_result.data.*.b", "B", 2, contains=["sha256", "hash"]),
        output("action_result.data.*.hidden"),
        output("action_result.data.*.c", "C"),
        output("action_result.data.*.d", "D", "1", "numeric"),
        output("action_result.parameter.a", "A", 0),
    ]
    columns = declared_columns(fields)
    assert [column.name for column in columns] == ["A", "D", "B", "C"]
    assert columns[1].data_type == "numeric"
    assert columns[2].contains == ("sha256", "hash")


@pytest.mark.parametrize(
    "damaged",
    [
        "X",
        {"column_name": "X"},
        {"column_name": "X", "data_path": 5},
        {"column_name": "X", "data_path": "nowhere.x"},
        {"column_name": None, "data_path": "action_result.data.*.x"},
        {"column_name": ["X"], "data_path": "action_result.data.*.x"},
    ],
)
def test_a_damaged_output_is_left_out(damaged):
    fields = [damaged, output("action_result.data.*.a", "A", 0)]
    assert [column.name for column in declared_columns(fields)] == ["A"]


def test_odd_orders_and_kinds_do_no_harm():
    fields = [
        output("action_result.data.*.a", "A", {}, contains="ip"),
        output("action_result.data.*.b", "B", "first"),
        output("action_result.data.*.c", "C", 7, data_type=None),
    ]
    assert [column.name for column in declared_columns(fields)] == ["C", "A", "B"]


def test_rows_are_aligned_and_typed():
    fields = [
        output("action_result.parameter.ip", "IP", 0),
        output("action_result.data.*.ports.*.number", "Port", 1, "numeric"),
        output("action_result.data.*.open", "Open", 2, "boolean"),
    ]
    item = {"open": True, "ports": [{"number": 22}, {"number": 80.5}]}
    table = data_table(fields, run(answer(item, parameter={"ip": "1.2.3.4"})))
    assert table.rows == [("1.2.3.4", 22, True), ("1.2.3.4", 80.5, True)]
    assert table.total == 2


def test_only_the_rows_asked_for_are_kept_and_all_are_counted():
    result = run(answer(*({"a": number} for number in range(5000))))
    table = data_table([output("action_result.data.*.a", "A", 0)], result, max_rows=10)
    assert table.rows == [(number,) for number in range(10)]
    assert table.total == 5000


def test_flat_data_gets_a_column_for_each_key():
    table = data_table(
        [output("action_result.data.*.a")], run(answer({"a": 1, "l": [1]}, {"b.c": "x", "a": 2, "e": {}}))
    )
    assert names(table) == ["a", "l", "b.c", "e"]
    assert table.rows == [(1, [1], None, None), (2, None, "x", {})]


@pytest.mark.parametrize("item", [{"n": {"x": 1}}, {"l": [{"x": 1}]}, {"": 0}, {"*": 0}, {"x..y": 0}, [1], "text"])
def test_data_that_is_not_flat_gets_no_columns(item):
    assert data_table([], run(answer({"a": 1}, item))).columns == []


def test_fields_that_are_in_no_column():
    item = {"id": 1, "os": "linux", "nets": [{"ip": "::1", "asn": 5}, {"name": "n"}], "none": None, "0": {"a": 1}}
    columns = [Column("ID", "action_result.data.*.id"), Column("ASN", "action_result.data.*.nets.0.asn")]
    assert fields_beside(columns, run(answer(item))) == (["os", "nets.*.ip", "nets.*.name", "0.a"], True)
    assert fields_beside(columns[:1], run(answer({"os": "linux"}))) == (["os"], False)
    assert fields_beside(columns, run(answer({"id": 1}))) == ([], True)


def test_much_data_is_not_searched_for_fields_to_its_end():
    items = [{"id": n} for n in range(20_000)]
    assert fields_beside([Column("ID", "action_result.data.*.id")], run(answer(*items, {"last": 1}))) == ([], True)


def test_data_that_is_no_dictionary():
    table = data_table([], run(answer("line one", "line two")))
    assert (names(table), table.rows) == (["data"], [("line one",), ("line two",)])


def test_declared_columns_that_show_nothing_give_way_to_the_data():
    table = data_table([output("action_result.data.*.renamed", "Renamed", 0)], run(answer({"a": 1})))
    assert (names(table), table.rows) == (["a"], [(1,)])


def test_no_data_no_rows():
    assert data_table([], run(answer(parameter={"ip": "1.2.3.4"}))).rows == []
    assert data_table([], {}).rows == []


def test_results_with_parameters_status_and_message():
    result = run(
        answer(parameter={"ip": "1.2.3.4", "context": {"guid": "x"}}, message="fine"),
        answer(parameter={"ip": "::1", "deep": True}, status="failed", message="no"),
    )
    table = results_table(result)
    assert names(table) == ["ip", "deep", "status", "message"]
    assert table.rows == [("1.2.3.4", None, "success", "fine"), ("::1", True, "failed", "no")]


def test_passwords_are_masked():
    result = run(answer({"token": "s3cret", "a": 1}, parameter={"user": "u", "pin": "hunter2"}))
    fields = [
        output("action_result.parameter.user", "User", 0),
        output("action_result.parameter.pin", "PIN", 1),
        output("action_result.data.*.token", "Token", 2, "password"),
    ]
    assert data_table(fields, result, passwords={"pin"}).rows == [("u", MASK, MASK)]
    assert results_table(result, passwords={"pin"}).rows == [("u", MASK, "success", "")]
    assert results_table(run(answer(parameter={"pin": None})), passwords={"pin"}).rows == [(None, "success", "")]
