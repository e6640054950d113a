"""BaseConnector's way to the container store (connector API, section 7).

The store is the host's: each method asks it, never raises, and gives the API's own failure value when there is none.
"""

from __future__ import annotations

from soarkit_app import jsonsafe, session
from soarkit_app.connector_parts import ConnectorPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple


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
        entries = []
        for container in containers:
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
            return False, str(error), 503
        return bool(status), info, http_status

    def suspend_run(self, key: Any) -> Any:
        """Keep the run open for a webhook to finish. :return: a token

        :raises soarkit_app.session.ServiceUnavailable: nothing here could finish it; an app that went on would wait
            for an answer that never comes
        """
        return session.current.call("suspend_run", key=key)

    def lock(self, param: Any = None, action_result: Any = None) -> bool:
        """Nothing to do: an action's lock is taken before its process starts."""
        return True

    def unlock(self) -> bool:
        """Nothing to do, as in :meth:`lock`."""
        return True

    def __save_container(self, container: Any, fail_on_duplicate: bool) -> Tuple[bool, str, Optional[int]]:
        container_id: Optional[int] = None
        try:
            answer: Any = session.current.call(
                "save_container", container=jsonsafe.plain(container), fail_on_duplicate=bool(fail_on_duplicate)
            )
            status, message, container_id = answer
        except Exception as error:
            status, message = False, str(error)
        self.__count("containers", 1, status, message)
        return bool(status), message, container_id

    def __save_artifacts(self, artifacts: Any) -> Tuple[bool, str, Optional[List[int]]]:
        if not artifacts:
            return True, "There are no artifacts to save", []
        ids: Optional[List[int]] = None
        try:
            answer: Any = session.current.call(
                "save_artifacts",
                artifacts=jsonsafe.plain(artifacts),
                container_id=self._BaseConnector__run.echo()["container_id"],
            )
            status, message, ids = answer
        except Exception as error:
            status, message = False, str(error)
        self.__count("artifacts", len(artifacts), status, message)
        return bool(status), message, ids

    def __count(self, what: str, number: int, status: Any, message: str) -> None:
        """Count for the summary of a poll; only a poll has these counters."""
        counters = self._BaseConnector__run.counters
        if "duplicate" in str(message).lower():
            key = f"{what}_duplicate"
        else:
            key = f"{what}_successful" if status else f"{what}_failed"
        if key in counters:
            counters[key] += number
