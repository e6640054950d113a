"""What text widgets and table cells hold: items, alone or several together (enrichment reference, section 1.3)."""

from __future__ import annotations

from soarkit_app.enrichment.aside import say
from soarkit_app.enrichment.constants import ItemTypes, values_of
from soarkit_app.enrichment.plain import among, plain, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

_TYPES = values_of(ItemTypes)
_STYLES = ("backgroundColor", "textColor", "fontSize", "fontStyleWeight")


class ItemInWidget:
    """One value with the way it is shown.

    :param itemType: one of :class:`~soarkit_app.enrichment.constants.ItemTypes`; default: the type of the column, else
        ``String``
    :param itemValue: None, a truth value, a number or text; of a ``Link`` the address
    :param itemLabel: what is shown; default: the value
    :param backgroundColor: a colour's HTML name or hexadecimal value; ``textColor`` likewise
    :param fontSize: ``xx-small`` to ``xx-large``, or pixels such as ``16px``
    :param fontStyleWeight: ``normal``, ``italic``, ``bold`` or ``italic-bold``
    """

    def __init__(
        self,
        itemType: Any = None,
        itemValue: Any = None,
        itemLabel: Any = None,
        backgroundColor: Any = None,
        textColor: Any = None,
        fontSize: Any = None,
        fontStyleWeight: Any = None,
    ) -> None:
        self.itemType = itemType
        self.itemValue = itemValue
        self.itemLabel = itemLabel
        self.backgroundColor = backgroundColor
        self.textColor = textColor
        self.fontSize = fontSize
        self.fontStyleWeight = fontStyleWeight

    def setType(self, itemType: Any) -> None:
        """Set the type."""
        self.itemType = itemType

    def setValue(self, itemValue: Any) -> None:
        """Set the value."""
        self.itemValue = itemValue

    def setLabel(self, itemLabel: Any) -> None:
        """Set what is shown."""
        self.itemLabel = itemLabel

    def setBackgroundColor(self, backgroundColor: Any) -> None:
        """Set the colour behind the text."""
        self.backgroundColor = backgroundColor

    def setTextColor(self, textColor: Any) -> None:
        """Set the colour of the text."""
        self.textColor = textColor

    def setFontSize(self, fontSize: Any) -> None:
        """Set the size of the text."""
        self.fontSize = fontSize

    def setFontStyleWeight(self, fontStyleWeight: Any) -> None:
        """Set the style and weight of the text."""
        self.fontStyleWeight = fontStyleWeight

    def described(self, column_type: Optional[str]) -> Dict[str, Any]:
        """The item in the output. :param column_type: what it is where it has no type of its own"""
        item_type = plain(self.itemType)
        if item_type is None:
            item_type = column_type
        if item_type is None:
            say("an item has no type, neither its own nor its column's: it is a String")
            item_type = ItemTypes.String
        elif not among(item_type, _TYPES):
            say(f"{quoted(item_type)} is no item type: it is shown as a String")
        value = plain(self.itemValue)
        described = {
            "itemType": item_type,
            "itemValue": value,
            "itemLabel": value if self.itemLabel is None else plain(self.itemLabel),
        }
        for name in _STYLES:
            style = getattr(self, name)
            if style is not None:
                described[name] = plain(style)
        return described


class CompositeItem:
    """Several items in the place of one. :param onSeparateLines: one below the other, not side by side"""

    def __init__(self, onSeparateLines: Any = False) -> None:
        self.onSeparateLines = onSeparateLines
        self.itemsInWidget: List[Any] = []

    def addItemInWidget(self, itemInWidget: Any) -> Any:
        """Add an item, and return it."""
        self.itemsInWidget.append(itemInWidget)
        return itemInWidget

    def setOnSeparateLines(self, onSeparateLines: Any) -> None:
        """Say whether the items stand one below the other."""
        self.onSeparateLines = onSeparateLines

    def described(self, column_type: Optional[str]) -> Dict[str, Any]:
        """The items in the output. :param column_type: as for an item"""
        items = list(self.itemsInWidget)
        if any(isinstance(item, CompositeItem) for item in items):
            say("a CompositeItem holds another one; it may hold items only")
        # Without composites in it: it may hold itself.
        inner = [one for one in items if not isinstance(one, CompositeItem)]
        return {
            "itemsInWidget": [described(one, column_type) for one in inner],
            "onSeparateLines": bool(self.onSeparateLines),
        }


def described(item: Any, column_type: Optional[str] = None) -> Dict[str, Any]:
    """An item or a composite item in the output; anything else is taken for the value of an item."""
    if isinstance(item, (ItemInWidget, CompositeItem)):
        return item.described(column_type)
    say(f"a {type(item).__name__} stands where an ItemInWidget or CompositeItem belongs")
    return ItemInWidget(column_type or ItemTypes.String, item).described(None)
