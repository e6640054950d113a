"""What became of containers and artifacts that were to be saved."""

from __future__ import annotations

from typing import NamedTuple


class SavedArtifact(NamedTuple):
    """One artifact.

    :param id: its id, or that of the one that was there before; None when it cannot be saved
    :param duplicate: whether there was one before
    :param error: why it cannot be saved
    """

    id: int | None
    duplicate: bool = False
    error: str | None = None


class SavedContainer(NamedTuple):
    """A container with the artifacts that came with it.

    :param id: its id, or that of the one that was there before
    :param duplicate: whether there was one before
    :param artifacts: in the order they were given
    """

    id: int
    duplicate: bool
    artifacts: list[SavedArtifact]
