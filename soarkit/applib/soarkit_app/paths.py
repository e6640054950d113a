"""Where an app's files lie below ``PHANTOM_HOME`` (connector API, section 6)."""

from __future__ import annotations

import os
import re

from soarkit_app import session


def make_folder(path: str) -> str:
    """Create a folder with its parents, each readable by its owner only, and return its path.

    :raises OSError: it cannot be created
    """
    if not os.path.isdir(path):
        parent = os.path.dirname(path)
        if parent and parent != path:
            make_folder(parent)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            # Another run of the same app was quicker; a file in the way is a real error.
            if not os.path.isdir(path):
                raise
    return path


def safe_name(text: str) -> str:
    """An asset or app id as part of a file name: unchanged for every usual id, and never able to climb out."""
    name = re.sub(r"[^\w.@ -]", "_", text)
    return name if name.strip(". ") else "_" * max(1, len(name))


def app_states() -> str:
    """The folder of all state files, ``APPS_STATE_PATH`` for apps."""
    return os.path.join(session.current.home, "local_data", "app_states")


def vault() -> str:
    """The vault's folder."""
    return os.path.join(session.current.home, "vault")


def vault_with_tmp() -> str:
    """The vault's folder, ``PHANTOM_VAULT`` for apps; some take its ``tmp`` for granted."""
    try:
        vault_tmp()
    except OSError:
        pass  # apps read this when they are imported, long before they need it
    return vault()


def vault_tmp() -> str:
    """The folder where apps put files before they add them to the vault, created when absent."""
    return make_folder(os.path.join(vault(), "tmp"))


def web_certificate() -> str:
    """The platform's web certificate, ``NGINX_CERT`` for SDK apps."""
    return os.path.join(session.current.home, "etc", "ssl", "certs", "httpd_cert.crt")
