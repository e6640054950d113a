"""Keys of the JSON that app and platform exchange."""

from soarkit_app.json_keys import *  # noqa: F403
