"""Evidence methods: how the survey's sampling error is drawn, each kind in a file of its own."""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module

import numpy as np

from sim.evidence.estimands import PERIODS_PER_YEAR, check_references
from sim.evidence.methods.base import Method, Replicates
from sim.evidence.readings import PeriodSample
from sim.types import RngFor

MODULES = ("bootstraps", "calibrated", "pivotal", "posterior_methods")
"""Modules that state some as ``METHODS``, in the order in which users see these: a new one is a word here."""

METHODS: dict[str, Method] = {
    each.name: each for module in MODULES for each in import_module(f"{__name__}.{module}").METHODS
}
"""Every evidence method by its name."""


def draw_evidence(
    sample: PeriodSample, references: Mapping[str, str], method: str, n_draws: int, rng_for: RngFor
) -> Replicates:
    """Draw the estimands of a survey, jointly.

    Parameters
    ----------
    sample
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    method
        One of :data:`METHODS` that makes replicates.
    n_draws
        Number of draws.
    rng_for
        Gives the generator that belongs to a name of a stratum or reference.

    Returns
    -------
    Replicates
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


__all__ = ["METHODS", "Method", "Replicates", "draw_evidence"]
