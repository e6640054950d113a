"""The app's process, as the host starts it: ``python -I -X utf8 .../soarkit_app/__main__.py LINK_FD HOST_PID``."""

from __future__ import annotations

import os
import sys

# Under -I nothing of this folder is on sys.path. First, so that `phantom` is ours whatever the environment holds.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from soarkit_app.runner import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
