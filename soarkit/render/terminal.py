"""A run's result, and values selected from it, as text for a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from soarkit_app.datapaths import collect

from soarkit.render.grid import GAP, Style, draw_rows, json_text, value_text
from soarkit.render.table import Table, data_table, results_table
from soarkit.render.text import display_width, printable, wrap

#: Rows drawn on a terminal; nobody reads more there, and measuring a million cells takes its time.
MAX_ROWS = 1000

_MIN_WIDTH = 20
_MAX_MESSAGE = 20_000  # characters
_MAX_FAILURES = 10
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
    results = collect(result, "action_result.status")
    failed = [
        one for one in _listed(result.get("result_data")) if isinstance(one, dict) and one.get("status") != "success"
    ]
    table = data_table(output_fields, result, passwords=passwords, max_rows=max_rows)
    sections = [
        [style.bold(part) for part in wrap(printable(title), columns)] + _outcome(result, duration, columns, style),
        _summary(result, columns, style),
    ]
    if len(results) > 1 and not table.rows:
        sections.append(_table(results_table(result, passwords=passwords, max_rows=max_rows), columns, style))
    elif len(results) > 1 and failed:
        listed = results_table({"result_data": failed}, passwords=passwords, max_rows=_MAX_FAILURES)
        sections.append([style.bad(f"{len(failed)} of {len(results)} failed:"), *_table(listed, columns, style)])
    # Without data a failed run has no more to show than the parameters it was given.
    if table.rows and (result.get("status") == "success" or any(collect(result, "action_result.data"))):
        sections.append(_table(table, columns, style))
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
        return "\n".join(draw_rows(_headings(paths), listed, max(width, _MIN_WIDTH), Style(color)))
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
    for message in _messages(result):
        lines += wrap(printable(message, lines=True), columns)
    return lines


def _messages(result: Mapping[str, Any]) -> list[str]:
    """The run's message and, where it says something else, that of the only action result."""
    found: list[str] = []
    own = collect(result, "action_result.message")
    for message in [result.get("message"), *(own if len(own) == 1 else [])]:
        text = (message if isinstance(message, str) else json_text(message)).strip() if message else ""
        if text and not any(text in said for said in found):
            found.append(text)
    return [
        text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}… ({len(text) - _MAX_MESSAGE} more characters)"
        for text in found
    ]


def _duration_text(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"


def _summary(result: Mapping[str, Any], columns: int, style: Style) -> list[str]:
    """``key: value`` pairs, as many on a line as fit: of the only action result, then of the run.

    What was just said is left out: the counts where there is one action result or none, and a summary that is the
    message already.
    """
    run = result.get("result_summary")
    entries = dict(run) if isinstance(run, dict) else {}
    results = collect(result, "action_result.summary")
    if len(results) < 2:
        own = results[0] if results and isinstance(results[0], dict) else {}
        entries = {**own, **{key: value for key, value in entries.items() if key not in _COUNTS}}
    if _message_of(entries) == result.get("message"):
        return []
    lines: list[str] = []
    room = 0  # left at the end of the last line
    for key, value in entries.items():
        label, text = printable(f"{key}:"), value_text(value)
        needed = display_width(label) + 1 + display_width(text)
        if needed > columns:
            lines += wrap(f"{label} {text}", columns)
            room = 0
        elif needed + len(GAP) <= room:
            lines[-1] += f"{GAP}{style.dim(label)} {text}"
            room -= needed + len(GAP)
        else:
            lines.append(f"{style.dim(label)} {text}")
            room = columns - needed
    return [line.rstrip() for line in lines]


def _message_of(summary: dict[str, Any]) -> str:
    # How an action result words its message when it has a summary and no message of its own.
    return ", ".join(f"{key.replace('_', ' ').capitalize()}: {value}" for key, value in summary.items())


def _table(table: Table, columns: int, style: Style) -> list[str]:
    lines = draw_rows([column.name for column in table.columns], table.rows, columns, style)
    if table.total > len(table.rows):
        more = table.total - len(table.rows)
        note = f"… {more} more row{'s' if more > 1 else ''} (--format json for all)"
        lines += ["", *map(style.dim, wrap(note, columns))]
    return lines


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
