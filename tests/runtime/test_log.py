"""The log of a run."""

from __future__ import annotations

from pathlib import Path

from soarkit.runtime.log import RunLog
from soarkit.runtime.redact import Redactor


def test_a_full_disk_ends_the_log_not_the_run(tmp_path: Path) -> None:
    log = RunLog(str(tmp_path), "app action", Redactor([]), None)
    log.line("info", "first")
    assert log._file is not None
    log._file.close()
    with open("/dev/full", "a", buffering=1 << 20) as log._file:
        log.line("info", "x" * 100_000)
        log.close()
    assert log.written and "first" in Path(log.path).read_text()
