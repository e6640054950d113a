"""What is installed: the wheel holds all that soarkit needs, and apps find the connector library."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import APPS, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_all_parts(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    expected = {str(path.relative_to(ROOT)) for path in (ROOT / "soarkit").rglob("*.py")}
    expected |= {f"soarkit/schemas/{path.name}" for path in (ROOT / "schemas").glob("*.json")}
    expected |= {str(path.relative_to(ROOT)) for path in (ROOT / "soarkit/environments/baseline").rglob("*.txt")}
    # Whatever else lies beside the modules: what pages are made of, vendored libraries with their licences, lists.
    others = {path.relative_to(ROOT) for path in (ROOT / "soarkit").rglob("*") if path.is_file()}
    kept = [path for path in others if not any(part[0] == "." or part == "__pycache__" for part in path.parts)]
    expected |= {str(path) for path in kept}
    for part in ("render/page", "enrichments/page", "enrichments/pivot", "enrichments/charts"):
        assert any(name.startswith(f"soarkit/{part}/assets/") for name in expected), part
    vendored = "soarkit/enrichments/charts/assets/vendor"
    for name in ("echarts.min.js", "echarts.LICENSE.txt", "echarts.NOTICE.txt", "zrender.LICENSE.txt"):
        assert f"{vendored}/{name}" in expected
    library = {f"soarkit/applib/{name}.py" for name in ("AnomaliEnrichment", "AnomaliTransform")}
    library |= {f"soarkit/applib/{name}/__init__.py" for name in ("anomalienrichment", "anomalitransform")}
    assert library <= expected
    expected |= {"soarkit/py.typed", "soarkit-applib.pth", "soarkit/environments/baseline/members.in"}
    expected.add("soarkit/environments/baseline/enrichment/members.in")
    assert expected <= names
    # Nothing else is put beside other packages: no tests, no apps.
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"soarkit", "soarkit-applib.pth"}


@pytest.mark.parametrize("flags", [[], ["-I"]])
def test_a_connector_finds_its_library_where_soarkit_is_installed(
    wheel: Path, tmp_path: Path, flags: list[str]
) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    (packages,) = environment.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    program = (
        "import phantom.app, phantom.rules, encryption_helper, ph_ipc, AnomaliEnrichment, AnomaliTransform, "
        "anomalienrichment, anomalitransform; print(phantom.app.APP_SUCCESS)"
    )
    command = [environment / "bin" / "python", *flags, "-c", program]
    process = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert process.stdout == "True\n", process.stderr


def test_every_schema_is_one(wheel: Path) -> None:
    import json

    from jsonschema import Draft202012Validator

    for path in (ROOT / "schemas").glob("*.json"):
        Draft202012Validator.check_schema(json.loads(path.read_text()))


def test_results_and_errors_follow_their_schemas(tmp_path: Path) -> None:
    import json

    from jsonschema import validate

    def run(app: str, *arguments: str) -> object:
        command = [sys.executable, "-m", "soarkit", "run", str(APPS / app), *arguments, "--python", sys.executable]
        environment = {**os.environ, "SOARKIT_HOME": str(tmp_path)}
        process = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        return json.loads(process.stdout)

    def schema(name: str) -> dict[str, object]:
        return json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())

    for app in ("raises_in_init", "raises_in_handle_action", "returns_what_json_cannot_hold", "keeps_state"):
        validate(run(app, "count" if app == "keeps_state" else "do it"), schema("result"))
    for app in ("raises_at_import", "broken_json"):
        validate(run(app, "do it"), schema("envelope"))
    validate(run("hangs", "hang", "-p", f"marker={tmp_path}/marker", "--timeout", "0.5"), schema("envelope"))
