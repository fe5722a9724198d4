"""The change between two scenarios as steps, one for each edited entry."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.compare.comparison import Comparison
from sim.digits import cut
from sim.figures.axes import scale_axis
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLUE, HATCH, VERMILION, new_panels
from sim.figures.subject import outcome_title
from sim.figures.ticks import raise_power

ROW_CM = 0.9
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
        text = raise_power(cut(value, self.error))
        return f"+{text}" if self.is_part and value > 0 else text


def waterfall_figure(comparison: Comparison, name: str) -> Figure | None:
    """Draw the way from the baseline to a scenario, in the median and in the mean of the logarithm.

    Parameters
    ----------
    comparison
        Of the scenarios.
    name
        Of the scenario.

    Returns
    -------
    Figure or None
        A panel for each statistic that is known, with the edits in the order of each; none without any.
    """
    scenario = comparison.baseline.scenario
    outcome, table = scenario.report.outcome, comparison.waterfalls
    rows = table[(table["scenario"] == name) & (table["outcome"] == outcome) & (table["role"] != "change")]
    labels = {"median": f"{outcome_title(scenario, outcome)}: median", "mean_log": f"mean of ln({outcome})"}
    parts = {statistic: rows[rows["statistic"] == statistic] for statistic in labels}
    shown = {statistic: part for statistic, part in parts.items() if len(part)}
    if not shown:
        return None
    height = 2.0 + ROW_CM * max(map(len, shown.values()))
    figure, (panels,) = new_panels(Look(DOUBLE_COLUMN_CM), height, 1, len(shown))
    for (statistic, part), ax in zip(shown.items(), panels, strict=True):
        _draw_steps(part, ax)
        names = [_label(comparison, name, row.role, row.entry) for row in part.itertuples()]
        ax.set_yticks(range(len(names))[::-1], names)
        ax.set_ylim(-0.6, len(names) - 0.4)
        ax.set_xlabel(labels[statistic])
    if len({tuple(part["entry"]) for part in shown.values()}) == 1:
        for ax in panels[1:]:
            ax.set_yticklabels([])
    return figure


def _label(comparison: Comparison, name: str, role: object, entry: object) -> str:
    if role != "part":
        return comparison.baseline.name if role == "baseline" else name
    paths = str(entry).split(" + ")
    return "\n+ ".join(path.removeprefix("parameters.").removeprefix("choices.") for path in paths)


def _draw_steps(table: pd.DataFrame, ax: Axes) -> None:
    """Draw steps from the baseline (top) to the scenario (bottom); the ends are short upright lines.

    Steps to the right are blue, steps to the left red and hatched; error bars are two Monte Carlo errors.
    """
    steps = list(_steps(table))
    for place, step in zip(range(len(steps) - 1, -1, -1), steps, strict=True):
        _draw_step(place, step, ax)
    levels = [level for step in steps for level in (step.start, step.end)]
    low, high = min(levels), max(levels)
    room = (high - low) or max(abs(high), 1.0)
    ax.set_xlim(low - 0.06 * room, high + 0.24 * room)
    scale_axis(ax.xaxis)


def _steps(table: pd.DataFrame) -> Iterator[_Step]:
    """Yield the value of each end, and the change of each part from where the one before ends."""
    level = 0.0
    values, errors = (table[key].to_numpy(dtype=float) for key in ("value", "mc_error"))
    for role, value, error in zip(table["role"], values, errors, strict=True):
        start = level if role == "part" else float(value)
        level = start + float(value) if role == "part" else float(value)
        yield _Step(role == "part", start, level, float(error))


def _draw_step(place: int, step: _Step, ax: Axes) -> None:
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
            hatch="" if rising else HATCH,
            edgecolor="white",
            linewidth=0,
        )
        ax.errorbar(step.end, place, xerr=2 * step.error, color="black", capsize=1.5, linewidth=0.8)
    else:
        ax.plot([step.end, step.end], [place - half, place + half], color="black", linewidth=2.0)
    if place:
        ax.plot([step.end, step.end], [place - 1 + half, place - half], color=LINK, linewidth=0.6)
    ax.annotate(
        step.words,
        (max(step.start, step.end), place),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontsize="small",
    )
