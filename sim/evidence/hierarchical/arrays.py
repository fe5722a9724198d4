"""From a fitted unit's arrays to the draws that estimands and predictions are computed from."""

import numpy as np
import xarray as xr

from sim.evidence.hierarchical.expectation import ContributorsDraws, EffortDraws
from sim.types import Array


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
    """Return a variable with its chains one after the other, (draw, ...)."""
    values = group[name].transpose("chain", "draw", ...).to_numpy()
    return np.asarray(values.reshape(-1, *values.shape[2:]), dtype=np.float64)


def thinned(group: xr.Dataset, n_draws: int) -> xr.Dataset:
    """Return about so many draws over all chains, evenly spaced."""
    step = max(1, group.sizes["chain"] * group.sizes["draw"] // n_draws)
    return group.isel(draw=slice(None, None, step))
