"""The package of an SDK app's source folder, made by the SDK: it holds the wheels of all packages in ``uv.lock``."""

from __future__ import annotations

import os
from typing import NamedTuple

from soarkit import homefiles
from soarkit.errors import SurroundingsError
from soarkit.manifest import sdk_project
from soarkit.manifest.model import App
from soarkit.packages import archive, contents
from soarkit.packages.sdk_command import run_soarapps

TIME_LIMIT = 1800.0  #: seconds that the SDK may take; it downloads the wheels, and builds some


class SdkPackage(NamedTuple):
    """A package that was made.

    :ivar path: the file
    :ivar size: its bytes
    :ivar sha256: digest of the file in hex
    """

    path: str
    size: int
    sha256: str


def build(app: App, output: str, *, python: str, home: str) -> SdkPackage:
    """Let the SDK make the package (``soarapps package build``).

    :param app: the app of the source folder, opened
    :param output: the file to write; it appears complete or not at all
    :param python: the interpreter of the app's environment
    :raises AppImportError: the SDK cannot make it
    :raises ArchiveError: what it made nobody could unpack
    :raises SurroundingsError: it cannot be written
    """
    import shutil

    output = os.path.abspath(output)
    project = sdk_project.read(app.folder)
    with homefiles.scratch(home) as scratch:
        made = os.path.join(scratch, "package.tgz")
        arguments = ["package", "build", project.folder, "--output-file", made]
        run_soarapps(project, arguments, python=python, home=home, purpose="the package", time_limit=TIME_LIMIT)
        archive.check(made)
        temporary = f"{output}.{os.getpid()}"
        try:
            shutil.copyfile(made, temporary)
            os.replace(temporary, output)
        except OSError as error:
            raise SurroundingsError(f"the package cannot be written: {error.strerror}", where=output) from None
    return SdkPackage(output, os.path.getsize(output), contents.examine(output).sha256)
