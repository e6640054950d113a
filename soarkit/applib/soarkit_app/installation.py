"""What apps ask about the platform they run on (connector API, section 6, and ``phantom_common.install_info``)."""

from __future__ import annotations

from soarkit_app import session

#: Says whether the kernel runs in FIPS mode (Linux).
_KERNEL_FLAG = "/proc/sys/crypto/fips_enabled"


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
    """Whether only FIPS 140 algorithms may be used: what SOARKIT_FIPS says (1 or 0), else the kernel's own flag.

    Without it apps keep the identifiers they always had (MD5 where the platform used it).
    """
    import os

    told = session.current.fips
    if told is None:
        word = os.environ.get("SOARKIT_FIPS", "").strip()
        told = None if word not in ("0", "1") else word == "1"
    if told is not None:
        return told
    try:
        with open(_KERNEL_FLAG, encoding="ascii") as file:
            return file.read().strip() == "1"
    except (OSError, ValueError):
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
    """A hexadecimal text that is the same in every run of this installation.

    In a recorded run and in its replay it is a fixed one: requests may hold it, and they have to be the same.
    """
    import hashlib
    import os
    import secrets

    from soarkit_app import paths

    path = session.current.installation
    if not path:
        return hashlib.sha256(b"soarkit recording").hexdigest()
    try:
        paths.make_folder(os.path.dirname(path))
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
