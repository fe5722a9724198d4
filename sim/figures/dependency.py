"""What the reported outcome rests on, as boxes and lines: inputs on the left, the outcome on the right."""

from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Patch, PathPatch
from matplotlib.path import Path as Curve
from matplotlib.textpath import TextPath

from sim.figures.layout import Layout, lay_out
from sim.figures.look import Look
from sim.figures.style import CM_PER_INCH, new_panels
from sim.scenario.graph import Dependencies, Node

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
class Box:
    """A box, in cm from the lower left corner of the figure.

    Parameters
    ----------
    left, middle, width
        Its left edge, the height of its middle, and its width.
    column_left
        Left edge of its column, from which on lines run level.
    """

    left: float
    middle: float
    width: float
    column_left: float


def dependency_figure(graph: Dependencies) -> Figure:
    """Draw a graph; the figure is as large as its boxes need, in type of 7 points.

    Parameters
    ----------
    graph
        From :func:`sim.scenario.graph.dependencies`.
    """
    layout = lay_out(graph.root, {name: node.reads for name, node in graph.nodes.items()})
    widths = {name: _width(node) for name, node in graph.nodes.items()}
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
    patches = [
        Patch(facecolor=FILLS[sort], edgecolor="0.3", linewidth=0.5, label=WORDS[sort]) for sort in sorts
    ]
    ax.legend(handles=patches, loc="upper center", ncols=len(patches), borderaxespad=0.3, handlelength=1.2)
    return figure


def _text_cm(text: str, size: float) -> float:
    return float(TextPath((0.0, 0.0), text, size=size).get_extents().width) * CM_PER_POINT


def _unit(node: Node) -> str:
    return "" if node.unit == "1" else node.unit


def _width(node: Node) -> float:
    unit = _text_cm(_unit(node), SMALL_TYPE) if _unit(node) else 0.0
    return max(_text_cm(node.name, TYPE), unit) + 2 * PADDING_CM


def _height(column: tuple[str, ...], nodes: Mapping[str, Node]) -> float:
    return sum((BOX_CM if name in nodes else WAYPOINT_CM) + BETWEEN_CM for name in column) - BETWEEN_CM


def _boxes(
    layout: Layout,
    nodes: Mapping[str, Node],
    widths: Mapping[str, float],
    column_widths: list[float],
    top: float,
) -> dict[str, Box]:
    """Place every box and waypoint: columns from right to left, each spread over the height."""
    boxes: dict[str, Box] = {}
    left = MARGIN_CM
    room = top - 2 * MARGIN_CM
    for column, wide in reversed(list(zip(layout.columns, column_widths, strict=True))):
        slack = (room - _height(column, nodes)) / len(column)
        upper = top - MARGIN_CM - slack / 2
        for name in column:
            tall = BOX_CM if name in nodes else WAYPOINT_CM
            width = widths.get(name, wide)
            boxes[name] = Box(left + wide - width, upper - tall / 2, width, left)
            upper -= tall + BETWEEN_CM + slack
        left += wide + GAP_CM
    return boxes


def _draw_box(ax: Axes, box: Box, node: Node) -> None:
    corner = (box.left, box.middle - BOX_CM / 2)
    style = f"round,pad=0,rounding_size={0.08 if node.sort != 'choice' else 0.3}"
    ax.add_patch(
        FancyBboxPatch(
            corner,
            box.width,
            BOX_CM,
            style,
            facecolor=FILLS[node.sort],
            edgecolor="0.3",
            linewidth=0.5,
            zorder=3,
        )
    )
    centre = box.left + box.width / 2
    lift = 0.13 if _unit(node) else 0.0
    ax.text(centre, box.middle + lift, node.name, size=TYPE, ha="center", va="center", zorder=4)
    if _unit(node):
        ax.text(
            centre,
            box.middle - 0.17,
            _unit(node),
            size=SMALL_TYPE,
            ha="center",
            va="center",
            color="0.25",
            zorder=4,
        )


def _draw_line(ax: Axes, route: list[Box]) -> None:
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
