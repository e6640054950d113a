"""The platform's file of CA certificates, ``<home>/etc/cacerts.pem`` (connector API, section 6).

It is composed of what this process trusts anyway and of what people let every app trust (``soarkit trust``). Its first
line says of which files, as they were then; it is composed anew when one of them has changed. A file without such a
line is somebody's own and stays as it is.
"""

from __future__ import annotations

import os
import sys

from soarkit_app import paths, session, whole_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, List, Optional

#: The variables that name a file of certificates: of requests, OpenSSL and curl.
VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
#: Where operating systems keep theirs; an own one of Python's is used where none of them is there.
_SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_HEAD = b"# soarkit composed this of "
_LONGEST_HEAD = 1 << 20

#: The files that the user's variables named when this process began; they may name the bundle itself later.
_named: Optional[Dict[str, str]] = None


def path() -> str:
    """The file's path, ``CA_CERTS_PEM`` for apps. Never raises.

    Where there are no certificates at all, or the home cannot be written, it stays absent.
    """
    if session.current.ca_bundle is not None:
        return session.current.ca_bundle
    bundle = path_in(session.current.home)
    try:
        compose(bundle, trusted_files())
    except OSError as error:  # an app that needs the file says so; most only read its name when they are imported
        session.log("error", f"the CA bundle {bundle} cannot be created: {error}")
    return bundle


def path_in(home: str) -> str:
    """Where the file is. :param home: what apps know as PHANTOM_HOME"""
    return os.path.join(home, "etc", "cacerts.pem")


def variables(bundle: str) -> Dict[str, str]:
    """The environment variables that make libraries use the file; none where it is not there.

    One that names a folder, or nothing that exists, stays as its user set it: what it means cannot be added to.
    """
    if not os.path.isfile(bundle):
        return {}
    return {name: bundle for name, path in _names_of_user().items() if not path or os.path.isfile(path)}


def trusted_files() -> List[str]:
    """The files that people let every app trust: the host names them, by hand they are in soarkit's home folder."""
    if session.current.trusted is not None:
        return session.current.trusted
    folder = os.path.join(session.soarkit_home(), "trust")
    try:
        found = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".pem")]
    except OSError:
        found = []
    return [*found, os.path.join(session.soarkit_home(), "rest", "certificate.pem")]


def compose(bundle: str, trusted: List[str]) -> None:
    """Make the file, if it is not there or one of its sources has changed.

    :param trusted: files to add to what this process trusts anyway; those that are not there are passed over
    :raises OSError: it cannot be written
    """
    if is_own(bundle):
        return
    old = _head(bundle)
    sources = [*_usual(bundle), *trusted]
    head = _HEAD + _fingerprint(sources) + b"\n"
    if old == head:
        return
    certificates: Dict[bytes, bytes] = {}
    for source in sources:
        certificates.update(_certificates(source))
    if not certificates:
        return
    paths.make_folder(os.path.dirname(bundle))
    whole_file.write(bundle, head + b"".join(certificates.values()))


def is_own(bundle: str) -> bool:
    """Whether the file is there and somebody's own, which is not written over."""
    head = _head(bundle)
    return head is not None and not head.startswith(_HEAD)


def _head(bundle: str) -> Optional[bytes]:
    try:
        with open(bundle, "rb") as file:
            return file.readline(_LONGEST_HEAD)
    except FileNotFoundError:
        return None


def _fingerprint(sources: List[str]) -> bytes:
    import json

    known = []
    for source in sources:
        try:
            state = os.stat(source)
        except OSError:
            continue
        known.append([source, state.st_mtime_ns, state.st_size])
    return json.dumps(known).encode("ascii")


def _certificates(source: str) -> Dict[bytes, bytes]:
    """The certificates in a file of PEM, by what they hold: several sources have most of them in common."""
    import re

    try:
        with open(source, "rb") as file:
            text = file.read()
    except OSError:
        return {}
    found = re.findall(rb"-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----(.*?)-----END \1-----", text, re.DOTALL)
    return {
        b"".join(body.split()): b"-----BEGIN " + kind + b"-----" + body + b"-----END " + kind + b"-----\n"
        for kind, body in found
    }


def _usual(bundle: str) -> List[str]:
    """The files that this process trusts anyway: those that its user names, else certifi's and the system's."""
    named = [name for name in dict.fromkeys(_names_of_user().values()) if name != bundle and os.path.isfile(name)]
    return named or list(_default())


def _names_of_user() -> Dict[str, str]:
    global _named  # noqa: PLW0603 (one process, one user)
    if _named is None:
        _named = {name: os.environ.get(name, "") for name in VARIABLES}
    return _named


def _default() -> Iterator[str]:
    # Found without importing certifi: an app may bring its own, and most runs need neither.
    places = (os.path.join(folder, "certifi", "cacert.pem") for folder in sys.path)
    usual = [next(filter(os.path.isfile, places), None), next(filter(os.path.isfile, _SYSTEM), None)]
    found = [one for one in usual if one is not None]
    yield from found
    if not found:
        try:
            import ssl
        except ImportError:  # a Python built without it makes no TLS connections either
            return
        yield from filter(None, [ssl.get_default_verify_paths().cafile])
