"""Running a program for an app (``phantom.utils.run_ext_command``)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple


def run_ext_command(command: Any, dump_ouput: bool = False) -> Tuple[str, str, int]:
    """Run a program and wait for its end.

    :param command: a text, split the way a shell would, or the arguments as a list
    :param dump_ouput: also log what it printed (the name is the platform's spelling)
    :return: standard output, standard error, and the return code; 127 when there is no such program
    """
    import shlex
    import subprocess

    arguments = shlex.split(command) if isinstance(command, str) else list(command)
    try:
        done = subprocess.run(arguments, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    except OSError as error:
        return "", str(error), 127
    output, errors = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    if dump_ouput:
        from soarkit_app import session

        session.log("debug", f"{arguments[0]} ended with {done.returncode}\n{output}\n{errors}")
    return output, errors, done.returncode
