"""What observed values make of a law: a closed form where it is conjugate to them, else by quadrature."""

import math
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from sim.distributions.closed import LognormalLaw, NormalLaw
from sim.distributions.cutting import Piece, cut, mixed
from sim.distributions.law import ContinuousLaw
from sim.distributions.likelihood import Likelihood
from sim.distributions.mixing import MixtureLaw
from sim.distributions.posterior import posterior_law
from sim.distributions.scaled import ScaledContinuousLaw
from sim.distributions.truncation import TruncatedLaw


@dataclass(frozen=True)
class Conditioned:
    """A law given observed values.

    Parameters
    ----------
    law
        The posterior.
    log_evidence
        Logarithm of the probability density of the observed values under the prior, up to a constant that
        the likelihood fixes.
    spread
        Posterior mean of the spread between sources, on the working scale.
    """

    law: ContinuousLaw
    log_evidence: float
    spread: float


def condition(prior: ContinuousLaw, likelihood: Likelihood) -> Conditioned:
    """Condition a law on observed values.

    A mixture becomes the mixture of what becomes of its components, each weighted by its evidence.

    Parameters
    ----------
    prior
        Before the quantity was observed; without values below 0 where the working scale is the logarithm.
    likelihood
        What was observed.

    Returns
    -------
    Conditioned
        The posterior with its evidence and the spread between sources.
    """
    if isinstance(prior, ScaledContinuousLaw):
        inner = condition(prior.law, likelihood.divided(prior.factor))
        return replace(inner, law=ScaledContinuousLaw(inner.law, prior.factor))
    if isinstance(prior, MixtureLaw):
        return _mixture(prior, likelihood)
    closed = _closed(prior, likelihood) if len(likelihood.centres) == 1 else None
    return closed or _by_quadrature(prior, likelihood)


def _mixture(prior: MixtureLaw, likelihood: Likelihood) -> Conditioned:
    parts = [condition(law, likelihood) for law in prior.laws]
    logs = np.array([part.log_evidence for part in parts]) + np.log(prior.weights)
    masses = np.exp(logs - logs.max())
    law = mixed([Piece(part.law, mass) for part, mass in zip(parts, masses.tolist(), strict=True) if mass])
    spread = float(masses @ [part.spread for part in parts] / masses.sum())
    return Conditioned(cast(ContinuousLaw, law), float(logs.max() + math.log(masses.sum())), spread)


def _closed(prior: ContinuousLaw, likelihood: Likelihood) -> Conditioned | None:
    """Return the posterior in closed form, ``None`` where there is none: precisions add."""
    match prior, likelihood.scale:
        case NormalLaw(mu, sigma), "natural":
            mean, sd, log_evidence = _precisions_added(mu, sigma, likelihood)
            return Conditioned(NormalLaw(mean, sd), log_evidence, 0.0)
        case LognormalLaw(sigma, median), "log":
            mean, sd, log_evidence = _precisions_added(math.log(median), sigma, likelihood)
            return Conditioned(LognormalLaw(sd, math.exp(mean)), log_evidence, 0.0)
        case TruncatedLaw(whole, low, high), _:
            found = _closed(whole, likelihood)
            left = cut(found.law, low, high) if found else None
            if found is None or left is None:
                return None
            law = cast(ContinuousLaw, left.law)
            return Conditioned(law, found.log_evidence + math.log(left.mass / prior.mass), 0.0)
    return None


def _precisions_added(mean: float, sd: float, likelihood: Likelihood) -> tuple[float, float, float]:
    """Return mean and sd of a normal prior's posterior, and the logarithm of the evidence."""
    observed = likelihood.origin + likelihood.unit * float(likelihood.centres[0])
    error = likelihood.unit / math.sqrt(float(likelihood.precisions[0]))
    both = math.hypot(sd, error)
    pull = (sd / both) ** 2
    log_evidence = -0.5 * ((observed - mean) / both) ** 2 - math.log(both / error)
    return mean + pull * (observed - mean), sd * (error / both), log_evidence


def _by_quadrature(prior: ContinuousLaw, likelihood: Likelihood) -> Conditioned:
    law = posterior_law(prior, likelihood)
    return Conditioned(law, law.panels.log_integral, law.spread())
