"""Whether an app can be run at all, seen without running any of it."""

from __future__ import annotations

from soarkit_app.loader import main_module_file

from soarkit.errors import ManifestError
from soarkit.manifest.model import App


def require_runnable(app: App) -> None:
    """Refuse an app before anything is built or started for it.

    :raises ManifestError: its main module is not there
    """
    if main_module_file(app.folder, app.main_module) is None:
        raise ManifestError(
            f"main_module names {app.main_module!r}, which is no file in the app's folder",
            where=app.manifest_path,
            hint="mend main_module, or put the file beside the JSON",
        )
