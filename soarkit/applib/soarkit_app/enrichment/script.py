"""The object that every script makes first: what it was asked, and what it answers (enrichment reference, 1.2)."""

from __future__ import annotations

import json
import sys

from soarkit_app.enrichment.arguments import Arguments, parse
from soarkit_app.enrichment.aside import say
from soarkit_app.enrichment.constants import MESSAGE_TYPES
from soarkit_app.enrichment.entities import Entity
from soarkit_app.enrichment.plain import plain, quoted, text
from soarkit_app.enrichment.widgets import ChartWidget, HorizontalRuleWidget, TableWidget, TextWidget

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

_WIDGETS = (TextWidget, ChartWidget, TableWidget, HorizontalRuleWidget)


class _Script:
    """What both kinds have in common."""

    def __init__(self) -> None:
        self._arguments = Arguments()
        self._entities: List[Entity] = []
        self._exceptions: List[str] = []
        self._messages: List[Dict[str, str]] = []
        self._returned = False

    def parseArguments(self) -> None:
        """Read the command line, and the credentials from standard input where it does not hold them.

        Never ends the program: what is missing is None afterwards.
        """
        self._arguments = parse(sys.argv[1:])

    def getTransformName(self) -> Optional[str]:
        """The transform that is wanted, as ``parameters`` in metadata.json names it after the script."""
        return self._arguments.transform

    def getEntityValue(self) -> Optional[str]:
        """The observable that it is about."""
        return self._arguments.value

    def getFieldValue(self, fieldName: Any) -> Optional[str]:
        """What else is known of the observable; None where that is not known."""
        return self._arguments.fields.get(fieldName) if isinstance(fieldName, str) else None

    def getCredentialValue(self, credentialName: Any) -> Optional[str]:
        """A credential's value as text; None where it was not given."""
        return self._arguments.credentials.get(credentialName) if isinstance(credentialName, str) else None

    def addEntity(self, entityType: Any, entityValue: Any) -> Entity:
        """Add an entity to the output, and return it."""
        entity = Entity(entityType, entityValue)
        self._entities.append(entity)
        return entity

    def addMessage(self, messageType: Any, messageText: Any) -> None:
        """Add a message for debugging.

        :param messageType: ``DEBUG``, ``INFO``, ``WARNING``, ``ERROR`` or ``CRITICAL``; the last two mean failure
        """
        kind = text(messageType)
        if kind not in MESSAGE_TYPES:
            say(f"{quoted(kind)} is no type of message: it counts as INFO")
        self._messages.append({"messageType": kind, "messageText": text(messageText)})

    def addException(self, exceptionString: Any) -> None:
        """Add what the user is told about a failure."""
        self._exceptions.append(text(exceptionString))

    def returnOutput(self) -> str:
        """Write the output to standard output as one line of JSON, and return that JSON."""
        if self._returned:
            say("returnOutput was called again: the output must be one JSON document, and this makes two")
        self._returned = True
        document = self._document()
        document["exceptions"] = list(self._exceptions)
        document["messages"] = list(self._messages)
        # ASCII alone, so that it does not matter what standard output is encoded in.
        output = json.dumps(document)
        print(output, flush=True)
        return output

    def _document(self) -> Dict[str, Any]:
        raise NotImplementedError


class AnomaliTransform(_Script):
    """A pivot transform: entities that lead on from an observable."""

    def _document(self) -> Dict[str, Any]:
        return {"entities": [entity.described() for entity in list(self._entities)]}


class AnomaliEnrichment(_Script):
    """A context enrichment: widgets about an observable."""

    def __init__(self) -> None:
        super().__init__()
        self._widgets: List[Any] = []

    def addWidget(self, widget: Any) -> None:
        """Add a widget below those that are there."""
        self._widgets.append(widget)

    def _document(self) -> Dict[str, Any]:
        document: Dict[str, Any] = {"widgets": [_described(widget) for widget in list(self._widgets)]}
        if document["widgets"] and document["widgets"][-1].get("lineBreakEnding") is False:
            say("the last widget is a text without a line break at its end; the last one must have it")
        # Documented for this class too, and used by no script that is known.
        if self._entities:
            document["entities"] = [entity.described() for entity in list(self._entities)]
        return document


def _described(widget: Any) -> Any:
    if isinstance(widget, _WIDGETS):
        return widget.described()
    say(f"addWidget was given a {type(widget).__name__}, which is no widget")
    return {"widgetType": type(widget).__name__, "value": plain(widget)}
