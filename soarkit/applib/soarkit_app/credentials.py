"""Credentials that an external manager keeps; the host would have to fetch them (connector API 2.5, step 5)."""

from __future__ import annotations

from soarkit_app import session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The managers there are, each a module of ``phantom_common.credential_managers``.
MANAGERS = ("hashicorp", "cyberark", "cyberark_rest", "thycotic")


def fetch(manager: str, fields: Any, config: Any) -> Any:
    """Ask the host.

    :param fields: the fields wanted, as dicts with a ``name``; for ``cyberark`` one of them
    :return: ``{"name", "value"}`` items; for ``cyberark`` the value
    :raises soarkit_app.session.ServiceUnavailable: it has no access to this manager
    """
    try:
        return session.current.call("get_credential", manager=manager, fields=fields, config=config)
    except session.ServiceUnavailable as error:
        message = f"this version of soarkit has no access to {manager}; put the values into the asset's configuration"
        raise session.ServiceUnavailable(message) from error
