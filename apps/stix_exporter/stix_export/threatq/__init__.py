"""ThreatQ's REST API: a library to export from, and where the finished file goes (reference 3.1)."""

from .client import Client
from .library import ThreatQLibrary
from .settings import Settings
from .uploading import Uploaded, upload

__all__ = ["Client", "Settings", "ThreatQLibrary", "Uploaded", "upload"]
