"""Densities of one outcome under several scenarios, and of its draw-by-draw ratio or difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.compare.comparability import paired
from sim.analysis.compare.comparison import Comparison
from sim.summary.density import COLUMNS, density
from sim.summary.scale import linear_within
from sim.types import Array


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


def outcome_densities(comparison: Comparison, outcome: str) -> Densities:
    """Return the density of an outcome under each scenario that has it, in the order given.

    Parameters
    ----------
    comparison
        Scenarios and results.
    outcome
        Name.

    Returns
    -------
    Densities
        One table for all scenarios, on one axis.
    """
    draws = {
        source.name: source.results.variable(outcome)
        for source in comparison.sources
        if outcome in source.scenario.outcomes
    }
    return _densities(draws, comparison.baseline.scenario.report.thresholds)


def contrast_densities(comparison: Comparison, outcome: str) -> Densities:
    """Return the density of the ratio of each paired scenario's draws to the baseline's.

    Where the outcome is not positive in every draw, of their difference. Empty where no scenario is paired.

    Parameters
    ----------
    comparison
        Scenarios and results.
    outcome
        Name.

    Returns
    -------
    Densities
        One table for all scenarios, on one axis.
    """
    baseline = comparison.baseline
    base = baseline.results.variable(outcome)
    draws = {
        other.name: other.results.variable(outcome)
        for other in comparison.others
        if outcome in other.scenario.outcomes and paired(baseline, other)
    }
    positive = (base > 0).all() and all((each > 0).all() for each in draws.values())
    contrasts = {name: each / base if positive else each - base for name, each in draws.items()}
    return _densities(contrasts, (1.0 if positive else 0.0,))


def _densities(draws: Mapping[str, Array], marks: Sequence[float]) -> Densities:
    pooled = np.concatenate([np.empty(0), *(each.ravel() for each in draws.values())])
    within = linear_within(pooled, marks)
    parts = [density(each, within=within).assign(scenario=name) for name, each in draws.items()]
    empty = pd.DataFrame({name: [] for name in ("scenario", *COLUMNS)})
    table = pd.concat(parts, ignore_index=True)[list(empty.columns)] if parts else empty
    return Densities(table, within)
