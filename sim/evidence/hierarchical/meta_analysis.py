"""A parameter conditioned on observed values, in PyMC."""

import hashlib
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.distributions.law import ContinuousLaw
from sim.evidence.hierarchical.cache import FitCache, key_of
from sim.evidence.hierarchical.diagnostics import Convergence, convergence
from sim.evidence.hierarchical.settings import FitSettings
from sim.evidence.observations import Array, Observations

N_GRID = 2001
TAIL = 1e-10
SETTINGS = FitSettings(draws=2500, tune=1000, target_accept=0.99)
"""Steps short enough for the corner where the spread between sources goes to zero."""


@dataclass(frozen=True, eq=False)
class Conditioned:
    """Posterior of a parameter, and how well it was sampled.

    Parameters
    ----------
    draws
        In the parameter's unit, (chain, draw).
    spread
        Posterior mean of the spread between sources, on the working scale.
    convergence
        Of the parameter on the working scale.
    n_divergent
        Divergent transitions.
    """

    draws: Array
    spread: float
    convergence: Convergence
    n_divergent: int


def condition(prior: ContinuousLaw, observations: Observations, seed: int, cache: FitCache) -> Conditioned:
    """Condition a parameter on observed values by NUTS.

    The prior enters as the logarithm of its density on the working scale, interpolated linearly between
    2,001 points that leave out 1e-10 at either end, so that any continuous law will do.

    Parameters
    ----------
    prior
        The parameter's stated law; positive where the working scale is the logarithm.
    observations
        What was observed.
    seed
        Of the sampler.
    cache
        Where the fit is kept.
    """
    grid, log_density = log_density_on_working_scale(prior, observations)
    digest = hashlib.sha256(np.stack([grid, log_density]).tobytes()).hexdigest()
    key = key_of("observations", digest, repr(observations), SETTINGS, seed)
    found = cache.get(key, lambda: _sampled(grid, log_density, observations, seed))
    values = np.asarray(found["posterior"]["theta"].values, dtype=np.float64)
    spread = float(found["posterior"]["tau"].mean()) if observations.between > 0 else 0.0
    return Conditioned(
        draws=np.exp(values) if observations.scale == "log" else values,
        spread=spread,
        convergence=convergence("theta", values),
        n_divergent=int(found["sample_stats"]["diverging"].sum()),
    )


def log_density_on_working_scale(prior: ContinuousLaw, observations: Observations) -> tuple[Array, Array]:
    """Return a grid on the working scale and the logarithm of the prior's density there, (point) each."""
    ends = prior.ppf(np.array([TAIL, 1.0 - TAIL]))
    if observations.scale == "natural":
        grid = np.linspace(ends[0], ends[1], N_GRID)
        return grid, _log(prior.pdf(grid))
    grid = np.linspace(np.log(ends[0]), np.log(ends[1]), N_GRID)
    return grid, _log(prior.pdf(np.exp(grid))) + grid


def _log(density: Array) -> Array:
    return np.asarray(np.log(np.maximum(density, np.finfo(np.float64).tiny)), dtype=np.float64)


def _sampled(grid: Array, log_density: Array, observations: Observations, seed: int) -> xr.DataTree:
    import pymc as pm
    import pytensor.tensor as pt

    from sim.evidence.hierarchical.sampling import sample_model

    step = grid[1] - grid[0]
    sds = np.asarray(observations.sds, dtype=np.float64)
    with pm.Model() as model:
        theta = pm.Uniform("theta", grid[0], grid[-1])
        place = pt.clip(pt.floor((theta - grid[0]) / step).astype("int64"), 0, N_GRID - 2)
        table = pt.constant(log_density)
        part = (theta - grid[0]) / step - place
        pm.Potential("prior", table[place] + part * (table[place + 1] - table[place]))
        if observations.between > 0:
            tau = pm.HalfNormal("tau", observations.between)
            error = pt.sqrt(sds**2 + tau**2)
        else:
            error = pt.constant(sds)
        pm.Normal("observed", theta, error, observed=observations.on_working_scale())
    return sample_model(model, SETTINGS, seed)
