"""Run: what a connector object knows about the action run under way."""

from __future__ import annotations

from soarkit_app.action_json import whole_number
from soarkit_app.messages import text_of
from soarkit_app.validators import CONTAINS_VALIDATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, Optional

#: A secret shorter than this is too likely a word of its own to be blotted out of every log line.
_SHORTEST_MASKED = 6
MASK = "********"

#: Keys of ``result_summary`` that count what a poll saved (connector API, section 7).
INGEST_COUNTERS = (
    "containers_successful",
    "containers_failed",
    "containers_duplicate",
    "artifacts_successful",
    "artifacts_failed",
    "artifacts_duplicate",
)
#: Both counts of a scheduled poll; a manual one passes the numbers that the user chose.
SCHEDULED_POLL_COUNT = 4294967295


class Run:
    """One call of ``_handle_action``, or the time before the first."""

    def __init__(self, values: Optional[Dict[str, Any]] = None) -> None:
        self.values: Dict[str, Any] = {} if values is None else values  #: the action JSON
        self.app: Optional[Dict[str, Any]] = None  #: the app JSON, once it is read
        self.action: Dict[str, Any] = {}  #: the action's part of it
        self.config: Dict[str, Any] = {}  #: the live configuration that apps read and write
        self.param: Dict[str, Any] = {}  #: the parameters being handled
        self.state: Optional[Dict[str, Any]] = None  #: the state as it was last loaded or saved
        self.validators: Dict[str, Optional[Callable[[Any], object]]] = {}  #: by ``set_validator``, None: no check
        self.refused: str = ""  #: why the parameters under way failed their validation
        self.counters: Dict[str, int] = {}  #: what a poll saved so far
        self.cancel_handled = False  #: whether the app was told that the run is cancelled
        self.__secrets: List[str] = []  # longest first: one may begin with another

    @property
    def identifier(self) -> str:
        return text_of(self.values.get("identifier") or "")  # like the rest of the echo, it may not be checked yet

    @property
    def asset_id(self) -> str:
        """The asset's id as text. "0" without an asset: apps call ``int()`` on it and name files after it."""
        asset_id = self.values.get("asset_id")
        return "0" if asset_id is None or asset_id == "" else text_of(asset_id)

    @property
    def salt(self) -> str:
        """What encrypted values of this asset were salted with: ``dec_key``, else the asset's id."""
        return str(self.values.get("dec_key") or self.asset_id)

    @property
    def is_poll(self) -> bool:
        return self.identifier in ("on_poll", "on_es_poll")

    @property
    def is_poll_now(self) -> bool:
        """Whether a person asked for this poll; the same in ``initialize`` and ``finalize`` as in between."""
        if self.values.get("poll_now") is True:
            return True
        if not self.is_poll:
            return False
        param = self.param or self.values["parameters"][0]
        count = param.get("container_count")
        return count is not None and whole_number(count, SCHEDULED_POLL_COUNT) != SCHEDULED_POLL_COUNT

    def all_validators(self) -> Dict[str, Optional[Callable[[Any], object]]]:
        """The built-in validators with this run's own over them."""
        return {**CONTAINS_VALIDATORS, **self.validators}

    def echo(self) -> Dict[str, Any]:
        """The keys of the action JSON that the result repeats."""
        values = self.values
        return {
            "identifier": self.identifier,
            "action": text_of(values.get("action") or self.action.get("action") or ""),
            "action_run_id": whole_number(values.get("action_run_id")),
            "connector_run_id": whole_number(values.get("connector_run_id")),
            "asset_id": self.asset_id,
            "container_id": whole_number(values.get("container_id")),
        }

    def add_secrets(self, values: Iterable[object]) -> None:
        """Texts, or numbers that stand for one, that must not appear in logs and progress."""
        given = {text_of(one) for one in values if isinstance(one, (str, int, float))}
        given.update(self.__secrets)
        self.__secrets = sorted((one for one in given if len(one) >= _SHORTEST_MASKED), key=len, reverse=True)

    def mask(self, text: str) -> str:
        """The text without this run's secrets: apps log whole requests and configurations."""
        for secret in self.__secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return text
