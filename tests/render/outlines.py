"""Results to draw, and the lines that are drawn of them."""

from __future__ import annotations

from soarkit.render.terminal import render_result


def answer(*items, parameter=None, message="", summary=None):
    return {
        "data": list(items),
        "parameter": parameter or {},
        "summary": summary or {},
        "status": "success",
        "message": message,
    }


def run(*results, message="", summary=None):
    return {"status": "success", "message": message, "result_data": list(results), "result_summary": summary or {}}


def draw(*items, fields=(), width=80, **options):
    result = options.pop("result", None) or run(answer(*items))
    return render_result(result, fields, title="T", width=width, color=False, duration=None, **options)


def body(*items, **options):
    """The lines below title and outcome."""
    lines = draw(*items, **options).split("\n")
    assert lines[:3] == ["T", "✓ success", ""]
    return lines[3:]


def field(path, name=None, data_type="string"):
    return {"data_path": path, "data_type": data_type, **({"column_name": name, "column_order": 0} if name else {})}
