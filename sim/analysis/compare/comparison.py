"""A comparison: everything that is said of several scenarios, as tables."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.compare.contrasts import contrasts
from sim.analysis.compare.differences import are_paired, warnings_of
from sim.analysis.compare.side_by_side import side_by_side
from sim.analysis.compare.sources import ScenarioSource
from sim.analysis.compare.waterfall import waterfalls
from sim.parallel import Executor, Serial
from sim.summary.density import COLUMNS, density, linear_within
from sim.summary.outcome_estimates import median_of
from sim.types import Array, Step


@dataclass(frozen=True, eq=False)
class Densities:
    """Densities in bins, one below the other.

    Parameters
    ----------
    table
        ``scenario``, then the columns of :func:`sim.summary.density.density`.
    within
        Width within which the axis that all share is linear: 0 for a log, infinity for a linear axis.
    """

    table: pd.DataFrame
    within: float


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Several scenarios and a baseline among them.

    Parameters
    ----------
    baseline, others, sources
        What the others are compared with, the others, and all of them, in the order given.
    outcomes, contrasts, waterfalls
        From :mod:`sim.analysis.compare.side_by_side` and the modules of these names.
    warnings
        Why scenarios are less than comparable, in words.
    """

    baseline: ScenarioSource
    others: tuple[ScenarioSource, ...]
    sources: tuple[ScenarioSource, ...]
    outcomes: pd.DataFrame
    contrasts: pd.DataFrame
    waterfalls: pd.DataFrame
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        others = ", ".join(each.name for each in self.others)
        return f"<Comparison of {others} with {self.baseline.name}: outcomes, contrasts, waterfalls>"

    @property
    def digest(self) -> str:
        """sha256 over what is compared: the scenarios' digests and those of their numbers, baseline first."""
        keys = ("scenario_digest", "numbers_digest")
        parts = [
            "".join(str(source.results.attributes[key]) for key in keys) + source.name
            for source in (self.baseline, *self.sources)
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def densities(self, outcome: str) -> Densities:
        """Return the density of an outcome under each scenario that has it, in the order given."""
        draws = {
            source.name: source.results.variable(outcome)
            for source in self.sources
            if outcome in source.scenario.outcomes
        }
        return _densities(draws, self.baseline.scenario.report.thresholds)

    def contrast_densities(self, outcome: str) -> Densities:
        """Return the density of the ratio of each paired scenario's draws to the baseline's.

        Where the outcome is not positive in every draw, of their difference. Empty where no scenario is
        paired.
        """
        base = self.baseline.results.variable(outcome)
        draws = {
            other.name: other.results.variable(outcome)
            for other in self.others
            if outcome in other.scenario.outcomes and are_paired(self.baseline, other)
        }
        positive = (base > 0).all() and all((each > 0).all() for each in draws.values())
        contrasts = {name: each / base if positive else each - base for name, each in draws.items()}
        return _densities(contrasts, (1.0 if positive else 0.0,))


def compare(
    sources: Sequence[ScenarioSource], place: int, step: Step, executor: Executor | None = None
) -> Comparison:
    """Compare scenarios with one of them.

    Parameters
    ----------
    sources, place
        Two or more; place of the baseline among them.
    step
        Called with a short description when a step begins.
    executor
        Evaluates the scenarios that lie between; this process unless stated.

    Returns
    -------
    Comparison
        All tables and warnings.

    Raises
    ------
    InvalidInput
        If a scenario shares no outcome with the baseline.
    """
    baseline, report = sources[place], sources[place].scenario.report
    others = tuple(source for other, source in enumerate(sources) if other != place)
    warnings = [note for source in sources for note in source.notes]
    for other in others:
        warnings += warnings_of(baseline, other)
    step("differences and ratios")
    differences = contrasts(baseline, others, report)
    found = waterfalls(baseline, others, executor or Serial(), step)
    warnings += _moved(baseline, others, found)
    return Comparison(
        baseline, others, tuple(sources), side_by_side(sources, report), differences, found, tuple(warnings)
    )


def _moved(baseline: ScenarioSource, others: Sequence[ScenarioSource], changes: pd.DataFrame) -> list[str]:
    """Say where this program's own numbers on the baseline's draws are not those of the results given."""
    said = []
    outcome = str(changes["outcome"].iloc[0])
    medians = changes[(changes["outcome"] == outcome) & (changes["statistic"] == "median")]
    for other in others:
        rows = medians[medians["scenario"] == other.name].set_index("role")["value"]
        for source, role in ((baseline, "baseline"), (other, "scenario")):
            unit = source.scenario.outcomes[outcome].unit
            stated = source.estimated.of(median_of(outcome, unit)).statistic.value
            drawn = float(rows.loc[role])
            if not np.isclose(drawn, stated, rtol=1e-9, atol=0.0):
                said.append(
                    f"{source.name}: the median of {outcome} is {stated:.6g} in its results and {drawn:.6g} "
                    f"on the draws of {baseline.name}, on which the change to {other.name} is split"
                )
    return list(dict.fromkeys(said))


def _densities(draws: Mapping[str, Array], marks: Sequence[float]) -> Densities:
    pooled = np.concatenate([np.empty(0), *(each.ravel() for each in draws.values())])
    within = linear_within(pooled, marks)
    parts = [density(each, within=within).assign(scenario=name) for name, each in draws.items()]
    empty = pd.DataFrame({name: [] for name in ("scenario", *COLUMNS)})
    table = pd.concat(parts, ignore_index=True)[list(empty.columns)] if parts else empty
    return Densities(table, within)
