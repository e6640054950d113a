"""Places in the platform's folder: ``PHANTOM_VAULT``, ``CA_CERTS_PEM``, ``NGINX_CERT``."""

from __future__ import annotations

__all__ = ["CA_CERTS_PEM", "NGINX_CERT", "PHANTOM_VAULT"]  # noqa: F822 (see __getattr__)


def __getattr__(name: str) -> str:
    # Late, because the session with the folder in it may be installed after the import.
    from soarkit_app import ca_bundle, paths

    if name == "PHANTOM_VAULT":
        return paths.vault_with_tmp()
    if name == "CA_CERTS_PEM":
        return ca_bundle.path()
    if name == "NGINX_CERT":
        return paths.web_certificate()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
