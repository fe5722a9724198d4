"""The change between two scenarios as steps, one for each edited entry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.compare.comparison import Comparison
from sim.digits import cut
from sim.figures.axes import scale_axis
from sim.figures.fold import ELLIPSIS
from sim.figures.look import DOUBLE_COLUMN_CM, Look
from sim.figures.style import BLUE, HATCH, VERMILION, new_panels
from sim.figures.subject import outcome_title
from sim.figures.ticks import raise_power
from sim.scenario.schema import Scenario
from sim.scenario.titles import raised, spaced, title_of

ROW_CM, LINE_CM = 0.9, 0.36
WIDTH, MOST_LINES = 30, 3
"""Most characters in a line of a title, and most lines."""
NAMED = ("parameters.", "choices.", "outcomes.")
HEIGHT = 0.62
LINK = "0.55"


@dataclass(frozen=True)
class _ChangeBar:
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
        The comparison of the scenarios.
    name
        Name of the scenario to which the way leads.

    Returns
    -------
    Figure or None
        A panel for each statistic that is known, with the edits in the order of each; ``None`` without any.
    """
    scenario = comparison.baseline.scenario
    outcome, table = scenario.report.outcome, comparison.waterfalls
    rows = table[(table["scenario"] == name) & (table["outcome"] == outcome) & (table["role"] != "change")]
    labels = {
        "median": f"{outcome_title(scenario, outcome)}: median",
        "mean_log": f"mean of ln({title_of(scenario, outcome)})",
    }
    parts = {statistic: rows[rows["statistic"] == statistic] for statistic in labels}
    shown = {statistic: part for statistic, part in parts.items() if len(part)}
    if not shown:
        return None
    edited = next(source.scenario for source in comparison.others if source.name == name)
    names = {
        statistic: [_label(comparison, edited, name, row.role, row.entry) for row in part.itertuples()]
        for statistic, part in shown.items()
    }
    height = 2.0 + max(map(_rows_cm, names.values()))
    figure, (panels,) = new_panels(Look(DOUBLE_COLUMN_CM), height, 1, len(shown))
    for (statistic, part), ax in zip(shown.items(), panels, strict=True):
        _draw_steps(part, ax)
        ax.set_yticks(range(len(part))[::-1], names[statistic])
        ax.set_ylim(-0.6, len(part) - 0.4)
        ax.set_xlabel(labels[statistic])
    if len({tuple(part["entry"]) for part in shown.values()}) == 1:
        for ax in panels[1:]:
            ax.set_yticklabels([])
    return figure


def _label(comparison: Comparison, edited: Scenario, name: str, role: object, entry: object) -> str:
    """Return the name of a scenario, or the titles of what a part edits, on lines of their own."""
    if role != "part":
        return comparison.baseline.name if role == "baseline" else name
    titles = [_title(path, edited, comparison.baseline.scenario) for path in str(entry).split(" + ")]
    folded = (fill(title, WIDTH, max_lines=MOST_LINES, placeholder=ELLIPSIS) for title in titles)
    return "\n+ ".join(folded)


def _title(path: str, *scenarios: Scenario) -> str:
    """Return the title of an edited entry in the first scenario that has it; a key without one in words."""
    name = path.partition(".")[2] if path.startswith(NAMED) else path
    known = (each for each in scenarios if name in {*each.parameters, *each.choices, *each.outcomes})
    scenario = next(known, None)
    return raised(spaced(name.replace(".", ": ")) if scenario is None else title_of(scenario, name))


def _rows_cm(names: Sequence[str]) -> float:
    """Return the height of rows that stand evenly, neighbours of several lines apart."""
    n_lines = [1 + name.count("\n") for name in names]
    closest = max((one + two for one, two in pairwise(n_lines)), default=2)
    return len(names) * max(ROW_CM, LINE_CM * (closest + 1) / 2.0)


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


def _steps(table: pd.DataFrame) -> Iterator[_ChangeBar]:
    """Yield the value of each end, and the change of each part from where the one before ends."""
    level = 0.0
    values, errors = (table[key].to_numpy(dtype=float) for key in ("value", "mc_error"))
    for role, value, error in zip(table["role"], values, errors, strict=True):
        start = level if role == "part" else float(value)
        level = start + float(value) if role == "part" else float(value)
        yield _ChangeBar(role == "part", start, level, float(error))


def _draw_step(place: int, step: _ChangeBar, ax: Axes) -> None:
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
