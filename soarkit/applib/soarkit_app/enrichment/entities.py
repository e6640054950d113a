"""What a pivot transform finds (enrichment reference, sections 1.2 and 2.2)."""

from __future__ import annotations

from soarkit_app.enrichment.aside import say
from soarkit_app.enrichment.constants import EntityTypes, values_of
from soarkit_app.enrichment.plain import among, plain, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

_TYPES = values_of(EntityTypes)


class Entity:
    """One entity, as ``addEntity`` returns it. Scripts never make one themselves."""

    def __init__(self, entityType: Any, entityValue: Any) -> None:
        self.entityType = entityType
        self.entityValue = entityValue
        self.additionalFields: List[Dict[str, Any]] = []

    def setType(self, entityType: Any) -> None:
        """Set the type, one of :class:`~soarkit_app.enrichment.constants.EntityTypes`."""
        self.entityType = entityType

    def setValue(self, entityValue: Any) -> None:
        """Set the value."""
        self.entityValue = entityValue

    def addAdditionalField(self, fieldName: Any, displayName: Any, fieldValue: Any) -> None:
        """Add what else is known of it; the next transform finds it with ``getFieldValue(fieldName)``."""
        self.additionalFields.append({"fieldName": fieldName, "displayName": displayName, "fieldValue": fieldValue})

    def described(self) -> Dict[str, Any]:
        """The entity in the output."""
        entity_type = plain(self.entityType)
        if not among(entity_type, _TYPES):
            say(f"{quoted(entity_type)} is no entity type: nothing can follow from this entity")
        return {
            "entityType": entity_type,
            "entityValue": plain(self.entityValue),
            "additionalFields": plain(self.additionalFields),
        }
