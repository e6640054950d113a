"""``soarkit pivot``: follows an observable from transform to transform."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete, values
from soarkit.cli.asking import asset_option, credential_option, python_option, timeout_option, type_option
from soarkit.cli.options import home_option
from soarkit.cli.traffic import traffic_options, traffic_variables
from soarkit.errors import Cancelled, UsageError, typed

if TYPE_CHECKING:
    from soarkit.cli.saving import Destination
    from soarkit.cli.watch import TerminalObserver
    from soarkit.enrichments.pivot.graph import Graph
    from soarkit.host import Host
    from soarkit.pivoting import Source, Step


@click.command()
@click.argument("value", required=False)
@type_option
@click.option("--depth", type=click.IntRange(min=1), metavar="N", help="Transforms outward.  [default: 2]")
@click.option(
    "--breadth",
    type=click.IntRange(min=0),
    metavar="N",
    help="Entities of one run that are looked at; 0: all.  [default: 50]",
)
@click.option(
    "--max-nodes", type=click.IntRange(min=1), metavar="N", help="Entities of the whole graph.  [default: 500]"
)
@click.option(
    "--bundle",
    "-b",
    "bundles",
    multiple=True,
    metavar="BUNDLE",
    shell_complete=complete.apps,
    help="Only this bundle: an installed one, or a bundle's folder or archive. Default: every active one.",
)
@click.option(
    "--transform",
    "transforms",
    multiple=True,
    metavar="NAME",
    shell_complete=complete.pivots,
    help="Only this transform.",
)
@asset_option
@credential_option
@timeout_option
@click.option(
    "--format",
    "-f",
    "output_format",
    type=click.Choice(["tree", "json", "html"]),
    help="How to print it. Default: as FILE is called, else tree on a terminal, else json.",
)
@click.option("--output", "-o", metavar="FILE", help="Write it to this file, whole or not at all.")
@python_option
@traffic_options
@home_option
@click.option("--verbose", "-v", is_flag=True, help="Show the runs' logs, with the scripts' messages.")
def command(value: str | None, **options: Any) -> int:
    """Follow VALUE from pivot transform to pivot transform, as a graph.

    VALUE is a domain, address, hash, URL, mail address ... Its type's pivot transforms run, then those of what they
    found, and so on; an entity that is met again is not asked about again. Each run is kept, as any. With -o FILE.html
    the graph is a page that can be searched, folded, dragged and exported.

    Progress goes to standard error, the graph to standard output. Ctrl-C ends it with what has been found so far.

    Exit status: 0 some transform succeeded, 1 all failed, 2 the request was wrong, 130 Ctrl-C.
    """
    from soarkit.cli.enrich import plainly
    from soarkit.cli.watch import TerminalObserver
    from soarkit.host import Host
    from soarkit.pivoting import DEPTH, MAX_NODES, Bounds, narrowed, starting_type, walk
    from soarkit.settings import max_observables

    if value is None or not value.strip():
        raise UsageError("name a value to begin with", where="VALUE", hint="soarkit pivot VALUE -o graph.html")
    form, destination = _destination(options)
    breadth = max_observables() if options["breadth"] is None else options["breadth"] or None
    variables = traffic_variables(options)
    observer = TerminalObserver(verbose=options["verbose"], debug=False)
    host = Host(options["home"], python=options["python"], note=observer.note)
    given = values.parse(options["credentials"], "--credential")
    sources = narrowed(_sources(host, observer, given, options), options["transforms"])
    value = plainly(value, options["entity_type"], observer)
    kind = starting_type(host, value, options["entity_type"], sources)
    progress = _Progress(observer)
    try:
        graph = walk(
            host,
            sources,
            value,
            kind,
            Bounds(options["depth"] or DEPTH, breadth, options["max_nodes"] or MAX_NODES),
            observer=observer,
            timeout=options["timeout"],
            variables=variables,
            told=progress.told,
        )
    finally:
        observer.done()
    return _end(graph, form, destination, observer)


class _Progress:
    """What is done and what is left: a line for each step, and one that changes where somebody is looking."""

    def __init__(self, observer: TerminalObserver) -> None:
        self._observer = observer
        self._changes = sys.stderr.isatty()

    def told(self, step: Step) -> None:
        runs = "transform" if step.total == 1 else "transforms"
        if not step.done:
            if step.total:
                text = f"step {step.depth} of {step.of}: {step.total} {runs}, {step.entities} known so far"
                self._observer.progress(text, False)
        elif self._changes:
            left = step.total - step.done
            text = f"{step.done} of {step.total} {runs} done, {left} left; {step.entities} entities"
            self._observer.progress(text, True)


def _destination(options: Mapping[str, Any]) -> tuple[str, Destination | None]:
    """The format, and the file if there is one. Nobody is asked about what cannot be written afterwards."""
    chosen = options["output_format"]
    if options["output"] is None and chosen != "html":
        return chosen or ("tree" if sys.stdout.isatty() else "json"), None
    from soarkit.cli.saving import Destination

    taken = {"--ca-bundle": options["ca_bundle"]}
    named = Destination(options["output"], {"tree": "table"}.get(chosen, chosen), taken=taken)
    if named.format == "csv":
        raise UsageError("a graph is no table", where="-o", hint="the page (-o FILE.html) exports entities as CSV")
    return {"table": "tree"}.get(named.format, named.format), named


def _sources(
    host: Host, observer: TerminalObserver, credentials: Mapping[str, Any], options: Mapping[str, Any]
) -> Iterator[Source]:
    """The bundles that are asked.

    :raises RequestError: one is not there, or lacks credentials
    :raises UsageError: credentials that are not for one bundle
    """
    from soarkit.cli.enrich import asset_for, bundle_called
    from soarkit.enriching import usable_bundles
    from soarkit.pivoting import Source

    words = list(dict.fromkeys(options["bundles"]))
    asset = options["asset"]
    if len(words) != 1 and (credentials or asset is not None):
        option = "--credential" if credentials else "--asset"
        raise UsageError(
            "name the one bundle that it is for", where=option, hint=f"--bundle BUNDLE {option} {typed(asset or 'K=V')}"
        )
    if not words:
        for word, app, own in usable_bundles(host, observer.note):
            yield Source(word, app, own)
    for word in words:
        app = bundle_called(host, word)
        yield Source(word, app, asset_for(host, app, credentials, options))


def _end(graph: Graph, form: str, destination: Destination | None, observer: TerminalObserver) -> int:
    """Show the graph; whether it was cancelled or not, what there is of it is worth having.

    :returns: the exit status
    """
    from soarkit.enrichments.pivot.graph import CANCELLED

    cancelled = graph.stopped == CANCELLED
    failed = graph.failures()
    ok = not cancelled and (not graph.asks or len(failed) < len(graph.asks))
    content = _content(graph, form, ok, terminal=destination is None and sys.stdout.isatty())
    if destination is None:
        from soarkit.cli.output import write_bytes

        if observer.wrote and sys.stdout.isatty() and sys.stderr.isatty():
            write_bytes(b"\n")
        write_bytes(content)
    else:
        from soarkit.enrichments.pivot.tree import summary_lines

        destination.write(content)
        for line in summary_lines(graph):
            observer.note(line)
        destination.say()
    if cancelled:
        return Cancelled.exit_code
    return 0 if ok else 1


def _content(graph: Graph, form: str, ok: bool, *, terminal: bool) -> bytes:
    from soarkit.cli.output import encoded, envelope
    from soarkit.enrichments.pivot.as_json import to_json

    if form == "html":
        from datetime import datetime, timezone

        from soarkit import __version__
        from soarkit.enrichments.pivot.page import graph_page

        made = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
        return graph_page(graph, made=made, soarkit=__version__)
    if form == "json":
        return encoded(envelope("pivot", ok=ok, graph=to_json(graph)) + "\n")
    from soarkit.enrichments.pivot.tree import tree_text

    return encoded(tree_text(graph, color=terminal and "NO_COLOR" not in os.environ) + "\n")
