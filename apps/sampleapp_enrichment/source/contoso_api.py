# Copyright (c) Contoso Corp
# Licensed under the Apache License 2.0
"""The Contoso Passive DNS service, as both scripts ask it."""

from urllib.parse import quote

import requests

DEFAULT_URL = "https://passivedns.contoso.example"
# A transform has 30 seconds. These leave enough of them to say what is wrong.
CONNECT_TIMEOUT = 5
READ_TIMEOUT = 15


class ApiError(Exception):
    """The service gave no answer that can be used. The text is for the person who asked."""


class ContosoApi:
    """One account at the service.

    api_key and api_url are credentials of the bundle: text, or None where nothing was entered.
    """

    def __init__(self, api_key, api_url=None):
        if not api_key:
            raise ApiError("Enter the API key of your Contoso Passive DNS account.")
        self._url = (api_url or DEFAULT_URL).rstrip("/")
        self._session = requests.Session()
        self._session.headers.update({"X-Api-Key": api_key, "Accept": "application/json"})

    def get(self, *path):
        """What is known under this path, as a dict; None where nothing is known."""
        address = "/".join([self._url, "v1", *(quote(part, safe="") for part in path)])
        try:
            response = self._session.get(address, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT))
        except requests.Timeout:
            raise ApiError("Contoso Passive DNS did not answer in time. Please try again.") from None
        except requests.RequestException:
            raise ApiError("Contoso Passive DNS cannot be reached at %s." % self._url) from None
        if response.status_code == 404:
            return None
        if response.status_code in (401, 403):
            raise ApiError("Contoso Passive DNS refuses this API key.")
        if response.status_code == 429:
            wait = response.headers.get("Retry-After", "some")
            raise ApiError("Too many requests for this API key. Try again in %s seconds." % wait)
        if not response.ok:
            raise ApiError("Contoso Passive DNS answered with status %d." % response.status_code)
        try:
            return response.json()
        except ValueError:
            raise ApiError("Contoso Passive DNS answered, but not in JSON.") from None
