"""Where an export's objects come from: a library file or a ThreatQ server, as the asset's configuration says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple, Optional, Tuple

from .errors import ExportError
from .library import Key, Library, identity_of
from .library_file import open_library

if TYPE_CHECKING:
    from .threatq import Client

_SERVER = ("base_url", "client_id", "client_secret", "username", "password")


class Source(NamedTuple):
    """An open library.

    :ivar name: what messages call it
    :ivar client: the session with ThreatQ, None for a library file
    """

    library: Library
    name: str
    client: Optional[Client]

    def describe(self) -> str:
        """One sentence about what was found, after asking for something that only a working source answers.

        :raises ExportError: the server does not answer as it should
        """
        if self.client is None:
            return f"{self.name} is a threat library with the id {self.library.library_id}"
        answer = self.client.get("objects", limit=1)
        if answer.body is None:
            # Old servers have no catalogue; indicators every one has.
            answer = self.client.get("indicators", limit=1)
        if answer.body is None or "data" not in answer.body:
            raise ExportError(f"{self.name} answers, but not as ThreatQ does; check base_url")
        return f"{self.name} accepts the credentials"

    def close(self) -> None:
        """End the session with the server, if there is one."""
        if self.client is not None:
            self.client.close()


def open_source(
    config: Mapping[str, Any], library_path: Callable[[str], Tuple[str, str]], tell: Callable[[str], None]
) -> Source:
    """Open what the configuration names.

    :param config: with ``library_file``, or with ``base_url`` and credentials
    :param library_path: path and name of a file that is given as a path or a vault id
    :param tell: takes sentences about the progress
    :raises ExportError: it names both or nothing, or what it names cannot be opened
    """
    file = config.get("library_file")
    file = file.strip() if isinstance(file, str) else file
    if file and any(config.get(name) for name in _SERVER):
        raise ExportError("The configuration has both library_file and a ThreatQ server: leave one of them empty.")
    if file:
        if not isinstance(file, str):
            raise ExportError("The library_file of the configuration must be text: a path or a vault id.")
        path, name = library_path(file)
        return Source(open_library(path, name), f"library file {name}", None)
    if not config.get("base_url"):
        raise ExportError(
            "The configuration names no source: give library_file, or base_url with the credentials of a ThreatQ "
            "server."
        )
    from .threatq import Client, Settings, ThreatQLibrary  # a library file needs no HTTP

    client = Client(Settings.from_config(config), tell)
    return Source(ThreatQLibrary(client, progress=tell), f"ThreatQ at {client.settings.base_url}", client)


def number_of(value: Any, name: str) -> int:
    """An object's id as people and playbooks write it: 12, "12" or 12.0.

    :param name: of the parameter, for the message
    :raises ExportError: it is no whole number from 1
    """
    given = value.strip() if isinstance(value, str) else value
    number = identity_of(int(given) if isinstance(given, float) and given.is_integer() else given)
    if number is None:
        shown = repr(value)
        raise ExportError(
            f"{name} is {shown if len(shown) <= 80 else shown[:77] + '...'}: it must be a whole number from 1"
        )
    return number


def bundle_name(action: str, root: Key) -> str:
    """The name of the file (reference 1): ``stix21-create_bundle-incident-12.json``."""
    return f"stix21-{action}-{root[0]}-{root[1]}.json"
