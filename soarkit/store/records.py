"""What the store knows, as plain immutable records: the same whether they come from the database or the snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from soarkit.errors import RequestError, SurroundingsError, typed

if TYPE_CHECKING:
    from soarkit.store.run_record import RunRecord

#: What stands where a secret would be shown.
MASK = "********"
#: Settings that the platform itself puts into an asset's configuration begin so; apps do not declare them.
RESERVED = "_reserved"
#: The setting with what the asset's polls are about: a dictionary with ``container_label`` and more.
INGEST = "ingest"
#: Who may see an installed bundle: the organisation that has installed it, or all.
VISIBILITIES = ("private", "public")
#: How a run can stand.
STATUSES = ("running", "success", "failed", "cancelled")


@dataclass(frozen=True)
class InstalledVersion:
    """One installed version of an app.

    :param folder: absolute path of the folder that holds the manifest
    :param manifest: file name of the app JSON in it
    :param digest: SHA-256 over the shipped files: names, modes, contents
    :param source: what it was installed from, for people, without credentials
    :param python: path of the interpreter forced at install; None: chosen
    :param index_fallback: whether the index may replace wheels that do not fit
    :param environment: folder of the environment built at install
    :param installed_at: ISO 8601, UTC
    """

    version: str
    folder: str
    manifest: str
    digest: str
    source: str
    python: str | None
    index_fallback: bool
    environment: str | None
    installed_at: str


@dataclass(frozen=True)
class InstalledApp:
    """An app with its installed versions.

    :param current: the version that runs when none is named
    :param versions: newest first
    :param kind: "connector", or "enrichment" for a bundle of enrichments
    :param visibility: of a bundle, one of :data:`VISIBILITIES`; None for connectors
    """

    id: int
    slug: str
    appid: str
    name: str
    product_vendor: str
    product_name: str
    publisher: str
    description: str
    current: str
    versions: tuple[InstalledVersion, ...]
    kind: str = "connector"
    visibility: str | None = None

    @property
    def is_bundle(self) -> bool:
        """Whether it is a bundle of enrichments."""
        return self.kind == "enrichment"

    def version(self, text: str | None = None) -> InstalledVersion:
        """The version called so; without a text the current one.

        :raises RequestError: it is not installed; names those that are
        """
        wanted = text or self.current
        for one in self.versions:
            if one.version == wanted:
                return one
        raise RequestError(
            f"version {wanted} of {self.slug} is not installed",
            where=self.slug,
            hint=f"installed: {', '.join(one.version for one in self.versions)}",
        )


@dataclass(frozen=True)
class StoredAsset:
    """One configured instance of a product.

    :param app: slug of the app it is for; None when it is bound to vendor and product
    :param product_version: version of the product it points to; None: not known
    :param concurrency_limit: how many actions that allow it may run at once; None: any number
    :param configuration: values by field, without secrets
    :param secrets: cipher texts by field
    :param needs: required fields without a value: with any of them the asset "needs configuration"
    :param active: of an asset of a bundle, whether its transforms are offered; None for assets of connectors
    """

    id: int
    name: str
    app: str | None
    product_vendor: str
    product_name: str
    product_version: str | None
    concurrency_limit: int | None
    description: str
    configuration: dict[str, Any]
    secrets: dict[str, str]
    needs: tuple[str, ...]
    active: bool | None = None

    @property
    def state(self) -> str:
        """How it stands, for people: "needs configuration" or "configured", of a bundle's asset "needs credentials",
        "active" or "inactive".
        """
        if self.active is None:
            return "needs configuration" if self.needs else "configured"
        return "needs credentials" if self.needs else "active" if self.active else "inactive"

    @property
    def salt(self) -> str:
        """What its secrets are encrypted with, beside the key: a cipher text is worth nothing in another asset."""
        return salt(self.id)

    def reveal(self, decrypt: Callable[[str, str], str]) -> dict[str, Any]:
        """The whole configuration, secrets in plain text: for the app alone.

        :param decrypt: gives plain text for a cipher text and a salt; a ValueError says that it cannot
        :raises SurroundingsError: a secret cannot be decrypted
        """
        revealed = dict(self.configuration)
        for name, token in self.secrets.items():
            try:
                revealed[name] = plain_value(name, decrypt(token, self.salt))
            except ValueError as error:
                raise SurroundingsError(
                    f"the value of {name!r} cannot be decrypted: {error}",
                    where=f"asset {self.name}",
                    hint=f"bring back the key it was encrypted with (SOARKIT_KEY, or the file key in the home folder), "
                    f"or enter the value anew: soarkit asset edit {typed(self.name)} --config {name}=env:VARIABLE",
                ) from None
        return revealed


@dataclass(frozen=True)
class AssetChange:
    """What a switch to another version of an app does to one asset.

    :param asset: its name
    :param added: default by new field; None where there is no default, :data:`MASK` for passwords
    :param removed: fields that go, with their values
    :param needs: required fields that are without a value then
    """

    asset: str
    added: dict[str, Any]
    removed: tuple[str, ...]
    needs: tuple[str, ...]


def is_platform_setting(name: str) -> bool:
    """Whether a setting is the platform's own, which no app has to declare."""
    return name.startswith(RESERVED) or name == INGEST


def salt(asset_id: int) -> str:
    """The salt of an asset's secrets."""
    return f"asset {asset_id}"


def plain_value(name: str, text: str) -> Any:
    """The value a decrypted text stands for: the platform's own settings are kept as JSON, passwords as they are."""
    if not name.startswith(RESERVED):
        return text
    import json

    return json.loads(text)


def to_json(record: InstalledVersion | InstalledApp | StoredAsset | AssetChange | RunRecord) -> dict[str, Any]:
    """A record as a dictionary for JSON."""
    return {one.name: _plain(getattr(record, one.name)) for one in fields(record)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [to_json(one) if isinstance(one, InstalledVersion) else one for one in value]
    return value


def app_from_json(document: dict[str, Any]) -> InstalledApp:
    """The other way of :func:`to_json`.

    :raises TypeError: it is something else
    """
    versions = tuple(InstalledVersion(**one) for one in document["versions"])
    return InstalledApp(**{**document, "versions": versions})


def asset_from_json(document: dict[str, Any]) -> StoredAsset:
    """The other way of :func:`to_json`.

    :raises TypeError: it is something else
    """
    return StoredAsset(**{**document, "needs": tuple(document["needs"])})
