"""Every figure with a printed error that the commands give for one scenario and seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.compare.comparison import compare
from sim.analysis.compare.sources import read_sources
from sim.analysis.decision.break_even import BreakEven
from sim.analysis.decision.decide import decide
from sim.analysis.decision.tipping_points import tipping_points
from sim.analysis.reweighting.reweight import reweight
from sim.analysis.sensitivity.analysis import sensitivity_tables
from sim.analysis.sweep.points import values_of
from sim.draws.draw import Draws
from sim.engine.experiment import Experiment
from sim.engine.simulate import simulate
from sim.engine.variants import Variants
from sim.faults import InvalidInput
from sim.scenario.load import load
from sim.scenario.schema import Scenario
from sim.summary.row import Row

ENDS = {"low": "end", "high": "end"}


@dataclass(frozen=True)
class Figure:
    """One number as a command prints it.

    Parameters
    ----------
    kind
        Command and statistic, such as ``run: mean``.
    key
        What it is about; with the kind unique within a scenario.
    value, error
        The number and its printed Monte Carlo error.
    """

    kind: str
    key: str
    value: float
    error: float


def figures_of(path: Path, settings: list[str], edit: str) -> Iterator[Figure]:
    """Yield the figures of a scenario.

    Parameters
    ----------
    path
        Its file.
    settings
        Laid over it, the seed among them.
    edit
        What compare, reweight and sweep change; only ``sim run`` is asked where it is empty.
    """
    scenario = load(path, settings)
    results = simulate(scenario)
    yield from _of_run(scenario, results.statistics.rows)
    if not edit:
        return
    experiment = Experiment(scenario, results.arrays)
    yield from _of_sensitivity(sensitivity_tables(experiment))
    yield from _of_decision(experiment)
    other = load(path, [*settings, edit])
    for value in values_of(other, Variants()):
        place = f"{value.outcome} {value.at or ''}"
        yield Figure(f"sweep: {ENDS.get(value.statistic, value.statistic)}", f"{place} {value.statistic}",
                     value.value, value.mc_error)  # fmt: skip
    try:
        rows = reweight(results, other, "").rows
    except InvalidInput:  # weights that cannot be trusted are refused: no figure is printed
        rows = ()
    for beside in rows:
        key = f"{beside.quantity} {beside.statistic} {beside.at:g}"
        kind = f"reweight: {ENDS.get(beside.statistic, beside.statistic)}"
        yield Figure(kind, key, beside.after.value, beside.after.error)
    yield from _of_tipping(scenario, results.arrays)
    yield from _of_comparison(path, settings, edit)


def _of_run(scenario: Scenario, rows: tuple[Row, ...]) -> Iterator[Figure]:
    varying = sum(parameter.distribution != "constant" for parameter in scenario.parameters.values())
    alone = varying == 1 and not scenario.choices and scenario.evidence is None
    for row in rows:
        if row.alternative == "prior":
            continue
        statistic = row.statistic
        if statistic in ("low", "high"):
            statistic = f"end ({scenario.report.interval.kind})"
        elif statistic.startswith(("low_", "high_")):
            statistic = f"end ({statistic.partition('_')[2]})"
        kind = f"run: {statistic}"
        if row.quantity not in scenario.outcomes and statistic in ("mean", "quantile"):
            kind = "run: mean of an input" if statistic == "mean" else f"run: {100 * row.at:g} % of an input"
        elif row.alternative:
            kind += " of an alternative"
        elif alone:
            kind += " in one dimension"
        value = float("nan") if row.status in ("does not exist", "not to be trusted") else row.value
        key = f"{row.quantity} {row.alternative} {row.statistic} {row.at:g}"
        yield Figure(kind, key, value, row.mc_error)


def _of_sensitivity(tables: dict[str, pd.DataFrame]) -> Iterator[Figure]:
    columns = {
        "variance_by_kind": ("first", "total", "shapley"),
        "tornado": ("share",),
        "moment_independent": ("pawn",),
        "rank_correlations": ("spearman", "partial"),
    }
    for _, row in tables.get("sensitivity_indices", pd.DataFrame()).iterrows():
        yield Figure(
            f"sensitivity: {row['index']}", f"{row['scale']} {row['group']}", row["value"], row["error"]
        )
    for name, values in columns.items():
        for _, row in tables.get(name, pd.DataFrame()).iterrows():
            key = " ".join(str(row[column]) for column in ("scale", "group", "name", "kind") if column in row)
            for value in values:
                kind = f"sensitivity: {value}, {name.replace('_', ' ')}"
                yield Figure(kind, key, row[value], row[f"{value}_error"])


def _of_decision(experiment: Experiment) -> Iterator[Figure]:
    found = decide(experiment)
    levels = set(experiment.scenario.report.thresholds)
    for row in found.tables["acceptability"].itertuples():
        if row.threshold in levels:
            yield Figure("decide: acceptability", f"{row.threshold:g}", row.probability, row.error)
    for switch in found.switches:
        key = f"{switch.column.name} {switch.threshold:g}"
        yield Figure("decide: switching value", key, switch.value.value, switch.value.error)
    yield from _of_break_evens(found.break_evens)
    for row in found.tables["information"].itertuples():
        yield Figure(f"decide: {row.quantity}", f"{row.group} {row.threshold:g}", row.value, row.error)
    if "more_periods" in found.tables:
        for row in found.tables["more_periods"].itertuples():
            yield Figure("decide: width with more periods", str(row.extra), row.width_ratio, row.error)


def _of_break_evens(found: Sequence[BreakEven]) -> Iterator[Figure]:
    for even in found:
        key = f"{even.column.name} {even.threshold:g}"
        yield Figure("decide: break-even, median", key, even.median.value, even.median.error)
        for end in ("low", "high"):
            estimate = getattr(even, end)
            yield Figure("decide: break-even, end", f"{key} {end}", estimate.value, estimate.error)
        share = even.share_without
        yield Figure("decide: share without break-even", key, share.value, share.error)


def _of_tipping(scenario: Scenario, draws: Draws) -> Iterator[Figure]:
    try:
        points = tipping_points(scenario, draws)
    except InvalidInput:  # nothing to move, or no threshold
        return
    for point in points:
        key = f"{point.parameter} {point.threshold:g}"
        yield Figure("tipping: shift", key, point.shift, point.shift_error)


def _of_comparison(path: Path, settings: list[str], edit: str) -> Iterator[Figure]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        edited = Path(folder) / "edited.toml"
        key, _, value = edit.partition("=")
        extends = str(path).replace("\\", "/")
        edited.write_text(f'title = "edited"\nextends = "{extends}"\n{key} = {value}\n', encoding="utf-8")
        sources = read_sources([path, edited], lambda _: None, settings)
        found = compare(sources, 0, lambda _: None)
    for row in found.contrasts.itertuples():
        statistic = ENDS.get(row.statistic, row.statistic)
        key = f"{row.outcome} {row.statistic} {row.at:g}"
        yield Figure(f"compare: {row.measure.replace('_', ' ')}, {statistic}", key, row.value, row.mc_error)
    for row in found.waterfalls.itertuples():
        if row.role in ("part", "change"):
            key = f"{row.outcome} {row.entry}"
            error = float(np.hypot(row.mc_error, row.order_error))
            yield Figure(
                f"compare: {row.role} of the {row.statistic.replace('_', ' ')}", key, row.value, error
            )
