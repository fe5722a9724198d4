"""The scenarios of a page side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.digits import cut_positive, interval, stated_number
from sim.faults import Fault, refuse
from sim.figures.intervals import scenario_forest_figure
from sim.report.page.answer import chance
from sim.report.page.pictures import LOOK, Picture, inline
from sim.run_record import Run
from sim.summary.estimate import Estimate
from sim.tables.results import interval_words
from sim.tables.table import Column, Section, Table


@dataclass(frozen=True)
class RunComparison:
    """Several scenarios side by side.

    Parameters
    ----------
    table
        The table.
    picture
        The figure.
    """

    table: Table
    picture: Picture


def comparison_of(runs: Sequence[Run]) -> RunComparison:
    """Return the scenarios side by side, the first as what the others are seen against.

    Raises
    ------
    InvalidInput
        If a run has no outcome of the first one's name and unit.
    """
    _require_comparable(runs)
    first = runs[0]
    report = first.scenario.report
    names = _names(runs)
    found = {
        name: {_key(each.statistic, each.at): estimate for each, estimate in run.estimates(report).items()}
        for name, run in zip(names, runs, strict=True)
    }
    return RunComparison(_table(runs, names, found), _picture(runs, names, found))


EstimatesOfRuns = dict[str, dict[str, Estimate]]


def _key(statistic: str, at: float) -> str:
    return f"above {at}" if statistic == "p_above" else statistic


def _table(runs: Sequence[Run], names: Sequence[str], found: EstimatesOfRuns) -> Table:
    first = runs[0]
    report = first.scenario.report
    rows = []
    for name, run in zip(names, runs, strict=True):
        median, low, high = (
            cut_positive(found[name][key].value, found[name][key].error) for key in ("median", "low", "high")
        )
        above = [found[name][_key("p_above", at)] for at in report.thresholds]
        chances = [chance(each.value, each.error) for each in above]
        rows.append((run.scenario.title, name, median, interval(low, high), *chances))
    heads = [f"Chance of more than {stated_number(at)}" for at in report.thresholds]
    unit = f", {first.unit}" if first.unit else ""
    return Table(
        "scenarios",
        f"“{first.title}” under each scenario{unit}",
        (
            Column("Scenario"),
            Column("Name"),
            Column("Middle estimate", "number"),
            Column(interval_words(first.scenario), "number"),
            *(Column(head, "number") for head in heads),
        ),
        (Section("", tuple(rows)),),
        notes=("Interval and thresholds are those of the first scenario, for all alike.",),
    )


def _picture(runs: Sequence[Run], names: Sequence[str], found: EstimatesOfRuns) -> Picture:
    first = runs[0]
    statistics = ("low", "median", "high")
    table = pd.DataFrame([{key: found[name][key].value for key in statistics} for name in names]).assign(
        label=list(names), baseline=[place == 0 for place in range(len(names))]
    )
    words = interval_words(first.scenario)
    label = f"{first.title}, {first.unit}" if first.unit else first.title
    figure = scenario_forest_figure(table, f"{label}\nmedian and {words}", LOOK)
    marks = f"Diamond and dotted line: {names[0]}, the first."
    caption = f"{first.title} under each scenario: median and {words}. {marks}"
    return Picture("scenarios", inline(figure, "fs", first.title, caption), caption)


def _names(runs: Sequence[Run]) -> list[str]:
    """Return the names of the scenarios, made distinct where several share one."""
    names = [run.scenario.name for run in runs]
    return [
        name if names.count(name) == 1 else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _require_comparable(runs: Sequence[Run]) -> None:
    first = runs[0]
    faults = []
    for run in runs[1:]:
        stated = run.scenario.outcomes.get(first.outcome)
        if stated is None or (stated.unit != (first.unit or "1")):
            what = "no such outcome" if stated is None else f"its unit is {stated.unit}"
            allowed = (
                f"runs with an outcome {first.outcome!r} in {first.unit or '1'}, as {first.scenario.name} has"
            )
            faults.append(Fault(str(run.folder), f"outcomes.{first.outcome}", what, allowed))
    refuse(faults)
