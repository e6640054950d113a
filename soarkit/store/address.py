"""Which database: SQLite in the home folder, or what SOARKIT_DATABASE_URL names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from soarkit.errors import UsageError

VARIABLE = "SOARKIT_DATABASE_URL"
_EXAMPLE = "postgresql://user:password@host:5432/database?sslmode=require"
#: Seconds to wait for a database that another process writes to, and for a server to answer.
_BUSY, _CONNECT = 30, 10


@dataclass(frozen=True)
class Address:
    """Where a database is.

    :param engine: "sqlite" or "postgresql"
    :param shown: the address for people, without a password
    :param settings: the entry of Django's DATABASES
    """

    engine: str
    shown: str
    settings: dict[str, Any]

    @property
    def path(self) -> str | None:
        """The file of a SQLite database."""
        return str(self.settings["NAME"]) if self.engine == "sqlite" else None


def find(home: str) -> Address:
    """The address of the database of a home folder.

    :raises UsageError: SOARKIT_DATABASE_URL is no address that can be used
    """
    url = os.environ.get(VARIABLE, "").strip()
    return parse(url) if url else in_home(home)


def in_home(home: str) -> Address:
    """The address of the SQLite database in a home folder."""
    return _sqlite(os.path.join(os.path.abspath(home), "store", "soarkit.sqlite3"))


def parse(url: str) -> Address:
    """A database's address as people write it.

    ``postgresql://user:password@host:port/database?sslmode=...``, where anything libpq knows may follow the question
    mark, and ``host`` may be the escaped path of a socket's folder (``%2Frun%2Fpostgresql``, or ``?host=/run/...``);
    or ``sqlite:////absolute/path``.

    :raises UsageError: it is none; the message does not show a password
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme == "sqlite":
        path = unquote(rest).removeprefix("/")
        if not os.path.isabs(path):
            raise UsageError(
                "the path of a SQLite database must be absolute", where=VARIABLE, hint="sqlite:////absolute/path"
            )
        return _sqlite(path)
    if not separator or scheme not in ("postgresql", "postgres"):
        raise UsageError("this is no address of a database that soarkit can use", where=VARIABLE, hint=_hint())
    return _postgresql(url)


def _postgresql(url: str) -> Address:
    try:
        parts = urlsplit(url)
        port = parts.port
        # urlsplit would put the host into lower case, which a socket's folder does not survive.
        host = unquote(parts.netloc.rpartition("@")[2])
        if port is not None or host.endswith(":"):
            host = host.rpartition(":")[0]
        options: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise UsageError("the address of the database cannot be read", where=VARIABLE, hint=_hint()) from None
    name = unquote(parts.path.removeprefix("/")) or options.pop("dbname", "")
    host = (host[1:-1] if host.startswith("[") else host) or options.pop("host", "")
    user = unquote(parts.username or "") or options.pop("user", "")
    password = unquote(parts.password or "") or options.pop("password", "")
    port_text = str(port or options.pop("port", "") or "")
    if not name:
        raise UsageError("the address of the database names no database", where=VARIABLE, hint=_hint())
    options.setdefault("connect_timeout", str(_CONNECT))
    place = f"{host}{':' + port_text if port_text else ''}"
    return Address(
        "postgresql",
        f"postgresql://{user}{'@' if user else ''}{place}/{name}",
        {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": user,
            "PASSWORD": password,
            "HOST": host,
            "PORT": port_text,
            "OPTIONS": options,
        },
    )


def _sqlite(path: str) -> Address:
    # A write begins by taking the lock, so that two that read first and write then cannot block each other.
    options = {"timeout": _BUSY, "transaction_mode": "IMMEDIATE"}
    return Address("sqlite", path, {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options})


def _hint() -> str:
    return f"such as {_EXAMPLE}; characters like @ and / in a password are written %40 and %2F"
