"""Evidence draws: the survey's estimands with the sampling error of its periods."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.bootstrap import replicate
from sim.evidence.calibration import calibrated, reference_error
from sim.evidence.coverage import cautions, expected_coverage
from sim.evidence.estimands import (
    PERIODS_PER_YEAR,
    check_references,
    point_estimates,
    sample_totals,
)
from sim.evidence.readings import Array, PeriodSample
from sim.evidence.resampling import RngFor
from sim.evidence.switches import Method
from sim.evidence.variance import variance_splits
from sim.faults import Fault, InvalidInputError

STUDIED_REFERENCES = {"pytorch": "pytorch/pytorch", "tensorflow": "tensorflow/tensorflow"}


@dataclass(frozen=True, eq=False)
class EvidenceDraws:
    """Draws of every estimand, and what to know of them.

    Parameters
    ----------
    columns
        (draw) by column; units in :mod:`sim.evidence.columns`. ``periods_per_year`` is constant.
    n_redrawn
        Replicates drawn again because a reference had no contributors, commits or lines in any of its
        resampled periods. ``calibrated`` leaves such resamples out beforehand: zero, and a warning.
    degrees_of_freedom
        Satterthwaite's, by column; for a ratio, of the cost row U / R.
    coverage
        Per cent of 95 % intervals that held the truth, by column, where it was studied
        (:data:`sim.evidence.coverage.COVERAGE_NOTE`).
    warnings
        In plain words.
    """

    columns: dict[str, Array]
    n_redrawn: int
    degrees_of_freedom: dict[str, float]
    coverage: dict[str, int]
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

    Raises
    ------
    InvalidInputError
        If a reference has no ratio, or, except for ``point``, a stratum has only one period.
    """
    check_references(sample, references)
    if method == "point":
        points = point_estimates(sample, references)
        return _with_constant({name: np.full(n_draws, value) for name, value in points.items()}, n_draws)
    _check_periods(sample, method)
    splits = variance_splits(sample, references)
    warnings = cautions(sample, splits)
    n_redrawn = 0
    if method == "calibrated":
        columns = calibrated(sample, references, n_draws, rng_for)
        warnings += _left_out(sample, references, rng_for)
    else:
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
        degrees_of_freedom={name: split.degrees_of_freedom for name, split in splits.items()},
        coverage=_coverage(method, references, drawn.columns),
        warnings=tuple(warnings),
    )


def _with_constant(columns: dict[str, Array], n_draws: int) -> EvidenceDraws:
    constant = {"periods_per_year": np.full(n_draws, float(PERIODS_PER_YEAR))}
    return EvidenceDraws(columns | constant, 0, {}, {}, ())


def _coverage(method: str, references: Mapping[str, str], columns: Mapping[str, Array]) -> dict[str, int]:
    """Return the studied coverage of the columns that mean what was studied."""
    other = [name for name, repository in references.items() if STUDIED_REFERENCES.get(name) != repository]
    return {
        name: percent
        for name, percent in expected_coverage(method).items()
        if name in columns and name.partition(".")[2] not in other
    }


def _left_out(sample: PeriodSample, references: Mapping[str, str], rng_for: RngFor) -> list[str]:
    totals = sample_totals(sample)
    said = []
    for repository in sorted(set(references.values())):
        undefined = reference_error(sample.strata_of(repository), totals, rng_for).undefined
        if undefined > 0:
            said.append(
                f"{undefined:.2%} of the resamples of {repository} have no contributors, commits or "
                "lines, so no ratio: left out"
            )
    return said


def _check_periods(sample: PeriodSample, method: str) -> None:
    faults = [
        Fault(
            sample.source,
            f"method {method}",
            f"{stratum.name!r} has one period: its sampling error cannot be estimated",
            "two periods or more in each stratum, or method point",
        )
        for stratum in sample.strata
        if len(stratum.counts) < 2
    ]
    if faults:
        raise InvalidInputError(faults)
