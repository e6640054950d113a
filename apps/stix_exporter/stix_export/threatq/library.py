"""A threat library behind ThreatQ's REST API (reference 3.1, 3.2 and 5 "Scale")."""

import json
from typing import Any, Callable, Dict, Hashable, List, Optional, Set, Tuple

from ..collections import LABELS, OTHERS, title_of
from ..errors import ExportError, Skip, Skips
from ..library import Key, Link, Record, identity_of, merged, time_of
from ..library_file import NO_ID
from .catalogue import Catalogue
from .client import Client, Forbidden
from .context import Context
from .pages import whole_list

#: What belongs to a record and only comes when it is asked for. None of the names has a "_": those end in HTTP 500.
_WITH: Dict[str, str] = {
    "adversaries": "attributes,sources,tags",
    "events": "attributes,sources,tags,type",
    "indicators": "attributes,score,sources,status,tags,type",
}
_WITH_OTHERS = "attributes,sources,status,tags,type"
#: These collections every server has; the others came with later versions.
_ALWAYS = frozenset({"adversaries", "events", "indicators"})

NO_COLLECTION = "this ThreatQ has no such collection"
NOT_AMONG_THEMSELVES = "this ThreatQ tells no relations among objects of this collection"
NOT_PERMITTED = "related objects of a collection that is not exported, which these credentials must not see"


