"""Homes to install into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from packages.making import Home


@pytest.fixture
def place(home: Path) -> Iterator[Home]:
    """A home with an opened store."""
    made = Home(home)
    yield made
    made.store.close()
