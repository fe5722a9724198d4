"""Evidence draws: the survey's estimands with the sampling error of its periods."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.bootstrap import replicate
from sim.evidence.calibration import draw_calibrated, error_cautions
from sim.evidence.estimands import (
    COUNTED,
    PERIODS_PER_YEAR,
    check_periods,
    check_references,
    point_estimates,
    ratio_name,
    total_names,
)
from sim.evidence.log_errors import TOTALS, LogErrors, log_errors
from sim.evidence.readings import PeriodSample
from sim.evidence.resampling import RngFor
from sim.evidence.switches import Method
from sim.evidence.variance import VarianceSplit, variance_splits
from sim.types import Array

FEW_PERIODS = 10
FEW_DEGREES_OF_FREEDOM = 8.0
MOST_OF_THE_VARIANCE = 0.5


@dataclass(frozen=True, eq=False)
class EvidenceDraws:
    """Draws of every estimand, and what to know of them.

    Parameters
    ----------
    columns
        (draw) by column; units in :mod:`sim.evidence.estimands`. ``periods_per_year`` is constant.
    n_redrawn
        Replicates drawn again because a reference had no contributors, commits or lines in any of its
        resampled periods; the totals keep the resample.
    degrees_of_freedom
        By column: of ``calibrated`` draws those of the pooled variances, else Satterthwaite's, for a ratio of
        the cost row U / R.
    warnings
        In plain words.
    """

    columns: dict[str, Array]
    n_redrawn: int
    degrees_of_freedom: dict[str, float]
    warnings: tuple[str, ...]


def draw_evidence(
    sample: PeriodSample, references: Mapping[str, str], method: Method, n_draws: int, rng_for: RngFor
) -> EvidenceDraws:
    """Draw the estimands of a survey, jointly.

    Parameters
    ----------
    sample
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    method
        ``point``: no sampling error; ``naive``, ``rescaled``, ``bayesian``: replicates
        (:func:`sim.evidence.resampling.resampled_means`); ``calibrated``: :mod:`sim.evidence.calibration`.
    n_draws
        Number of draws.
    rng_for
        Gives the generator that belongs to a name; names are those of the strata and references.

    Returns
    -------
    EvidenceDraws
        Columns, degrees of freedom and warnings.

    Raises
    ------
    InvalidInputError
        If a reference has no ratio, or there are too few periods
        (:func:`sim.evidence.estimands.check_periods`).
    """
    check_references(sample, references)
    if method == "point":
        points = point_estimates(sample, references)
        return _with_constant({name: np.full(n_draws, value) for name, value in points.items()}, n_draws)
    check_periods(sample, references, method)
    splits = variance_splits(sample, references)
    freedom = {name: split.degrees_of_freedom for name, split in splits.items()}
    n_redrawn = 0
    if method == "calibrated":
        errors = log_errors(sample, set(references.values()))
        freedom = _pooled_freedom(errors, references)
        columns = draw_calibrated(sample, references, n_draws, rng_for)
        warnings = _cautions(sample, splits, freedom) + error_cautions(errors, references)
    else:
        warnings = _cautions(sample, splits, freedom)
        replicates = replicate(sample, references, method, n_draws, rng_for)
        columns = dict(replicates.columns)
        n_redrawn = sum(replicates.n_redrawn.values())
        warnings += [
            f"{repository} had no contributors, commits or lines in {count:,} of {n_draws:,} replicates: "
            "drawn again"
            for repository, count in replicates.n_redrawn.items()
            if count
        ]
    drawn = _with_constant(columns, n_draws)
    return EvidenceDraws(
        columns=drawn.columns,
        n_redrawn=n_redrawn,
        degrees_of_freedom=freedom,
        warnings=tuple(warnings),
    )


def _with_constant(columns: dict[str, Array], n_draws: int) -> EvidenceDraws:
    constant = {"periods_per_year": np.full(n_draws, float(PERIODS_PER_YEAR))}
    return EvidenceDraws(columns | constant, 0, {}, ())


def _pooled_freedom(errors: LogErrors, references: Mapping[str, str]) -> dict[str, float]:
    """Return degrees of freedom by column."""
    freedom = dict(zip(total_names(), errors.freedom[TOTALS].tolist(), strict=True))
    for reference, repository in references.items():
        for unit, value in zip(COUNTED, errors.freedom[repository].tolist(), strict=True):
            freedom[ratio_name(unit, reference)] = value
    return freedom


def _cautions(
    sample: PeriodSample, splits: Mapping[str, VarianceSplit], freedom: Mapping[str, float]
) -> list[str]:
    """Return what a reader must know of a survey this small, in plain words."""
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
