"""What belongs to a record and did not come with it: attributes, sources, tags, names of types (reference 3.1, 3.2)."""

from typing import Any, Dict

from ..library import Key, Record
from .catalogue import Catalogue
from .client import Client
from .pages import whole_list


class Context:
    """Completes records; asks the server only for what a record lacks."""

    def __init__(self, client: Client, catalogue: Catalogue) -> None:
        self._client = client
        self._catalogue = catalogue
        self._attributes_have_sources = True

    def complete(self, key: Key, record: Record) -> Record:
        """The record with ``attributes``, ``sources``, ``tags``, and names for type and status.

        :raises ExportError: the server does not answer as it should
        """
        for name in ("attributes", "sources", "tags"):
            if not isinstance(record.get(name), list):
                record[name] = self._list(key, name, {"with": "attribute"} if name == "attributes" else {})
        self._ask_for_sources_of_attributes(key, record)
        for attribute in record["attributes"]:
            inner = attribute.get("attribute") if isinstance(attribute, dict) else None
            if isinstance(inner, dict) and "name" not in attribute:
                attribute["name"] = inner.get("name")
        for name in ("type", "status"):
            found = self._catalogue.name(key[0], name, record)
            if found is not None:
                record[name] = {"name": found}
        record.pop("pivot", None)
        return record

    def _ask_for_sources_of_attributes(self, key: Key, record: Record) -> None:
        """An attribute may be marked by its own sources only; where they do not come along they are asked for."""
        attributes = [each for each in record["attributes"] if isinstance(each, dict)]
        if not self._attributes_have_sources or all("sources" in each for each in attributes):
            return
        found = self._list(key, "attributes", {"with": "attribute,sources"})
        if any(isinstance(each, dict) and "sources" in each for each in found):
            record["attributes"] = found
        elif found:
            self._attributes_have_sources = False  # this version does not give them

    def _list(self, key: Key, name: str, params: Dict[str, str]) -> Any:
        return whole_list(self._client, f"{key[0]}/{key[1]}/{name}", lambda entry: entry, params) or []
