"""The credential manager ``cyberark_rest``."""

from functools import partial

from soarkit_app.credentials import fetch

get_credential = partial(fetch, "cyberark_rest")

__all__ = ["get_credential"]
