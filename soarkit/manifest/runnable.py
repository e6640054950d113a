"""Whether an app can be run at all, seen without running any of it."""

from __future__ import annotations

import os

from soarkit_app.loader import main_module_file

from soarkit.errors import ManifestError
from soarkit.manifest.model import Action, App


def require_runnable(app: App) -> None:
    """Refuse an app before anything is built or started for it.

    :raises ManifestError: its main module is not there
    """
    if app.kind == "enrichment":
        return  # each transform has a script of its own, see require_script
    if main_module_file(app.folder, app.main_module) is None:
        raise ManifestError(
            f"main_module names {app.main_module!r}, which is no file in the app's folder",
            where=app.manifest_path,
            hint="mend main_module, or put the file beside the JSON",
        )


def require_script(app: App, action: Action) -> None:
    """Refuse a transform of an enrichment bundle whose script is not there.

    :raises ManifestError: its script is no file in the bundle's ``source/``
    """
    from soarkit.manifest.bundles.app_json import transform_of  # late: connectors do without
    from soarkit.manifest.keys import SOURCE

    script = transform_of(app, action.index).script
    if not os.path.isfile(os.path.join(app.folder, SOURCE, script)):
        raise ManifestError(
            f"/transforms/{action.index}/parameters names {script!r}, which is no file in {SOURCE}/",
            where=app.manifest_path,
            hint=f"mend it, or put the script into {SOURCE}/",
        )
