r"""PAWN: sensitivity by distance between distributions, which no moment of the outcome enters.

For each of ten slices of an input, of equal probability, the Kolmogorov-Smirnov distance between the
outcome's distribution within the slice and over all draws; the index is the median distance (Pianosi and
Wagener 2018, Environ. Model. Softw. 108:197). For a choice the slices are its alternatives. A ranking by
variance that PAWN shares does not hang on the variance, which heavy tails make a poor summary.

SALib's index is the same number; it takes the time of an exact test of significance for each slice, which
nobody reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.stats import rankdata

from sim.analysis.sensitivity.drivers import Driver, drivers
from sim.engine.experiment import Experiment
from sim.engine.inputs import Group, groups_of
from sim.scenario.graph import names_below
from sim.summary.estimate import Estimate
from sim.types import Array

RIDGE = 1e-11
"""Added to the diagonal: ranks that others give in full leave a small rest, uncorrelated with all else."""


@dataclass(frozen=True)
class RankCorrelations:
    """Spearman's and the partial rank correlation of a column with the reported outcome."""

    driver: Driver
    spearman: Estimate
    partial: Estimate


def rank_correlations(experiment: Experiment) -> tuple[RankCorrelations, ...]:
    """Return the rank correlations of every column the reported outcome reads."""
    columns = drivers(experiment)
    indicators = _indicators(experiment)
    arrays = [driver.draws for driver in columns]
    stacked = np.stack([experiment.outcome, *arrays, *indicators])
    pooled = _correlations(stacked.reshape(len(stacked), -1), len(indicators))
    each = np.stack([_correlations(stacked[:, place], len(indicators)) for place in range(stacked.shape[1])])
    spearman, partial = (_estimates(pooled[k], each[:, k]) for k in (0, 1))
    return tuple(map(RankCorrelations, columns, spearman, partial))


def _indicators(experiment: Experiment) -> list[Array]:
    read = names_below(experiment.scenario, experiment.scenario.report.outcome)
    found = []
    for name, places in experiment.first.choices.items():
        if name in read:
            found += [(places == place).astype(float) for place in np.unique(places)[1:]]
    return found


def _correlations(rows: Array, n_indicators: int) -> Array:
    """Return Spearman's and the partial rank correlation of row 0 with the others but the indicators."""
    n_ranked = len(rows) - n_indicators
    ranks = np.vstack([rankdata(rows[:n_ranked], axis=1), rows[n_ranked:]])
    with np.errstate(invalid="ignore"):  # a row that does not vary has no correlation; it explains nothing
        matrix = np.nan_to_num(np.corrcoef(ranks))
    np.fill_diagonal(matrix, 1.0)
    precision = np.linalg.inv(matrix + RIDGE * np.eye(len(matrix)))
    scale = np.sqrt(np.diag(precision))
    partial = -precision[0] / (scale[0] * scale)
    return np.stack([matrix[0, 1:n_ranked], partial[1:n_ranked]])


def _estimates(pooled: Array, each: Array) -> Sequence[Estimate]:
    errors = np.std(each, axis=0, ddof=1) / np.sqrt(len(each))
    return [Estimate(float(value), float(error)) for value, error in zip(pooled, errors, strict=True)]


N_SLICES = 10
N_BLOCKS = 4
MAX_DRAWS = 4096


@dataclass(frozen=True)
class Pawn:
    """PAWN index of a group: that of the strongest of its columns that the outcome reads.

    Parameters
    ----------
    group
        Inputs that vary together.
    index
        In [0, 1], from at most 4,096 draws. Its Monte Carlo error is the spread of the index over four
        blocks of randomisations, divided by 2. An input that does nothing has an index of about 0.04,
        not 0.
    """

    group: Group
    index: Estimate


def pawn_indices(experiment: Experiment) -> tuple[Pawn, ...]:
    """Return the PAWN index of every group that the reported outcome depends on."""
    blocks = _blocks(experiment.outcome)
    read = names_below(experiment.scenario, experiment.scenario.report.outcome)
    found = []
    for group in groups_of(experiment.inputs):
        columns = [driver.draws for driver in drivers(experiment) if driver.group == group]
        choices = [experiment.first.choices[each.name] for each in group.inputs if not each.columns]
        if columns and any(name in read for name in group.columns):
            found.append(Pawn(group, _strongest([_of_column(_blocks(x), blocks) for x in columns])))
        elif choices and group.name in read:
            found.append(Pawn(group, _of_choice(_blocks(choices[0].astype(float)), blocks)))
    return tuple(found)


def _blocks(draws: Array) -> Array:
    """Return thinned draws in four blocks of whole randomisations, (block, draw)."""
    n_blocks = min(N_BLOCKS, len(draws))
    thinned = draws[: len(draws) // n_blocks * n_blocks, : max(1, MAX_DRAWS // len(draws))]
    return thinned.reshape(n_blocks, -1)


def _of_column(x: Array, y: Array) -> Estimate:
    return _estimate(_median_distance(x.ravel(), y.ravel()), list(map(_median_distance, x, y)))


def _median_distance(x: Array, y: Array) -> float:
    ends = np.quantile(x, np.linspace(0.0, 1.0, N_SLICES + 1))
    slices = [y[(x >= low) & (x < high)] for low, high in pairwise(ends)]
    return float(np.median([distance(each, y) for each in slices if each.size]))


def _of_choice(x: Array, y: Array) -> Estimate:
    return _estimate(_median_by_alternative(x.ravel(), y.ravel()), list(map(_median_by_alternative, x, y)))


def _median_by_alternative(x: Array, y: Array) -> float:
    return float(np.median([distance(y[x == place], y) for place in np.unique(x)]))


def distance(part: Array, whole: Array) -> float:
    r"""Return the Kolmogorov-Smirnov distance of two samples, :math:`\max_y |F_p(y) - F_w(y)|`.

    Parameters
    ----------
    part, whole
        (draw), at least one each.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> distance(np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0, 4.0]))
    0.5
    """
    at = np.concatenate([part, whole])
    share_of_part, share_of_whole = (
        np.searchsorted(np.sort(draws), at, side="right") / draws.size for draws in (part, whole)
    )
    return float(np.abs(share_of_part - share_of_whole).max())


def _estimate(pooled: float, each: list[float]) -> Estimate:
    return Estimate(pooled, float(np.std(each, ddof=1) / np.sqrt(len(each))))


def _strongest(estimates: list[Estimate]) -> Estimate:
    return max(estimates, key=lambda estimate: estimate.value)
