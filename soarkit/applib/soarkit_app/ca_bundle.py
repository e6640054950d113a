"""The platform's file of CA certificates, ``<home>/etc/cacerts.pem`` (connector API, section 6)."""

from __future__ import annotations

import os

from soarkit_app import paths, session, whole_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, Optional


def path() -> str:
    """The file's path, ``CA_CERTS_PEM`` for apps. Never raises.

    A missing file is made from the certificates that this process trusts anyway: the file that ``REQUESTS_CA_BUNDLE``
    or ``SSL_CERT_FILE`` names, else certifi's, else that of Python's ssl. One that is there is left as it is, since
    people add their own authorities to it. Where none of these exists, or the home cannot be written, it stays absent.
    """
    bundle = os.path.join(session.current.home, "etc", "cacerts.pem")
    if not os.path.exists(bundle):
        try:
            source = next((name for name in _sources() if name and os.path.isfile(name)), None)
            if source is not None:
                with open(source, "rb") as file:
                    certificates = file.read()
                paths.make_folder(os.path.dirname(bundle))
                whole_file.write(bundle, certificates)
        except OSError as error:  # an app that needs the file says so; most only read its name when they are imported
            session.log("error", f"the CA bundle {bundle} cannot be created: {error}")
    return bundle


def _sources() -> Iterator[Optional[str]]:
    """Files to copy, the first that exists; each is looked up only when those before it were of no use."""
    yield os.environ.get("REQUESTS_CA_BUNDLE")
    yield os.environ.get("SSL_CERT_FILE")
    yield _certifi()
    try:
        import ssl
    except ImportError:  # a Python built without it makes no TLS connections either
        return
    yield ssl.get_default_verify_paths().cafile


def _certifi() -> Optional[str]:
    from importlib import import_module

    try:
        return str(import_module("certifi").where())
    except Exception:  # not installed, or the app's own module of that name, which can fail in any way
        return None
