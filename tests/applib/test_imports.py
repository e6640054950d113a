"""What importing the connector API gives and costs, and what its own modules import."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import phantom.action_result
import phantom.app
import phantom.base_connector
import phantom.connector_result
import pytest

APPLIB = Path(phantom.app.__file__).parents[1]


def test_phantom_app_re_exports_utils_and_the_classes():
    import phantom.utils

    for name in phantom.utils.__all__:
        assert getattr(phantom.app, name) is getattr(phantom.utils, name)
    assert phantom.app.BaseConnector is phantom.base_connector.BaseConnector
    assert phantom.app.ActionResult is phantom.action_result.ActionResult


def test_phantom_rules_re_exports_utils_and_the_vault():
    import phantom.rules
    import phantom.utils
    import phantom.vault

    for name in (*phantom.utils.__all__, *phantom.vault.__all__):
        wanted = getattr(phantom.vault if name in phantom.vault.__all__ else phantom.utils, name)
        assert getattr(phantom.rules, name) is wanted


def test_a_star_import_of_the_main_module_brings_no_name_of_ours():
    namespace = {}
    exec("from phantom.app import *\nfrom phantom.rules import *", namespace)
    assert not {"annotations", "find", "session", "TYPE_CHECKING"} & set(namespace)


@pytest.mark.parametrize("path", sorted((APPLIB / "soarkit_app").glob("*.py")), ids=lambda path: path.name)
def test_the_names_stand_on_the_code_and_never_the_other_way_round(path):
    if path.name == "runner.py":  # where a process starts; it loads the names before an app can bring its own
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names = {"phantom", "phantom_common", "encryption_helper", "ph_ipc", "pudb"}
    assert not {name for name in imported if name.split(".")[0] in names}


def test_the_vault_class_and_the_module_are_interchangeable():
    from phantom import vault

    names = {name for name in vars(vault.Vault) if not name.startswith("__")}
    assert len(names) == 6
    for name in names:
        assert getattr(vault.Vault, name) is getattr(vault, name)


def test_requests_is_reached_through_phantom_app_only_when_asked_for(tmp_path):
    (tmp_path / "requests.py").write_text("name = 'the library'", encoding="utf-8")
    code = (
        "import sys, phantom.app, phantom.rules; assert 'requests' not in sys.modules;"
        "assert phantom.app.requests.name == phantom.rules.requests.name == 'the library'"
    )
    path = os.pathsep.join([str(APPLIB), str(tmp_path)])
    subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": path}, check=True)


def test_without_requests_an_app_still_loads():
    code = (
        "import phantom.app, phantom.rules; assert not hasattr(phantom.app, 'requests');"
        "assert not hasattr(phantom.rules, 'nothing')"
    )
    subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(APPLIB)}, check=True)


def test_start_up_imports_nothing_heavy():
    code = (
        "import sys, json, os, re; before = set(sys.modules); import phantom.app, phantom.base_connector;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; print(*new)"
    )
    command = [sys.executable, "-S", "-c", code]
    output = subprocess.check_output(command, env={"PYTHONPATH": str(APPLIB), "HOME": "x"}, text=True)
    assert set(output.split()) == {"__future__", "phantom", "soarkit_app"}


@pytest.mark.parametrize("path", sorted(APPLIB.rglob("*.py")), ids=lambda path: str(path.relative_to(APPLIB)))
def test_python_3_9_syntax_and_no_import_of_soarkit(path):
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {name for name in imported if name.split(".")[0] == "soarkit"}
