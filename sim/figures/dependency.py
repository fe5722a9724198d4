"""What the reported outcome rests on, as boxes and lines: inputs on the left, the outcome on the right.

Boxes stand in columns by depth, ordered so that few lines cross.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch
from matplotlib.path import Path as Curve
from matplotlib.textpath import TextPath

from sim.figures.look import Look
from sim.figures.style import CM_PER_INCH, new_panels
from sim.scenario.graph import Dependencies, Node

SWEEPS = 8
CM_PER_POINT = CM_PER_INCH / 72.0
TYPE, SMALL_TYPE = 7.0, 5.5
BOX_CM, WAYPOINT_CM, BETWEEN_CM = 0.72, 0.2, 0.18
GAP_CM, PADDING_CM, MARGIN_CM, LEGEND_CM = 2.0, 0.15, 0.2, 0.7
FILLS = {
    "outcome": "#F7D9C4",
    "stream": "#E6D5EC",
    "parameter": "#BFE0F5",
    "choice": "#F6EFA6",
    "survey": "#C5E8DC",
}
"""Light tints of the palette: black type stays readable on them, in grey print too."""
WORDS = {
    "outcome": "outcome",
    "stream": "by year",
    "parameter": "parameter",
    "choice": "choice of method",
    "survey": "from the survey",
}


@dataclass(frozen=True)
class _Layout:
    """Where everything stands: names by column, from top to bottom, the root's first; the route of each line.

    Names that do not occur in the graph are waypoints. A line (reader, read) passes one name in each column,
    reader first.
    """

    columns: tuple[tuple[str, ...], ...]
    routes: Mapping[tuple[str, str], tuple[str, ...]]


def _lay_out(root: str, reads: Mapping[str, Sequence[str]]) -> _Layout:
    """Return the layout of what a root rests on (Sugiyama, Tagawa & Toda 1981), with a column for each depth.

    A name stands one column behind the last that reads it. A line over several columns gets a waypoint in
    each between, so that it runs between boxes and not behind them. Within columns, names are put by the mean
    place of their neighbours, back and forth. `reads` has no circles.

    Examples
    --------
    >>> layout = _lay_out("r", {"r": ["a", "x"], "a": ["x"], "x": []})
    >>> layout.columns
    (('r',), ('a', 'r > x'), ('x',))
    >>> layout.routes["r", "x"]
    ('r', 'r > x', 'x')
    """
    depths = _depths(root, reads)
    columns: list[list[str]] = [[] for _ in range(max(depths.values()) + 1)]
    for name, depth in depths.items():
        columns[depth].append(name)
    routes = {}
    for reader, names in reads.items():
        for name in names:
            route = [reader]
            for depth in range(depths[reader] + 1, depths[name]):
                waypoint = f"{reader} > {name}" if depth == depths[reader] + 1 else f"{route[-1]} >"
                columns[depth].append(waypoint)
                route.append(waypoint)
            routes[reader, name] = (*route, name)
    return _Layout(_ordered(columns, routes), routes)


def _depths(root: str, reads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the longest way from the root to each name."""
    depths = {root: 0}
    waiting = [root]
    while waiting:
        reader = waiting.pop()
        for name in reads[reader]:
            if depths.get(name, -1) < depths[reader] + 1:
                depths[name] = depths[reader] + 1
                waiting.append(name)
    return {name: depths[name] for name in reads}


