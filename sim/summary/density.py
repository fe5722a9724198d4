"""The density of draws on a log axis, as a histogram."""

import numpy as np
import pandas as pd

from sim.results import Array

N_BINS = 80
COVERED = (0.0005, 0.9995)


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
