"""``--proxy`` and ``--ca-bundle``: how the traffic of what runs gets out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from soarkit.errors import UsageError

_Command = TypeVar("_Command", bound=Callable[..., Any])


def traffic_options(command: _Command) -> _Command:
    """The parameters ``proxy`` and ``ca_bundle``, for :func:`traffic_variables`."""
    proxy = click.option("--proxy", metavar="URL", help="HTTP and HTTPS proxy for the app. Default: the caller's own.")
    ca_bundle = click.option(
        "--ca-bundle", type=click.Path(), metavar="FILE", help="CA certificates for the app. Default: the caller's."
    )
    return proxy(ca_bundle(command))


def traffic_variables(options: Mapping[str, Any]) -> dict[str, str]:
    """The environment variables that these options stand for.

    :raises UsageError: there is no such file
    """
    proxy, ca_bundle = options["proxy"], options["ca_bundle"]
    variables = {}
    if proxy is not None:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            variables[name] = variables[name.lower()] = proxy
    if ca_bundle is not None:
        path = os.path.abspath(ca_bundle)
        if not os.path.isfile(path):
            raise UsageError("there is no such file", where=f"--ca-bundle {ca_bundle}")
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            variables[name] = path
    return variables
