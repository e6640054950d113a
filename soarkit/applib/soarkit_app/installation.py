"""What apps ask about the platform they run on (connector API, section 6, and ``phantom_common.install_info``)."""

from __future__ import annotations

from soarkit_app import session


def get_product_version() -> str:
    """The platform version declared to apps, at least 7.0.0: the SDK chooses its calls by it."""
    return session.current.product_version


def get_rest_base_url() -> str:
    """The address of the REST API; ends in ``/rest/``."""
    return session.current.base_url.rstrip("/") + "/rest/"


def get_verify_ssl_setting() -> bool:
    """Whether calls to the platform itself should check its certificate."""
    return False


def is_fips_enabled() -> bool:
    """False: apps then keep the identifiers they always had (MD5 where the platform used it)."""
    return False


def is_cloud_install() -> bool:
    """False."""
    return False


def is_onprem_broker_install() -> bool:
    """False: the app runs where the platform is."""
    return False


def is_onprem_broker_rpc_install() -> bool:
    """False."""
    return False


def get_product_installation_id() -> str:
    """A hexadecimal text that is the same in every run of this installation."""
    import hashlib
    import os
    import secrets

    from soarkit_app import paths

    path = os.path.join(session.current.home, "installation_id")
    try:
        paths.make_folder(session.current.home)
        try:
            with open(path, "x", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:  # the usual case: it was made by the first run that asked
            pass
        with open(path, "rb") as seed:
            content = seed.read()
    except OSError:  # a home that cannot be written is a place that stays the same
        content = os.fsencode(path)
    return hashlib.sha256(content).hexdigest()
