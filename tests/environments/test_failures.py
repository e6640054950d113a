"""What an installer's output means."""

from __future__ import annotations

from pathlib import Path

import pytest

from soarkit.environments import failures
from soarkit.environments.dependencies import Choice
from soarkit.environments.installers import Uv
from soarkit.environments.interpreters import Interpreter
from soarkit.execute.command import TAIL_BYTES, CommandOutcome

# As pip 23 writes it.
NAMELESS = """\
Collecting six==1.16.0
  Using cached six-1.16.0-py2.py3-none-any.whl (11 kB)
{looking}
  Preparing metadata (pyproject.toml): started
  Preparing metadata (pyproject.toml): finished with status 'error'
  error: subprocess-exited-with-error
  {output}
error: metadata-generation-failed

\u00d7 Encountered error while generating package metadata.
╰─> See above for output.
"""


@pytest.mark.parametrize("length", [1, TAIL_BYTES])
@pytest.mark.parametrize(
    "looking",
    [
        "Processing ./index/fore_ign-2.0.tar.gz",
        "Collecting fore-ign==2.0\n  Downloading fore_ign-2.0.tar.gz (1 kB)",
        "Collecting Fore.ign==2.0 (from other)\n  Downloading fore_ign-2.0.tar.gz (1 kB)",
    ],
)
def test_a_pip_that_does_not_name_what_cannot_be_built(tmp_path: Path, looking: str, length: int) -> None:
    log = tmp_path / "log"
    log.write_text(NAMELESS.format(looking=looking, output="x" * length))
    outcome = CommandOutcome(1, log.read_text()[-TAIL_BYTES:], False, 1.0)
    assert failures.unbuilt(outcome, str(log)) == "fore-ign"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  \u00d7 Failed to build `foreign==2.0`\n", "foreign"),
        ("ERROR: Failed building wheel for Foreign\n", "foreign"),
        ("\u00d7 Encountered error while generating package metadata.\n╰─> foreign\n", "foreign"),
        ("error: metadata-generation-failed\n", ""),
        ("ERROR: No matching distribution found for foreign", ""),
    ],
)
def test_others_do(tmp_path: Path, text: str, expected: str) -> None:
    outcome = CommandOutcome(1, text, False, 1.0)
    assert failures.unbuilt(outcome, str(tmp_path / "log")).partition("==")[0] == expected


def test_an_installer_that_was_killed(tmp_path: Path) -> None:
    choice = Choice(Interpreter((3, 11, 7), "/py"), None, (), (), ())
    error = failures.explained(CommandOutcome(-9, "", False, 1.0), choice, Uv("uv"), str(tmp_path / "log"))
    assert "uv was ended by signal 9" in error.message
