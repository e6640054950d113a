"""The database behind the store: Django set up in code, one connection name for each database, errors for people."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

import django
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections, transaction

from soarkit.errors import SoarkitError, SurroundingsError
from soarkit.paths import private_folder
from soarkit.store import address

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: The name of soarkit's tables in Django and, as their beginning, in the database.
LABEL = "soarkit_store"
_setting_up = threading.Lock()
#: The names of connections by what they connect to.
_aliases: dict[str, str] = {}
_P = ParamSpec("_P")
_R = TypeVar("_R")


class StoreConfig(AppConfig):
    """The store as Django knows it."""

    name = "soarkit.store"
    label = LABEL
    default_auto_field = "django.db.models.BigAutoField"


class Database:
    """One database, under a name of its own among Django's connections.

    :param home: soarkit's home folder
    :param apart: the one in the home folder, whatever SOARKIT_DATABASE_URL names
    :ivar alias: that name
    """

    def __init__(self, home: str, *, apart: bool = False) -> None:
        self.home = home
        self.address = address.in_home(home) if apart else address.find(home)
        set_up()
        self.alias = _alias(self.address)
        if self.address.path is not None:
            _make_private(self.address.path)

    @property
    def connection(self) -> BaseDatabaseWrapper:
        """This thread's connection."""
        connection: BaseDatabaseWrapper = connections[self.alias]
        return connection

    def use_write_ahead_log(self) -> None:
        """Let readers of a SQLite file not wait for its writer; the file remembers it."""
        if self.address.engine == "sqlite":
            with self.connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode=WAL")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done within, or nothing."""
        with transaction.atomic(using=self.alias):
            yield

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that is read within is as it is at one moment, and nobody who writes has to wait."""
        if self.address.engine == "postgresql":
            with self.transaction(), self.connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
            return
        with self.connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # unlike Django's own, which are to write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn what the database says into an error for people.

        :raises SurroundingsError: the database, or the way to it, is at fault
        """
        try:
            yield
        except ImproperlyConfigured as error:
            if "psycopg" not in str(error):
                raise
            raise SurroundingsError(
                "the library for PostgreSQL is not installed",
                where=self.address.shown,
                hint="pip install 'soarkit[postgresql]'",
            ) from None
        except Error as error:
            self._let_go_of_lost_connection()
            raise self._explained(error) from error

    def close(self) -> None:
        """Close this thread's connection; it opens again when it is needed."""
        self.connection.close()

    def _let_go_of_lost_connection(self) -> None:
        """A server that was restarted takes new connections: whoever tries again gets one."""
        connection = self.connection
        if connection.connection is not None and not connection.in_atomic_block and not connection.is_usable():
            connection.close()

    def _explained(self, error: Error) -> SoarkitError:
        said = " ".join(str(error).split()).rstrip(".")
        password = str(self.address.settings.get("PASSWORD") or "")
        if password:
            said = said.replace(password, "********")
        lower = said.lower()
        code = getattr(error.__cause__, "sqlstate", None)
        rules = _POSTGRESQL if self.address.engine == "postgresql" else _SQLITE
        for codes, words, message, hint in rules:
            if code in codes or any(word in lower for word in words):
                return SurroundingsError(f"{message}: {said}", where=self.address.shown, hint=hint)
        return SurroundingsError(f"the database refused: {said}", where=self.address.shown, hint="soarkit store check")


class _Guarded(Protocol):
    @property
    def database(self) -> Database: ...


_Self = TypeVar("_Self", bound=_Guarded)


def guarded(method: Callable[Concatenate[_Self, _P], _R]) -> Callable[Concatenate[_Self, _P], _R]:
    """A method of something with a ``database``, with that database's errors explained."""

    @functools.wraps(method)
    def explained(self: _Self, /, *arguments: _P.args, **named: _P.kwargs) -> _R:
        with self.database.errors():
            return method(self, *arguments, **named)

    return explained


