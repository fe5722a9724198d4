r"""Rank correlations and PAWN: what drives the outcome, by measures that no moment of it enters.

The partial rank correlation of column j removes what all other columns and the choices explain, linearly in
ranks: with P the inverse of the correlation matrix of ranks, :math:`-P_{jy} / \sqrt{P_{jj} P_{yy}}` (Helton
and Davis 2003, Reliab. Eng. Syst. Saf. 81:23). A choice enters as one indicator for each alternative but one.

PAWN takes, for each of ten slices of an input, of equal probability, the Kolmogorov-Smirnov distance between
the outcome's distribution within the slice and over all draws; the index is the median distance (Pianosi and
Wagener 2018, Environ. Model. Softw. 108:197). For a choice the slices are its alternatives. A ranking by
variance that PAWN shares does not hang on the variance, which heavy tails make a poor summary. SALib's index
is the same number; it takes the time of an exact test of significance for each slice, which nobody reads.
"""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pandas as pd

from sim.engine.experiment import Experiment
from sim.engine.inputs import groups_of
from sim.scenario.graph import names_below
from sim.summary.estimate import standard_error
from sim.types import Array

RIDGE = 1e-11
"""Added to the diagonal: ranks that others give in full leave a small rest, uncorrelated with all else."""
N_SLICES = 10
N_BLOCKS = 4
MAX_DRAWS = 4096


def rank_correlations(experiment: Experiment) -> pd.DataFrame:
    """Return the rank correlations of every column the reported outcome reads, of a stream its mean.

    Returns
    -------
    DataFrame
        ``name``, ``group``, ``kind``; Spearman's correlation with the outcome as ``spearman``, the partial
        one as ``partial``, each with its Monte Carlo error as ``spearman_error`` and ``partial_error``.
    """
    indicators = _indicators(experiment)
    drivers = {name: group for name, (_, group) in experiment.driver_draws.items()}
    arrays = [draws for draws, _ in experiment.driver_draws.values()]
    stacked = np.stack([experiment.outcome, *arrays, *indicators])
    pooled = _correlations(stacked.reshape(len(stacked), -1), len(indicators))
    each = np.stack([_correlations(stacked[:, place], len(indicators)) for place in range(stacked.shape[1])])
    errors = standard_error(each)
    about = {"name": list(drivers), "group": [g.name for g in drivers.values()]}
    about["kind"] = [g.kind for g in drivers.values()]
    found = {
        "spearman": pooled[0],
        "spearman_error": errors[0],
        "partial": pooled[1],
        "partial_error": errors[1],
    }
    return pd.DataFrame({**about, **found})


def _indicators(experiment: Experiment) -> list[Array]:
    read = names_below(experiment.scenario, experiment.scenario.report.outcome)
    return [
        (places == place).astype(float)
        for name, places in experiment.first.choices.items()
        if name in read
        for place in np.unique(places)[1:]
    ]


def _correlations(rows: Array, n_indicators: int) -> Array:
    """Return Spearman's and the partial rank correlation of row 0 with the others but the indicators."""
    n_ranked = len(rows) - n_indicators
    ranks = np.vstack([pd.DataFrame(rows[:n_ranked]).rank(axis=1).to_numpy(), rows[n_ranked:]])
    with np.errstate(invalid="ignore"):  # a row that does not vary has no correlation; it explains nothing
        matrix = np.nan_to_num(np.corrcoef(ranks))
    np.fill_diagonal(matrix, 1.0)
    precision = np.linalg.inv(matrix + RIDGE * np.eye(len(matrix)))
    scale = np.sqrt(np.diag(precision))
    partial = -precision[0] / (scale[0] * scale)
    return np.stack([matrix[0, 1:n_ranked], partial[1:n_ranked]])


def pawn_indices(experiment: Experiment) -> pd.DataFrame:
    """Return the PAWN index of every group that the reported outcome depends on.

    Returns
    -------
    DataFrame
        ``group``, ``kind``; the index of the strongest of the group's columns as ``pawn``, in [0, 1], from at
        most 4,096 draws; its Monte Carlo error, the spread over four blocks of randomisations divided by 2,
        as ``pawn_error``. An input that does nothing has an index of about 0.04, not 0.
    """
    outcome, first = _blocks(experiment.outcome), experiment.first
    read = names_below(experiment.scenario, experiment.scenario.report.outcome)
    rows = []
    for group in groups_of(experiment.inputs):
        columns = [draws for draws, whose in experiment.driver_draws.values() if whose == group]
        choices = [first.choices[each.name].astype(float) for each in group.inputs if not each.columns]
        if columns:
            found = [_index(_median_by_slice, _blocks(x), outcome) for x in columns]
        elif choices and group.name in read:
            found = [_index(_median_by_alternative, _blocks(choices[0]), outcome)]
        else:
            continue
        rows.append((group.name, group.kind, *max(found, key=lambda each: each[0])))
    return pd.DataFrame(rows, columns=["group", "kind", "pawn", "pawn_error"])


def _blocks(draws: Array) -> Array:
    """Return thinned draws in four blocks of whole randomisations, (block, draw)."""
    n_blocks = min(N_BLOCKS, len(draws))
    thinned = draws[: len(draws) // n_blocks * n_blocks, : max(1, MAX_DRAWS // len(draws))]
    return thinned.reshape(n_blocks, -1)


def _index(median: Callable[[Array, Array], float], x: Array, y: Array) -> tuple[float, float]:
    each = list(map(median, x, y))
    return median(x.ravel(), y.ravel()), float(standard_error(np.array(each)))


def _median_by_slice(x: Array, y: Array) -> float:
    ends = np.quantile(x, np.linspace(0.0, 1.0, N_SLICES + 1))
    slices = [y[(x >= low) & (x < high)] for low, high in pairwise(ends)]
    return float(np.median([distance(each, y) for each in slices if each.size]))


def _median_by_alternative(x: Array, y: Array) -> float:
    return float(np.median([distance(y[x == place], y) for place in np.unique(x)]))


def distance(part: Array, whole: Array) -> float:
    r"""Return the Kolmogorov-Smirnov distance of two samples, :math:`\max_y |F_p(y) - F_w(y)|`.

    Parameters
    ----------
    part
        The first sample, of at least one draw, (draw).
    whole
        The second sample, of at least one draw, (draw).

    Returns
    -------
    float
        The distance, in [0, 1].

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
