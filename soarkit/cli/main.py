"""``soarkit``: the entry point. Commands are loaded when they are used, so that ``--help`` stays fast."""

from __future__ import annotations

import os
import sys

from soarkit.errors import Cancelled, SoarkitError, SurroundingsError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import click

    from soarkit.execute.process import AppProcess


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.platform == "win32":
        sys.stderr.write("error: soarkit does not run on Windows itself\n  use it inside WSL 2\n")
        sys.exit(2)
    _complete_streams()
    code = Cancelled.exit_code
    try:
        started: AppProcess | None = None
        if sys.argv[1:2] in (["run"], ["enrich"]):
            from soarkit.cli.headstart import begin

            started = begin(sys.argv[2:], enriching=sys.argv[1] == "enrich")
        from soarkit.cli.output import leave
        from soarkit.execute.interrupts import StopHandler

        stop = StopHandler()
        stop.install()
        code = _invoke(started)
        # The shell's convention for a program that a signal ended: 130 for Ctrl-C, 143 for `timeout` and the like.
        leave(128 + stop.number if stop.number is not None and code == Cancelled.exit_code else code)
    except KeyboardInterrupt:  # before or after all that matters
        sys.exit(code)


def _complete_streams() -> None:
    """Standard streams that whoever started us closed become empty ones, so that no file gets their number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as we are


def _invoke(started: AppProcess | None) -> int:
    import click

    from soarkit.cli.commands import cli
    from soarkit.cli.output import report

    name = next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "soarkit")
    error: SoarkitError
    try:
        code = cli.main(prog_name="soarkit", standalone_mode=False, obj=started)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as problem:  # a group of commands without the command
        problem.show()
        return problem.exit_code
    except click.ClickException as problem:
        error = UsageError(_without_values(problem.format_message()), hint=_usage(problem))
    except SoarkitError as problem:
        error = problem
    except (KeyboardInterrupt, EOFError, click.Abort):  # Ctrl-C, or Ctrl-D where something is asked
        error = Cancelled("cancelled")
    except OSError as problem:
        if "--debug" in sys.argv:
            raise
        error = SurroundingsError(problem.strerror or str(problem), where=problem.filename)
    except Exception as problem:
        if "--debug" in sys.argv:
            raise
        shows = "--debug shows where; " if name in ("run", "enrich") else ""
        error = SoarkitError(f"internal error: {type(problem).__name__}: {problem}", hint=f"{shows}please report it")
    report(error, name, as_json=_wants_json(name))
    return error.exit_code


def _without_values(message: str) -> str:
    """click repeats arguments it did not expect; ``k=value`` without its option may hold a secret."""
    head, equals, _ = message.partition("=")
    return f"{head}=********)" if equals and message.startswith("Got unexpected extra") else message


def _usage(problem: click.ClickException) -> str | None:
    context = getattr(problem, "ctx", None)
    if context is None:
        return None
    return f"{context.get_usage()}\n`{context.command_path} --help` explains the options"


def _wants_json(name: str) -> bool:
    """Whether standard output is meant to be JSON, also when the command line was too wrong to be parsed."""
    arguments = sys.argv[1:]
    for position, argument in enumerate(arguments):
        if argument in ("--format=json", "-fjson"):
            return True
        if argument in ("--format", "-f"):
            return arguments[position + 1 : position + 2] == ["json"]
        if argument.startswith("--format="):
            return False
    words = [argument for argument in arguments if not argument.startswith("-")]
    results = name in ("run", "enrich", "pivot") or words[:2] in (
        ["runs", "show"],
        ["asset", "test"],
    )  # a result's JSON where nobody looks
    return results and "--log" not in arguments and not sys.stdout.isatty()
