"""Tables of a posterior: the estimands beside what the design alone says, and every stratum's means."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.evidence.columns import evidence_units
from sim.evidence.estimands import COUNTED, PERIODS_PER_YEAR, point_estimates, ratio_name
from sim.evidence.hierarchical.diagnostics import convergence
from sim.evidence.hierarchical.grouped import GroupedSurvey
from sim.evidence.hierarchical.kept import PosteriorColumns
from sim.evidence.readings import UNITS, PeriodSample
from sim.types import Array

LOW, HIGH = 0.025, 0.975


def estimand_table(
    posterior: PosteriorColumns,
    sample: PeriodSample,
    references: Mapping[str, str],
    salary: float,
    n_chains: int,
) -> pd.DataFrame:
    """Return every estimand and cost: by design, and its posterior.

    Parameters
    ----------
    posterior
        Draws.
    sample
        The survey in the reading that was fitted.
    references
        Repository by short name.
    salary
        USD per person and year, for the costs.
    n_chains
        Number of chains in the draws.

    Returns
    -------
    DataFrame
        (estimand): ``estimand``, ``unit``, ``design`` (point estimate), ``median``, ``low`` and ``high``
        (95 % credible interval, eti), ``r_hat``, ``ess_bulk``, ``ess_tail``.
    """
    design = {name: np.array(value) for name, value in point_estimates(sample, references).items()}
    points = {**design, **costs(design, references, salary)}
    draws = {**posterior.columns, **costs(posterior.columns, references, salary)}
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


def costs(columns: Mapping[str, Array], references: Mapping[str, str], salary: float) -> dict[str, Array]:
    """Return the costs that follow: salary / (26 R) per unit; salary C, and U salary / (26 R), per year.

    Parameters
    ----------
    columns
        (...) by estimand.
    references
        Repository by short name.
    salary
        USD per person and year.

    Returns
    -------
    dict
        (...) by name: USD per commit or line, and USD per year.
    """
    found = {"cost_per_year.contributors": salary * columns["contributors"]}
    for unit in COUNTED:
        for reference in references:
            each = salary / (PERIODS_PER_YEAR * columns[ratio_name(unit, reference)])
            found[f"cost_per_{unit.removesuffix('s')}.{reference}"] = each
            found[f"cost_per_year.{unit}.{reference}"] = each * columns[f"{unit}_per_year"]
    return found


def stratum_table(survey: GroupedSurvey, counts: Array) -> pd.DataFrame:
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
        (stratum and unit): ``stratum``, ``unit``, ``n_periods``, ``contributor_periods``; ``raw``, not a
        number where nobody was there; ``median``, ``low`` and ``high`` (95 % credible interval, eti).
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
