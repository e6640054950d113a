"""The platform's constants."""

from soarkit_app.constants import *  # noqa: F403
