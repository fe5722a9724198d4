r"""Rank and partial rank correlation of the outcome with each column it reads.

The partial rank correlation of column j removes what all other columns and the choices explain, linearly in
ranks: with P the inverse of the correlation matrix of ranks, :math:`-P_{jy} / \sqrt{P_{jj} P_{yy}}` (Helton
and Davis 2003, Reliab. Eng. Syst. Saf. 81:23). A choice enters as one indicator for each alternative but one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from sim.analysis.sensitivity.drivers import Driver, drivers
from sim.engine.experiment import Experiment
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
