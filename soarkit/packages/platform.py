"""What an app asks of the platform before it can be installed."""

from __future__ import annotations

import re

from soarkit.errors import RequestError, UsageError
from soarkit.manifest.model import App
from soarkit.settings import platform_version

_NUMBER = re.compile(r"\d{1,18}")  # int() refuses thousands of digits


def require_platform(app: App) -> None:
    """Refuse an app that asks for a newer platform than soarkit stands for.

    :raises RequestError:
    :raises UsageError: the setting is no version
    """
    wanted = app.raw.get("min_phantom_version")
    if not _NUMBER.search(platform_version()):
        where = f"SOARKIT_PLATFORM_VERSION={platform_version()}"
        raise UsageError("it must be a version of the platform, such as 7.1.0", where=where)
    if isinstance(wanted, str) and is_newer_platform(wanted, platform_version()):
        raise RequestError(
            f"{app.name} {app.app_version} asks for platform version {wanted} or newer; "
            f"soarkit stands for {platform_version()}",
            where="/min_phantom_version",
            hint="install it all the same with --force, or set SOARKIT_PLATFORM_VERSION",
        )


def is_newer_platform(wanted: str, present: str) -> bool:
    """Whether a platform version is newer than the one there is.

    Compared number by number. A build number behind a release that was reached counts as reached: ``7.1.0`` stands for
    all of ``7.1.0.225``.

    >>> is_newer_platform("4.9.39220", "6.3.0"), is_newer_platform("8.10", "8.6.0")
    (False, True)
    """
    there = _numbers(present)
    asked = _numbers(wanted)
    length = max(len(there), 3)
    pad = [0] * length
    return (asked + pad)[:length] > (there + pad)[:length]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(version)]
