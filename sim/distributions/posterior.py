r"""The law of a quantity after it was observed, where no closed form gives it.

With the prior's cdf F and the likelihood L, the posterior's cdf at x is in proportion to

.. math:: \int_0^{F(x)} L(F^{-1}(u)) \, du:

in u the prior is flat, so that neither its kinks nor its poles are met. The integral is taken over the
logarithm of the odds of u. Where observed values lie so far in the prior's tail, or so close together, that u
has no digits for them, it is taken over the quantity itself, on the scale on which it was observed.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicHermiteSpline
from scipy.special import expit, logit

from sim.distributions.integration_variables import IntegrationVariable, LogOdds, Working
from sim.distributions.law import ContinuousLaw
from sim.distributions.likelihood import Likelihood
from sim.distributions.orders import Orders
from sim.distributions.panels import Panels, integrate, panels_between
from sim.types import Array

FAR, FEW = 46.0, 1e-9
"""Odds at which the prior's tails begin, and the share of a posterior that may lie there."""
NARROW = 1e-4
"""Standard deviation of the odds' logarithm under which rounding of probabilities would be felt."""


@dataclass(frozen=True)
class PosteriorLaw:
    """The law of a quantity with a continuous prior, given its likelihood.

    Probabilities below 1e-28 are read as that one.

    Parameters
    ----------
    line
        The variable in which it was integrated, with the prior and the likelihood.
    panels
        The integral.
    forward, backward
        Logarithm of the odds of being below a place on the line, by place, and the inverse.
    """

    line: IntegrationVariable
    panels: Panels
    forward: CubicHermiteSpline
    backward: CubicHermiteSpline

    def ppf(self, u: Array, /) -> Array:
        """Return the inverse cdf."""
        return self._at(logit(np.asarray(u, dtype=np.float64)))

    def isf(self, u: Array, /) -> Array:
        """Return the value exceeded with probability `u`."""
        return self._at(-logit(np.asarray(u, dtype=np.float64)))

    def cdf(self, x: Array, /) -> Array:
        """Return the probability of at most `x`."""
        low, _ = self.support()
        return np.where(np.asarray(x) <= low, 0.0, expit(self._log_odds(x)))

    def sf(self, x: Array, /) -> Array:
        """Return the probability of more than `x`."""
        _, high = self.support()
        return np.where(np.asarray(x) >= high, 0.0, expit(-self._log_odds(x)))

    def pdf(self, x: Array, /) -> Array:
        """Return the density."""
        return np.exp(self.logpdf(x))

    def logpdf(self, x: Array, /) -> Array:
        """Return the logarithm of the density."""
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

    def orders(self) -> Orders:
        """Return which moments exist."""
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
        Continuous; not a mixture, whose components each have a posterior of their own.
    likelihood
        What was observed.

    Returns
    -------
    PosteriorLaw
        Integrated over the prior's log-odds, or over the working scale where they do not resolve it.
    """
    odds, working = LogOdds(prior, likelihood), Working(prior, likelihood)
    return posterior_along(odds if _is_seen(odds, working) else working)


def posterior_along(line: IntegrationVariable) -> PosteriorLaw:
    """Return the posterior, integrated over a variable."""
    panels = integrate(line.edges(), lambda t: (line.log_density(t), line.value(t)))
    return PosteriorLaw(line, panels, *panels.by_log_odds())


def _is_seen(line: LogOdds, beyond: Working) -> bool:
    """Tell whether odds resolve a posterior: it is neither far in the prior's tails nor too narrow."""
    edges = line.edges()
    panels = panels_between(edges[:-1], edges[1:], lambda t: (line.log_density(t), t))
    if not np.isfinite(panels.log_integral):
        return False
    at = beyond.seen()
    at = at[np.abs(line.place(beyond.value(at))) > FAR]
    if np.any(beyond.log_masses(at) > panels.log_integral + math.log(FEW)):
        return False
    _, width = panels.mean_and_sd
    in_tails = float(panels.probabilities[np.abs(panels.at) > FAR].sum())
    return in_tails < FEW and width > NARROW
