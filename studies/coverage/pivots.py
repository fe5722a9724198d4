r"""Pivots of ratios, learnt from whole histories.

Of each history n random periods are drawn, with replacement, some thousand times. Each time the ratio of the
drawn periods, :math:`\hat R`, and its standard deviation, as the pivotal method has them
(:mod:`sim.evidence.methods.pivotal`), give :math:`Z = \log(R / \hat R) / sd` beside the ratio R of the
whole history. Variances are pooled over all histories of one survey; the law of Z is that of the largest
repositories together, for it is such that serve as references.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.evidence.log_errors import SMALLEST_SIZE, jackknife_rows, ratio_variances
from sim.evidence.methods.pivotal import PROBABILITIES, PivotTable, ratio_variance
from sim.evidence.readings import PeriodSample
from sim.files import frame_csv
from sim.types import Array

PERIODS = (2, 3, 4, 5, 7, 10, 20, 50)
LARGEST = 40
"""Repositories whose pivots are learnt."""
N_SURVEYS = 1000
AT_A_TIME = 100


@dataclass(frozen=True, eq=False)
class Histories:
    """The periods of whole histories.

    Parameters
    ----------
    names
        Repository of each history.
    counts
        Counts of each history, (period, unit): contributors, then what ratios are learnt of.
    counted
        Names of what ratios are learnt of.
    """

    names: tuple[str, ...]
    counts: tuple[Array, ...]
    counted: tuple[str, ...]

    @property
    def largest(self) -> tuple[int, ...]:
        """Places of the repositories with most contributors at a time, largest first."""
        means = [own[:, 0].mean() for own in self.counts]
        return tuple(np.argsort(means, kind="stable")[::-1][:LARGEST].tolist())


class Pivots(NamedTuple):
    """Pivots of the largest repositories' ratios; not a number where a survey has no ratio.

    Parameters
    ----------
    values
        Error of the logarithm of each ratio, in standard deviations, (survey, repository, unit).
    sds
        Standard deviation of each ratio's logarithm, (survey, repository, unit).
    """

    values: Array
    sds: Array

    def held(self, probability: float) -> Array:
        """Return how often intervals by the pivots of all others hold the truth, (repository, unit)."""
        tails = [(1 - probability) / 2, (1 + probability) / 2]
        places = np.arange(self.values.shape[1])
        shares = []
        for place in places:
            others = self.values[:, places != place].reshape(-1, self.values.shape[2])
            low, high = np.nanquantile(others, tails, axis=0)
            own = self.values[:, place]
            shares.append(((own >= low) & (own <= high)).sum(axis=0) / np.isfinite(own).sum(axis=0))
        return np.array(shares)


def histories_of(samples: Mapping[str, PeriodSample]) -> Histories:
    """Return the histories of surveys that differ in how lines are read.

    Parameters
    ----------
    samples
        The same periods by the name of their lines, ``lines_capped`` say.

    Returns
    -------
    Histories
        Contributors, commits, and lines in each reading.
    """
    first = next(iter(samples.values()))
    counts = np.column_stack([first.contributors, first.commits, *(each.lines for each in samples.values())])
    names, place = np.unique(first.repository, return_inverse=True)
    own = tuple(counts[place == one] for one in range(len(names)))
    return Histories(tuple(names.tolist()), own, ("commits", *samples))


def learn(histories: Histories, n_periods: int, n_surveys: int, rng: np.random.Generator) -> Pivots:
    """Return pivots of the largest repositories' ratios.

    Parameters
    ----------
    histories
        Whole histories.
    n_periods
        How many periods of each are drawn.
    n_surveys
        How many surveys are drawn.
    rng
        Generator that draws them.

    Returns
    -------
    Pivots
        The pivots of every survey.
    """
    sizes = [min(AT_A_TIME, n_surveys - done) for done in range(0, n_surveys, AT_A_TIME)]
    parts = [_some_pivots(histories, n_periods, size, rng) for size in sizes]
    return Pivots(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _some_pivots(histories: Histories, n_periods: int, n_surveys: int, rng: np.random.Generator) -> Pivots:
    drawn = [own[rng.integers(0, len(own), (n_surveys, n_periods))] for own in histories.counts]
    counts = np.stack(drawn, axis=1)  # (survey, repository, period, unit)
    sums, n_active = counts.sum(axis=2), (counts != 0).any(axis=3).sum(axis=2)
    own = (jackknife_rows(counts) ** 2).sum(axis=2)
    log_sizes = np.log(np.maximum(sums[..., 0] / np.maximum(n_active, 1), SMALLEST_SIZE))
    has_ratio = (sums > 0).all(axis=2)
    variances = np.full(own.shape, np.nan)
    for survey, whole in enumerate(has_ratio):
        found = ratio_variances(own[survey, whole], n_active[survey, whole], log_sizes[survey, whole])
        variances[survey, whole] = ratio_variance(
            found.own, found.pooled, n_active[survey, whole][:, np.newaxis]
        )
    truths = np.stack([each.sum(axis=0) for each in histories.counts])
    safe = np.where(has_ratio[..., np.newaxis], sums, 1.0)
    errors = np.log(truths[:, 1:] / truths[:, :1]) - np.log(safe[..., 1:] / safe[..., :1])
    sds = np.sqrt(np.where(variances > 0, variances, np.nan))[:, histories.largest]
    return Pivots(errors[:, histories.largest] / sds, sds)


def pooled_quantiles(pivots: Array) -> Array:
    """Return quantiles over surveys and repositories, (unit, probability)."""
    flat = pivots.reshape(-1, pivots.shape[-1])
    return np.asarray(np.nanquantile(flat, PROBABILITIES, axis=0).T)


def learn_tables(
    histories: Histories,
    rng_for: Callable[[str], np.random.Generator],
    periods: Sequence[int] = PERIODS,
    n_surveys: int = N_SURVEYS,
) -> dict[str, PivotTable]:
    """Return tables of pivots by the repository left out; under the empty name that of all.

    Parameters
    ----------
    histories
        Whole histories.
    rng_for
        Gives the generator that belongs to a name.
    periods
        Numbers of periods to learn for.
    n_surveys
        Number of surveys for each.

    Returns
    -------
    dict
        Tables by ``org/project`` of the largest repositories, each learnt from the others alone.
    """
    found = {n: learn(histories, n, n_surveys, rng_for(f"{n} periods")).values for n in periods}
    left_out = {"": slice(None)} | {
        histories.names[place]: np.arange(len(histories.largest)) != one
        for one, place in enumerate(histories.largest)
    }
    tables: dict[str, PivotTable] = {}
    for name, kept in left_out.items():
        quantiles = np.stack([pooled_quantiles(found[n][:, kept]) for n in periods])
        by_count = {count: quantiles[:, unit] for unit, count in enumerate(histories.counted)}
        tables[name] = PivotTable(by_count, tuple(periods))
    return tables


def as_csv(table: PivotTable) -> str:
    """Return a table of pivots as a file."""
    rows = [
        (count, n_periods, *(f"{value:.4f}" for value in row))
        for count, quantiles in table.quantiles.items()
        for n_periods, row in zip(table.periods, quantiles, strict=True)
    ]
    return frame_csv(pd.DataFrame(rows, columns=("count", "periods", *map(str, PROBABILITIES))))
