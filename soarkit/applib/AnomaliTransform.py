"""What pivot transforms import; the code is in :mod:`soarkit_app.enrichment`."""

from soarkit_app.enrichment.constants import EntityTypes
from soarkit_app.enrichment.script import AnomaliTransform

__all__ = ["AnomaliTransform", "EntityTypes"]