def _ordered(
    columns: Sequence[Sequence[str]], routes: Mapping[tuple[str, str], tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Order each column by the mean place of its names' neighbours in the column before, then behind."""
    before: dict[str, list[str]] = {}
    behind: dict[str, list[str]] = {}
    for route in routes.values():
        for reader, name in pairwise(route):
            before.setdefault(name, []).append(reader)
            behind.setdefault(reader, []).append(name)
    ordered = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        neighbours = before if sweep % 2 == 0 else behind
        places = {name: (i + 0.5) / len(column) for column in ordered for i, name in enumerate(column)}
        for column in ordered if sweep % 2 == 0 else reversed(ordered):
            means = {name: _mean([places[n] for n in neighbours.get(name, [name])]) for name in column}
            column.sort(key=lambda name: means[name])
            places |= {name: (i + 0.5) / len(column) for i, name in enumerate(column)}
    return tuple(tuple(column) for column in ordered)


def _mean(places: Sequence[float]) -> float:
    return sum(places) / len(places)


@dataclass(frozen=True)
class _Box:
    """A box, in cm from the lower left corner of the figure; left of `column_left` no line runs level."""

    left: float
    middle: float
    width: float
    column_left: float


def dependency_figure(graph: Dependencies) -> Figure:
    """Draw a graph of scenario quantities; the figure is as large as its boxes need, in type of 7 points."""
    layout = _lay_out(graph.root, {name: node.reads for name, node in graph.nodes.items()})
    widths = {
        name: max(_text_cm(node.name, TYPE), _text_cm(_unit(node), SMALL_TYPE)) + 2 * PADDING_CM
        for name, node in graph.nodes.items()
    }
    column_widths = [max(widths.get(name, 0.0) for name in column) for column in layout.columns]
    height = max(_height(column, graph.nodes) for column in layout.columns) + 2 * MARGIN_CM + LEGEND_CM
    width = sum(column_widths) + GAP_CM * (len(column_widths) - 1) + 2 * MARGIN_CM
    width = max(width, 9.0)
    boxes = _boxes(layout, graph.nodes, widths, column_widths, height - LEGEND_CM)
    figure, ((ax,),) = new_panels(Look(width), height)
    figure.set_layout_engine("constrained", w_pad=0.0, h_pad=0.0, wspace=0.0, hspace=0.0)
    ax.set(xlim=(0.0, width), ylim=(0.0, height))
    ax.set_axis_off()
    for route in layout.routes.values():
        _draw_line(ax, [boxes[name] for name in route])
    for name, node in graph.nodes.items():
        _draw_box(ax, boxes[name], node)
    sorts = [sort for sort in FILLS if any(node.sort == sort for node in graph.nodes.values())]
    patches = [Patch(label=WORDS[sort], **_filled(sort)) for sort in sorts]
    ax.legend(handles=patches, loc="upper center", ncols=len(patches), borderaxespad=0.3, handlelength=1.2)
    return figure


def _text_cm(text: str, size: float) -> float:
    return float(TextPath((0.0, 0.0), text, size=size).get_extents().width) * CM_PER_POINT if text else 0.0


def _filled(sort: str) -> dict[str, Any]:
    return {"facecolor": FILLS[sort], "edgecolor": "0.3", "linewidth": 0.5}


def _unit(node: Node) -> str:
    return "" if node.unit == "1" else node.unit


def _height(column: tuple[str, ...], nodes: Mapping[str, Node]) -> float:
    return sum((BOX_CM if name in nodes else WAYPOINT_CM) + BETWEEN_CM for name in column) - BETWEEN_CM


def _boxes(
    layout: _Layout,
    nodes: Mapping[str, Node],
    widths: Mapping[str, float],
    column_widths: list[float],
    top: float,
) -> dict[str, _Box]:
    """Place every box and waypoint: columns from right to left, each spread over the height."""
    boxes: dict[str, _Box] = {}
    left = MARGIN_CM
    room = top - 2 * MARGIN_CM
    for column, wide in reversed(list(zip(layout.columns, column_widths, strict=True))):
        slack = (room - _height(column, nodes)) / len(column)
        upper = top - MARGIN_CM - slack / 2
        for name in column:
            tall = BOX_CM if name in nodes else WAYPOINT_CM
            width = widths.get(name, wide)
            boxes[name] = _Box(left + wide - width, upper - tall / 2, width, left)
            upper -= tall + BETWEEN_CM + slack
        left += wide + GAP_CM
    return boxes


def _draw_box(ax: Axes, box: _Box, node: Node) -> None:
    corner = (box.left, box.middle - BOX_CM / 2)
    style = f"round,pad=0,rounding_size={0.08 if node.sort != 'choice' else 0.3}"
    ax.add_patch(FancyBboxPatch(corner, box.width, BOX_CM, style, zorder=3, **_filled(node.sort)))
    centre = box.left + box.width / 2
    lift = 0.13 if _unit(node) else 0.0
    middle: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 4}
    ax.text(centre, box.middle + lift, node.name, size=TYPE, **middle)
    if _unit(node):
        ax.text(centre, box.middle - 0.17, _unit(node), size=SMALL_TYPE, color="0.25", **middle)


def _draw_line(ax: Axes, route: list[_Box]) -> None:
    """Draw a smooth line from reader to read: level where it meets boxes, straight through waypoints."""
    first = route[0]
    points = [(first.left, first.middle), (first.column_left, first.middle)]
    codes = [int(Curve.MOVETO), int(Curve.LINETO)]
    for place, box in enumerate(route[1:], start=1):
        (x, y), right = points[-1], box.left + box.width
        half = (x + right) / 2
        points += [(half, y), (half, box.middle), (right, box.middle)]
        codes += [int(Curve.CURVE4)] * 3
        if place < len(route) - 1:
            points.append((box.column_left, box.middle))
            codes.append(int(Curve.LINETO))
    ax.add_patch(PathPatch(Curve(points, codes), facecolor="none", edgecolor="0.45", linewidth=0.6, zorder=2))
