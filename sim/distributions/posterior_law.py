r"""What observed values make of a law: a closed form where it is conjugate to them, else by quadrature.

With the prior's cdf F and the likelihood L, the posterior's cdf at x is in proportion to

.. math:: \int_0^{F(x)} L(F^{-1}(u)) \, du:

in u the prior is flat, so that neither its kinks nor its poles are met. The integral is taken over the
logarithm of the odds of u. Where observed values lie so far in the prior's tail, or so close together, that u
has no digits for them, it is taken over the quantity itself, on the scale on which it was observed.
"""

import math
from dataclasses import dataclass, replace
from typing import cast, override

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from sim.distributions.closed_laws import LognormalLaw, NormalLaw
from sim.distributions.law import ContinuousLaw, Orders
from sim.distributions.likelihood import IntegrationVariable, Likelihood, LogOdds, WorkingScale
from sim.distributions.mixture_law import MixtureLaw
from sim.distributions.panels import Panels, integrate
from sim.distributions.truncation import Piece, TruncatedLaw, cut, mixture_of
from sim.distributions.wrappers import ScaledContinuousLaw
from sim.special_functions import expit, logit
from sim.types import Array

FAR, FEW = 46.0, 1e-9
"""Odds at which the prior's tails begin, and the share of a posterior that may lie there."""
NARROW = 1e-4
"""Standard deviation of the odds' logarithm under which rounding of probabilities would be felt."""


@dataclass(frozen=True)
class PosteriorLaw(ContinuousLaw):
    """The law of a quantity with a continuous prior, given its likelihood.

    Probabilities below 1e-28 are read as that one.

    Parameters
    ----------
    line
        The variable along which the posterior was integrated, with the prior and the likelihood.
    panels
        The integral in panels.
    forward
        Logarithm of the odds of being below a place on the line, as a function of the place.
    backward
        The inverse of `forward`: the place, as a function of the logarithm of the odds.
    """

    line: IntegrationVariable
    panels: Panels
    forward: CubicHermiteSpline
    backward: CubicHermiteSpline

    @override
    def ppf(self, u: Array, /) -> Array:
        return self._at(logit(np.asarray(u, dtype=np.float64)))

    @override
    def isf(self, u: Array, /) -> Array:
        return self._at(-logit(np.asarray(u, dtype=np.float64)))

    @override
    def cdf(self, x: Array, /) -> Array:
        low, _ = self.support()
        return np.where(np.asarray(x) <= low, 0.0, expit(self._log_odds(x)))

    @override
    def sf(self, x: Array, /) -> Array:
        _, high = self.support()
        return np.where(np.asarray(x) >= high, 0.0, expit(-self._log_odds(x)))

    @override
    def pdf(self, x: Array, /) -> Array:
        return np.exp(self.logpdf(x))

    @override
    def logpdf(self, x: Array, /) -> Array:
        x = np.asarray(x, dtype=np.float64)
        log_prior, likelihood = self.line.prior.logpdf(x), self.line.likelihood
        inside = np.isfinite(log_prior)
        shifted = likelihood.log(likelihood.standard(x[inside])) - self.panels.log_integral
        found = np.array(log_prior)
        found[inside] += shifted
        return found

    def mean(self) -> float:
        """Return the mean; infinite where there is none, which is on the log scale alone."""
        return self.panels.mean_and_sd[0] if self.orders().tail > 1.0 else math.inf

    def std(self) -> float:
        """Return the standard deviation, likewise."""
        return self.panels.mean_and_sd[1] if self.orders().tail > 2.0 else math.inf

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value: the prior's."""
        return self.line.prior.support()

    @override
    def orders(self) -> Orders:
        return self.line.prior.orders().observed(self.line.likelihood.scale, self.line.likelihood.fall)

    def spread(self) -> float:
        """Return the mean of the spread between sources, on the working scale."""
        held = self.panels.probabilities > 0.0
        likelihood = self.line.likelihood
        at = likelihood.standard(self.panels.values[held])
        return float(self.panels.probabilities[held] @ likelihood.spread(at))

    def _at(self, log_odds: Array) -> Array:
        """Return where the logarithm of the odds is as wanted: the inverse, and a Newton step."""
        wanted = np.clip(log_odds, self.backward.x[0], self.backward.x[-1])
        place = self.backward(wanted)
        slope = self.forward(place, 1)
        step = np.divide(self.forward(place) - wanted, slope, out=np.zeros_like(place), where=slope > 0.0)
        return self.line.value(np.clip(place - step, self.forward.x[0], self.forward.x[-1]))

    def _log_odds(self, x: Array) -> Array:
        place = self.line.place(np.clip(np.asarray(x, dtype=np.float64), *self.support()))
        return np.asarray(self.forward(np.clip(place, self.forward.x[0], self.forward.x[-1])))


