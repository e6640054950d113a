"""The environment variables that installers and interpreters are started with."""

from __future__ import annotations

import os


def clean_environment() -> dict[str, str]:
    """The caller's environment variables for an installer or interpreter.

    Without soarkit's own (a key must not reach the set-up code of packages) and without what would send Python or pip
    to another place than the one named on its command line.
    """
    unwanted = {
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
        "__PYVENV_LAUNCHER__",
        "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN",
        "PIP_NO_COMPILE", "PIP_NO_DEPS", "PIP_QUIET", "PIP_REQUIRE_HASHES", "PIP_REPORT", "PIP_LOG", "VIRTUAL_ENV",
        "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_NO_BUILD_ISOLATION", "UV_REQUIRE_HASHES",
        "UV_NO_VERIFY_HASHES", "CONDA_PREFIX",
    }  # fmt: skip
    return {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith(("SOARKIT_", "COV_CORE_", "COVERAGE_"))
    }
