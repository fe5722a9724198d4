"""Draws of a unit's parameters, from which estimands and predictions are computed."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.types import Array


@dataclass(frozen=True, eq=False)
class ContributorsDraws:
    """Draws of the contributors' parameters.

    Parameters
    ----------
    log_mean, dispersion
        ln μ and φ >= 0, (draw, stratum).
    """

    log_mean: Array
    dispersion: Array


@dataclass(frozen=True, eq=False)
class EffortDraws:
    """Draws of the parameters of commits or lines.

    Parameters
    ----------
    level
        g, (draw, stratum).
    activity, period_spread, contributor_spread
        b, τ and s, (draw).
    """

    level: Array
    activity: Array
    period_spread: Array
    contributor_spread: Array


def contributors_draws(group: xr.Dataset) -> ContributorsDraws:
    """Return the contributors' parameters, dispersion zero where the model has none.

    Parameters
    ----------
    group
        (chain, draw, stratum): a ``posterior`` or ``prior`` group.
    """
    log_mean = stacked(group, "log_mean")
    dispersion = stacked(group, "dispersion") if "dispersion" in group else np.zeros_like(log_mean)
    return ContributorsDraws(log_mean, dispersion)


def effort_draws(group: xr.Dataset) -> EffortDraws:
    """Return the parameters of commits or lines; zero for those that the model lacks."""
    scale = stacked(group, "contributor_spread")
    none = np.zeros_like(scale)
    return EffortDraws(
        level=stacked(group, "level"),
        activity=stacked(group, "activity") if "activity" in group else none,
        period_spread=stacked(group, "period_spread") if "period_spread" in group else none,
        contributor_spread=scale,
    )


def stacked(group: xr.Dataset, name: str) -> Array:
    """Return a variable with its chains one after the other, (draw, ...).

    Parameters
    ----------
    group
        A ``posterior`` or ``prior`` group.
    name
        Of the variable.

    Returns
    -------
    ndarray
        (draw, ...), chain after chain.
    """
    values = group[name].transpose("chain", "draw", ...).to_numpy()
    return np.asarray(values.reshape(-1, *values.shape[2:]), dtype=np.float64)


def thinned(group: xr.Dataset, n_draws: int) -> xr.Dataset:
    """Return about so many draws over all chains, evenly spaced.

    Parameters
    ----------
    group
        (chain, draw, ...).
    n_draws
        About how many are left.

    Returns
    -------
    Dataset
        All variables, with fewer draws.
    """
    step = max(1, group.sizes["chain"] * group.sizes["draw"] // n_draws)
    return group.isel(draw=slice(None, None, step))
