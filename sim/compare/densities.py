"""Densities of one outcome under several scenarios, and of its draw-by-draw ratio or difference."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.compare.comparability import paired
from sim.compare.comparison import Comparison
from sim.results import Array
from sim.summary.density import COVERED, N_BINS, log_density


@dataclass(frozen=True, eq=False)
class Densities:
    """Densities in bins, one below the other.

    Parameters
    ----------
    table
        ``scenario``, ``low``, ``high`` (edges) and ``density``, per factor of e where `log`, else per unit.
    log
        Bins are of equal width on a log axis; else on a linear one.
    """

    table: pd.DataFrame
    log: bool


def outcome_densities(comparison: Comparison, outcome: str) -> Densities:
    """Return the density of an outcome under each scenario that has it, in the order given."""
    return _densities(
        {
            source.name: source.results.variable(outcome)
            for source in comparison.sources
            if outcome in source.scenario.outcomes
        }
    )


def contrast_densities(comparison: Comparison, outcome: str) -> Densities:
    """Return the density of the ratio of each paired scenario's draws to the baseline's.

    Where the outcome is not positive in every draw, of their difference. Empty where no scenario is paired.
    """
    baseline = comparison.baseline
    base = baseline.results.variable(outcome)
    draws = {
        other.name: other.results.variable(outcome)
        for other in comparison.others
        if outcome in other.scenario.outcomes and paired(baseline, other)
    }
    positive = (base > 0).all() and all((each > 0).all() for each in draws.values())
    return _densities({name: each / base if positive else each - base for name, each in draws.items()})


def _densities(draws: Mapping[str, Array]) -> Densities:
    log = all((each > 0).all() for each in draws.values())
    density = log_density if log else _linear_density
    parts = [density(each).assign(scenario=name) for name, each in draws.items()]
    empty = pd.DataFrame({"scenario": [], "low": [], "high": [], "density": []})
    table = pd.concat(parts, ignore_index=True)[list(empty.columns)] if parts else empty
    return Densities(table, log)


def _linear_density(draws: Array) -> pd.DataFrame:
    first, last = np.quantile(draws, COVERED)
    if last - first <= 1e-9 * max(abs(first), abs(last)):
        width = max(abs(first), 1.0) * 0.05
        first, last, n_bins = first - width, last + width, 1
    else:
        n_bins = N_BINS
    edges = np.linspace(first, last, n_bins + 1)
    counts, _ = np.histogram(draws, edges)
    return pd.DataFrame(
        {"low": edges[:-1], "high": edges[1:], "density": counts / draws.size / np.diff(edges)}
    )
