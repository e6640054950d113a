"""Assets: named, configured instances of products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from soarkit.errors import InputError, RequestError, SurroundingsError, typed
from soarkit.store import configuration as _config
from soarkit.store import models
from soarkit.store.changes import Changes
from soarkit.store.cipher import AssetCipher
from soarkit.store.configuration import Fields, Values
from soarkit.store.database import Database, guarded
from soarkit.store.records import InstalledApp, StoredAsset
from soarkit.store.rows import Inventory, put_values, text, values
from soarkit.store.snapshot import name_key

_LONGEST_NAME = 128
_EDITABLE = frozenset(("name", "product_version", "concurrency_limit", "description"))
# Inside the class `list` is its method.
_Assets = list[StoredAsset]


class Assets:
    """The assets. Passwords are encrypted before they are stored."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self.database = database
        self._changes = changes

    @guarded
    def list(self, app: str | None = None) -> _Assets:
        """The assets by name.

        :param app: slug or appid: only those bound to it, also when it is not installed any more
        """
        inventory = Inventory(self.database)
        assets = inventory.assets()
        if app is None:
            return assets
        found = _app(inventory, app)
        return [one for one in assets if one.app is not None and one.app == (found.slug if found else app)]

    @guarded
    def get(self, name_or_id: str | int) -> StoredAsset:
        """The asset with that name, in whatever case, or that id.

        :raises RequestError: there is none
        """
        inventory = Inventory(self.database)
        return inventory.asset(self._row(str(name_or_id)))

    @guarded
    def fields(
        self, *, app: str | None = None, product_vendor: str | None = None, product_name: str | None = None
    ) -> dict[str, dict[str, Any]]:
        """The configuration fields of an asset for an app, or for a product, as the manifests declare them.

        :raises RequestError: no such app is installed
        """
        return {name: dict(field) for name, field in self._binding(app, product_vendor, product_name)[1].items()}

    @guarded
    def require_free(self, name: str) -> None:
        """See whether a new asset can be called so.

        :raises InputError: the name cannot be one
        :raises RequestError: there is such an asset already
        """
        self._set_name(models.Asset(), name)

    @guarded
    def create(
        self,
        name: str,
        *,
        app: str | None = None,
        product_vendor: str | None = None,
        product_name: str | None = None,
        product_version: str | None = None,
        configuration: Mapping[str, Any] | None = None,
        concurrency_limit: int | None = None,
        description: str = "",
    ) -> StoredAsset:
        """Make an asset for an app, or for all apps of a product. Fields that are not given get their defaults.

        :param app: slug or appid
        :param configuration: values by field, passwords in plain text
        :raises InputError: the name cannot be one, or values do not fit
        :raises RequestError: there is no such app, or there is such an asset already
        """
        bound, fields = self._binding(app, product_vendor, product_name)
        row = models.Asset(
            appid=None if bound is None else bound.appid,
            slug=None if bound is None else bound.slug,
            product_vendor=text(product_vendor) if bound is None else bound.product_vendor,
            product_name=text(product_name) if bound is None else bound.product_name,
            configuration={},
            secrets={},
            known=[],
            active=False if bound is not None and bound.is_bundle else None,
        )
        self._set_name(row, name)
        _set_product_version(row, product_version)
        _set_limit(row, concurrency_limit)
        row.description = text(description)
        given = dict(configuration or {})
        where = f"asset {row.name}"
        # Before anything is written: most of what is wrong with an asset is wrong here.
        _config.refuse_unknown(given, fields, where)
        _config.checked(given, fields, where)
        with self._changes.change():
            self._set_name(row, name)  # somebody else may have taken it meanwhile
            row.save(using=self.database.alias)  # passwords are encrypted with its id
            cipher = self._cipher(row)
            # Given values, null ones too, stand in the way of defaults.
            empty = Values({}, {}, frozenset(given))
            filled = _config.carry(empty, fields, encrypt=cipher.encrypt).values
            put_values(row, _config.edit(filled, fields, given, (), encrypt=cipher.encrypt, where=where))
            row.save(using=self.database.alias)
        return self.get(row.id)

    @guarded
    def edit(
        self,
        name_or_id: str | int,
        /,
        *,
        set: Mapping[str, Any] | None = None,
        unset: Iterable[str] = (),
        **fields: Any,
    ) -> StoredAsset:
        """Change an asset.

        :param set: new values by field, passwords in plain text; null takes a value away
        :param unset: fields to take the value of away
        :param fields: ``name``, ``product_version``, ``concurrency_limit``, ``description``
        :raises InputError: the name cannot be one, or values do not fit
        :raises RequestError: there is no such asset
        """
        if not fields.keys() <= _EDITABLE:
            raise TypeError(f"an asset has no {sorted(fields.keys() - _EDITABLE)}")
        given, taken = dict(set or {}), tuple(unset)
        with self._changes.change():
            row = self._row(str(name_or_id))
            if "name" in fields:
                self._set_name(row, fields["name"])
            if "product_version" in fields:
                _set_product_version(row, fields["product_version"])
            if "concurrency_limit" in fields:
                _set_limit(row, fields["concurrency_limit"])
            if "description" in fields:
                row.description = text(fields["description"])
            if given or taken:
                declared = self._fields_of(row)
                put_values(
                    row,
                    _config.edit(
                        values(row),
                        declared,
                        given,
                        taken,
                        encrypt=self._cipher(row).encrypt,
                        where=f"asset {row.name}",
                    ),
                )
            row.save(using=self.database.alias)
        return self.get(row.id)

    @guarded
    def set_active(self, name_or_id: str | int, active: bool, *, forget: bool = False) -> StoredAsset:
        """Say whether the transforms of a bundle are offered with an asset of it.

        :param forget: take the values of all its fields away
        :raises RequestError: there is no such asset, it is none of a bundle, or lacks what the bundle requires
        """
        with self._changes.change():
            row = self._row(str(name_or_id))
            if row.active is None:
                raise RequestError(
                    f"{row.name!r} is an asset of a connector, which is neither active nor inactive",
                    hint="only assets of enrichment bundles are activated",
                )
            if forget:
                put_values(row, Values({}, {}, frozenset(row.known)))
            lacking = Inventory(self.database).asset(row).needs
            if active and lacking:
                raise RequestError(
                    f"the asset {row.name!r} cannot be activated: it needs {', '.join(lacking)}",
                    hint=f"soarkit asset edit {typed(row.name)} "
                    + " ".join(f"--config {typed(name)}=..." for name in lacking),
                )
            row.active = active
            row.save(using=self.database.alias)
        return self.get(row.id)

    @guarded
    def delete(self, name_or_id: str | int) -> StoredAsset:
        """Forget an asset; its id is never used again.

        :returns: what it was
        :raises RequestError: there is no such asset
        """
        with self._changes.change():
            row = self._row(str(name_or_id))
            asset = Inventory(self.database).asset(row)
            row.delete()
        return asset

    @guarded
    def encrypt_anew(self) -> tuple[int, _Assets]:
        """Encrypt all secrets with the present key, in one change.

        :returns: how many had been written with an earlier key; the assets with secrets that no key reads
        :raises SurroundingsError: the present key cannot be used
        """
        count, lost = 0, set()
        with self._changes.change():
            for row in models.Asset.objects.using(self.database.alias).order_by("id"):
                cipher, secrets = self._cipher(row), dict(row.secrets)
                for name, token in secrets.items():
                    if cipher.is_current(token):
                        continue
                    try:
                        secrets[name] = cipher.encrypt(cipher.decrypt(token))
                        count += 1
                    except SurroundingsError:
                        lost.add(row.id)
                if secrets != row.secrets:
                    row.secrets = secrets
                    row.save(using=self.database.alias)
        return count, [one for one in self.list() if one.id in lost]

    def _cipher(self, row: models.Asset) -> AssetCipher:
        return AssetCipher(self.database.home, row.id, row.name)

    def _fields_of(self, row: models.Asset) -> Fields:
        fields = Inventory(self.database).fields(row.appid, row.product_vendor, row.product_name)
        if fields is None:
            app = row.slug if row.appid is not None else f"for {row.product_vendor} {row.product_name}"
            raise RequestError(
                f"the app {app} is not installed, so nobody knows what can be configured",
                where=f"asset {row.name}",
                hint="`soarkit install FILE` installs it",
            )
        return fields

    def _binding(self, app: str | None, vendor: str | None, product: str | None) -> tuple[InstalledApp | None, Fields]:
        """What an asset is for, and the fields it so has."""
        inventory = Inventory(self.database)
        hint = "`soarkit apps` lists what is installed; `soarkit install FILE` installs an app"
        if app is not None:
            found = _app(inventory, app)
            if found is None:
                near = get_close_matches(app, [one.slug for one in inventory.apps.values()], n=1)
                guess = f" (did you mean {near[0]}?)" if near else ""
                raise RequestError(f"no app called {app!r} is installed{guess}", hint=hint)
            return found, inventory.current_fields(found.appid) or {}
        if not (vendor or "").strip() or not (product or "").strip():
            raise RequestError("an asset is for an app, or for the product of a vendor", hint=hint)
        fields = inventory.fields(None, vendor or "", product or "")
        if fields is None:
            raise RequestError(f"no app for {vendor} {product} is installed", hint=hint)
        return None, fields

    def _row(self, name_or_id: str) -> models.Asset:
        assets = models.Asset.objects.using(self.database.alias)
        if name_or_id.isascii() and name_or_id.isdigit():
            number = int(name_or_id) if len(name_or_id) < 19 else 0
            found: models.Asset | None = assets.filter(id=number).first()
        else:
            found = assets.filter(name_key=text(name_key(name_or_id))).first()
        if found is None:
            names = list(assets.order_by("name_key").values_list("name", flat=True))
            near = get_close_matches(name_or_id, names, n=3)
            raise RequestError(
                f"there is no asset {name_or_id!r}" + (f" (did you mean {', '.join(near)}?)" if near else ""),
                hint="`soarkit asset list` lists them; `soarkit asset create` makes one",
            )
        return found

    def _set_name(self, row: models.Asset, name: str) -> None:
        wanted = name.strip() if isinstance(name, str) else ""
        problem = _name_problem(wanted)
        if problem:
            raise InputError(f"{name!r} cannot be the name of an asset: {problem}", where="name")
        row.name, row.name_key = wanted, name_key(wanted)
        others = models.Asset.objects.using(self.database.alias).filter(name_key=row.name_key).exclude(id=row.id)
        other = others.first()
        if other is not None:
            raise RequestError(
                f"there is an asset {other.name!r} already",
                hint=f"soarkit asset edit {typed(other.name)}  changes it",
            )


def _app(inventory: Inventory, name: str) -> InstalledApp | None:
    wanted = name.partition("@")[0]
    return next((one for one in inventory.apps.values() if wanted in (one.slug, one.appid)), None)


def _name_problem(name: str) -> str | None:
    if not name:
        return "it is empty"
    if len(name) > _LONGEST_NAME:
        return f"it has more than {_LONGEST_NAME} characters"
    if "/" in name or not name.isprintable():
        return "it holds a slash, or a character that cannot be seen"
    if name.isdigit():
        return "numbers are ids"
    if name.startswith("-"):
        return "it begins with a dash, as options do"
    return None


def _set_product_version(row: models.Asset, version: object) -> None:
    if version is not None and not isinstance(version, str):
        raise InputError(f"product_version takes text, not {version!r}", where="product_version")
    row.product_version = text(version).strip() or None


def _set_limit(row: models.Asset, limit: object) -> None:
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit < 1 << 31):
        raise InputError(f"concurrency_limit takes a whole number above 0, not {limit!r}", where="concurrency_limit")
    row.concurrency_limit = limit
