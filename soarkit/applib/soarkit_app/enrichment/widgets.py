"""The widgets of a context enrichment (enrichment reference, sections 1.3 and 2.2).

They say what they are when the output is returned, not when they are added: rows that come later still count.
"""

from __future__ import annotations

import json

from soarkit_app.enrichment.aside import say
from soarkit_app.enrichment.constants import ItemTypes, values_of
from soarkit_app.enrichment.items import described
from soarkit_app.enrichment.plain import among, plain, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

_TYPES = values_of(ItemTypes)


class TextWidget:
    """Text. :param item: an item or composite item :param lineBreakEnding: whether what follows begins a new line"""

    def __init__(self, item: Any, lineBreakEnding: Any = True) -> None:
        self.item = item
        self.lineBreakEnding = lineBreakEnding

    def setItem(self, item: Any) -> None:
        """Set what is shown."""
        self.item = item

    def setLineBreakEnding(self, lineBreakEnding: Any) -> None:
        """Say whether what follows begins a new line."""
        self.lineBreakEnding = lineBreakEnding

    def described(self) -> Dict[str, Any]:
        """The widget in the output."""
        return {
            "widgetType": "Text",
            "lineBreakEnding": bool(self.lineBreakEnding),
            "item": described(self.item),
        }


class ChartWidget:
    """A chart. :param chartName: its title :param highchartsJson: Highcharts' options as JSON text"""

    def __init__(self, chartName: Any, highchartsJson: Any) -> None:
        self.chartName = chartName
        self.highchartsJson = highchartsJson

    def setChartName(self, chartName: Any) -> None:
        """Set the title."""
        self.chartName = chartName

    def setHighchartsJson(self, highchartsJson: Any) -> None:
        """Set the options."""
        self.highchartsJson = highchartsJson

    def described(self) -> Dict[str, Any]:
        """The widget in the output."""
        options = plain(self.highchartsJson)
        if not isinstance(options, str):
            say(f"highchartsJson of the chart {quoted(self.chartName)} must be JSON text, not {type(options).__name__}")
        elif not _is_object(options):
            say(f"highchartsJson of the chart {quoted(self.chartName)} is no JSON object: it cannot be drawn")
        return {"widgetType": "Chart", "chartName": plain(self.chartName), "highchartsJson": options}


class TableWidget:
    """A table.

    :param tableName: its title
    :param columnHeadings: a list of texts; ``columnTypes`` a list of item types for what has no type of its own,
        ``columnWidths`` one of percentages such as ``"20%"``
    """

    def __init__(self, tableName: Any, columnHeadings: Any, columnTypes: Any = None, columnWidths: Any = None) -> None:
        self.tableName = tableName
        self.columnHeadings = columnHeadings
        self.columnTypes = columnTypes
        self.columnWidths = columnWidths
        self.rows: List[Any] = []

    def setTableName(self, tableName: Any) -> None:
        """Set the title."""
        self.tableName = tableName

    def setColumnHeadings(self, columnHeadings: Any) -> None:
        """Set the headings."""
        self.columnHeadings = columnHeadings

    def setColumnTypes(self, columnTypes: Any) -> None:
        """Set the types of the columns."""
        self.columnTypes = columnTypes

    def setColumnWidths(self, columnWidths: Any) -> None:
        """Set the widths of the columns."""
        self.columnWidths = columnWidths

    def addRowOfItems(self, listOfItems: Any) -> None:
        """Add a row. :param listOfItems: an item or composite item for each column"""
        self.rows.append(listOfItems)

    def described(self) -> Dict[str, Any]:
        """The widget in the output."""
        headings, types, widths = plain(self.columnHeadings), plain(self.columnTypes), plain(self.columnWidths)
        self._check(headings, types, widths)
        column_types = types if isinstance(types, list) else []
        table: Dict[str, Any] = {
            "widgetType": "Table",
            "tableName": plain(self.tableName),
            "columnHeadings": headings,
        }
        if types is not None:
            table["columnTypes"] = types
        if widths is not None:
            table["columnWidths"] = widths
        table["rows"] = [self._row(row, column_types, headings) for row in list(self.rows)]
        return table

    def _row(self, row: Any, types: List[Any], headings: Any) -> List[Dict[str, Any]]:
        if not isinstance(row, (list, tuple)):
            say(f"a row of the table {quoted(self.tableName)} is a {type(row).__name__}, not a list of items")
            row = [row]
        if isinstance(headings, list) and len(row) != len(headings):
            say(f"a row of the table {quoted(self.tableName)} has {len(row)} items for {len(headings)} columns")
        return [described(item, _type_at(types, index)) for index, item in enumerate(list(row))]

    def _check(self, headings: Any, types: Any, widths: Any) -> None:
        name = f"the table {quoted(self.tableName)}"
        for what, given in (("columnHeadings", headings), ("columnTypes", types), ("columnWidths", widths)):
            if given is None and what != "columnHeadings":
                continue
            if not isinstance(given, list):
                say(f"{what} of {name} must be a list of texts, not {type(given).__name__}")
            elif isinstance(headings, list) and len(given) != len(headings):
                say(f"{name} has {len(headings)} columns, and {len(given)} {what}")
        for one in types if isinstance(types, list) else ():
            if not among(one, _TYPES):
                say(f"{quoted(one)} is no item type: the column is shown as String")


class HorizontalRuleWidget:
    """A line from side to side."""

    def described(self) -> Dict[str, Any]:
        """The widget in the output."""
        return {"widgetType": "HorizontalRule"}


def _type_at(types: List[Any], index: int) -> Optional[Any]:
    return types[index] if index < len(types) else None


def _is_object(options: str) -> bool:
    try:
        return isinstance(json.loads(options), dict)
    except (ValueError, RecursionError):
        return False
