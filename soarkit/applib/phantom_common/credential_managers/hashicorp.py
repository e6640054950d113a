"""The credential manager ``hashicorp``."""

from functools import partial

from soarkit_app.credentials import fetch

get_credential = partial(fetch, "hashicorp")

__all__ = ["get_credential"]
