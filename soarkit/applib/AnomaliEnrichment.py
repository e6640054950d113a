"""What context enrichments import; the code is in :mod:`soarkit_app.enrichment`."""

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
