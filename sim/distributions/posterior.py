r"""The law of a quantity after it was observed, where no closed form gives it.

With the prior's cdf F and the likelihood L, the posterior's cdf at x is in proportion to

.. math:: \int_0^{F(x)} L(F^{-1}(u)) \, du:

in u the prior is flat, so that neither its kinks nor its poles are met. The integral is taken over the logarithm
of the odds of u. Where observed values lie so far in the prior's tail that u underflows, it is taken over the
quantity itself, on the scale on which it was observed.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.interpolate import CubicHermiteSpline
from scipy.special import expit, log_expit, logit

from sim.distributions.law import Array, ContinuousLaw
from sim.distributions.likelihood import Likelihood
from sim.distributions.panels import Integrand, Panels, integrate, panels_between

FARTHEST = 64.0
"""Largest logarithm of odds of the prior that is used: probabilities of 1.6e-28, which all laws invert."""
FAR, FEW = 46.0, 1e-9
"""Odds at which the prior's tails begin, and the share of a posterior that may lie there."""
NARROW = 1e-4
"""Standard deviation of the odds' logarithm under which rounding of probabilities would be felt."""
BELOW_PEAK = 80.0
"""Logarithm of the density, over its peak, at which integration ends."""


class Line(Protocol):
    """A variable that runs with the quantity, and in which the posterior is integrated."""

    def value(self, t: Array) -> Array:
        """Return the quantity."""
        ...

    def place(self, x: Array) -> Array:
        """Return the variable, the inverse of :meth:`value`."""
        ...

    def log_prior(self, t: Array) -> Array:
        """Return the logarithm of the prior's density over the variable."""
        ...


@dataclass(frozen=True)
class LogOdds:
    """The logarithm of the odds, under the prior, of being below the quantity.

    Parameters
    ----------
    prior
        The prior.
    """

    prior: ContinuousLaw

    def value(self, t: Array) -> Array:
        """Return the quantity, from the tail that loses no digits."""
        t = np.asarray(t, dtype=np.float64)
        tail = expit(-np.abs(t))
        x = np.empty(t.shape)
        is_lower = t <= 0.0
        x[is_lower], x[~is_lower] = self.prior.ppf(tail[is_lower]), self.prior.isf(tail[~is_lower])
        return x

    def place(self, x: Array) -> Array:
        """Return the logarithm of the odds."""
        with np.errstate(divide="ignore"):
            found = np.log(self.prior.cdf(x)) - np.log(self.prior.sf(x))
        return np.clip(found, -FARTHEST, FARTHEST)

    def log_prior(self, t: Array) -> Array:
        """Return the logarithm of the density: that of the logistic law."""
        return np.asarray(log_expit(t) + log_expit(-t))


@dataclass(frozen=True)
class Working:
    """The quantity on its working scale, in the units of a likelihood.

    Parameters
    ----------
    prior
        The prior.
    likelihood
        Gives the working scale, its origin and its unit.
    """

    prior: ContinuousLaw
    likelihood: Likelihood

    def value(self, t: Array) -> Array:
        """Return the quantity."""
        return np.clip(self.likelihood.value(t), *self.prior.support())

    def place(self, x: Array) -> Array:
        """Return it on the working scale."""
        return self.likelihood.standard(x)

    def log_prior(self, t: Array) -> Array:
        """Return the logarithm of the density."""
        return self.likelihood.log_density(self.prior, t)


