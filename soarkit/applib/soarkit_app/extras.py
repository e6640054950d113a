"""Parts of the app side that need a library which only the app's environment can bring, such as Django."""

from __future__ import annotations

import os
import sys

from soarkit_app.loader import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def with_django(name: str, what: str) -> Any:
    """Import a module of ``applib_extras`` that works with Django.

    :param what: what it is for, in the message: "a REST handler works with Django's requests"
    :raises LoadError: the app's environment has no Django
    """
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    extras = os.path.join(root, "applib_extras")
    if extras not in sys.path:
        sys.path.append(extras)
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise LoadError(
            f"{what}, and the app's environment has no Django ({error})",
            sys.executable,
            "environments that soarkit builds have it; with --python, install it there: pip install 'Django<6'",
        ) from None
