"""The credential manager ``thycotic``."""

from functools import partial

from soarkit_app.credentials import fetch

get_credential = partial(fetch, "thycotic")

__all__ = ["get_credential"]
