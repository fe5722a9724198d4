"""A fit of a survey as ``sim evidence fit`` makes and writes it: units, estimands, tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from sim.evidence.estimands import (
    COUNTED,
    PERIODS_PER_YEAR,
    check_references,
    evidence_units,
    point_estimates,
    ratio_name,
)
from sim.evidence.hierarchical.cache import FitCache, netcdf
from sim.evidence.hierarchical.diagnostics import convergence, refuse_unless_sound
from sim.evidence.hierarchical.model_survey import ModelSurvey
from sim.evidence.hierarchical.posterior import SurveyPosterior, as_tree, columns_of, fit_units
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.readings import UNITS, PeriodSample
from sim.files import frame_csv, write_together
from sim.types import Array, RngFor, Step

LOW, HIGH = 0.025, 0.975


def write_fit(
    folder: Path, trees: Mapping[str, xr.DataTree], tables: Mapping[str, pd.DataFrame]
) -> list[Path]:
    """Write trees as ``name.nc`` and tables as ``name.csv``, each when all are whole; return the files.

    Parameters
    ----------
    folder
        Folder to write to, made if need be.
    trees
        Trees by name.
    tables
        Tables by name.

    Returns
    -------
    list
        The files, trees first.

    Raises
    ------
    InvalidInput
        If the folder cannot be written.
    """
    files = chain(
        ((f"{name}.nc", netcdf(tree)) for name, tree in trees.items()),
        ((f"{name}.csv", frame_csv(table).encode()) for name, table in tables.items()),
    )
    return write_together(folder, files)


def _estimand_table(
    posterior: SurveyPosterior,
    sample: PeriodSample,
    references: Mapping[str, str],
    salary: float,
    n_chains: int,
) -> pd.DataFrame:
    """Return every estimand and cost, for a salary in USD per person and year: by design, and its posterior.

    (estimand): ``estimand``, ``unit``, ``design`` (point estimate), ``median``, ``low`` and ``high`` (95 %
    credible interval, eti), ``r_hat``, ``ess_bulk``, ``ess_tail``.
    """
    design = {name: np.array(value) for name, value in point_estimates(sample, references).items()}
    points = {**design, **_costs(design, references, salary)}
    draws = {**posterior.columns, **_costs(posterior.columns, references, salary)}
    units = evidence_units(references)
    rows = []
    for name, column in draws.items():
        low, median, high = np.quantile(column, [LOW, 0.5, HIGH])
        found = convergence(name, column.reshape(n_chains, -1))
        unit = units.get(name, "USD/year" if name.startswith("cost_per_year") else "USD")
        values = (float(points[name]), float(median), float(low), float(high))
        rows.append((name, unit, *values, found.r_hat, found.ess_bulk, found.ess_tail))
    names = ["estimand", "unit", "design", "median", "low", "high", "r_hat", "ess_bulk", "ess_tail"]
    return pd.DataFrame(rows, columns=names)


def _costs(columns: Mapping[str, Array], references: Mapping[str, str], salary: float) -> dict[str, Array]:
    """Return the costs that follow: salary / (26 R) per unit; salary C, and U salary / (26 R), per year.

    USD per commit or line, and USD per year, (...) by name, from (...) by estimand.
    """
    found = {"cost_per_year.contributors": salary * columns["contributors"]}
    for unit in COUNTED:
        for reference in references:
            each = salary / (PERIODS_PER_YEAR * columns[ratio_name(unit, reference)])
            found[f"cost_per_{unit.removesuffix('s')}.{reference}"] = each
            found[f"cost_per_year.{unit}.{reference}"] = each * columns[f"{unit}_per_year"]
    return found


def stratum_table(survey: ModelSurvey, counts: Array) -> pd.DataFrame:
    """Return each stratum's mean as sampled and its posterior: what pooling makes of five periods.

    Contributors per period; commits and lines per contributor-period, a ratio of sums.

    Parameters
    ----------
    survey
        The survey.
    counts
        Expected counts of one period, (draw, stratum, unit).

    Returns
    -------
    DataFrame
        A row for each stratum and unit: ``stratum``, ``unit``, ``n_periods``, ``contributor_periods``;
        ``raw``, not a number where nobody was there; ``median``, ``low`` and ``high`` (95 % credible
        interval, eti).
    """
    n_strata = len(survey.names)
    n_periods = survey.periods_by_stratum
    sums = np.stack([np.bincount(survey.stratum, each, n_strata) for each in survey.sample.counts.T], axis=1)
    tables = []
    for place, unit in enumerate(UNITS):
        below = n_periods if place == 0 else sums[:, 0]
        raw = np.divide(sums[:, place], below, out=np.full(n_strata, np.nan), where=below > 0)
        draws = counts[..., 0] if place == 0 else counts[..., place] / counts[..., 0]
        low, median, high = np.quantile(draws, [LOW, 0.5, HIGH], axis=0)
        columns = {"stratum": survey.names, "unit": unit, "n_periods": n_periods}
        columns |= {"contributor_periods": sums[:, 0], "raw": raw, "median": median, "low": low, "high": high}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True, eq=False)
class SurveyFit:
    """A survey's posterior with its trees and tables.

    Parameters
    ----------
    posterior
        Draws of the estimands, and their diagnostics.
    trees
        Trees by name: ``posterior``, of the estimands, and one for each unit.
    estimands
        Table of the estimands.
    strata
        Table of the strata, from :func:`stratum_table`.
    """

    posterior: SurveyPosterior
    trees: Mapping[str, xr.DataTree]
    estimands: pd.DataFrame
    strata: pd.DataFrame

    def write(self, folder: Path) -> list[Path]:
        """Write trees as NetCDF and tables as CSV; return the files."""
        return write_fit(folder, self.trees, {"estimands": self.estimands, "strata": self.strata})


def fit_survey(
    survey: ModelSurvey,
    references: Mapping[str, str],
    settings: FitSettings,
    salary: float,
    rng_for: RngFor,
    cache: FitCache,
    step: Step,
) -> SurveyFit:
    """Fit a survey and make its tables.

    Parameters
    ----------
    survey
        The survey in one reading.
    references
        Repository, ``org/project``, by the reference's short name.
    settings
        How to sample, and which models.
    salary
        Salary in USD per person and year, for the costs.
    rng_for
        Gives the generator that belongs to a name; each unit's chains have a seed from their own.
    cache
        Cache in which fits are kept.
    step
        Called with a short description when a step begins.

    Returns
    -------
    SurveyFit
        Posterior, trees and tables.

    Raises
    ------
    InvalidInput
        If a reference has no ratio, or the diagnostics refuse the posterior, as
        :func:`sim.evidence.hierarchical.posterior.posterior_columns` says.
    """
    check_references(survey.sample, references)
    fits = fit_units(survey, settings, rng_for, cache, step)
    step("computing estimands")
    posterior = columns_of(survey, references, settings, fits)
    refuse_unless_sound(posterior.diagnostics, settings.accept_diagnostics)
    step("making tables")
    return SurveyFit(
        posterior,
        {"posterior": as_tree(posterior, survey.names, settings.chains), **fits},
        _estimand_table(posterior, survey.sample, references, salary, settings.chains),
        stratum_table(survey, posterior.counts),
    )
