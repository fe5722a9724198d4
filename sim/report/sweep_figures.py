"""The figures of a sweep: a curve with bands over one key, heat maps over two."""

from pathlib import Path
from textwrap import wrap

import pandas as pd

from sim.distributions import Dirichlet
from sim.figures.style import SINGLE_COLUMN_CM, new_axes, new_grid, save
from sim.figures.sweep_curve import CurveWords, sweep_curve, sweep_probabilities
from sim.figures.sweep_map import MapWords, sweep_map
from sim.scenario.schema import Scenario
from sim.sweep.grid import Grid

LINE = 36
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def write_sweep_figures(grid: Grid, table: pd.DataFrame, folder: Path) -> None:
    """Draw the reported outcome over the grid: ``curve``, or ``median`` and ``p_above_<threshold>``."""
    rows = table[table["outcome"] == grid.base.report.outcome]
    if len(grid.axes) == 1:
        _curve(grid, rows, folder)
    else:
        _maps(grid, rows, folder)


def _curve(grid: Grid, rows: pd.DataFrame, folder: Path) -> None:
    (axis,), scenario = grid.axes, grid.base
    stated = scenario.report.interval
    interval = f"{100 * stated.probability:g} % interval ({stated.kind})"
    label = _label(axis.key, scenario)
    moments = rows[rows["statistic"] != "p_above"]
    wide = moments.pivot(index=axis.key, columns="statistic", values="value")
    curve = wide.loc[list(dict.fromkeys(rows[axis.key]))].rename_axis("x").reset_index()
    above = rows[rows["statistic"] == "p_above"]
    outcome = _outcome(scenario)
    words = CurveWords(label, outcome, interval, axis.log)
    if above.empty:
        figure, ax = new_axes(SINGLE_COLUMN_CM, 6.5)
        sweep_curve(curve, words, ax)
    else:
        figure, panels = new_grid(SINGLE_COLUMN_CM, 11.0, 2, 1)
        sweep_curve(curve, CurveWords("", outcome, interval, axis.log), panels[0][0])
        renamed = above.rename(columns={axis.key: "x", "at": "threshold", "value": "p_above"})
        probability = f"P({scenario.report.outcome} > t)"
        sweep_probabilities(renamed, CurveWords(label, probability, "", axis.log), panels[1][0])
    save(figure, folder, "curve")


def _maps(grid: Grid, rows: pd.DataFrame, folder: Path) -> None:
    first, second = grid.axes
    names = {first.key: "x", second.key: "y"}
    medians = rows[rows["statistic"] == "median"].rename(columns=names)
    outcome = _outcome(grid.base)
    maps: list[tuple[str, str, pd.DataFrame, tuple[float, ...]]] = [
        ("median", f"{outcome}: median", medians, ())
    ]
    for threshold in grid.base.report.thresholds:
        above = rows[(rows["statistic"] == "p_above") & (rows["at"] == threshold)].rename(columns=names)
        words = f"P({grid.base.report.outcome} > {threshold:g})"
        maps.append((f"p_above_{threshold:g}", words, above, LEVELS))
    x_label, y_label = (_label(axis.key, grid.base) for axis in grid.axes)
    for name, label, table, levels in maps:
        figure, ax = new_axes(SINGLE_COLUMN_CM, 7.0)
        sweep_map(
            table, MapWords(x_label, y_label, label, first.log, second.log, levels, name != "median"), ax
        )
        save(figure, folder, name)


def _outcome(scenario: Scenario) -> str:
    name = scenario.report.outcome
    outcome = scenario.outcomes[name]
    return (outcome.title or name) + ("" if outcome.unit == "1" else f", {outcome.unit}")


def _label(key: str, scenario: Scenario) -> str:
    """Return the words for a key: the parameter's title and unit, and the key in brackets."""
    parts = key.removeprefix("parameters.").split(".")
    parameter = scenario.parameters.get(parts[0])
    if parameter is None or parameter.title is None:
        return key
    scaled = not isinstance(parameter, Dirichlet) and parts[-1] not in ("sigma", "concentration")
    unit = f", {parameter.unit}" if scaled and parameter.unit != "1" else ""
    return "\n".join([*wrap(parameter.title, LINE), f"({key.removeprefix('parameters.')}{unit})"])
