"""The app as people run it: `soarkit run` with a child process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from conftest import ROOT, Finished

APP = ROOT / "apps" / "stix_exporter"
LIBRARY = APP / "examples" / "library.json"

Soarkit = Callable[..., Finished]


class App:
    """Runs actions.

    :param config: the asset's configuration
    """

    def __init__(self, soarkit: Soarkit, config: Mapping[str, Any], *options: str) -> None:
        self.soarkit = soarkit
        self.config = dict(config)
        self.options = options or ("--python", sys.executable)

    def with_config(self, **config: Any) -> App:
        """The same with other values; None takes one away."""
        merged = {**self.config, **config}
        return App(self.soarkit, {name: value for name, value in merged.items() if value is not None}, *self.options)

    def run(self, action: str, *options: str, timeout: float = 120, **parameters: Any) -> Finished:
        """Run an action; parameters and configuration go as JSON, so that their types stay."""
        given = [f"{name}:={json.dumps(value)}" for name, value in parameters.items()]
        config = [f"{name}:={json.dumps(value)}" for name, value in self.config.items()]
        arguments = [each for one in given for each in ("-p", one)] + [each for one in config for each in ("-c", one)]
        return self.soarkit("run", APP, action, *arguments, *self.options, *options, "-f", "json", timeout=timeout)

    def done(self, action: str, *options: str, **parameters: Any) -> dict[str, Any]:
        """The action result of a run that succeeds."""
        finished = self.run(action, *options, **parameters)
        assert finished.code == 0, finished.stdout + finished.stderr
        [result] = finished.json()["result_data"]
        return result  # type: ignore[no-any-return]

    def refused(self, action: str, *options: str, **parameters: Any) -> str:
        """The message of a run that fails as it should: without a crash, data or a file."""
        finished = self.run(action, *options, **parameters)
        assert finished.code in (1, 2), finished.stdout + finished.stderr
        assert "Traceback" not in finished.stdout + finished.stderr
        document = finished.json()
        if "error" in document:
            return str(document["error"]["message"])
        assert document["exception_occured"] is False
        for result in document["result_data"]:
            assert result["data"] == []
            assert result["summary"] == {}
        return str(document["message"])

    def bundle(self, vault_id: str, path: Path) -> bytes:
        """A file of the vault, by `soarkit vault get`."""
        finished = self.soarkit("vault", "get", vault_id, "-o", path)
        assert finished.code == 0, finished.stderr
        return path.read_bytes()

    def vault(self) -> list[dict[str, Any]]:
        """All files of the vault."""
        listed = self.soarkit("vault", "list", "-f", "json")
        assert listed.code == 0, listed.stderr
        return listed.json()["files"]  # type: ignore[no-any-return]
