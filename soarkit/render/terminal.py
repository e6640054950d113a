"""A run's result, and values selected from it, as text for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from soarkit_app.datapaths import collect

from soarkit.render.cuts import Cuts, counted
from soarkit.render.grid import GAP, Style, json_text, value_text
from soarkit.render.messages import messages, says
from soarkit.render.outline import MAX_LINES, Outline
from soarkit.render.rows import draw_rows
from soarkit.render.table import DATA, Table, data_items, data_table, fields_beside, password_paths, results_table
from soarkit.render.text import display_width, printable, wrap

#: Rows drawn on a terminal; nobody reads more there, and measuring a million cells takes its time.
MAX_ROWS = 1000

_MIN_WIDTH = 20
_MAX_FAILURES = 10
_LINES_BESIDE = 30  # of an outline that stands beside something else
_COUNTS = ("total_objects", "total_objects_successful")


def render_result(
    result: Mapping[str, Any],
    output_fields: Iterable[Mapping[str, Any]],
    *,
    title: str,
    width: int,
    color: bool,
    duration: float | None,
    passwords: Container[str] = (),
    max_rows: int = MAX_ROWS,
) -> str:
    """A result for a person: title, outcome, message and summary, then the table of the action.

    Where the action declares no columns, or none that shows anything of the data, the data is shown whole, nested
    values as an outline. The last lines say how much of it is not shown, and how to see it.

    Of several action results those that failed are listed with parameters and message. All text of the app is made
    harmless, and no line is longer than ``width``, or than 20 where that is less.

    :param result: a run's result JSON
    :param output_fields: the action's ``output`` list as it stands in the manifest
    :param title: what ran, such as ``Contoso Reputation 1.0.0 · file reputation``
    :param width: columns of the terminal
    :param color: whether to use ANSI colour; nothing is said by colour alone
    :param duration: seconds the run took, or None to leave it out
    :param passwords: names of parameters whose values must not be shown
    :param max_rows: rows drawn at most; a line says how many more there are
    :returns: lines, without a newline at the end
    """
    columns = max(width, _MIN_WIDTH)
    style = Style(color)
    cuts = Cuts()
    fields = list(output_fields)
    statuses = collect(result, "action_result.status")
    failed = [
        one for one in _listed(result.get("result_data")) if isinstance(one, dict) and one.get("status") != "success"
    ]
    said = messages(result)
    table = data_table(fields, result, passwords=passwords, max_rows=max_rows)
    items = data_items(result)
    sections = [
        [style.bold(part) for part in wrap(printable(title), columns)] + _outcome(result, duration, columns, style),
        _summary(result, said, columns, style, cuts),
    ]
    sections[0] += [line for message in said for line in wrap(printable(message, lines=True), columns)]
    if len(statuses) > 1 and not table.rows and not items:
        listed = results_table(result, passwords=passwords, max_rows=max_rows)
        sections.append(_table(listed, columns, style, cuts))
    elif len(statuses) > 1 and failed:
        listed = results_table({"result_data": failed}, passwords=passwords, max_rows=_MAX_FAILURES)
        head = style.bad(f"{len(failed)} of {len(statuses)} failed:")
        sections.append([head, *_table(listed, columns, style, cuts)])
    # Without data a failed run has no more to show than the parameters it was given.
    if table.rows and (items or result.get("status") == "success"):
        sections.append(_table(table, columns, style, cuts))
    notes: list[str] = []
    beside, partly = fields_beside(table.columns, result) if table.rows else ([], False)
    if partly:
        notes = _fields_note(beside, columns)
    elif beside or (items and not table.rows):
        most = _LINES_BESIDE if table.rows else MAX_LINES
        outline = Outline(columns, style, cuts, max_lines=most, passwords=password_paths(fields))
        outline.items(items, DATA)
        rule = [style.dim("── data ".ljust(min(columns, 40), "─"))] if table.rows else []
        sections.append(rule + outline.lines)
    sections.append([style.dim(line) for line in cuts.lines(columns) + notes])
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def select_text(
    rows: Iterable[Sequence[Any]],
    paths: Sequence[str],
    *,
    terminal: bool,
    width: int = 80,
    color: bool = False,
) -> str:
    """Selected values: one path gives one value a line, several give aligned rows.

    One path: strings as they are, anything else as compact JSON, as ``jq -r`` prints them.

    Several paths to a pipe: one line a row, values separated by tabs, no headings; null is empty, and backslash, tab,
    newline and carriage return are written as an escape of two characters (the rules of ``jq``'s ``@tsv``). Several
    paths on a terminal: the same rows as a table with headings, as long as they are no more than 1000.

    On a terminal control characters are made visible; to a pipe they go as they are.

    :param rows: as from ``collect_rows`` for the same paths
    :param terminal: whether a person reads this on a terminal
    :param width: columns of the terminal
    :param color: whether to use ANSI colour there
    :returns: lines without a newline at the end
    """
    listed = list(rows)
    if terminal and len(paths) > 1 and 0 < len(listed) <= MAX_ROWS:
        columns, style, cuts = max(width, _MIN_WIDTH), Style(color), Cuts()
        lines = draw_rows(_headings(paths), listed, columns, style, cuts, paths)
        return "\n".join([*lines, "", *map(style.dim, cuts.lines(columns))] if len(cuts) else lines)
    if len(paths) > 1:
        text = "\n".join("\t".join(_tsv_cell(value) for value in row) for row in listed)
    else:
        text = "\n".join(_raw(row[0]) for row in listed)
    if terminal:
        return printable(text, lines=True)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()  # lone surrogates cannot be written


def _outcome(result: Mapping[str, Any], duration: float | None, columns: int, style: Style) -> list[str]:
    success = result.get("status") == "success"
    mark = "✓ success" if success else "✗ failed"
    notes = [mark]
    if result.get("action_cancelled"):
        notes.append("cancelled")
    if result.get("exception_occured"):  # spelled so in the platform's result
        notes.append("the app raised an exception")
    if duration is not None:
        notes.append(_duration_text(duration))
    lines = wrap(" · ".join(notes), columns)
    lines[0] = (style.good if success else style.bad)(mark) + lines[0][len(mark) :]
    return lines


def _duration_text(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


def _summary(result: Mapping[str, Any], told: list[str], columns: int, style: Style, cuts: Cuts) -> list[str]:
    """``key: value`` pairs, as many on a line as fit, nested ones below: of the only action result, then of the run.

    What was just said is left out: the counts where there is one action result or none, and what the message says.
    """
    run = result.get("result_summary")
    run = run if isinstance(run, dict) else {}
    entries = [(key, value, f"summary.{key}") for key, value in run.items()]
    results = collect(result, "action_result.summary")
    if len(results) < 2:
        own = results[0] if results and isinstance(results[0], dict) else {}
        entries = [(key, value, f"action_result.summary.{key}") for key, value in own.items()] + [
            entry for entry in entries if entry[0] not in own and entry[0] not in _COUNTS
        ]
    said = "\n".join(told)
    lines: list[str] = []
    outline = Outline(columns, style, cuts, max_lines=_LINES_BESIDE)
    room = 0  # left at the end of the last line
    for key, value, path in entries:
        if says(said, key, value):
            continue
        label, text = printable(f"{key}:"), value_text(value, lines=True)
        needed = display_width(label) + 1 + display_width(text)
        if needed > columns or "\n" in text or (value and isinstance(value, (dict, list))):
            outline.fields([(key, value, path)], None)
        elif needed + len(GAP) <= room:
            lines[-1] += f"{GAP}{style.dim(label)} {text}"
            room -= needed + len(GAP)
        else:
            lines.append(f"{style.dim(label)} {text}")
            room = columns - needed
    return [line.rstrip() for line in lines] + outline.lines


def _table(table: Table, columns: int, style: Style, cuts: Cuts) -> list[str]:
    if table.total > len(table.rows):
        cuts.add(table.total - len(table.rows), "row")
    names, paths = [column.name for column in table.columns], [column.path for column in table.columns]
    return draw_rows(names, table.rows, columns, style, cuts, paths)


def _fields_note(fields: list[str], columns: int) -> list[str]:
    """How many fields of the data are in no column, and the names of as many as fit on the line."""
    if not fields:
        return []
    start, end = f"… {counted(len(fields), 'field', 'more ')}", ": --format json"
    names = ""
    for number, field in enumerate(map(printable, fields), 1):
        longer = f"{names}, {field}" if names else field
        dots = "" if number == len(fields) else ", …"
        if display_width(f"{start} ({longer}{dots}){end}") > columns:
            names += ", …" if names else ""
            break
        names = longer
    return wrap(f"{start} ({names}){end}" if names else start + end, columns)


def _headings(paths: Sequence[str]) -> list[str]:
    """The last key of each path, or all of it where two end alike."""
    short = [next((key for key in reversed(path.split(".")) if key not in ("", "*")), path) for path in paths]
    return short if len(set(short)) == len(short) else list(paths)


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value, (",", ":"))


def _tsv_cell(value: Any) -> str:
    text = "" if value is None else _raw(value)
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
