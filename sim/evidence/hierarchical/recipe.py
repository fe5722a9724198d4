"""The recipe of a fit: units, estimands, tables, and what is written of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from sim.evidence.estimands import check_references
from sim.evidence.hierarchical.cache import FitCache
from sim.evidence.hierarchical.diagnostics import refuse_unless_sound
from sim.evidence.hierarchical.folder import write_fit
from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.hierarchical.kept import PosteriorColumns, as_tree
from sim.evidence.hierarchical.posterior import columns_of, fit_units
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.hierarchical.tables import estimand_table, stratum_table
from sim.evidence.resampling import RngFor
from sim.types import Step


@dataclass(frozen=True, eq=False)
class FittedSurvey:
    """A survey's posterior with its trees and tables.

    Parameters
    ----------
    posterior
        Draws of the estimands, and diagnostics.
    trees
        ``posterior``, of the estimands, and one for each unit.
    estimands, strata
        :func:`sim.evidence.hierarchical.tables.estimand_table` and ``stratum_table``.
    """

    posterior: PosteriorColumns
    trees: Mapping[str, xr.DataTree]
    estimands: pd.DataFrame
    strata: pd.DataFrame

    def write(self, folder: Path) -> list[Path]:
        """Write trees as NetCDF and tables as CSV; return the files."""
        return write_fit(folder, self.trees, {"estimands": self.estimands, "strata": self.strata})


def fit_survey(
    survey: GroupedSurvey,
    references: Mapping[str, str],
    settings: FitSettings,
    salary: float,
    rng_for: RngFor,
    cache: FitCache,
    step: Step,
) -> FittedSurvey:
    """Fit a survey and make its tables.

    Parameters
    ----------
    survey, references, settings, rng_for, cache
        See :func:`sim.evidence.hierarchical.posterior.posterior_columns`.
    salary
        USD per person and year, for the costs.
    step
        Told of each step.

    Raises
    ------
    InvalidInputError
        As :func:`sim.evidence.hierarchical.posterior.posterior_columns`.
    """
    check_references(survey.sample, references)
    step("fitting contributors, commits and lines")
    fits = fit_units(survey, settings, rng_for, cache)
    step("computing estimands")
    posterior = columns_of(survey, references, settings, fits)
    refuse_unless_sound(posterior.diagnostics, settings.accept_diagnostics)
    step("making tables")
    return FittedSurvey(
        posterior,
        {"posterior": as_tree(posterior, survey.names, settings.chains), **fits},
        estimand_table(posterior, survey.sample, references, salary, settings.chains),
        stratum_table(survey, posterior.counts),
    )
