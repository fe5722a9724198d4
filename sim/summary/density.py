"""The density of an outcome along the axis that shows it: smooth where a factor can be integrated out."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sim.distributions import ContinuousLaw
from sim.results import Results
from sim.scenario.schema import Scenario
from sim.summary.conditional import ConditionalOutcome, integrated
from sim.summary.scale import COVERED, along, linear_within, values_at
from sim.types import Array

N_BINS, N_SMOOTH_BINS = 80, 240
MAX_DRAWS = 8192
LEAST_ATOM = 0.005
"""Share of draws from which a single value stands for itself, as an atom; 0 always does."""
COLUMNS = ("low", "high", "density", "mass", "linear_within")


def outcome_density(scenario: Scenario, results: Results) -> pd.DataFrame:
    """Return the density of the reported outcome along an axis that shows all of it and its thresholds.

    Parameters
    ----------
    scenario
        What was run.
    results
        What came out.

    Returns
    -------
    DataFrame
        As :func:`density`; in 240 bins by conditional Monte Carlo where the formula allows it.
    """
    draws, marks = results.variable(scenario.report.outcome), marks_of(scenario)
    smooth = integrated(scenario, results, scenario.report.outcome)
    if smooth is None or float(np.min(draws)) <= 0 or len(atoms(draws)):
        return density(draws, marks)
    return smooth_density(smooth.thinned(max(1, MAX_DRAWS // len(draws))), draws, linear_within(draws, marks))


def marks_of(scenario: Scenario) -> tuple[float, ...]:
    """Return the values that the axis of the reported outcome must show: thresholds and the published one."""
    published = scenario.report.published
    value = published.values.get(scenario.report.outcome) if published else None
    return (*scenario.report.thresholds, *((value,) if isinstance(value, float) else ()))


def smooth_density(smooth: ConditionalOutcome, draws: Array, within: float) -> pd.DataFrame:
    """Return the density by conditional Monte Carlo, over the same range as :func:`density`.

    Parameters
    ----------
    smooth
        The outcome, one parameter integrated out.
    draws
        Of the outcome.
    within
        Width within which the axis is linear.

    Returns
    -------
    DataFrame
        As :func:`density`.
    """
    first, last = np.quantile(along(draws, within), COVERED)
    edges = np.linspace(first, last, N_SMOOTH_BINS + 1)
    return _table(np.diff(smooth.cdf(values_at(edges, within))), edges, within)


def density(draws: Array, marks: Iterable[float] = (), within: float | None = None) -> pd.DataFrame:
    """Return the density of draws along the axis that shows them, in bins of equal width on it, and atoms.

    Parameters
    ----------
    draws
        Draws of any shape, in one unit.
    marks
        Single values that the axis must show too.
    within
        Width within which the axis is linear (:func:`sim.summary.scale.linear_within`); found if not stated.

    Returns
    -------
    DataFrame
        ``low``, ``high`` (edges, in the unit of the draws), ``mass`` (share of draws), ``density`` (mass per
        unit along the axis: per factor of e on a log axis) and ``linear_within`` (0 on a log axis, empty on a
        linear one). The bins adjoin and leave out 0.05 % of the draws they are of at either end. Atoms, which
        stand first, have equal edges and no density.
    """
    single = atoms(draws)
    others = draws.ravel() if single.empty else draws[~np.isin(draws, single["low"])]
    if within is None:
        places = [*marks, *single["low"]]
        within = linear_within(others if others.size else single["low"], places if others.size else marks)
    single = single.assign(linear_within=within if np.isfinite(within) else np.nan)
    if not others.size:
        return single
    return pd.concat([single, _histogram(others, draws.size, within)], ignore_index=True)


def atoms(draws: Array) -> pd.DataFrame:
    """Return the single values that many draws share, as rows of :func:`density`."""
    values, counts = np.unique(draws, return_counts=True)
    shares = counts / draws.size
    chosen = (counts > 1) & ((shares >= LEAST_ATOM) | (values == 0))
    single, shares = values[chosen], shares[chosen]
    return pd.DataFrame(
        {"low": single, "high": single, "density": np.nan, "mass": shares, "linear_within": np.nan}
    )


def _histogram(draws: Array, n_draws: int, within: float) -> pd.DataFrame:
    places = along(draws, within)
    first, last = np.quantile(places, COVERED)
    if last - first <= 1e-9 * max(abs(first), abs(last)):  # as good as one value
        width = 0.05 * (1.0 if within == 0 else max(abs(first), abs(last)))
        edges = np.array([first - width, last + width])
    else:
        edges = np.linspace(first, last, N_BINS + 1)
    counts, _ = np.histogram(places, edges)
    return _table(counts / n_draws, edges, within)


def _table(mass: Array, edges: Array, within: float) -> pd.DataFrame:
    values = values_at(edges, within)
    return pd.DataFrame(
        {
            "low": values[:-1],
            "high": values[1:],
            "density": mass / np.diff(edges),
            "mass": mass,
            "linear_within": within if np.isfinite(within) else np.nan,
        }
    )


def prior_and_posterior(draws: Array, prior: ContinuousLaw, log: bool) -> pd.DataFrame:
    """Return the density of a parameter's draws beside that of its prior, in the same bins.

    Parameters
    ----------
    draws
        Draws of the conditioned parameter, of any shape.
    prior
        Its law before.
    log
        Bins of equal width on a log axis, densities per factor of e; else per unit.

    Returns
    -------
    DataFrame
        ``low``, ``high``, ``prior``, ``posterior``. The bins cover all but 0.1 % of draws and of the prior.
    """
    ends = np.array([*np.quantile(draws, COVERED), *prior.ppf(np.array(COVERED))])
    first, last = (np.log(ends) if log else ends).min(), (np.log(ends) if log else ends).max()
    edges = np.linspace(first, last, N_BINS + 1)
    counts, _ = np.histogram(np.log(draws) if log else draws, edges)
    values = np.exp(edges) if log else edges
    widths = np.diff(edges)
    return pd.DataFrame(
        {
            "low": values[:-1],
            "high": values[1:],
            "prior": np.diff(prior.cdf(values)) / widths,
            "posterior": counts / draws.size / widths,
        }
    )
