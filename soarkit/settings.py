"""What a person may set for a whole installation, by environment variables."""

from __future__ import annotations

import os

#: The newest Splunk SOAR release whose connector API soarkit covers.
_PLATFORM_VERSION = "8.6.0"


def base_url() -> str | None:
    """The address that people and providers reach this installation by: SOARKIT_BASE_URL; None: nothing says.

    Apps print links that begin with it.

    :raises UsageError: it is no address
    """
    url = os.environ.get("SOARKIT_BASE_URL", "").strip()
    if url and not _is_address(url):
        from soarkit.errors import UsageError

        raise UsageError(f"{url!r} is no address", where="SOARKIT_BASE_URL", hint="such as https://soar.example.com")
    return url.rstrip("/") or None


def _is_address(url: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_place and parts.scheme in ("http", "https") and url.isprintable() and not set(url) & set(" ?#")


def fips() -> bool | None:
    """Whether apps are told to use FIPS 140 algorithms only: SOARKIT_FIPS, 1 or 0; None: the kernel's flag decides."""
    word = os.environ.get("SOARKIT_FIPS", "").strip()
    return word == "1" if word in ("0", "1") else None


def max_observables() -> int | None:
    """How many rows of a table and entities of a pivot of an enrichment are shown: SOARKIT_MAX_OBSERVABLES, else 50.

    The limit is the guide's (reference, section 2.3); what is stored is whole.

    :returns: None where 0 was set: all
    :raises UsageError: it is no number
    """
    text = os.environ.get("SOARKIT_MAX_OBSERVABLES", "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        from soarkit.errors import UsageError

        raise UsageError(f"{text!r} is no number of observables", where="SOARKIT_MAX_OBSERVABLES", hint="0 shows all")
    return (int(text) or None) if text else 50


def display_names() -> bool:
    """Whether tabs of enrichments are called by their display names: SOARKIT_DISPLAY_NAMES, 1 or 0.

    The guide calls them by ``transform_name`` (reference, section 4.1).
    """
    return os.environ.get("SOARKIT_DISPLAY_NAMES", "").strip() == "1"


def platform_version() -> str:
    """The Splunk SOAR version that soarkit stands for: SOARKIT_PLATFORM_VERSION, else the newest whose API it covers.

    Apps are told it, and an app whose ``min_phantom_version`` is newer is not installed.
    """
    return os.environ.get("SOARKIT_PLATFORM_VERSION", "").strip() or _PLATFORM_VERSION
