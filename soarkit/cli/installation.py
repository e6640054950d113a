"""What commands say about installations: what was done, and what became of assets."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli.output import envelope, tell, write
from soarkit.errors import typed
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.packages.install import Installation, Preview
    from soarkit.store.records import AssetChange


def note(text: str) -> None:
    """What soarkit does, on standard error."""
    tell(click.style(f"soarkit: {printable(text, lines=True)}", dim=True))


def show_preview(command_name: str, preview: Preview, output_format: str) -> None:
    """Print what an installation or a switch would change."""
    app = preview.app
    if output_format == "json":
        changes = [change_document(one) for one in preview.changes]
        about = {"name": app.name, "appid": app.appid, "version": app.app_version, "current": preview.current}
        write(envelope(command_name, ok=True, dry_run=True, app=about, changes=changes) + "\n")
        return
    now = "not installed" if preview.current is None else f"now {preview.current}"
    lines = [f"would make {app.name} {app.app_version} the current version ({now})"]
    lines += change_lines(preview.changes) or ["no asset would change"]
    write(styled("".join(f"{printable(line)}\n" for line in lines)))


def show_installation(
    command_name: str, installed: Installation, output_format: str, *, has_assets: bool, state: str | None = None
) -> None:
    """Print what an installation or a switch came to.

    :param has_assets: whether the app has any; else the next step is to make one
    :param state: of a bundle, whether it is active; None for a connector
    """
    if output_format == "json":
        about = _document(installed) | ({} if state is None else {"state": state})
        write(envelope(command_name, ok=True, **about) + "\n")
    else:
        write(styled(_text(installed, has_assets, state)))


def change_lines(changes: tuple[AssetChange, ...]) -> list[str]:
    """What becomes of assets' configuration, a line each."""
    lines = []
    for change in changes:
        for field, default in change.added.items():
            value = "no value" if default is None else f"{default!r}"
            lines.append(f"asset {change.asset}: gains {field} ({value})")
        lines += [f"asset {change.asset}: loses {field} and its value" for field in change.removed]
        if change.needs:
            lines.append(
                f"asset {change.asset}: needs configuration: {', '.join(change.needs)} "
                f"(soarkit asset edit {typed(change.asset)})"
            )
    return lines


def change_document(change: AssetChange) -> dict[str, Any]:
    """The same as JSON."""
    from soarkit.store.records import to_json

    return to_json(change)


def _document(installed: Installation) -> dict[str, Any]:
    """An installation or a switch as JSON."""
    from soarkit.store.records import to_json

    ready, selection = installed.ready, installed.selection
    return {
        "outcome": installed.outcome,
        "previous": installed.previous,
        "app": to_json(installed.app),
        "version": to_json(installed.version),
        "environment": {
            "path": ready.environment.path,
            "python": ready.environment.python,
            "built": ready.built,
            "seconds": round(ready.seconds, 3),
            "warnings": list(ready.environment.warnings),
            "about": described(ready.environment.path),
        },
        "import_seconds": round(ready.import_seconds, 3),
        "changes": [change_document(one) for one in installed.changes],
        "repaired": list(installed.repaired),
        "data": list(installed.data),
        "left_out": [{"path": one.path, "rule": one.rule} for one in selection.left_out] if selection else [],
    }


def described(environment: str | None) -> dict[str, Any]:
    """What is known of an environment; see :func:`soarkit.environments.describe`. Empty when there is none."""
    if environment is None:
        return {}
    from soarkit.environments import describe

    return describe(environment)


def environment_lines(about: dict[str, Any]) -> list[str]:
    """Wheels that came from the index in place of the app's own, and what does not fit together.

    :param about: as :func:`described` gives it
    """
    lines = []
    for wheel in about.get("wheels") or []:
        if wheel.get("origin") == "index":
            digest = f" (sha256 {wheel['sha256']})" if wheel.get("sha256") else ""
            lines.append(f"from the index: {wheel.get('installed') or wheel.get('requirement')}{digest}")
            lines.append(f"  in place of {wheel.get('file')}, which {wheel.get('problem')}")
    return lines + [f"pip check: {line}" for line in about.get("check") or []]


def _text(installed: Installation, has_assets: bool, state: str | None) -> str:
    app, version, ready = installed.app, installed.version, installed.ready
    lines = [click.style(_headline(installed), bold=True) + (f", {state}" if state and not installed.previous else "")]
    how = f"built in {ready.seconds:.1f} s" if ready.built else "was there already"
    about = described(ready.environment.path)
    shown = f"Python {about['python']}" if about.get("python") else ready.environment.python
    done = "compiled" if app.is_bundle else "imported"
    lines.append(f"  environment  {shown}, {how}; {done} in {ready.import_seconds:.1f} s")
    lines.append(f"  folder       {printable(version.folder)}")
    told = environment_lines(about)
    if told and ready.built:  # said while it was built
        lines.append(f"  differs from what the app lists; soarkit apps show {printable(app.slug)} says how")
    else:
        lines += [f"  {printable(one)}" for one in told]
    if installed.repaired:
        lines.append(f"  repaired     {_some(installed.repaired)}")
    if installed.data:
        lines.append(f"  app data     {_some(installed.data)}")
    lines += [f"  removed when no action runs in it any more: {printable(one)}" for one in installed.waiting]
    lines += [f"  {printable(one)}" for one in change_lines(installed.changes)]
    if app.is_bundle:
        lines.append(f"  state        {state}, {app.visibility}")
        lines.append("  its scripts are foreign code, which runs with your rights")
    if state == "active" and not has_assets:
        lines.append(f"next: soarkit enrich {app.slug} --all VALUE  (it requires no credentials)")
    elif not has_assets and app.product_name:
        lines.append(f"next: soarkit asset create --app {app.slug} NAME")
    return "".join(f"{line}\n" for line in lines)


def _headline(installed: Installation) -> str:
    app, version = installed.app, installed.version.version
    name = f"{printable(app.slug)} {printable(version)}"
    if installed.outcome == "unchanged":
        return f"{name} is already installed"
    before = installed.previous
    switched = "" if before in (None, version) else f" and current, instead of {printable(str(before))}"
    if installed.outcome == "repaired":
        return f"{name} was installed already, and is repaired{switched}"
    if installed.outcome == "replaced":
        return f"{name} is installed{switched}, in place of other files of the same version"
    return f"{name} is installed{switched}"


def _some(paths: tuple[str, ...]) -> str:
    shown = ", ".join(printable(path) for path in paths[:5])
    return shown + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")


def styled(text: str) -> str:
    """The text for standard output: with colours where a person looks at it."""
    return text if sys.stdout.isatty() and "NO_COLOR" not in os.environ else click.unstyle(text)
