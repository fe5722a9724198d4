"""Resamples of one stratum's periods: whole periods, so that all units move together."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from sim.evidence.readings import Array

ReplicateMethod = Literal["naive", "rescaled", "bayesian"]
RngFor = Callable[[str], np.random.Generator]

LARGEST_TABLE = 4096


def resampled_means(counts: Array, method: ReplicateMethod, n_draws: int, rng: np.random.Generator) -> Array:
    r"""Draw replicates of a stratum's mean.

    - ``naive``: n periods with replacement; variance :math:`\frac{n-1}{n} \cdot s^2/n`.
    - ``rescaled``: n - 1 periods with replacement, after Rao and Wu (1988); variance :math:`s^2/n`.
    - ``bayesian``: Dirichlet weights with :math:`\alpha = (n-2)/n` each; variance
      :math:`\frac{n-1}{n(n\alpha+1)} s^2 = s^2/n`. At n = 2 the weights' limit is one period drawn at random.

    Parameters
    ----------
    counts
        (period, unit), n >= 2 periods.
    method
        One of the three.
    n_draws
        Number of replicates.
    rng
        The first draws do not depend on how many follow.

    Returns
    -------
    ndarray
        (draw, unit).

    References
    ----------
    Rao & Wu (1988), JASA 83:231. Rubin (1981), Ann. Stat. 9:130.
    """
    n_periods = len(counts)
    if method == "bayesian" and n_periods > 2:
        weights = rng.dirichlet(np.full(n_periods, (n_periods - 2) / n_periods), size=n_draws)
        return np.asarray(weights @ counts, dtype=np.float64)
    n_picks = n_periods if method == "naive" else n_periods - 1
    return _picked_sums(counts, n_picks, n_draws, rng) / n_picks


def picks_table(counts: Array, n_picks: int) -> Array:
    """Return the sums of all ordered picks with replacement, (n_periods ** n_picks, unit).

    Examples
    --------
    >>> picks_table(np.array([[1.0], [10.0]]), 2)[:, 0]
    array([ 2., 11., 11., 20.])
    """
    sums = counts
    for _ in range(n_picks - 1):
        sums = (sums[:, np.newaxis, :] + counts[np.newaxis, :, :]).reshape(-1, counts.shape[1])
    return sums


def _picked_sums(counts: Array, n_picks: int, n_draws: int, rng: np.random.Generator) -> Array:
    """Sum n picks: several picks at a time, by one integer into the table of their sums."""
    n_periods = len(counts)
    at_a_time = 1
    while at_a_time < n_picks and n_periods ** (at_a_time + 1) <= LARGEST_TABLE:
        at_a_time += 1
    n_groups, left_over = divmod(n_picks, at_a_time)
    tables = [picks_table(counts, at_a_time)] * n_groups
    if left_over:
        tables.append(picks_table(counts, left_over))
    places = rng.integers(0, [len(table) for table in tables], size=(n_draws, len(tables)))
    sums = np.zeros((n_draws, counts.shape[1]))
    for i, table in enumerate(tables):
        sums += table[places[:, i]]
    return sums