@dataclass(frozen=True)
class PosteriorLaw:
    """The law of a quantity with a continuous prior, given its likelihood.

    Probabilities below 1e-28 are read as that one.

    Parameters
    ----------
    prior
        Before the quantity was observed.
    likelihood
        What was observed.
    line
        In which the posterior was integrated.
    panels
        The integral.
    forward, backward
        Logarithm of the odds of being below a place on the line, by place, and the inverse.
    """

    prior: ContinuousLaw
    likelihood: Likelihood
    line: Line
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
        log_prior = self.prior.logpdf(x)
        inside = np.isfinite(log_prior)
        shifted = self.likelihood.log(self.likelihood.standard(x[inside])) - self.panels.log_integral
        found = np.array(log_prior)
        found[inside] += shifted
        return found

    def mean(self) -> float:
        """Return the mean."""
        return self.panels.mean_and_sd[0]

    def std(self) -> float:
        """Return the standard deviation."""
        return self.panels.mean_and_sd[1]

    def support(self) -> tuple[float, float]:
        """Return the least and the largest value: the prior's."""
        return self.prior.support()

    def spread(self) -> float:
        """Return the mean of the spread between sources, on the working scale."""
        held = self.panels.probabilities > 0.0
        at = self.likelihood.standard(self.panels.values[held])
        return float(self.panels.probabilities[held] @ self.likelihood.spread(at))

    def _at(self, log_odds: Array) -> Array:
        return self.line.value(self.backward(np.clip(log_odds, self.backward.x[0], self.backward.x[-1])))

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
    """
    line: Line = LogOdds(prior)
    edges = np.arange(-FARTHEST, FARTHEST + 1.0, 2.0)
    edges = np.unique(np.concatenate([edges, _places(line, likelihood)]))
    if not _is_seen(panels_between(edges[:-1], edges[1:], _integrand(line, likelihood))):
        line = Working(prior, likelihood)
        edges = _edges(line, likelihood)
    panels = integrate(edges, _integrand(line, likelihood))
    return PosteriorLaw(prior, likelihood, line, panels, *panels.by_log_odds())


def _is_seen(panels: Panels) -> bool:
    """Tell whether the logarithm of odds resolves a posterior: neither far in the tails nor too narrow."""
    if not np.isfinite(panels.log_integral):
        return False
    in_tails = np.abs(panels.at) > FAR
    _, width = panels.mean_and_sd_of(panels.at)
    return bool(panels.probabilities[in_tails].sum() < FEW) and width > NARROW


def _integrand(line: Line, likelihood: Likelihood) -> Integrand:
    def integrand(t: Array) -> tuple[Array, Array]:
        return _log_density(line, likelihood, t), line.value(t)

    return integrand


def _places(line: Line, likelihood: Likelihood) -> Array:
    found = line.place(likelihood.value(likelihood.places()))
    return found[np.isfinite(found)]


def _edges(line: Working, likelihood: Likelihood) -> Array:
    """Return edges that widen from the peak, and from an end of the support, to where next to nothing is."""
    low, high = likelihood.standard(np.array(line.prior.support()))
    tails = expit(np.linspace(-FARTHEST, 0.0, 65))
    prior = likelihood.standard(np.concatenate([line.prior.ppf(tails), line.prior.isf(tails)]))
    prior = prior[np.isfinite(prior)]
    between = np.linspace(np.median(prior), likelihood.centres[-1], 257)
    first = np.unique(np.concatenate([prior, between, likelihood.places()]))
    first = first[(first > low) & (first < high)]
    peak = first[np.argmax(_log_density(line, likelihood, first))]
    widths = np.ldexp(1.0 / np.sqrt(likelihood.precisions.max()), np.arange(-50, 200))
    around = [end + side * widths for end in (peak, low, high) if np.isfinite(end) for side in (-1.0, 1.0)]
    edges = np.unique(np.concatenate([first, *around, [low, high]]))
    edges = edges[np.isfinite(edges) & (edges >= low) & (edges <= high)]
    log_density = _log_density(line, likelihood, edges)
    held = np.flatnonzero(log_density > log_density.max() - BELOW_PEAK)
    return edges[max(held[0] - 1, 0) : held[-1] + 2]


def _log_density(line: Line, likelihood: Likelihood, t: Array) -> Array:
    observed = t if isinstance(line, Working) else likelihood.standard(line.value(t))
    found = likelihood.log(observed) + line.log_prior(t)
    return np.where(np.isnan(found), -np.inf, found)
