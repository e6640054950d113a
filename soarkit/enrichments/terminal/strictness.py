"""The guide's all or nothing: an output with a chart that is not allowed is not shown at all (chapter 2)."""

from __future__ import annotations

from dataclasses import replace

from soarkit.enrichments.charts.refusing import check
from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.outputs import Chart


def strictly(run: ObservedRun) -> ObservedRun:
    """The run; without its output, and with the reason, where a chart in it is refused."""
    charts = [one for one in run.output.widgets if isinstance(one, Chart)] if run.output is not None else []
    for widget in charts:
        if refusals := check(widget.text):
            why = ": ".join(filter(None, refusals[0]))
            return replace(run, output=None, status="failed", error=f"the chart {widget.name!r} is refused: {why}")
    return run