_DISK = "make room on the disk; nothing was changed"
_RESTORE = (
    "soarkit store restore FILE brings back a backup (store/backups in the home folder has some); "
    "the damaged file is kept"
)
_Rules = tuple[tuple[tuple[str, ...], tuple[str, ...], str, str], ...]
_SQLITE: _Rules = (
    (
        (),
        ("not a database", "malformed", "file is encrypted", "disk i/o error", "unsupported file format"),
        "the database is damaged",
        _RESTORE,
    ),
    ((), ("disk is full",), "the disk is full", _DISK),
    ((), ("locked", "busy"), "another process has been writing to the database for long", "try again"),
    (
        (),
        ("readonly", "read-only", "unable to open", "permission"),
        "the database cannot be opened or written",
        "check the rights of the file and its folder; SOARKIT_HOME or --home names another place",
    ),
)
_POSTGRESQL: _Rules = (
    (
        ("28P01", "28000"),
        ("password authentication failed", "no password supplied", "no pg_hba.conf entry", "authentication failed"),
        "the database does not let soarkit in",
        f"check user and password in {address.VARIABLE}",
    ),
    (
        ("3D000",),
        ("does not exist",),
        "the database, or something in it, is not there",
        f"create it (createdb), or mend {address.VARIABLE}; `soarkit store check` looks at its tables",
    ),
    (
        ("42501",),
        ("permission denied",),
        "the database's user may not do this",
        "GRANT ALL ON SCHEMA public to that user, or make it the owner of the database",
    ),
    (("53100",), ("disk full", "no space left"), "the database's disk is full", _DISK),
    (
        ("57P03", "53300"),
        ("connection", "could not", "timeout expired", "server closed", "failed to resolve"),
        "the database cannot be reached",
        f"is it running, and is {address.VARIABLE} right?",
    ),
)


def set_up() -> None:
    """Set Django up, once in a process; the modules that use the models can be imported from then on.

    :raises SurroundingsError: the process has Django settings of its own that do not name the store
    """
    with _setting_up:
        if not settings.configured:
            settings.configure(
                INSTALLED_APPS=[f"{StoreConfig.__module__}.{StoreConfig.__qualname__}"],
                DATABASES={},
                USE_TZ=True,
                TIME_ZONE="UTC",
                LOGGING_CONFIG=None,  # logging belongs to the program we are in
                DATA_UPLOAD_MAX_MEMORY_SIZE=None,  # what serves requests has its own limits
                ALLOWED_HOSTS=["*"],  # nothing that is answered depends on it
            )
            django.setup()
        elif not apps.is_installed(StoreConfig.name):
            raise SurroundingsError(
                "this process has Django settings of its own, without soarkit's store",
                hint=f"add {StoreConfig.__module__}.{StoreConfig.__qualname__} to its INSTALLED_APPS, "
                "or use soarkit in a process of its own",
            )


def _alias(where: address.Address) -> str:
    """The name of the connections to a database, which Django is told of when it is first asked for."""
    with _setting_up:
        key = repr(sorted(where.settings.items()))
        if key not in _aliases:
            alias = f"soarkit-{len(_aliases) + 1}"
            known: dict[str, Any] = connections.settings
            known[alias] = connections.configure_settings({"default": {}, alias: dict(where.settings)})[alias]
            _aliases[key] = alias
        return _aliases[key]


def _make_private(path: str) -> None:
    """The file of a SQLite database, for its owner alone; SQLite gives the files beside it the same rights."""
    private_folder(os.path.dirname(path))
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if os.stat(path).st_mode & 0o077 and os.stat(path).st_uid == os.getuid():
            os.chmod(path, 0o600)
    except OSError as error:
        raise SurroundingsError(
            f"the database cannot be opened: {error.strerror}",
            where=path,
            hint="check the rights of the file and its folder; SOARKIT_HOME or --home names another place",
        ) from error
