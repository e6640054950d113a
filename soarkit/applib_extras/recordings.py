"""HTTP recordings under the name the runner loads: ``from recordings import Recording``.

The code stands in the package ``soarkit_recordings``, whose name no app uses for a module of its own.
"""

from __future__ import annotations

from soarkit_recordings import Recording

__all__ = ["Recording"]