def posterior_law(prior: ContinuousLaw, likelihood: Likelihood) -> PosteriorLaw:
    """Return the posterior by quadrature.

    Parameters
    ----------
    prior
        A continuous law that is no mixture; the components of a mixture each have a posterior of their own.
    likelihood
        What was observed.

    Returns
    -------
    PosteriorLaw
        The posterior, integrated over the prior's log-odds, or over the working scale where they do not
        resolve it.
    """
    odds, working = LogOdds(prior, likelihood), WorkingScale(prior, likelihood)
    return posterior_along(odds if _is_seen(odds, working) else working)


def posterior_along(line: IntegrationVariable) -> PosteriorLaw:
    """Return the posterior, integrated over a variable."""
    panels = integrate(line.edges(), lambda t: (line.log_density(t), line.value(t)))
    return PosteriorLaw(line, panels, *panels.by_log_odds())


def _is_seen(line: LogOdds, beyond: WorkingScale) -> bool:
    """Tell whether odds resolve a posterior: it is neither far in the prior's tails nor too narrow."""
    panels = integrate(line.edges(), lambda t: (line.log_density(t), t), most_rounds=0)
    if not np.isfinite(panels.log_integral):
        return False
    at = beyond.seen()
    at = at[np.abs(line.place(beyond.value(at))) > FAR]
    if np.any(beyond.log_masses(at) > panels.log_integral + math.log(FEW)):
        return False
    _, width = panels.mean_and_sd
    in_tails = float(panels.probabilities[np.abs(panels.at) > FAR].sum())
    return in_tails < FEW and width > NARROW


@dataclass(frozen=True)
class ConditionalLaw:
    """A law given observed values.

    Parameters
    ----------
    law
        The posterior.
    log_evidence
        Logarithm of the probability density of the observed values under the prior, up to a constant that
        the likelihood fixes.
    spread
        The posterior mean of the spread between sources, on the working scale.
    """

    law: ContinuousLaw
    log_evidence: float
    spread: float


def condition(prior: ContinuousLaw, likelihood: Likelihood) -> ConditionalLaw:
    """Condition a law on observed values.

    A mixture becomes the mixture of what becomes of its components, each weighted by its evidence.

    Parameters
    ----------
    prior
        The law before the quantity was observed; without values below 0 where the working scale is the
        logarithm.
    likelihood
        What was observed.

    Returns
    -------
    ConditionalLaw
        The posterior with its evidence and the spread between sources.
    """
    if isinstance(prior, ScaledContinuousLaw):
        inner = condition(prior.law, likelihood.divided(prior.factor))
        return replace(inner, law=ScaledContinuousLaw(inner.law, prior.factor))
    if isinstance(prior, MixtureLaw):
        return _mixture(prior, likelihood)
    closed = _closed(prior, likelihood) if len(likelihood.centres) == 1 else None
    return closed or _by_quadrature(prior, likelihood)


def _mixture(prior: MixtureLaw, likelihood: Likelihood) -> ConditionalLaw:
    parts = [condition(law, likelihood) for law in prior.laws]
    logs = np.array([part.log_evidence for part in parts]) + np.log(prior.weights)
    masses = np.exp(logs - logs.max())
    law = mixture_of(
        [Piece(part.law, mass) for part, mass in zip(parts, masses.tolist(), strict=True) if mass]
    )
    spread = float(masses @ [part.spread for part in parts] / masses.sum())
    return ConditionalLaw(cast(ContinuousLaw, law), float(logs.max() + math.log(masses.sum())), spread)


def _closed(prior: ContinuousLaw, likelihood: Likelihood) -> ConditionalLaw | None:
    """Return the posterior in closed form, ``None`` where there is none: precisions add."""
    match prior, likelihood.scale:
        case NormalLaw(mu, sigma), "natural":
            mean, sd, log_evidence = _precisions_added(mu, sigma, likelihood)
            return ConditionalLaw(NormalLaw(mean, sd), log_evidence, 0.0)
        case LognormalLaw(sigma, median), "log":
            mean, sd, log_evidence = _precisions_added(math.log(median), sigma, likelihood)
            return ConditionalLaw(LognormalLaw(sd, math.exp(mean)), log_evidence, 0.0)
        case TruncatedLaw(whole, low, high), _:
            found = _closed(whole, likelihood)
            left = cut(found.law, low, high) if found else None
            if found is None or left is None:
                return None
            law = cast(ContinuousLaw, left.law)
            return ConditionalLaw(law, found.log_evidence + math.log(left.mass / prior.mass), 0.0)
    return None


def _precisions_added(mean: float, sd: float, likelihood: Likelihood) -> tuple[float, float, float]:
    """Return mean and sd of a normal prior's posterior, and the logarithm of the evidence."""
    observed = likelihood.origin + likelihood.unit * float(likelihood.centres[0])
    error = likelihood.unit / math.sqrt(float(likelihood.precisions[0]))
    both = math.hypot(sd, error)
    pull = (sd / both) ** 2
    log_evidence = -0.5 * ((observed - mean) / both) ** 2 - math.log(both / error)
    return mean + pull * (observed - mean), sd * (error / both), log_evidence


def _by_quadrature(prior: ContinuousLaw, likelihood: Likelihood) -> ConditionalLaw:
    law = posterior_law(prior, likelihood)
    return ConditionalLaw(law, law.panels.log_integral, law.spread())
