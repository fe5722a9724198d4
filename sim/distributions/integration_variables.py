"""The variables in which a posterior is integrated, each of which runs with the quantity."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import expit, log_expit

from sim.distributions.law import ContinuousLaw
from sim.distributions.likelihood import Likelihood
from sim.types import Array

FARTHEST = 64.0
"""Largest logarithm of odds of the prior that is used: probabilities of 1.6e-28, which all laws invert."""
BELOW_PEAK = 80.0
"""Logarithm of the density, under its peak, at which integration over values ends."""


class IntegrationVariable(Protocol):
    """A variable that runs with a quantity, and the density that its prior and its likelihood give it."""

    @property
    def prior(self) -> ContinuousLaw:
        """Return the law before anything was observed."""
        ...

    @property
    def likelihood(self) -> Likelihood:
        """Return what was observed."""
        ...

    def value(self, t: Array) -> Array:
        """Return the quantity."""
        ...

    def place(self, x: Array) -> Array:
        """Return the variable, the inverse of :meth:`value`."""
        ...

    def log_density(self, t: Array) -> Array:
        """Return the logarithm of prior times likelihood, over the variable."""
        ...

    def edges(self) -> Array:
        """Return panels' edges, ascending, close enough to see all that has any density."""
        ...


@dataclass(frozen=True)
class LogOdds:
    """The logarithm of the odds, under the prior, of being below the quantity.

    Parameters
    ----------
    prior
        The law before anything was observed.
    likelihood
        What was observed.
    """

    prior: ContinuousLaw
    likelihood: Likelihood

    def value(self, t: Array) -> Array:
        """Return the quantity, from the tail that loses no digits."""
        t = np.asarray(t, dtype=np.float64)
        tail: Array = np.asarray(expit(-np.abs(t)), dtype=np.float64)
        x = np.empty(t.shape)
        is_lower = t <= 0.0
        x[is_lower], x[~is_lower] = self.prior.ppf(tail[is_lower]), self.prior.isf(tail[~is_lower])
        return x

    def place(self, x: Array) -> Array:
        """Return the logarithm of the odds."""
        with np.errstate(divide="ignore"):
            found = np.log(self.prior.cdf(x)) - np.log(self.prior.sf(x))
        return np.asarray(np.clip(found, -FARTHEST, FARTHEST))

    def log_density(self, t: Array) -> Array:
        """Return the logarithm of the density: under the prior, that of the logistic law."""
        observed = self.likelihood.log(self.likelihood.standard(self.value(t)))
        return np.asarray(observed + log_expit(t) + log_expit(-t))

    def edges(self) -> Array:
        """Return panels' edges: evenly over the prior, and all around the likelihood's curves."""
        seen = self.place(self.likelihood.value(self.likelihood.places()))
        even = np.arange(-FARTHEST, FARTHEST + 1.0, 2.0)
        return np.unique(np.concatenate([even, seen[np.isfinite(seen)]]))


@dataclass(frozen=True)
class Working:
    """The quantity on its working scale, in the units of a likelihood.

    Parameters
    ----------
    prior
        The law before anything was observed.
    likelihood
        What was observed.
    """

    prior: ContinuousLaw
    likelihood: Likelihood

    def value(self, t: Array) -> Array:
        """Return the quantity."""
        return np.clip(self.likelihood.value(t), *self.prior.support())

    def place(self, x: Array) -> Array:
        """Return it on the working scale."""
        return self.likelihood.standard(x)

    def log_density(self, t: Array) -> Array:
        """Return the logarithm of the density; at a pole itself, which has no width, there is nothing."""
        found = self.likelihood.log(t) + self.likelihood.log_density(self.prior, t)
        return np.where(found < np.inf, found, -np.inf)

    def edges(self) -> Array:
        """Return panels' edges: wider and wider from the peak, and from the ends of the support."""
        low, high = self.likelihood.standard(np.array(self.prior.support()))
        first = self.seen()
        peak = first[np.argmax(self.log_density(first))]
        widths = np.ldexp(1.0 / np.sqrt(self.likelihood.precisions.max()), np.arange(-50, 200))
        around = [
            end + side * widths for end in (peak, low, high) if np.isfinite(end) for side in (-1.0, 1.0)
        ]
        edges: Array = np.unique(np.concatenate([first, *around, [low, high]]))
        edges = edges[np.isfinite(edges) & (edges >= low) & (edges <= high)]
        log_density = self.log_density(edges)
        held = np.flatnonzero(log_density > log_density.max() - BELOW_PEAK)
        inside: Array = edges[max(held[0] - 1, 0) : held[-1] + 2]
        return inside

    def seen(self) -> Array:
        """Return quantiles of the prior, places around the likelihood's curves, and places between both.

        All are inside the support, ascending.
        """
        tails: Array = np.asarray(expit(np.linspace(-FARTHEST, 0.0, 65)), dtype=np.float64)
        seen = self.likelihood.standard(np.concatenate([self.prior.ppf(tails), self.prior.isf(tails)]))
        prior: Array = seen[np.isfinite(seen)]
        between = np.linspace(np.median(prior), self.likelihood.centres[-1], 257)
        found: Array = np.unique(np.concatenate([prior, between, self.likelihood.places()]))
        low, high = self.likelihood.standard(np.array(self.prior.support()))
        inside: Array = found[(found > low) & (found < high)]
        return inside

    def log_masses(self, t: Array) -> Array:
        """Return the logarithm of about what is around places: a width of 1, or up to the support's end."""
        low, high = self.likelihood.standard(np.array(self.prior.support()))
        widths: Array = np.minimum(1.0, np.minimum(t - low, high - t))
        return self.log_density(t) + np.log(widths)
