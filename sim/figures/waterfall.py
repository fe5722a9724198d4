"""The change between two scenarios as steps, one for each edited entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.axes import PLAIN, readable
from sim.figures.style import BLUE, VERMILION
from sim.figures.ticks import with_suffix
from sim.summary.digits import cut

HEIGHT = 0.62
LINK = "0.55"


@dataclass(frozen=True)
class _Step:
    """One row: an end of the change, or a part of it from one level to another."""

    is_part: bool
    start: float
    end: float
    error: float

    @property
    def words(self) -> str:
        """The value of an end, the signed change of a part."""
        value = self.end - self.start if self.is_part else self.end
        text = cut(value, self.error)
        return f"+{text}" if self.is_part and value > 0 else text


def waterfall_steps(table: pd.DataFrame, label: str, ax: Axes, suffixes: Mapping[str, str] = PLAIN) -> Axes:
    """Draw steps from the baseline (top) to the scenario (bottom); the ends are short upright lines.

    Parameters
    ----------
    table
        ``label``, ``role`` (``baseline``, ``part``, ``scenario``), ``value``, ``error``: the value of the
        ends, the change of the parts, in one unit, in the order in which they are drawn.
    label
        Of the horizontal axis, with unit.
    ax
        Axes to draw on. Steps to the right are blue, steps to the left red and hatched; error bars are two
        Monte Carlo errors.
    suffixes
        What stands for K, M, B and T behind a number.
    """
    steps = list(_steps(table))
    for place, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
        _draw(place, step, ax, suffixes)
    levels = [level for step in steps for level in (step.start, step.end)]
    low, high = min(levels), max(levels)
    room = (high - low) or max(abs(high), 1.0)
    ax.set_xlim(low - 0.06 * room, high + 0.24 * room)
    readable(ax.xaxis, suffixes)
    ax.set_yticks(range(len(steps))[::-1], list(table["label"]))
    ax.set_ylim(-0.6, len(steps) - 0.4)
    ax.set_xlabel(label)
    return ax


def _steps(table: pd.DataFrame) -> Iterator[_Step]:
    level = 0.0
    values, errors = (table[key].to_numpy(dtype=float) for key in ("value", "error"))
    for role, value, error in zip(table["role"], values, errors, strict=True):
        start = level if role == "part" else float(value)
        level = start + float(value) if role == "part" else float(value)
        yield _Step(role == "part", start, level, float(error))


def _draw(place: int, step: _Step, ax: Axes, suffixes: Mapping[str, str]) -> None:
    half = HEIGHT / 2
    if step.is_part:
        rising = step.end >= step.start
        ax.barh(
            place,
            step.end - step.start,
            HEIGHT,
            step.start,
            color=BLUE if rising else VERMILION,
            alpha=0.75,
            hatch="" if rising else "////",
            edgecolor="white",
            linewidth=0,
        )
        ax.errorbar(step.end, place, xerr=2 * step.error, color="black", capsize=1.5, linewidth=0.8)
    else:
        ax.plot([step.end, step.end], [place - half, place + half], color="black", linewidth=2.0)
    if place:
        ax.plot([step.end, step.end], [place - 1 + half, place - half], color=LINK, linewidth=0.6)
    ax.annotate(
        with_suffix(step.words, suffixes),
        (max(step.start, step.end), place),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontsize="small",
    )
