# File: stix_exporter_connector.py
#
# Licensed under the Apache License 2.0
"""STIX 2.1 Exporter: threat objects with what they are related to as a STIX 2.1 bundle; and bundles back in."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import uuid
from typing import Any, Dict, Optional, Tuple

import phantom.app as phantom
import phantom.rules as phantom_rules
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.vault import Vault
from stix_export.collections import CREATE_BUNDLE, CREATE_SIGHTING, LABELS, root_collection
from stix_export.errors import ExportError
from stix_export.export import Report, export_file
from stix_export.library import Key
from stix_export.options import Options
from stix_export.results import data_of, import_data, import_message, import_summary, message_of, summary_of
from stix_export.sources import Source, bundle_name, number_of, open_source


class StixExporterConnector(BaseConnector):
    def __init__(self) -> None:
        super().__init__()
        self._source: Optional[Source] = None
        self._own_container: Optional[int] = None

    def finalize(self) -> Any:
        if self._source is not None:
            self._source.close()
        return phantom.APP_SUCCESS

    def handle_action(self, param: Dict[str, Any]) -> Any:
        """Called once for each set of parameters."""
        identifier = self.get_action_identifier()
        handlers = {
            "test_connectivity": self._test_connectivity,
            CREATE_BUNDLE: self._export,
            CREATE_SIGHTING: self._export,
            "import_bundle": self._import_bundle,
        }
        if identifier not in handlers:
            return self.unknown_action()
        action_result = self.add_action_result(ActionResult(dict(param)))
        try:
            return handlers[identifier](param, action_result)
        except ExportError as error:
            return action_result.set_status(phantom.APP_ERROR, str(error))

    def _test_connectivity(self, param: Dict[str, Any], action_result: ActionResult) -> Any:
        try:
            Options.read({}, self.get_config())
            self.save_progress("{0}", self._opened().describe())
        except ExportError:
            self.save_progress("Test connectivity failed")
            raise
        self.save_progress("Test connectivity passed")
        return action_result.set_status(phantom.APP_SUCCESS, "Test connectivity passed")

    def _export(self, param: Dict[str, Any], action_result: ActionResult) -> Any:
        action = self.get_action_identifier()
        options = Options.read(param, self.get_config())
        root = (root_collection(param.get("object_type"), action), number_of(param.get("object_id"), "object_id"))
        source = self._opened()
        self.save_progress("{0}", f"Exporting {LABELS[root[0]]} {root[1]} from {source.name}")
        name = bundle_name(action, root)
        folder = tempfile.mkdtemp(dir=Vault.get_vault_tmp_dir())
        try:
            path = os.path.join(folder, name)
            report = export_file(source.library, root, action, options, path)
            return self._deliver(action_result, source, root, report, path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _deliver(self, action_result: ActionResult, source: Source, root: Key, report: Report, path: str) -> Any:
        """Put the finished file into the vault, and into ThreatQ where the objects come from there."""
        size = os.path.getsize(path)
        container = self._container(f"STIX 2.1 export of {LABELS[root[0]]} {root[1]}")
        vault_id = self._attach(path, container)
        uploaded, failure = None, ""
        if source.client is not None:
            from stix_export.threatq import upload  # a library file needs no HTTP

            self.save_progress("{0}", f"Uploading {os.path.basename(path)} to ThreatQ")
            try:
                uploaded = upload(source.client, path, os.path.basename(path), root)
            except ExportError as error:
                failure = str(error)
        for item in data_of(report):
            action_result.add_data(item)
        where = {
            "vault_id": vault_id,
            "file_name": os.path.basename(path),
            "file_size": size,
            "container_id": container,
        }
        action_result.update_summary({**where, **summary_of(report)})
        if uploaded is not None:
            action_result.update_summary({"threatq_file_id": uploaded.id, "threatq_file_url": uploaded.url})
        if failure:
            return action_result.set_status(
                phantom.APP_ERROR, f"The bundle is in the vault as {vault_id}, but not complete in ThreatQ: {failure}"
            )
        return action_result.set_status(phantom.APP_SUCCESS, message_of(report, root, vault_id, uploaded is not None))

    def _import_bundle(self, param: Dict[str, Any], action_result: ActionResult) -> Any:
        from stix_export.importing.container import import_bundle  # exports have no need of it
        from stix_export.importing.document import bundle_text, read_bytes

        vault_id, text = param.get("vault_id"), param.get("bundle")
        if bool(vault_id) == bool(text):
            raise ExportError("Give either vault_id, the id of a bundle in the vault, or bundle, its text.")
        content = bundle_text(text) if text else read_bytes(self._vault_path(str(vault_id).strip().lower()))
        imported = import_bundle(content, str(param.get("container_label") or "").strip() or None)
        saved, message, container = self.save_container(imported.container)
        if phantom.is_fail(saved) or not container:
            raise ExportError(f"The bundle's container was not saved: {message}")
        for item in import_data(imported):
            action_result.add_data(item)
        action_result.update_summary(import_summary(imported, container, message))
        return action_result.set_status(phantom.APP_SUCCESS, import_message(imported, container))

    @staticmethod
    def _vault_path(vault_id: str) -> str:
        found, message, entries = phantom_rules.vault_info(vault_id=vault_id)
        if not found or not entries:
            raise ExportError(f"The vault has no file {vault_id[:200]!r}: {message}")
        return str(entries[0]["path"])

    def _opened(self) -> Source:
        """Where the objects come from; opened once for all parameter sets of a run."""
        if self._source is None:
            self._source = open_source(self.get_config(), self._library_path, self._tell)
        return self._source

    def _tell(self, text: str) -> None:
        self.send_progress("{0}", text)

    @staticmethod
    def _library_path(given: str) -> Tuple[str, str]:
        """The path of a library file, and what to call it; ``given`` is a path or a vault id.

        :raises ExportError: there is neither
        """
        path = os.path.abspath(os.path.expanduser(given))
        if os.path.exists(path):
            return path, os.path.basename(path)
        found, _, entries = phantom_rules.vault_info(vault_id=given.lower())
        if not found or not entries:
            raise ExportError(
                f"library_file {given[:200]} is neither a file nor in the vault: give its whole path, or a vault id"
            )
        entry = entries[0]
        return str(entry["path"]), str(entry.get("name") or given)

    def _container(self, name: str) -> int:
        """The run's container; a run without one gets one of its own, which all its exports share.

        :raises ExportError: it cannot be made
        """
        container = self.get_container_id() or self._own_container
        if not container:
            made = {
                "name": name,
                "source_data_identifier": str(uuid.uuid4()),
                "description": "Made for the exported file.",
            }
            saved, message, container = self.save_container(made)
            if phantom.is_fail(saved) or not container:
                raise ExportError(f"There is no container for the bundle, and none can be made: {message}")
            self._own_container = container
        return int(container)

    @staticmethod
    def _attach(path: str, container: int) -> str:
        saved, message, vault_id = phantom_rules.vault_add(
            container=container, file_location=path, file_name=os.path.basename(path)
        )
        if not saved or not vault_id:
            raise ExportError(f"The bundle cannot be put into the vault: {message}")
        return str(vault_id)


def main() -> None:
    """Run an action by hand: python stix_exporter_connector.py FILE, the action as JSON."""
    import argparse
    import json

    parser = argparse.ArgumentParser(description="Run an action of the STIX 2.1 Exporter by hand")
    parser.add_argument("input_test_json", help="file with the action JSON")
    with open(parser.parse_args().input_test_json, encoding="utf-8") as file:
        wanted = json.load(file)
    connector = StixExporterConnector()
    connector.print_progress_message = True
    answer = json.loads(connector._handle_action(json.dumps(wanted), None))
    print(json.dumps(answer, indent=4))
    sys.exit(0 if answer["status"] == "success" else 1)


if __name__ == "__main__":
    main()
