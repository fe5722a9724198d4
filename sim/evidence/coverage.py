"""What to expect of the draws: coverage where it was studied, and cautions in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.evidence.estimands import COUNTED, ratio_name, total_names
from sim.evidence.readings import PeriodSample, Reading
from sim.evidence.variance import VarianceSplit

FEW_PERIODS = 10
FEW_DEGREES_OF_FREEDOM = 8.0
MOST_OF_THE_VARIANCE = 0.5

STUDIED_REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}
NEAR = 1.5
"""A survey is near a studied one with up to so many times as many strata, or as few, and up to so many times
as many periods in each, but not fewer."""


@dataclass(frozen=True)
class Studied:
    """What a coverage study found.

    Parameters
    ----------
    method
        Evidence method.
    reading
        Of the survey that the simulated ones were like.
    n_strata, n_periods
        Its strata, and the periods in each.
    percent
        (row), in the order of :func:`studied_columns`: how many per cent of nominal 95 % intervals held the
        truth, the lower of two simulators (docs/coverage.md). That of a ratio is of the cost per year by it.
    """

    method: str
    reading: Reading
    n_strata: int
    n_periods: int
    percent: tuple[int, ...]

    def is_near(self, sample: PeriodSample) -> bool:
        """Return whether a survey has about as many strata, and periods in each."""
        n_strata = len(sample.strata)
        periods = [len(stratum.counts) for stratum in sample.strata]
        return (
            self.n_strata / NEAR <= n_strata <= self.n_strata * NEAR
            and min(periods) >= self.n_periods
            and sum(periods) / n_strata <= self.n_periods * NEAR
        )


_CAPPED, _CORRECTED, _PUBLISHED = (Reading(lines=lines) for lines in ("capped", "corrected", "published"))
STUDIED = (
    Studied("naive", _CAPPED, 139, 5, (90, 89, 91, 76, 69, 80, 82)),
    Studied("rescaled", _CAPPED, 139, 5, (93, 93, 94, 80, 74, 84, 85)),
    Studied("bayesian", _CAPPED, 139, 5, (93, 92, 94, 80, 76, 82, 85)),
    Studied("calibrated", _CAPPED, 139, 5, (93, 93, 95, 90, 76, 92, 93)),
    Studied("hierarchical", _CAPPED, 139, 5, (95, 71, 87, 97, 95, 91, 91)),
    Studied("hybrid", _CAPPED, 139, 5, (93, 92, 93, 95, 95, 92, 91)),
    Studied("naive", _CORRECTED, 139, 5, (90, 89, 82, 76, 68, 68, 58)),
    Studied("rescaled", _CORRECTED, 139, 5, (93, 92, 84, 79, 74, 72, 61)),
    Studied("calibrated", _CORRECTED, 139, 5, (93, 92, 87, 89, 76, 86, 68)),
    Studied("calibrated", _PUBLISHED, 139, 5, (93, 92, 95, 90, 76, 95, 92)),
)
"""Every study that a claim may rest on; the tables stand in docs/coverage.md."""


def studied_columns() -> tuple[str, ...]:
    """Return the columns that were studied: totals, then ratios by unit and reference."""
    names = sorted(STUDIED_REFERENCES)
    return (*total_names(), *(ratio_name(unit, reference) for unit in COUNTED for reference in names))


def studied_coverage(
    method: str, reading: Reading, sample: PeriodSample, references: Mapping[str, str]
) -> Mapping[str, int]:
    """Return how often nominal 95 % intervals of a survey's columns were found to hold the truth.

    Parameters
    ----------
    method
        Evidence method.
    reading
        How the survey is read.
    sample
        The survey in that reading.
    references
        Repository by the reference's short name.

    Returns
    -------
    Mapping
        Per cent by column, of those columns alone that were studied by this method, in this reading, on a
        survey of about this size.
    """
    unlike = {name for name in references if STUDIED_REFERENCES.get(name) != references[name]}
    for study in STUDIED:
        if (study.method, study.reading) == (method, reading) and study.is_near(sample):
            return {
                column: percent
                for column, percent in zip(studied_columns(), study.percent, strict=True)
                if (name := column.partition(".")[2]) not in unlike and (not name or name in references)
            }
    return {}


def cautions(
    sample: PeriodSample, splits: Mapping[str, VarianceSplit], freedom: Mapping[str, float]
) -> list[str]:
    """Return what a reader must know of a survey this small.

    Parameters
    ----------
    sample
        The survey in one reading.
    splits
        Variance of each column, from :func:`sim.evidence.variance.variance_splits`.
    freedom
        Degrees of freedom by column.

    Returns
    -------
    list of str
        In plain words; empty where there is nothing to say.
    """
    said: list[str] = []
    few = [len(stratum.counts) for stratum in sample.strata if len(stratum.counts) < FEW_PERIODS]
    if few:
        fewest = f"{min(few)} periods" if min(few) == max(few) else f"{min(few)} to {max(few)} periods"
        said.append(
            f"{len(few)} of {len(sample.strata)} strata have only {fewest}: intervals of anything divided by "
            "one reference tend to be too narrow"
        )
    thin = [f"{name} {nu:.1f}" for name, nu in freedom.items() if nu < FEW_DEGREES_OF_FREEDOM]
    if thin:
        said.append(f"few degrees of freedom (under {FEW_DEGREES_OF_FREEDOM:.0f}): {', '.join(thin)}")
    carried: dict[str, list[str]] = {}
    for name, split in splits.items():
        repository, share = split.largest
        if share > MOST_OF_THE_VARIANCE:
            carried.setdefault(repository, []).append(f"{name} {share:.0%}")
    said += [
        f"{repository} carries over half of the sampling variance of {', '.join(columns)}"
        for repository, columns in carried.items()
    ]
    return said
