"""What Django is set up with in an app's process, as ``DJANGO_SETTINGS_MODULE`` names it.

Apps use single parts of Django, outside any project: responses, validators, date parsing. They work with these
constants alone. Django reads them when it is first asked for a setting, so an app without it pays nothing.
"""

from __future__ import annotations

import os
import secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

_ZONES = "/usr/share/zoneinfo"


def _time_zone() -> str:
    """The zone that this process has anyway: Django sets the process's zone to what it is told here."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named:
        named = os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    return named if named and os.path.isfile(os.path.join(_ZONES, named)) else "UTC"


SECRET_KEY = secrets.token_hex(32)
ALLOWED_HOSTS: List[str] = ["*"]
INSTALLED_APPS: List[str] = []
DATABASES: Dict[str, Any] = {}
#: Translations need applications that were set up; without this, the text of a ValidationError cannot be had.
USE_I18N = False
#: Nothing has an address here; what asks for one is told so.
ROOT_URLCONF = ()
USE_TZ = True
TIME_ZONE = _time_zone()
STATIC_URL = "/static/"
#: How much a request may hold is for the server to say that takes it.
DATA_UPLOAD_MAX_MEMORY_SIZE = None
