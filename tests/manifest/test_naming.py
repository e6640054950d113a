"""Slugs: what people call an installed app."""

from __future__ import annotations

import pytest

from soarkit.manifest.naming import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Palo Alto Networks Firewall", "palo-alto-networks-firewall"),
        ("  DNS  ", "dns"),
        ("AWS S3 (v2)", "aws-s3-v2"),
        ("G Suite for GMail", "g-suite-for-gmail"),
        ("é--A", "a"),
        ("../..", "app"),
        ("\u65e5\u672c", "app"),
        ("", "app"),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug
