"""The module most apps import as ``phantom``: constants, keys, validators, and the two classes."""

# ruff: noqa: F401, F403

from soarkit_app.late_requests import find as __getattr__

from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.consts import *
from phantom.json_keys import *
from phantom.utils import *
