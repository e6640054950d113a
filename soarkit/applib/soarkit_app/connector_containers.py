"""BaseConnector's way to the container store (connector API, section 7).

The store is the host's: each method asks it, never raises, and gives the API's own failure value when there is none.
The host answers ``save_container`` and ``save_artifacts`` with status, message and id or ids, and may add a fourth
item, how much each ingest counter of the run grows: ``{"artifacts_duplicate": 2, ...}``. Only it knows what became of
each artifact.
"""

from __future__ import annotations

from soarkit_app import jsonsafe, session
from soarkit_app.action_json import whole_number
from soarkit_app.connector_parts import ConnectorPart
from soarkit_app.link import Encoded
from soarkit_app.messages import exception_text, with_article

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

#: What the API says, word for word, of a container that was there already; its status is success.
_DUPLICATE = "Duplicate container found"


class ContainerMethods(ConnectorPart):
    """Saving and reading containers and artifacts."""

    def save_container(self, container: Any, fail_on_duplicate: bool = False) -> Tuple[bool, str, Optional[int]]:
        """Save a container with its artifacts. :return: status, message, id or None"""
        return self.__save_container(container, fail_on_duplicate)

    def save_container_ingest(self, container: Any, fail_on_duplicate: bool = False) -> Tuple[bool, str, Optional[int]]:
        """The same as :meth:`save_container`."""
        return self.__save_container(container, fail_on_duplicate)

    def save_containers(self, containers: Any) -> Tuple[bool, str, List[Dict[str, Any]]]:
        """Save several. :return: success if at least one was saved, message, and an entry for each container"""
        try:
            given = _listed(containers)
        except Exception as error:
            return False, f"the containers cannot be saved: {exception_text(error)}", []
        entries = []
        for container in given:
            status, message, container_id = self.__save_container(container, False)
            entries.append({"success": status, "message": message, "id": container_id})
        saved = sum(1 for entry in entries if entry["success"])
        reason = next((f": {entry['message']}" for entry in entries if not entry["success"]), "")
        return saved > 0, f"{saved} of {len(entries)} containers saved{reason}", entries

    def save_artifacts(self, artifacts: Any) -> Tuple[bool, str, Optional[List[int]]]:
        """Save artifacts. :return: status, message, list of ids or None"""
        return self.__save_artifacts(artifacts)

    def save_artifact(self, artifact: Any) -> Tuple[bool, str, Optional[int]]:
        """Save one artifact. :return: status, message, id or None"""
        status, message, ids = self.__save_artifacts([artifact])
        return status, message, ids[0] if ids else None

    def save_artifact_ingest(self, artifact: Any) -> Tuple[bool, str, Optional[int]]:
        """The same as :meth:`save_artifact`."""
        status, message, ids = self.__save_artifacts([artifact])
        return status, message, ids[0] if ids else None

    def get_container_info(self, container_id: Any = None) -> Tuple[bool, Any, int]:
        """A container as REST shows it. :return: status, the dict or the reason, HTTP status"""
        if container_id is None:
            container_id = self._BaseConnector__run.echo()["container_id"]
        try:
            answer: Any = session.current.call("get_container_info", container_id=container_id)
            status, info, http_status = answer
        except Exception as error:
            return False, exception_text(error), 503
        return bool(status), info, http_status

    def suspend_run(self, key: Any) -> Any:
        """Keep the run open for a webhook to finish. :return: a token; empty when nothing here could finish it

        The app goes on either way, and the run then ends with what it returns: the log says so.
        """
        try:
            return session.current.call("suspend_run", key=key)
        except Exception as error:
            session.log("error", f"the run cannot be suspended: {exception_text(error)}")
            return ""

    def lock(self, param: Any = None, action_result: Any = None) -> bool:
        """Nothing to do: an action's lock is taken before its process starts."""
        return True

    def unlock(self) -> bool:
        """Nothing to do, as in :meth:`lock`."""
        return True

    def __save_container(self, container: Any, fail_on_duplicate: bool) -> Tuple[bool, str, Optional[int]]:
        container_id: Optional[int] = None
        counted: Any = None
        try:
            answer = session.current.call(
                "save_container", container=_encoded(container), fail_on_duplicate=bool(fail_on_duplicate)
            )
            status, message, container_id, counted = _parts(answer)
        except Exception as error:
            status, message = False, exception_text(error)
            session.log("error", f"the container was not saved: {message}")
        saved = "duplicate" if message == _DUPLICATE else "successful"
        self.__count(counted, {f"containers_{saved if status else 'failed'}": 1})
        return bool(status), message, container_id

    def __save_artifacts(self, artifacts: Any) -> Tuple[bool, str, Optional[List[int]]]:
        ids: Optional[List[int]] = None
        counted: Any = None
        given: List[Any] = []
        try:
            given = _listed(artifacts) if artifacts is not None else []
            if not given:
                return True, "There are no artifacts to save", []
            answer = session.current.call(
                "save_artifacts",
                artifacts=_encoded(given),
                container_id=self._BaseConnector__run.echo()["container_id"],
            )
            status, message, ids, counted = _parts(answer)
        except Exception as error:
            status, message = False, exception_text(error)
        if given and not status:  # many an app does not look
            session.log("error", f"not all of {len(given)} artifacts were saved: {message}")
        if isinstance(ids, list):
            saved = min(len(given), sum(1 for one in ids if one is not None))
        else:
            saved = len(given) if status else 0
        self.__count(counted, {"artifacts_successful": saved, "artifacts_failed": len(given) - saved})
        return bool(status), message, ids

    def __count(self, counted: Any, otherwise: Dict[str, int]) -> None:
        """Count for the summary of a poll; only a poll has these counters.

        :param counted: the host's own counts, if it gave any
        :param otherwise: what its status, message and ids say; nothing failed counts as a duplicate
        """
        told = counted if isinstance(counted, dict) else otherwise
        counters = self._BaseConnector__run.counters
        # Nothing is called between reading a counter and writing it: apps save from several threads.
        for key, number in [(key, whole_number(told.get(key))) for key in counters]:
            counters[key] += number


def _encoded(items: Any) -> Encoded:
    return Encoded(jsonsafe.dumps(items))


def _parts(answer: Any) -> Tuple[Any, Any, Any, Any]:
    """The four items of the host's answer, None for the last without one. :raises Exception: it has another form"""
    if not isinstance(answer, (list, tuple)):
        raise TypeError(f"the host's answer is no list: {type(answer).__name__}")
    status, message, value, *counted = answer
    return status, message, value, counted[0] if counted else None


def _listed(items: Any) -> List[Any]:
    """The items of any iterable. :raises TypeError: it is none, or one of the things that are only so by accident"""
    if isinstance(items, (str, bytes, dict)):
        raise TypeError(f"a list is needed, not {with_article(type(items).__name__)}")
    return list(items)
