"""RunRefused: why a run does not start."""

from __future__ import annotations


class RunRefused(Exception):
    """The run cannot start: what it was given is wrong. The message is the run's; none of the app's code ran."""
