"""Which distribution an import name belongs to: as its wheel says where there is one, else by the usual names."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable

from packaging.metadata import parse_email
from packaging.utils import canonicalize_name

#: Import names that are not the distribution's: those that public apps use, and those of the baseline.
_USUAL: dict[str, tuple[str, ...]] = {
    "_cffi_backend": ("cffi",),
    "_distutils_hack": ("setuptools",),
    "attr": ("attrs",),
    "bs4": ("beautifulsoup4",),
    "Crypto": ("pycryptodome", "pycrypto"),
    "Cryptodome": ("pycryptodomex",),
    "dateutil": ("python-dateutil",),
    "distutils": ("setuptools",),
    "dns": ("dnspython",),
    "docx": ("python-docx",),
    "git": ("gitpython",),
    "github": ("pygithub",),
    "googleapiclient": ("google-api-python-client",),
    "jose": ("python-jose",),
    "jwt": ("pyjwt",),
    "ldap": ("python-ldap",),
    "magic": ("python-magic",),
    "MySQLdb": ("mysqlclient",),
    "OpenSSL": ("pyopenssl",),
    "PIL": ("pillow",),
    "pkg_resources": ("setuptools",),
    "psycopg2": ("psycopg2", "psycopg2-binary"),
    "pythonwhois": ("pythonwhois", "pythonwhois-alt"),
    "slack": ("slackclient", "slack-sdk"),
    "snowflake": ("snowflake-connector-python",),
    "socks": ("pysocks",),
    "sklearn": ("scikit-learn",),
    "whois": ("python-whois", "whois"),
    "win32com": ("pywin32",),
    "yaml": ("pyyaml",),
    "zmq": ("pyzmq",),
}


def names_in_wheel(path: str) -> frozenset[str]:
    """The top-level import names that a wheel installs; none for what cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except (OSError, zipfile.BadZipFile, zlib.error):
        return frozenset()
    found = set()
    for member in members:
        parts = member.split("/")
        if parts[0].endswith(".data") and len(parts) > 2 and parts[1] in ("purelib", "platlib"):
            parts = parts[2:]
        top = parts[0]
        if top.endswith((".dist-info", ".data")):
            continue
        if len(parts) > 1:
            found.add(top)
        elif top.endswith((".py", ".so", ".pyd")):
            found.add(top.partition(".")[0])
    return frozenset(one for one in found if one.isidentifier())


def requires_dist(path: str) -> list[str]:
    """The ``Requires-Dist`` lines of a wheel; none for what cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA") and one.count("/") == 1]
            raw = parse_email(archive.read(names[0]))[0] if names else {}
    except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return []
    return list(raw.get("requires_dist", ()))


def distributions(module: str, known: Iterable[str]) -> set[str]:
    """Those of some distributions that a module may come from, going by names.

    :param module: dotted name
    :param known: normalised names
    """
    top = module.partition(".")[0]
    dotted = canonicalize_name(module.replace(".", "-"))
    candidates = {canonicalize_name(top), *_USUAL.get(top, ())}
    candidates |= {f"python-{canonicalize_name(top)}", f"py{canonicalize_name(top)}"}
    # Parts of a name space: google.cloud.storage is of google-cloud-storage, azure.identity of azure-identity.
    start = f"{canonicalize_name(top)}-"
    return {one for one in known if one in candidates or one == dotted or one.startswith(start)}


def likely(module: str) -> str:
    """The distribution to name when a module is missing."""
    top = module.partition(".")[0]
    return _USUAL.get(top, (canonicalize_name(top),))[0]
