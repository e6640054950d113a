"""Makes of a run of a transform, fresh or kept, what those who look at it know of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.outputs import Output, read_output
from soarkit.errors import AppTimeout
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.app_json import FIELDS, VALUE
from soarkit.manifest.model import Action, App

__all__ = ["FIELDS", "VALUE", "observed_run", "output_document"]


def observed_run(
    app: App,
    action: Action,
    *,
    value: str,
    status: str,
    message: str = "",
    document: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
    elapsed: float | None = None,
    run_id: str | None = None,
    started: str | None = None,
    icon: str | None = None,
) -> ObservedRun:
    """A run of a bundle's transform.

    :param app: a bundle
    :param value: the observable
    :param status: success, failed or cancelled
    :param document: the result JSON, without secrets; None where there is none
    :param error: what broke, as :meth:`soarkit.errors.SoarkitError.to_dict` says it
    :param icon: as a ``data:`` address
    """
    about = metadata.of(app)
    transform = about.transforms[app.actions.index(action)]
    output = output_document(document)
    log = error.get("log") if error is not None else None
    return ObservedRun(
        bundle=about.title,
        set_name=about.transform_set_name,
        transform=transform.name,
        display_name=transform.display_name,
        surface=transform.surface,
        entity_type=transform.entity_type,
        value=value,
        status=status,
        message=message,
        elapsed=elapsed,
        output=read_output(output) if output is not None else None if status != "success" else Output(),
        run_id=run_id,
        started=started,
        icon=icon,
        error=None if error is None else str(error.get("message")),
        hint=None if error is None or not error.get("hint") else str(error["hint"]),
        log=None if log is None else os.path.basename(str(log)),
        timed_out=error is not None and error.get("code") == AppTimeout.code,
    )


def output_document(document: Mapping[str, Any] | None) -> Any:
    """The output document in a result JSON, whole, as the script printed it; None where it printed none."""
    results = document.get("result_data") if document is not None else None
    first = results[0] if isinstance(results, list) and results else None
    data = first.get("data") if isinstance(first, Mapping) else None
    return data[0] if isinstance(data, list) and data else None
