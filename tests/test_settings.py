"""Settings from environment variables."""

from __future__ import annotations

import pytest

from soarkit import settings
from soarkit.errors import UsageError


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", None),
        (" https://soar.example:8443/ ", "https://soar.example:8443"),
        ("http://[::1]:80/below//", "http://[::1]:80/below"),
        ("HTTPS://soar.example", "HTTPS://soar.example"),
    ],
)
def test_the_address_people_reach_it_by(monkeypatch: pytest.MonkeyPatch, given: str, url: str | None) -> None:
    monkeypatch.setenv("SOARKIT_BASE_URL", given)
    assert settings.base_url() == url


@pytest.mark.parametrize(
    "given",
    [
        *("soar.example", "ftp://soar.example", "http://", "https:///x", "http://a:b", "http://[x", "http://a:0"),
        *("http://a b", "https://soar.example/?x", "https://soar.example/#x", "http://a\x1b[2J"),
    ],
)
def test_what_is_no_address(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SOARKIT_BASE_URL", given)
    with pytest.raises(UsageError, match="is no address"):
        settings.base_url()
