"""When no recording is written: without an answer, and where there is no place for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from soarkit_recordings import Recording

from tests.services.echo import EchoService

from .conftest import Opened

requests = pytest.importorskip("requests")


@pytest.mark.parametrize("before", [None, "a good recording"])
def test_a_run_without_an_answer_writes_nothing(before: str | None, path: Path, record: Opened) -> None:
    if before is not None:
        path.write_text(before)
    with record(pin="1") as recording:
        pass
    assert len(recording.problems) == 1
    if before is None:
        assert not path.exists()
        assert recording.problems[0].endswith(f"{path} is not written")
    else:
        assert path.read_text() == before
        assert recording.problems[0].endswith(f"{path} is left as it was")
    assert recording.problems[0].startswith("nothing to record: the run had no HTTP answer; ")


def test_a_request_without_an_answer_writes_nothing(path: Path, record: Opened) -> None:
    with EchoService() as service:
        url = service.url
    with record() as recording, pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2)
    assert not path.exists()
    assert "no HTTP answer" in recording.problems[0]


def test_reasons_why_a_place_cannot_be_written(tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        with pytest.raises(ValueError, match="cannot be written") as caught:
            Recording(str(path), "record", {}).start()
        return str(caught.value)

    assert "there is no folder" in refusal(tmp_path / "absent" / "recording.json")
    assert "is a folder" in refusal(tmp_path)
    (tmp_path / "file").write_text("")
    assert "is not a folder" in refusal(tmp_path / "file" / "recording.json")
    assert "not a regular file" in refusal(Path("/dev/null"))


def test_a_folder_without_the_right_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(ValueError, match="no right to write in the folder"):
        Recording(str(tmp_path / "recording.json"), "record", {}).start()
