"""A parameter conditioned on observed values, in PyMC."""

from dataclasses import dataclass

import numpy as np

from sim.distributions.law import ContinuousLaw
from sim.evidence.observations import Array, Observations

N_GRID = 2001
TAIL = 1e-10
N_TUNE, N_DRAWS, N_CHAINS = 1000, 2500, 4
TARGET_ACCEPT = 0.99
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
    r_hat, ess_bulk, ess_tail
        Of the parameter on the working scale (Vehtari et al. 2021, Bayesian Analysis 16:667).
    n_divergent
        Divergent transitions.
    """

    draws: Array
    spread: float
    r_hat: float
    ess_bulk: float
    ess_tail: float
    n_divergent: int


def condition(prior: ContinuousLaw, observations: Observations, seed: int) -> Conditioned:
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
    """
    import arviz_stats
    import nutpie

    model = _model(prior, observations)
    found = nutpie.sample(
        nutpie.compile_pymc_model(model),
        draws=N_DRAWS,
        tune=N_TUNE,
        chains=N_CHAINS,
        cores=2,
        seed=seed,
        target_accept=TARGET_ACCEPT,
        progress_bar=False,
    )
    theta = found.posterior["theta"]
    values = np.asarray(theta.values, dtype=np.float64)
    return Conditioned(
        draws=np.exp(values) if observations.scale == "log" else values,
        spread=float(found.posterior["tau"].mean()) if observations.between > 0 else 0.0,
        r_hat=float(arviz_stats.rhat(theta)),
        ess_bulk=float(arviz_stats.ess(theta, method="bulk")),
        ess_tail=float(arviz_stats.ess(theta, method="tail")),
        n_divergent=int(found.sample_stats["diverging"].sum()),
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


def _model(prior: ContinuousLaw, observations: Observations):  # type: ignore[no-untyped-def]
    import pymc as pm
    import pytensor.tensor as pt

    grid, log_density = log_density_on_working_scale(prior, observations)
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
    return model
