"""``soarkit support``: what a support request about an enrichment needs, in one zip."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from soarkit import __version__
from soarkit.cli import complete, values
from soarkit.cli.asking import (
    asset_option,
    credential_option,
    field_option,
    python_option,
    timeout_option,
    type_option,
)
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.cli.traffic import traffic_options, traffic_variables
from soarkit.errors import AppTimeout, Cancelled, RequestError, SoarkitError, UsageError
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.host import Host
    from soarkit.manifest.bundles.metadata import Transform
    from soarkit.packages.support import Attempt
    from soarkit.runtime.run import Observer, PreparedRun

#: Lists the packages of an environment; run by its interpreter.
_LIST_PACKAGES = (
    "import importlib.metadata as m, json; "
    "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions() if d.metadata['Name']}))"
)
_LIST_TIMEOUT = 20.0  # seconds


@click.command()
@click.argument("bundle", shell_complete=complete.apps)
@click.argument("transform", shell_complete=complete.transforms)
@click.argument("value")
@click.option("--output", "-o", type=click.Path(), required=True, metavar="ZIP", help="The file to write.")
@credential_option
@field_option
@asset_option
@type_option
@timeout_option
@python_option
@traffic_options
@format_option
@home_option
def command(bundle: str, transform: str, value: str, output: str, output_format: str, home: str, **given: Any) -> int:
    """Run TRANSFORM of BUNDLE on VALUE and collect what a support request about it needs.

    The zip holds the bundle, the whole answer as the platform's service would give it, the run's log, the versions of
    what took part, and a text with places for what only you know. Credentials are masked everywhere, in the bundle's
    own files too.

    Exit status: 0 written, however the transform ended; 2 the request was wrong, 3 it could not be written.
    """
    from soarkit.cli.bundle_files import known_secrets, packed
    from soarkit.cli.enrich import asset_for, bundle_called, plainly
    from soarkit.cli.watch import TerminalObserver
    from soarkit.enriching import parameters
    from soarkit.host import Host
    from soarkit.manifest.bundles import metadata
    from soarkit.manifest.bundles.selecting import choose_transform
    from soarkit.packages.support import support_files
    from soarkit.packages.zips import write_zip
    from soarkit.runtime.redact import Redactor
    from soarkit.runtime.run import PreparedRun, RunRequest

    if os.path.isdir(output):
        raise UsageError("this is a folder; name a file", where=f"-o {output}")
    observer = TerminalObserver(verbose=False, debug=False)
    host = Host(home, python=given["python"], note=observer.note)
    app = bundle_called(host, bundle)
    action = choose_transform(app, transform, value, given["entity_type"])
    value = plainly(value, given["entity_type"], observer)
    asset = asset_for(host, app, values.parse(given["credentials"], "--credential"), given)
    fields = values.parse(given["fields"], "--field")
    run = PreparedRun(
        RunRequest(
            app=app,
            action=action.identifier,
            parameters=[parameters(value, fields)],
            asset=asset,
            timeout=given["timeout"],
            variables=traffic_variables(given),
            shared=host.shared_variables(),
        )
    )
    about = metadata.of(app)
    attempt = _attempt(run, host, observer, about.transforms[app.actions.index(action)], value)
    secrets = [
        *run.secrets.values(),
        *known_secrets(host, observer.note).values(),
        *_looking_secret(asset.configuration),
    ]
    with packed(app, bundle, host.home) as (path, name):
        with open(path, "rb") as file:
            archive = name, file.read()
        files = support_files(
            about, attempt, archive=archive, versions=_versions(host, run), redactor=Redactor(secrets)
        )
    made = write_zip(output, files)
    if output_format == "json":
        zipped = {"path": made.path, "size": made.size, "sha256": made.sha256, "files": list(made.files)}
        write(envelope("support", ok=True, support=zipped, ended=attempt.ended) + "\n")
    else:
        tell(f"soarkit: {attempt.ended}: {printable(Redactor(secrets).text(attempt.message))}")
        tell(f"soarkit: written: {printable(output)}; fill in support-request.md before you send it")
    return 0


def _attempt(run: PreparedRun, host: Host, observer: Observer, transform: Transform, value: str) -> Attempt:
    """Run it, and take what there is however it ends."""
    from soarkit.enrichments.observing import output_document
    from soarkit.packages.support import Attempt

    document: dict[str, Any] | None
    elapsed = None
    try:
        result = run.execute(host, host.executor, observer)
    except (Cancelled, RequestError):
        raise
    except SoarkitError as error:
        document, log, message = error.result, error.log, error.message
        ended = "timed out" if isinstance(error, AppTimeout) else "broken"
    else:
        document, log, message = run.masked(result) or result.to_dict(), result.log_path, result.message
        ended, elapsed = result.status, result.elapsed
    output = output_document(document)
    return Attempt(
        transform=transform,
        value=value,
        ended=ended,
        message=run.redactor.text(message),
        document=output if isinstance(output, Mapping) else None,
        log=_read(log),
        elapsed=elapsed,
        run_id=run.key,
    )


def _read(path: str | None) -> bytes | None:
    if path is None:
        return None
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _looking_secret(configuration: Mapping[str, Any]) -> list[str]:
    """Credentials that look like secrets although the bundle does not call them sensitive."""
    import re

    name_of_secret = re.compile(r"key|token|secret|passw|pwd|auth", re.IGNORECASE)
    return [
        value
        for name, value in configuration.items()
        if isinstance(value, str)
        and (name_of_secret.search(name) or re.fullmatch(r"(?=.*\d)(?=.*[A-Za-z])[\w.+/=-]{16,}", value))
    ]


def _versions(host: Host, run: PreparedRun) -> dict[str, Any]:
    return {
        "soarkit": __version__,
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "packages": _packages(host, run.python),
    }


def _packages(host: Host, python: str | None) -> dict[str, str] | None:
    """The packages of the environment that the transform ran in; None where they cannot be listed."""
    from soarkit.execute.command import run_command
    from soarkit.homefiles import scratch

    if python is None:
        return None
    with scratch(host.home) as folder:
        log = os.path.join(folder, "packages")
        outcome = run_command([python, "-I", "-c", _LIST_PACKAGES], env={}, log_path=log, timeout=_LIST_TIMEOUT)
    try:
        found = json.loads(outcome.tail)
    except ValueError:
        return None
    return {str(name): str(version) for name, version in sorted(found.items())} if isinstance(found, dict) else None
