"""Lists, notes, containers and artifacts as ``phantom.rules`` offers them to apps (connector API, section 4).

They are the host's; each function asks it, and gives the API's own failure value when there is none.
"""

from __future__ import annotations

from soarkit_app import installation, jsonsafe, session
from soarkit_app.messages import exception_text, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple


def _ask(name: str, failure: Tuple[Any, ...], /, **arguments: Any) -> Tuple[Any, ...]:
    """The host's answer: status, message, and what ``failure`` has further, which stands in when there is none."""
    try:
        answer: Any = session.current.call(name, **jsonsafe.plain(arguments))
        status, message, *rest = answer
        if len(rest) != len(failure):
            raise ValueError(f"the answer has {len(rest) + 2} parts instead of {len(failure) + 2}")
        return (bool(status), message, *rest)
    except Exception as error:
        session.log("error", f"phantom.rules.{name}: {exception_text(error)}")
        return (False, exception_text(error), *failure)


def get_list(
    list_name: Any = None, values: Any = None, column_index: int = -1, trace: bool = False
) -> Tuple[bool, str, List[Any]]:
    """The rows of a custom list. :return: status, message, rows"""
    status, message, rows = _ask("get_list", ([],), list_name=list_name, values=values, column_index=column_index)
    return status, message, rows


def set_list(list_name: Any, values: Any) -> Tuple[bool, str]:
    """Replace a custom list. :return: status, message"""
    status, message = _ask("set_list", (), list_name=list_name, values=values)
    return status, message


def add_list(list_name: Any, values: Any) -> Tuple[bool, str]:
    """Append a row to a custom list, creating it. :return: status, message"""
    status, message = _ask("add_list", (), list_name=list_name, values=values)
    return status, message


def delete_from_list(
    list_name: Any,
    value: Any,
    column: Any = None,
    remove_all: bool = False,
    remove_row: bool = False,
    trace: bool = False,
) -> Tuple[bool, str]:
    """Delete a value from a custom list. :return: status, message"""
    status, message = _ask(
        "delete_from_list",
        (),
        list_name=list_name,
        value=value,
        column=column,
        remove_all=remove_all,
        remove_row=remove_row,
    )
    return status, message


def check_list(
    list_name: Any, value: Any, case_sensitive: bool = False, substring: bool = False
) -> Tuple[bool, str, int]:
    """Count a value in a custom list. :return: status, message, count"""
    status, message, count = _ask(
        "check_list", (0,), list_name=list_name, value=value, case_sensitive=case_sensitive, substring=substring
    )
    return status, message, count


def add_note(
    container: Any = None, note_type: Any = None, trace: bool = False, note_format: str = "html", **kwargs: Any
) -> Tuple[bool, str, Optional[int]]:
    """Add a note (``title``, ``content``, ``artifact_id``, ``task_id``). :return: status, message, id"""
    status, message, note_id = _ask(
        "add_note", (None,), container=container, note_type=note_type, note_format=note_format, fields=kwargs
    )
    return status, message, note_id


def delete_artifact(artifact_id: Any) -> bool:
    """Delete an artifact. :return: status"""
    return bool(_ask("delete_artifact", (), artifact_id=artifact_id)[0])


def get_container(container_id: Any) -> Optional[Dict[str, Any]]:
    """A container as REST shows it; None when there is none."""
    container: Optional[Dict[str, Any]] = _ask("get_container", (None,), container_id=container_id)[2]
    return container


def build_phantom_rest_url(*parts: Any) -> str:
    """The absolute URL of a REST resource, each part quoted: ``build_phantom_rest_url("decided_list", "my list")``."""
    from urllib.parse import quote

    return installation.get_rest_base_url() + "/".join(quote(text_of(part).strip("/")) for part in parts)


class SoarRestClient:
    """What a webhook handler is given to reach the platform with (connector API 8.2).

    :param token: session token of the platform user
    """

    def __init__(self, token: str, asset_id: Any) -> None:
        self.asset_id = asset_id
        self.base_url = installation.get_rest_base_url().rstrip("/")
        self._token = token
        self._session: Any = None

    @property
    def session(self) -> Any:
        """A ``requests`` session, logged in. Made when it is first used: not every web hook has need of it."""
        if self._session is None:
            import requests

            self._session = requests.Session()
            self._session.headers["Cookie"] = f"sessionid={self._token}"
        return self._session

    def get_related_connector_run(self, key: Any) -> Dict[str, Any]:
        """The app run that was suspended with this key; {} when there is none."""
        return dict(_ask("get_related_connector_run", ({},), key=key)[2] or {})

    def finish_related_connector_run(self, key: Any, result: Any = None) -> bool:
        """Close a suspended app run with a result dict. :return: status"""
        return bool(_ask("finish_related_connector_run", (), key=key, result=result)[0])
