"""Environments, built for real from a folder of tiny wheels."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import baseline
from soarkit.environments.installers import Pip, Uv
from soarkit.environments.interpreters import Interpreter, own
from soarkit.environments.known import known
from soarkit.errors import BuildError

ROOT = Path(__file__).parent.parent.parent
STAMP = "soarkit-environment.json"
HAS_UV = shutil.which("uv") is not None or Path(sys.executable).with_name("uv").exists()
INSTALLERS = ["pip", pytest.param("uv", marks=pytest.mark.skipif(not HAS_UV, reason="uv is not installed"))]


def stamp(environment: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(environment.path, STAMP).read_text())
    return found


def pins() -> dict[str, str]:
    return {name: pin.partition("==")[2] for name, pin in baseline.pins(sys.version_info[:2]).items()}


@pytest.mark.parametrize("installer", INSTALLERS)
def test_wheels_requirements_and_baseline(
    installer: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(builder.folder / "wheels", "shipped-thing", "1.5", requires=["needed"])
    wheel(builder.folder / "wheels", "foreign", "2.0", tag="cp27-none-any")
    wheel(index, "needed", "0.1")
    wheel(index, "foreign", "2.0")
    wheel(index, "foreign", "3.0")
    wheel(index, "asked", "4.0")
    manifest = builder.manifest(
        pypi=["asked", "requests==2.20.0"],
        wheels=["wheels/shipped_thing-1.5-py3-none-any.whl", "wheels/foreign-2.0-cp27-none-any.whl"],
    )
    wheel(index, "requests", "2.20.0")
    environment = builder(manifest)
    assert builder.said[0] == (
        f"building the app's environment (once): Python {own().full_version}, 2 wheels, 2 requirements, baseline"
    )
    assert f"({installer}, " in builder.said[-1]
    assert "foreign-2.0-cp27-none-any.whl does not fit" in environment.warnings[0]
    assert len(environment.warnings) == 1
    noted = stamp(environment)
    expected = {
        **pins(), "shipped-thing": "1.5", "needed": "0.1", "foreign": "2.0", "asked": "4.0", "requests": "2.20.0"
    }  # fmt: skip
    assert noted["installed"] == expected  # and neither pip nor setuptools
    assert [(one["origin"], one["problem"]) for one in noted["wheels"]] == [
        ("app", None),
        ("index", f"does not fit Python {sys.version_info[0]}.{sys.version_info[1]}"),
    ]
    assert imported(environment, "shipped_thing", "requests") == {"shipped_thing": "1.5", "requests": "2.20.0"}
    assert list(Path(environment.path).rglob("__pycache__/shipped_thing.*.pyc"))

    again = builder(manifest)
    assert again == environment
    assert builder.said == []
    assert known(manifest, str(builder.folder), builder.home) == environment.python


def test_apps_with_the_same_set_share_one_environment(
    builder: Any, index: Path, wheel: Callable[..., Path], tmp_path: Path
) -> None:
    path = wheel(builder.folder, "tiny", "1.0")
    manifest = builder.manifest(wheels=[path.name])
    first = builder(manifest)
    other = tmp_path / "other"
    (other / "deeper").mkdir(parents=True)
    shutil.copy(path, other / "deeper")
    builder.folder = other
    second = builder({**manifest, **builder.manifest(wheels=[f"deeper/{path.name}"])})
    assert (second.path, builder.said) == (first.path, [])
    wheel(other / "deeper", "tiny", "1.0", code="# changed\n")
    third = builder(builder.manifest(wheels=[f"deeper/{path.name}"]))
    assert third.path != first.path


@pytest.mark.parametrize("installer", INSTALLERS)
def test_the_baseline_steps_back_for_the_apps_pins(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "requests", "2.20.0", requires=["urllib3<1.25", "chardet<3.1"])
    wheel(index, "urllib3", "1.24")
    wheel(index, "chardet", "3.0")
    environment = builder(builder.manifest(pypi=["requests==2.20.0"]))
    installed = stamp(environment)["installed"]
    assert (installed["requests"], installed["urllib3"], installed["chardet"]) == ("2.20.0", "1.24", "3.0")
    assert installed["six"] == pins()["six"]
    assert "other versions than usual" in environment.warnings[0]


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_that_contradicts_another_is_installed_as_it_is(
    installer: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What else it requires counts, and so does what others require of it."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "urllib3", "1.26", requires=["more"])
    wheel(index, "more", "1.0")
    names = [
        wheel(builder.folder, "upper", "1.0", requires=["lower>=2", "urllib3<1.27"]).name,
        wheel(builder.folder, "lower", "1.0").name,
        wheel(builder.folder, "top", "1.0", requires=["upper<2"]).name,
        wheel(builder.folder, "backport", "1.0", python="<3").name,
    ]
    environment = builder(builder.manifest(wheels=names))
    own_set = {"upper": "1.0", "lower": "1.0", "top": "1.0", "backport": "1.0"}
    assert stamp(environment)["installed"] == {**pins(), **own_set, "urllib3": "1.26", "more": "1.0"}
    assert imported(environment, *own_set) == own_set
    assert environment.warnings == (
        "parts of the baseline have other versions than usual, to go with the app's dependencies",
        "upper 1.0 wants lower>=2, the app has lower 1.0: installed all the same",
        f"backport 1.0 is for Python <3, the app runs on Python {own().full_version}: installed all the same",
    )


@pytest.mark.parametrize("installer", INSTALLERS)
def test_one_wheel_without_a_requirement_that_is_nowhere_to_be_had(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "urllib3", "1.26")
    wheel(index, "more", "1.0")
    names = [
        wheel(builder.folder, "upper", "1.0", requires=["nowhere-to-be-had>=1", "more", "urllib3<1.27"]).name,
        wheel(builder.folder, "idna", "1.20").name,
    ]
    environment = builder(builder.manifest(wheels=names))
    installed = stamp(environment)["installed"]
    assert installed == {**pins(), "upper": "1.0", "more": "1.0", "idna": "1.20", "urllib3": "1.26"}
    assert environment.warnings[-1] == (
        "the app's wheels were installed without all that they require: "
        "upper 1.0 wants nowhere-to-be-had>=1, which the package index does not have"
    )


@pytest.mark.parametrize("installer", INSTALLERS)
def test_wheels_that_cannot_agree_on_the_baseline(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    wheel(index, "urllib3", "1.26")
    wheel(index, "idna", "2.0")
    names = [
        wheel(builder.folder, "first", "1.0", requires=["urllib3<1.27", "idna<3"]).name,
        wheel(builder.folder, "second", "1.0", requires=["urllib3>=2"]).name,
    ]
    environment = builder(builder.manifest(wheels=names))
    installed = stamp(environment)["installed"]
    assert installed == {**pins(), "first": "1.0", "second": "1.0", "urllib3": "1.26", "idna": "2.0"}
    assert environment.warnings[1:] == (
        "second 1.0 wants urllib3>=2, first 1.0 wants urllib3<1.27: installed all the same",
    )


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_from_the_index_that_contradicts_the_others(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the others require still counts."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    for name, version in (("urllib3", "1.26"), ("more", "1.0"), ("lower", "2.0")):
        wheel(index, name, version)
    wheel(index, "foreign", "1.0", requires=["lower>=2"])
    names = [
        "foreign-1.0-py3-none-any.whl",
        wheel(builder.folder, "lower", "1.0").name,
        wheel(builder.folder, "fine", "1.0", requires=["urllib3<1.27", "more"]).name,
    ]
    environment = builder(builder.manifest(wheels=names))
    installed = stamp(environment)["installed"]
    own_set = {"foreign": "1.0", "lower": "1.0", "fine": "1.0"}
    assert installed == {**pins(), **own_set, "urllib3": "1.26", "more": "1.0"}
    said = environment.warnings[-1]
    reasons = {
        "uv": "only lower<2 is available and all versions of foreign depend on lower>=2",
        "pip": "foreign 1.0 depends on lower>=2, the app has lower 1.0",
    }
    assert said == f"the app's wheels were installed without all that they require: {reasons[installer]}"


def assert_nothing_left(builder: Any) -> None:
    folder = Path(builder.home, "environments")
    assert not folder.exists() or [path.name for path in folder.iterdir() if path.name != ".memos"] == []


@pytest.mark.parametrize("installer", INSTALLERS)
def test_what_does_not_exist_is_named(installer: str, builder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", Path(builder.home).as_uri())  # an index that is there, and empty
    with pytest.raises(BuildError) as caught:
        builder(builder.manifest(pypi=["soarkit-test-no-such-thing==1"]))
    assert "soarkit-test-no-such-thing" in caught.value.message
    log = (caught.value.hint or "").split("\n")[0].partition(": ")[2]
    assert "soarkit-test-no-such-thing" in Path(log).read_text()
    assert_nothing_left(builder)


@pytest.mark.parametrize("installer", INSTALLERS)
def test_offline_it_names_the_wheel_the_interpreter_and_the_ways_out(
    installer: str, builder: Any, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    path = wheel(builder.folder, "tiny", "1.0", tag="cp27-none-any")
    with pytest.raises(BuildError) as caught:
        builder(builder.manifest(wheels=[path.name]))
    assert path.name in caught.value.message
    assert own().full_version in caught.value.message
    assert "switched off" in caught.value.message
    assert "PIP_INDEX_URL" in (caught.value.hint or "")
    assert "--python" in (caught.value.hint or "")
    assert_nothing_left(builder)


@pytest.mark.parametrize("lines", [1, 2000])
@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_wheel_that_does_not_fit_and_has_only_a_source_that_does_not_build(
    installer: str, lines: int, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said in a sentence and at once: no other set of packages would help."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    path = wheel(builder.folder, "foreign", "2.0", tag="cp27-none-any")
    content = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "made"\nbackend-path = ["."]\n',
        "made.py": f"""
