"""Make apps/sampleapp/recordings/file_reputation.json anew::

    python tests/services/record_sample.py [FILE]

It runs the sample app against the Contoso service on the loopback address, records that, and puts the address that
the example asset has in the place of the loopback one. Needs requests and vcrpy.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APP = ROOT / "apps" / "sampleapp"
RECORDING = APP / "recordings" / "file_reputation.json"

for folder in (APP, ROOT / "soarkit" / "applib_extras", ROOT / "soarkit" / "applib", ROOT):
    sys.path.insert(0, str(folder))

from soarkit_recordings import Recording  # noqa: E402

from tests.services.contoso import EICAR, EMPTY, ContosoService, digests  # noqa: E402

UNKNOWN_FILE = b"nobody has seen this file"


def main(target: Path) -> int:
    asset = json.loads((APP / "examples" / "asset.json").read_text("utf-8"))["configuration"]
    hashes = [value for content in (EICAR, EMPTY, UNKNOWN_FILE) for value in digests(content).values()]
    with ContosoService(asset["apikey"]) as service, tempfile.TemporaryDirectory() as folder:
        os.environ["SOARKIT_HOME"] = folder
        path = Path(folder) / "recording.json"
        config = {**asset, "base_url": service.url}
        recording = Recording(str(path), "record", {"apikey": asset["apikey"]})
        recording.start()
        try:
            run("test_connectivity", [{}], config)
            for identifier in ("file_reputation", "file_reputation_v2"):
                run(identifier, [{"hash": value} for value in hashes], config)
        finally:
            recording.stop()
        if recording.problems:
            print("\n".join(recording.problems), file=sys.stderr)
            return 1
        text = path.read_text("utf-8").replace(service.url, asset["base_url"])
    target.write_text(text, "utf-8")
    print(target)
    return 0


def run(identifier: str, parameters: list[dict[str, str]], config: dict[str, str]) -> None:
    """One action of the sample app; a failed one ends the script."""
    from sampleapp_connector import SampleAppConnector

    action = {"identifier": identifier, "config": config, "parameters": parameters}
    result = json.loads(SampleAppConnector()._handle_action(json.dumps(action), None))
    if result["status"] != "success":
        raise SystemExit(f"{identifier}: {result['message']}")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDING))
