"""Resamples of one stratum's periods: whole periods, so that all units move together."""

from collections.abc import Callable, Iterable
from typing import Literal

import numpy as np

from sim.evidence.readings import UNITS, Stratum
from sim.types import Array

ReplicateMethod = Literal["naive", "rescaled", "bayesian"]
RngFor = Callable[[str], np.random.Generator]

LARGEST_TABLE = 4096
LANES = 4
"""Columns that a row of a table is padded to: numpy copies rows of 32 bytes faster than rows of 24."""


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
    if method == "bayesian" and len(counts) > 2:
        n_periods = len(counts)
        weights = rng.dirichlet(np.full(n_periods, (n_periods - 2) / n_periods), size=n_draws)
        return np.asarray(weights @ counts, dtype=np.float64)
    whole = _whole_table(counts, method)
    if whole is not None:
        return whole.take(rng.integers(0, len(whole), size=n_draws), axis=0)
    n_picks = _n_picks(counts, method)
    tables = _tables(counts, n_picks)
    lengths = [len(table) for table in tables]
    sums = np.zeros((n_draws, counts.shape[1]))
    for table, places in zip(tables, rng.integers(0, lengths, size=(n_draws, len(tables))).T, strict=True):
        sums += table[places]
    return sums / n_picks


def summed_means(
    strata: Iterable[Stratum],
    method: ReplicateMethod,
    n_draws: int,
    rng_for: RngFor,
    added: Callable[[Stratum, Array], Array],
) -> Array:
    """Sum over strata what replicates of their means add to it.

    The replicates are those of :func:`resampled_means`. Where one table holds all resamples of a stratum,
    what each adds is worked out once, and a draw is one integer, one look-up and one sum.

    Parameters
    ----------
    strata
        Each has a stream of its own, named after it.
    method, n_draws
        As for :func:`resampled_means`.
    rng_for
        Gives the generator that belongs to a name.
    added
        Gives for a stratum and means (..., unit) what they add, (..., unit); draw by draw.

    Returns
    -------
    ndarray
        (draw, unit).
    """
    n_units = len(UNITS)
    sums = np.zeros((n_draws, -(-n_units // LANES) * LANES))
    found = np.empty_like(sums)
    for stratum in strata:
        rng = rng_for(stratum.name)
        table = _whole_table(stratum.counts, method)
        if table is None:
            sums[:, :n_units] += added(stratum, resampled_means(stratum.counts, method, n_draws, rng))
            continue
        padded = np.zeros((len(table), sums.shape[1]))
        padded[:, :n_units] = added(stratum, table)
        places = rng.integers(0, len(table), size=n_draws)
        sums += padded.take(places, axis=0, out=found, mode="clip")  # only "clip" writes into `found` at once
    return sums[:, :n_units]


def picks_table(counts: Array, n_picks: int) -> Array:
    """Return the sums of all ordered picks with replacement, (n_periods ** n_picks, unit).

    Parameters
    ----------
    counts
        (period, unit).
    n_picks
        How many periods are picked.

    Returns
    -------
    ndarray
        (pick, unit): sums of counts.

    Examples
    --------
    >>> picks_table(np.array([[1.0], [10.0]]), 2)[:, 0]
    array([ 2., 11., 11., 20.])
    """
    columns = np.ascontiguousarray(counts.T)
    sums = columns
    for _ in range(n_picks - 1):
        sums = (columns[:, :, np.newaxis] + sums[:, np.newaxis, :]).reshape(len(columns), -1)
    return sums.T


def _whole_table(counts: Array, method: ReplicateMethod) -> Array | None:
    """Return the means of all equally likely resamples, (resample, unit), where one table holds them."""
    if method == "bayesian" and len(counts) > 2:
        return None
    n_picks = _n_picks(counts, method)
    return picks_table(counts, n_picks) / n_picks if len(counts) ** n_picks <= LARGEST_TABLE else None


def _n_picks(counts: Array, method: ReplicateMethod) -> int:
    return len(counts) if method == "naive" else len(counts) - 1


def _tables(counts: Array, n_picks: int) -> list[Array]:
    """Return tables of the sums of several picks at a time, of which one draw from each makes n picks."""
    n_periods = len(counts)
    at_a_time = 1
    while at_a_time < n_picks and n_periods ** (at_a_time + 1) <= LARGEST_TABLE:
        at_a_time += 1
    n_groups, left_over = divmod(n_picks, at_a_time)
    tables = [picks_table(counts, at_a_time)] * n_groups
    return [*tables, picks_table(counts, left_over)] if left_over else tables
