"""The density of an outcome: smooth where a factor can be integrated out, else a histogram."""

import numpy as np
import pandas as pd

from sim.distributions import ContinuousLaw
from sim.results import Array, Results
from sim.scenario.schema import Scenario
from sim.summary.conditional import Integrated, integrated

N_BINS, N_SMOOTH_BINS = 80, 240
MAX_DRAWS = 8192
COVERED = (0.0005, 0.9995)


def outcome_density(scenario: Scenario, results: Results) -> pd.DataFrame:
    """Return the density of the reported outcome per factor of e.

    Returns
    -------
    DataFrame
        As :func:`log_density`; in 240 bins by conditional Monte Carlo where the formula allows it.
    """
    draws = results.variable(scenario.report.outcome)
    smooth = integrated(scenario, results, scenario.report.outcome)
    if smooth is None or float(np.min(draws)) <= 0:
        return log_density(draws)
    return smooth_log_density(smooth.thinned(max(1, MAX_DRAWS // len(draws))), draws)


def smooth_log_density(smooth: Integrated, draws: Array) -> pd.DataFrame:
    """Return the density by conditional Monte Carlo, over the same range as :func:`log_density`."""
    first, last = np.quantile(np.log(draws), COVERED)
    edges = np.exp(np.linspace(first, last, N_SMOOTH_BINS + 1))
    density = np.diff(smooth.cdf(edges)) / np.diff(np.log(edges))
    return pd.DataFrame({"low": edges[:-1], "high": edges[1:], "density": density})


def log_density(draws: Array) -> pd.DataFrame:
    """Return the density of positive draws per factor of e, in bins of equal width on a log axis.

    Parameters
    ----------
    draws
        Draws of any shape. Values at or below zero have no place on a log axis; the share of draws above
        zero, less those left out, is what the density adds up to.

    Returns
    -------
    DataFrame
        ``low``, ``high`` (edges, in the unit of the draws) and ``density`` (probability per unit of ln). The
        bins leave out 0.05 % of the positive draws at either end. Equal draws give one bin.
    """
    positive = draws[draws > 0]
    if positive.size == 0:
        return pd.DataFrame({"low": [], "high": [], "density": []})
    logs = np.log(positive)
    first, last = np.quantile(logs, COVERED)
    if last - first < 1e-9:
        first, last, n_bins = first - 0.05, last + 0.05, 1
    else:
        n_bins = N_BINS
    edges = np.linspace(first, last, n_bins + 1)
    counts, _ = np.histogram(logs, edges)
    density = counts / draws.size / np.diff(edges)
    return pd.DataFrame({"low": np.exp(edges[:-1]), "high": np.exp(edges[1:]), "density": density})


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
