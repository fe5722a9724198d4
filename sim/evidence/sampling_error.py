"""Evidence draws: the survey's estimands with the sampling error of its periods."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.evidence.estimands import PERIODS_PER_YEAR, check_references
from sim.evidence.methods import METHODS, EvidenceDraws
from sim.evidence.readings import PeriodSample
from sim.evidence.resampling import RngFor


def draw_evidence(
    sample: PeriodSample, references: Mapping[str, str], method: str, n_draws: int, rng_for: RngFor
) -> EvidenceDraws:
    """Draw the estimands of a survey, jointly.

    Parameters
    ----------
    sample
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    method
        One of :data:`sim.evidence.methods.METHODS` that makes replicates.
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
    InvalidInput
        If a reference has no ratio, or there are too few periods.
    """
    check_references(sample, references)
    METHODS[method].check_periods(sample, references)
    drawn = METHODS[method].draw(sample, references, n_draws, rng_for)
    constant = {"periods_per_year": np.full(n_draws, float(PERIODS_PER_YEAR))}
    return replace(drawn, columns=drawn.columns | constant)
