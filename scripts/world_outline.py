"""Make ``soarkit/render/page/assets/world.json``, the outline on which the page draws places.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/world_outline.py package/countries-110m.json

The package's data is Natural Earth's, which is in the public domain. The outline is equirectangular: x is the longitude
plus 180, y is 90 minus the latitude, both in tenths of a degree, which is finer than the data.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "soarkit/render/page/assets/world.json"
_TENTHS = 10

Point = tuple[int, int]


def outline(topology: Any) -> dict[str, str]:
    """``land`` to be filled and ``borders`` between countries to be stroked, as data of SVG paths."""
    arcs = [_points(arc, topology["transform"]) for arc in topology["arcs"]]
    shores: set[int] = set()
    rings: list[list[Point]] = []
    for shape in _shapes(topology["objects"]["land"]):
        for ring in shape:
            shores.update(arc if arc >= 0 else ~arc for arc in ring)
            rings += _cut(_joined(ring, arcs))
    land = "".join(f"{_path(ring)}z" for ring in rings if len(set(ring)) > 2)  # smaller than a tenth of a degree
    borders = "".join(_path(points) for number, points in enumerate(arcs) if number not in shores and len(points) > 1)
    return {"land": land, "borders": borders}


def _points(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """An arc's points; TopoJSON writes each as the step from the one before."""
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    points: list[Point] = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        point = (
            round((x * scale_x + move_x + 180) * _TENTHS),
            round((90 - y * scale_y - move_y) * _TENTHS),
        )
        if not points or points[-1] != point:
            points.append(point)
    return points


def _shapes(geometry: Any) -> list[list[list[int]]]:
    if geometry["type"] == "GeometryCollection":
        return [shape for one in geometry["geometries"] for shape in _shapes(one)]
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else list(geometry["arcs"])


def _joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for arc in ring:
        piece = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += piece[1:] if points and points[-1] == piece[0] else piece
    return points


def _cut(ring: list[Point]) -> list[list[Point]]:
    """A ring that crosses the edge of the map as the pieces on either side; what runs along a pole is one piece."""
    pieces: list[list[Point]] = [[]]
    for point in ring:
        if pieces[-1] and abs(point[0] - pieces[-1][-1][0]) > 180 * _TENTHS and point[1] < 175 * _TENTHS:
            pieces.append([])
        pieces[-1].append(point)
    if len(pieces) > 1:
        pieces[0] = pieces.pop() + pieces[0]
    return pieces


def _path(points: list[Point]) -> str:
    """Points as steps, which are short to write."""
    (x, y), *rest = points
    steps = []
    for next_x, next_y in rest:
        steps.append(f"{next_x - x}{next_y - y:+d}".replace("+", " "))
        x, y = next_x, next_y
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}".replace(" -", "-")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the world outline of the page.")
    parser.add_argument("topology", type=Path, help="countries-110m.json of the npm package world-atlas")
    TARGET.write_text(json.dumps(outline(json.loads(parser.parse_args().topology.read_text()))) + "\n")