import sys
def build_wheel(*_):
    sys.stderr.write("what a compiler says\\n" * {lines})
    sys.exit(1)
""",
        "PKG-INFO": "Metadata-Version: 2.1\nName: foreign\nVersion: 2.0\n",
    }
    with tarfile.open(index / "foreign-2.0.tar.gz", "w:gz") as archive:
        for name, text in content.items():
            member = tarfile.TarInfo(f"foreign-2.0/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", Path(builder.home).as_uri())
    with pytest.raises(BuildError) as caught:
        builder(builder.manifest(wheels=[path.name]))
    assert f"{path.name} does not fit" in caught.value.message
    assert "foreign==2.0 is needed, and the package index has only its source, which cannot be built" in (
        caught.value.message
    )
    assert not [one for one in builder.said if one.startswith("trying again")]
    assert_nothing_left(builder)


def test_an_index_that_does_not_answer(builder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", "pip")
    monkeypatch.setenv("PIP_RETRIES", "1")  # without any it does not say that it could not connect
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://user:geheim@127.0.0.1:9/simple")  # the discard port: nobody listens
    with pytest.raises(BuildError, match="cannot be reached") as caught:
        builder(builder.manifest(pypi=["anything==1"]))
    assert "geheim" not in str(caught.value)
    assert_nothing_left(builder)


def test_an_interpreter_without_a_working_venv(builder: Any, tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho 'No module named venv' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(BuildError, match="No module named venv"):
        builder(builder.manifest(), found=[Interpreter(own().release, str(program))])
    with pytest.raises(BuildError, match="virtual environment"):
        builder(builder.manifest(), found=[Interpreter(own().release, str(tmp_path / "absent"))])
    assert_nothing_left(builder)


# Builds in processes of their own: a program that stands for the interpreter stops them where a test wants to look.
CHILD = """
import json, sys
from soarkit.environments import build
from soarkit.environments.interpreters import Interpreter, own
manifest, folder, home, python = json.loads(sys.argv[1])
found = [Interpreter(own().release, python)]
environment = build.ensure(manifest, folder, home, progress=lambda text: print(text, flush=True), found=found)
print(environment.path)
"""


def start(builder: Any, python: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, json.dumps([builder.manifest(), str(builder.folder), builder.home, python])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **variables},
    )


class Gate:
    """An interpreter that leaves half an environment and then waits to be let on."""

    def __init__(self, folder: Path) -> None:
        self.reached = folder / "reached"
        self.go = folder / "go"
        self.program = folder / "python-with-a-gate"
        self.variables = folder / "variables"
        os.mkfifo(self.reached)
        os.mkfifo(self.go)
        self.program.write_text(
            f"""#!/bin/sh
