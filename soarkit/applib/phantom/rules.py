"""The part of the playbook API that apps use, with the constants, functions and vault beside it."""

# ruff: noqa: F401, F403

from soarkit_app.platform_records import (
    add_list,
    add_note,
    build_phantom_rest_url,
    check_list,
    delete_artifact,
    delete_from_list,
    get_container,
    get_list,
    set_list,
)
from soarkit_app.playbook_api import find as __getattr__

from phantom.consts import *
from phantom.json_keys import *
from phantom.utils import *
from phantom.vault import *
