"""What pivot transforms import, in the guide's spelling.

A package, since files whose names differ in case alone cannot lie in one folder everywhere.
"""

from soarkit_app.enrichment.constants import EntityTypes
from soarkit_app.enrichment.script import AnomaliTransform

__all__ = ["AnomaliTransform", "EntityTypes"]
