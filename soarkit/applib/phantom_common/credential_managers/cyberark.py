"""The credential manager ``cyberark``, which is asked for one field at a time."""

from functools import partial

from soarkit_app.credentials import fetch

get_credential = partial(fetch, "cyberark")

__all__ = ["get_credential"]
