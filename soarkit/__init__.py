"""soarkit runs security connectors anywhere: real, unmodified apps, each in its own environment and its own process."""

from __future__ import annotations

import os
import sys

__version__ = "0.1.0"

# The app-side library is one import root with one name per module, ``soarkit_app``, for the host as for the apps.
# Appended, so that nothing in it can shadow a package of the host's environment.
APPLIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "applib")
if APPLIB not in sys.path:
    sys.path.append(APPLIB)