for folder; do :; done
mkdir -p "$folder/bin"; echo half > "$folder/half"
env > {self.variables}
echo $$ > {self.reached}
read line < {self.go}
exit 1
"""
        )
        self.program.chmod(0o755)

    def wait(self) -> int:
        """Until it is reached; its process id."""
        return int(self.reached.read_text())

    def open(self) -> None:
        self.go.write_text("go\n")

    def vanish(self) -> None:
        """From now on it is an ordinary interpreter."""
        self.program.write_text(f'#!/bin/sh\nexec {own().path} "$@"\n')


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def test_a_killed_build_is_done_again(builder: Any, gate: Gate) -> None:
    first = start(builder, str(gate.program), SOARKIT_KEY="secret")
    gate.wait()
    first.kill()
    first.communicate()
    (half,) = Path(builder.home, "environments").iterdir()
    assert (half / "half").exists()
    assert "secret" not in gate.variables.read_text()
    gate.vanish()
    second = start(builder, str(gate.program))
    assert second.stdout is not None
    # What the first had started still writes: the second does not touch the folder before that has ended.
    assert second.stdout.readline().startswith("waiting for another process")
    assert (half / "half").exists()
    gate.open()
    output, errors = second.communicate(timeout=120)
    assert second.returncode == 0, errors
    assert output.splitlines()[-1] == str(half)
    assert not (half / "half").exists()
    assert (half / STAMP).exists()


def test_ctrl_c_ends_the_build_and_leaves_nothing(builder: Any, gate: Gate) -> None:
    child = start(builder, str(gate.program))
    builder_of_venv = gate.wait()
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(builder_of_venv, 0)
    assert_nothing_left(builder)


def test_many_at_once_build_once(builder: Any) -> None:
    children = [start(builder, own().path) for _ in range(6)]
    outputs = [child.communicate(timeout=240) for child in children]
    assert [child.returncode for child in children] == [0] * 6, outputs
    lines = [output.splitlines() for output, _ in outputs]
    assert sum(line.startswith("building") for output in lines for line in output) == 1
    assert len({output[-1] for output in lines}) == 1


def test_a_pip_is_found_for_every_interpreter(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's pip where it serves the version, else the interpreter's own, else one made for it."""
    from soarkit.environments import installers

    monkeypatch.setenv("SOARKIT_INSTALLER", "pip")
    monkeypatch.setattr(installers, "_host_pip_serves", lambda version: False)
    without = tmp_path / "without-pip"
    subprocess.run([own().path, "-m", "venv", "--without-pip", str(without)], check=True)
    python = str(without / "bin" / "python")
    made = installers.find(Interpreter(own().release, python), str(home))
    assert isinstance(made, Pip)
    assert made.python.startswith(str(home))
    assert installers.find(Interpreter(own().release, python), str(home)) == made
    assert installers.find(Interpreter(own().release, made.python), str(home)) == Pip(made.python)


def test_the_installer_can_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from soarkit.environments import installers

    monkeypatch.setenv("SOARKIT_INSTALLER", "conda")
    with pytest.raises(BuildError, match="conda"):
        installers.find(own(), str(home))
    monkeypatch.setattr(installers, "_uv", lambda: None)
    monkeypatch.setenv("SOARKIT_INSTALLER", "uv")
    with pytest.raises(BuildError, match="uv is not installed"):
        installers.find(own(), str(home))
    monkeypatch.delenv("SOARKIT_INSTALLER")
    assert installers.find(own(), str(home)).name == "pip"
    monkeypatch.setattr(installers, "_uv", lambda: "/bin/uv")
    assert installers.find(own(), str(home)) == Uv("/bin/uv")
