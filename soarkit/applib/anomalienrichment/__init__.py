"""What context enrichments import, in the guide's spelling.

A package, since files whose names differ in case alone cannot lie in one folder everywhere.
"""

from soarkit_app.enrichment.constants import EntityTypes, ItemTypes
from soarkit_app.enrichment.items import CompositeItem, ItemInWidget
from soarkit_app.enrichment.script import AnomaliEnrichment
from soarkit_app.enrichment.widgets import ChartWidget, HorizontalRuleWidget, TableWidget, TextWidget

__all__ = [
    "AnomaliEnrichment",
    "ChartWidget",
    "CompositeItem",
    "EntityTypes",
    "HorizontalRuleWidget",
    "ItemInWidget",
    "ItemTypes",
    "TableWidget",
    "TextWidget",
]
