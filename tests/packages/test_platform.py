"""``min_phantom_version`` against the platform version that soarkit stands for."""

from __future__ import annotations

import pytest

from soarkit.packages.platform import is_newer_platform
from soarkit.settings import platform_version


@pytest.mark.parametrize(
    ("wanted", "present", "newer"),
    [
        ("4.9.39220", "6.3.0", False),
        ("6.3.0", "6.3.0", False),
        ("6.3.1.178", "6.3.0", True),
        ("7.1.0.225", "7.1.0", False),
        ("7.1.0.225", "7.1.0.224", True),
        ("7.1", "7.1.0", False),
        ("7.1.0", "7.1", False),
        ("7.1.1", "7.1", True),
        ("8.10.0", "8.6.0", True),
        ("8.6.0", "8.10.0", False),
        ("v9", "8.6.0", True),
        ("", "8.6.0", False),
        ("none", "8.6.0", False),
    ],
)
def test_versions_are_compared_by_their_numbers(wanted: str, present: str, newer: bool) -> None:
    assert is_newer_platform(wanted, present) is newer


def test_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_PLATFORM_VERSION", raising=False)
    assert platform_version() == "8.6.0"
    monkeypatch.setenv("SOARKIT_PLATFORM_VERSION", " 7.1.0 ")
    assert platform_version() == "7.1.0"
    monkeypatch.setenv("SOARKIT_PLATFORM_VERSION", "")
    assert platform_version() == "8.6.0"


def test_numbers_without_end() -> None:
    assert is_newer_platform("9" * 5000, "8.6.0")
