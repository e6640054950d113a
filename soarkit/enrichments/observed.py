"""A transform's run, as those who look at it know it: pages, terminals and graphs."""

from __future__ import annotations

from dataclasses import dataclass

from soarkit.enrichments.outputs import Output

#: Rows of a table, and entities of a pivot, that are shown (reference, section 2.3).
MAX_OBSERVABLES = 50


@dataclass(frozen=True)
class ObservedRun:
    """One transform that was run on one observable.

    :param bundle: the bundle's title
    :param set_name: its ``transform_set_name``
    :param transform: ``transform_name``
    :param surface: context, pivot, activation or maltego
    :param entity_type: the transform's, such as ``anomali.Domain``
    :param value: the observable
    :param status: success, failed or cancelled
    :param message: what the run says of itself; of a failed one what failed
    :param elapsed: seconds; None where it did not run
    :param output: what it printed; None where that was nothing to be read
    :param run_id: what ``soarkit runs`` knows it by
    :param started: ISO 8601, UTC
    :param icon: the bundle's thumbnail as a ``data:`` address
    :param error: why there is no output (it timed out, it could not be run); None where there is one
    :param hint: the next step after an error
    :param log: name of the run's log
    :param timed_out: whether it was stopped because it took too long
    """

    bundle: str
    set_name: str
    transform: str
    display_name: str
    surface: str
    entity_type: str
    value: str
    status: str
    message: str = ""
    elapsed: float | None = None
    output: Output | None = None
    run_id: str | None = None
    started: str | None = None
    icon: str | None = None
    error: str | None = None
    hint: str | None = None
    log: str | None = None
    timed_out: bool = False
