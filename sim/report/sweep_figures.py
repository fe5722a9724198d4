"""The figures of a sweep: a curve with bands over one key, heat maps over two."""

from dataclasses import replace
from pathlib import Path
from textwrap import wrap

import pandas as pd

from sim.figures.style import Look, new_panels, save
from sim.figures.sweep_curve import CurveWords, sweep_curve, sweep_probabilities
from sim.figures.sweep_map import MapWords, sweep_map
from sim.figures.ticks import number
from sim.figures.words import Words
from sim.scenario.schema import Scenario
from sim.sweep.grid import Grid

LINE = 36
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def write_sweep_figures(grid: Grid, table: pd.DataFrame, folder: Path, words: Words) -> None:
    """Draw the reported outcome over the grid: ``curve``, or ``median`` and ``p_above_<threshold>``."""
    rows = table[table["outcome"] == grid.base.report.outcome]
    if len(grid.axes) == 1:
        _curve(grid, rows, words, folder)
    else:
        _maps(grid, rows, words, folder)


def _curve(grid: Grid, rows: pd.DataFrame, words: Words, folder: Path) -> None:
    (axis,), scenario = grid.axes, grid.base
    stated = scenario.report.interval
    interval = words.interval(stated.probability, stated.kind)
    label = _label(axis.key, scenario)
    moments = rows[rows["statistic"] != "p_above"]
    wide = moments.pivot(index=axis.key, columns="statistic", values="value")
    curve = wide.loc[list(dict.fromkeys(rows[axis.key]))].rename_axis("x").reset_index()
    above = rows[rows["statistic"] == "p_above"]
    outcome = _outcome(scenario)
    alone = CurveWords(label, outcome, interval, axis.log, words)
    if above.empty:
        figure, ((ax,),) = new_panels(Look(), 6.5)
        sweep_curve(curve, alone, ax)
    else:
        figure, panels = new_panels(Look(), 11.0, 2, 1)
        sweep_curve(curve, replace(alone, x_label=""), panels[0][0])
        renamed = above.rename(columns={axis.key: "x", "at": "threshold", "value": "p_above"})
        probability = words.labels.probability_above.format(outcome=scenario.report.outcome)
        sweep_probabilities(renamed, replace(alone, y_label=probability), panels[1][0])
    save(figure, folder, "curve")


def _maps(grid: Grid, rows: pd.DataFrame, words: Words, folder: Path) -> None:
    first, second = grid.axes
    names = {first.key: "x", second.key: "y"}
    medians = rows[rows["statistic"] == "median"].rename(columns=names)
    outcome = _outcome(grid.base)
    maps: list[tuple[str, str, pd.DataFrame, tuple[float, ...]]] = [
        ("median", words.labels.median_of.format(outcome=outcome), medians, ())
    ]
    for threshold in grid.base.report.thresholds:
        above = rows[(rows["statistic"] == "p_above") & (rows["at"] == threshold)].rename(columns=names)
        label = words.labels.chance_above.format(
            outcome=grid.base.report.outcome, threshold=number(threshold, words.suffixes)
        )
        maps.append((f"p_above_{threshold:g}", label, above, LEVELS))
    x_label, y_label = (_label(axis.key, grid.base) for axis in grid.axes)
    for name, label, table, levels in maps:
        figure, ((ax,),) = new_panels(Look(), 7.0)
        shown = MapWords(
            x_label, y_label, label, first.log, second.log, words.suffixes, levels, name != "median"
        )
        sweep_map(table, shown, ax)
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
    scaled = not parameter.parts and parts[-1] not in ("sigma", "concentration")
    unit = f", {parameter.unit}" if scaled and parameter.unit != "1" else ""
    return "\n".join([*wrap(parameter.title, LINE), f"({key.removeprefix('parameters.')}{unit})"])