class ThreatQLibrary:
    """The library that a server holds. Each record is asked for once, with everything that belongs to it.

    Several exports may share it; :meth:`begin` separates what each of them could not see.

    :param client: logged in or not
    :param library_id: what ids are derived from; None takes the server's host name
    :param progress: told after each step how much has been read
    """

    def __init__(
        self, client: Client, library_id: Optional[str] = None, progress: Optional[Callable[[str], None]] = None
    ) -> None:
        self.library_id = library_id or client.settings.host
        self.problems = Skips()
        self._client = client
        self._catalogue = Catalogue(client)
        self._context = Context(client, self._catalogue)
        self._progress = progress or (lambda text: None)
        # As JSON: a tenth of the memory that dictionaries take.
        self._records: Dict[Key, Optional[bytes]] = {}
        self._neighbours: Dict[Key, List[Link]] = {}
        # Pairs of collections between which the server tells no relations, with what there is to say about that.
        self._absent: Dict[Tuple[str, str], Optional[Skip]] = {}
        self._unnamed: Dict[Key, List[Skip]] = {}  # related objects without an id
        self._told: Set[Hashable] = set()  # whose problems this export has counted
        self._there: Set[Key] = set()

    def begin(self) -> None:
        """Another export starts: it counts the problems that it meets, known or new, and no others."""
        self.problems = Skips()
        self._told.clear()

    def record(self, key: Key) -> Optional[Record]:
        """The object with attributes, sources and tags, or None where the server has no such object.

        :raises ExportError: the server does not answer as it should
        """
        if key not in self._records:
            record = self._fetch(key)
            self._records[key] = None if record is None else _packed(record)
            self._tell()
        packed = self._records[key]
        return None if packed is None else json.loads(packed)

    def neighbours(self, key: Key) -> List[Link]:
        """The object's relations to objects of every collection of the server, sorted by collection and id.

        :raises ExportError: one of the lists cannot be read to its end: what is known then is not the whole
        """
        if key not in self._neighbours:
            links: List[Link] = []
            unnamed: List[Skip] = []
            record = self.record(key) or {}
            for collection in sorted(frozenset(LABELS) | OTHERS | self._catalogue.collections):
                if (key[0], collection) not in self._absent and _counted(record, collection) != 0:
                    links.extend(self._related(key, collection, unnamed))
            self._neighbours[key] = merged(sorted(link for link in links if link.other != key))
            self._unnamed[key] = unnamed
            self._tell()
        self._count_problems(key)
        return self._neighbours[key]

    def _count_problems(self, key: Key) -> None:
        """Count what is missing around an object: once in an export, however often it asks."""
        if key not in self._told:
            self._told.add(key)
            for skip in self._unnamed[key]:
                self.problems.add(skip)
        for pair, missing in self._absent.items():
            if missing is not None and pair[0] == key[0] and pair not in self._told:
                self._told.add(pair)
                self.problems.add(missing)

    def _fetch(self, key: Key) -> Optional[Record]:
        collection, number = key
        path = f"{collection}/{number}"
        answer = self._client.get(path, **{"with": _WITH.get(collection, _WITH_OTHERS)})
        if answer.body is None:
            return None
        data = answer.body.get("data")
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        if not isinstance(data, dict) or _id(data) != number:
            raise ExportError(
                f"ThreatQ at {self._client.settings.base_url} answers /api/{path} with something else than that "
                "object; check base_url: is it a ThreatQ server?"
            )
        return self._context.complete(key, data)

    def _related(self, key: Key, collection: str, unnamed: List[Skip]) -> List[Link]:
        """The relations to objects of one collection. Their records come along, so that none is asked for again.

        :param unnamed: takes the entries without a usable id
        """
        path = f"{key[0]}/{key[1]}/{collection}"
        exported = collection in LABELS
        wanted = _WITH.get(collection, _WITH_OTHERS) if exported else None

        def take(entry: Any) -> Optional[Link]:
            return self._take(collection, entry, wanted, unnamed)

        params = {"sort": "id", "with": wanted} if wanted else {"sort": "id"}
        try:
            links = whole_list(self._client, path, take, params)
        except Forbidden:
            if exported:
                raise
            self._absent[key[0], collection] = Skip(collection, 0, "", NOT_PERMITTED)
            return []
        if links is not None:
            return [link for link in links if link is not None]
        self._absent[key[0], collection] = self._missing(key, collection) if exported else None
        return []

    def _missing(self, key: Key, collection: str) -> Optional[Skip]:
        """What to say about a list that the server does not know (404); None when nothing is missing by that.

        :raises ExportError: it should be there
        """
        server = self._client.settings.base_url
        if key not in self._there and self._client.get(f"{key[0]}/{key[1]}").body is None:
            raise ExportError(
                f"The object {key[1]} of {key[0]} was deleted from ThreatQ at {server} while it was being exported; "
                "try again."
            )
        self._there.add(key)
        if collection == key[0]:  # older versions have no address for adversaries of an adversary
            return Skip(collection, 0, "", NOT_AMONG_THEMSELVES)
        if collection in self._catalogue.collections | _ALWAYS:
            raise ExportError(
                f"ThreatQ at {server} has the collection {collection}, but answers "
                f"/api/{key[0]}/{key[1]}/{collection} with HTTP 404; the export would be incomplete: report it to who "
                "runs the server."
            )
        return None if self._catalogue.collections else Skip(collection, 0, "", NO_COLLECTION)

    def _take(self, collection: str, entry: Any, wanted: Optional[str], unnamed: List[Skip]) -> Optional[Link]:
        number = _id(entry)
        if number is None:
            name = title_of(collection, entry) if isinstance(entry, dict) else ""
            unnamed.append(Skip(collection, 0, name, NO_ID))
            return None
        key = (collection, number)
        pivot = entry.pop("pivot", None)
        times = pivot if isinstance(pivot, dict) else {}
        if key not in self._records and (wanted is None or all(name in entry for name in wanted.split(","))):
            record = entry if wanted is None else self._context.complete(key, entry)
            self._records[key] = _packed(record)
        return Link(key, time_of(times.get("created_at")), time_of(times.get("updated_at")))

    def _tell(self) -> None:
        self._progress(
            f"Read {len(self._records)} objects and the relations of {len(self._neighbours)} of them from ThreatQ"
        )


def _counted(record: Record, collection: str) -> Optional[int]:
    """How many related objects a record says it has, where the server's version says so."""
    names = (collection, collection[:-1], {"adversaries": "adversary"}.get(collection, collection))
    counts = [record[f"related_{name}_count"] for name in names if f"related_{name}_count" in record]
    return counts[0] if counts and isinstance(counts[0], int) else None


def _id(entry: Any) -> Optional[int]:
    return identity_of(entry.get("id")) if isinstance(entry, dict) else None


def _packed(record: Record) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode("ascii")
