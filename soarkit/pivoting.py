"""Follows an observable outward: pivot transforms run on it, then on what they found, and so on.

Breadth first, each entity once: what has been met before only gets another edge, so cycles end by themselves. Each
transform is an ordinary run, kept in the store. One that fails is said of its entity, and the walk goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING

from soarkit.enriching import JOBS, Planned, Ran, plan_for, run_all
from soarkit.enrichments.outputs import plain
from soarkit.enrichments.pivot.graph import CANCELLED, FULL, Ask, Field, Found, Graph, Node, Said
from soarkit.errors import Cancelled, RequestError
from soarkit.host import Host
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.entity_types import BY_CONSTANT, named, recognise
from soarkit.manifest.bundles.metadata import Transform
from soarkit.manifest.model import App
from soarkit.runtime.asset import Asset
from soarkit.runtime.run import Observer

if TYPE_CHECKING:
    from soarkit.enrichments.outputs import Entity, Output

#: Transforms that the walk goes outward, unless the caller says otherwise.
DEPTH = 2
#: Entities of a graph, unless the caller says otherwise.
MAX_NODES = 500


@dataclass(frozen=True)
class Source:
    """A bundle whose pivot transforms are asked.

    :param word: what stands for it on a command line
    :param transforms: only these, by ``transform_name`` or ``display_name``; none: all
    """

    word: str
    app: App
    asset: Asset
    transforms: frozenset[str] = frozenset()

    def pivots(self, entity_type: str) -> list[Transform]:
        """What is asked about an entity of a type, in rank order."""
        return [
            one
            for one in metadata.of(self.app).pivots(entity_type)
            if not self.transforms or not self.transforms.isdisjoint((one.name, one.display_name))
        ]


@dataclass(frozen=True)
class Bounds:
    """How far a walk goes.

    :param depth: transforms outward from the beginning
    :param breadth: entities of one run that are looked at; None: all
    :param max_nodes: entities of the graph
    """

    depth: int = DEPTH
    breadth: int | None = 50
    max_nodes: int = MAX_NODES


@dataclass(frozen=True)
class Step:
    """How far a walk has come: told after each run.

    :param depth: what is being done, from 1
    :param done: runs of this step that have ended
    :param total: runs of this step
    :param entities: in the graph by now
    """

    depth: int
    of: int
    done: int
    total: int
    entities: int


def narrowed(sources: Iterable[Source], transforms: Sequence[str]) -> list[Source]:
    """The sources with only the transforms that are wanted.

    :raises RequestError: no source has a pivot transform of one of the names
    """
    found = list(sources)
    if not transforms:
        return found
    known = {
        name: one.name
        for source in found
        for one in metadata.of(source.app).transforms
        if one.pivoting
        for name in (one.name, one.display_name)
    }
    for wanted in transforms:
        if wanted not in known:
            from soarkit.manifest.selection import suggestions

            close = suggestions(wanted, list(known)) or list(dict.fromkeys(known.values()))[:10]
            raise RequestError(
                f"there is no pivot transform {wanted!r}",
                where="--transform",
                hint=f"there is: {', '.join(map(repr, close))}" if close else "soarkit install FILE.tgz",
            )
    return [replace(source, transforms=frozenset(transforms)) for source in found]


def starting_type(host: Host, value: str, entity_type: str | None, sources: Sequence[Source]) -> str:
    """The type of the entity that a walk begins with: what it looks like, and of several the first that is asked about.

    :param entity_type: constant, short or display name; None: what the value looks like
    :raises RequestError: no source has a transform for it
    :raises UsageError: there is no such type
    """
    types = [named(entity_type)] if entity_type is not None else recognise(value)
    for kind in types:
        if any(source.pivots(kind.constant) for source in sources):
            return kind.constant
    taken = dict.fromkeys(
        BY_CONSTANT[one.entity_type].display
        for source in sources
        for one in metadata.of(source.app).transforms
        if one.pivoting and one in source.pivots(one.entity_type)
    )
    if not taken:  # what else is wrong is known there: bundles that wait for their credentials, or none at all
        only = sources[0] if len(sources) == 1 else None
        bundle = None if only is None else (only.word, only.app, only.asset)
        plan_for(host, value, entity_type, bundle, surface="pivot")
    hint = f"there are some for {', '.join(taken)}"
    raise RequestError(
        f"no pivot transform that can be asked is for {value!r} ({', '.join(one.display for one in types)})",
        hint=hint if entity_type is not None else f"{hint}\nif the value is something else: --type TYPE",
    )


def walk(
    host: Host,
    sources: Sequence[Source],
    value: str,
    entity_type: str,
    bounds: Bounds,
    *,
    observer: Observer,
    timeout: float | None = None,
    jobs: int = JOBS,
    variables: Mapping[str, str] | None = None,
    told: Callable[[Step], None] = lambda step: None,
) -> Graph:
    """The graph of what is found from a value outward.

    Ctrl-C ends it: what was found so far is returned, and :attr:`Graph.stopped` says so.

    :param entity_type: one of the constants
    :param observer: told what runs say, from several threads but never from two at once
    :param timeout: seconds for each run; None: half a minute
    :param jobs: how many run at the same time
    :param variables: environment variables for the runs, on top of what they inherit
    :param told: how far it has come
    """
    run = partial(run_all, host, observer=observer, timeout=timeout, jobs=jobs, variables=variables)
    graph = Graph(entity_type, value, depth=bounds.depth, breadth=bounds.breadth, max_nodes=bounds.max_nodes)
    graph.started = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    start = time.monotonic()
    try:
        _grow(run, sources, graph, told)
    except (Cancelled, KeyboardInterrupt):
        graph.stopped = CANCELLED
    for node in graph.nodes:
        if node.state == "left" and not _asks(sources, node):
            node.state = "end"
    graph.elapsed = time.monotonic() - start
    return graph


def _grow(
    run: Callable[[list[Planned]], Generator[Ran, None, None]],
    sources: Sequence[Source],
    graph: Graph,
    told: Callable[[Step], None],
) -> None:
    level = [graph.root]
    for depth in range(graph.depth):
        planned = [(node, one) for node in level for one in _asks(sources, node)]
        found: list[Node] = []
        runs = run([one for _, one in planned])
        told(Step(depth + 1, graph.depth, 0, len(planned), len(graph.nodes)))
        with closing(runs):
            for done, ((node, _), ran) in enumerate(zip(planned, runs, strict=False), 1):
                ask, entities = _answer(node, ran)
                found += graph.add(ask, entities)
                node.state = "asked"
                told(Step(depth + 1, graph.depth, done, len(planned), len(graph.nodes)))
                if graph.stopped == FULL:
                    return
        level = found
    for node in level:
        if _asks(sources, node):
            node.state = "depth"


def _asks(sources: Sequence[Source], node: Node) -> list[Planned]:
    """The runs that a node is due."""
    if not node.value.strip():
        return []
    fields = {one.name: one.value for one in node.fields.values()}
    return [
        Planned(
            *(source.app, source.app.actions[transform.index], transform, source.word, node.value),
            asset=source.asset,
            fields=fields,
        )
        for source in sources
        for transform in source.pivots(node.type)
    ]


def _answer(node: Node, ran: Ran) -> tuple[Ask, Iterator[Found]]:
    """A run as the graph has it, and what it found."""
    observed = ran.observed()
    output: Output | None = observed.output
    ask = Ask(
        *(node.id, observed.transform, observed.display_name, observed.bundle, observed.set_name),
        status="error" if observed.error is not None else observed.status,
        message=observed.error or ("" if observed.status == "success" else observed.message),
        elapsed=observed.elapsed,
        run=observed.run_id,
        asset=ran.planned.asset.name if ran.planned.asset.stored else None,
    )
    if output is None:
        return ask, iter(())
    # What is for debugging is in the run's log (guide, chapter 4).
    ask.messages = [Said(one.type, one.text) for one in output.messages if one.type != "DEBUG"]
    return ask, map(_found, output.entities)


def _found(entity: Entity) -> Found:
    fields = tuple(Field(one.name, one.display_name, plain(one.value)) for one in entity.fields)
    return Found(entity.type, entity.value, fields)
