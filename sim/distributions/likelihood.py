r"""What observed values say of a quantity: its likelihood, the spread between their sources integrated out.

For sources i with values y_i, each with a standard error s_i, on the working scale z (the quantity or its
logarithm),

.. math::

    L(z) = \int_0^\infty p(\tau) \prod_i N\left(y_i \mid z, \sqrt{s_i^2 + \tau^2}\right) d\tau,
    \qquad \tau \sim \text{half-normal}(b).

Given :math:`\tau` it is normal in z, with precision :math:`C = \sum_i (s_i^2 + \tau^2)^{-1}` around the
weighted mean m. Where :math:`\log \tau = c + w - e^{-w}`, the integrand is analytic in w and falls off at
both ends faster than an exponential, so that the trapezoidal rule converges faster than any power of its
step (Takahasi and Mori 1974, Publ. RIMS 9:721): the likelihood is a sum of as many normal curves as there
are nodes, and of one where b = 0.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Literal, override

import numpy as np

from sim.distributions.law import ContinuousLaw
from sim.special_functions import expit, log_expit
from sim.types import Array

ErrorScale = Literal["log", "natural"]

NEGLIGIBLE = -36.0
"""Logarithm of the share of a likelihood below which a node is left out."""
CHUNK = 4096
LARGEST = 1e300
"""Where all curves are below floating point, they are seen from here."""


@dataclass(frozen=True)
class Likelihood:
    r"""A sum of normal curves in the standard working variable :math:`t = (z - o) / u`.

    Parameters
    ----------
    scale
        Working scale: ``log``, :math:`z = \log x`; ``natural``, :math:`z = x`.
    origin
        The origin o, on the working scale.
    unit
        The unit u, on the working scale.
    height
        Logarithm of a factor that is left out of the likelihood, so that no digits are lost.
    log_weights
        Logarithm of each curve's weight, (node).
    centres
        Peak of each curve, in t, (node).
    precisions
        Precision of each curve, one over its variance in t, (node).
    spreads
        Spread between sources at each node, in units of u, (node).
    fall
        Rate at which the likelihood falls far out, as the exponential of minus it times z; infinite where it
        falls faster.
    """

    scale: ErrorScale
    origin: float
    unit: float
    height: float
    log_weights: Array
    centres: Array
    precisions: Array
    spreads: Array
    fall: float

    def standard(self, x: Array) -> Array:
        """Return the standard working variable of values."""
        with np.errstate(divide="ignore"):
            z = np.log(x) if self.scale == "log" else np.asarray(x, dtype=np.float64)
        return np.asarray((z - self.origin) / self.unit)

    def value(self, t: Array) -> Array:
        """Return values from the standard working variable."""
        z = self.origin + self.unit * np.asarray(t, dtype=np.float64)
        with np.errstate(over="ignore"):
            return np.exp(z) if self.scale == "log" else z

    def log(self, t: Array) -> Array:
        """Return the logarithm of the likelihood, elementwise."""
        return self._by_chunk(t, with_spread=False)

    def log_density(self, law: ContinuousLaw, t: Array) -> Array:
        """Return the logarithm of the density of a law over the standard working variable, elementwise.

        Parameters
        ----------
        law
            The law of the quantity, on its own scale.
        t
            Standard working variable, of any shape.

        Returns
        -------
        Array
            Logarithms in the shape of `t`; minus infinity where floating point holds no value.
        """
        x = self.value(t)
        held = (x > 0.0) & (x < np.inf) if self.scale == "log" else np.isfinite(x)
        with np.errstate(over="ignore"):
            found = law.logpdf(np.where(held, x, 1.0)) + math.log(self.unit)
        jacobian = self.origin + self.unit * t if self.scale == "log" else 0.0
        return np.where(held, found + jacobian, -np.inf)

    def spread(self, t: Array) -> Array:
        """Return the mean of the spread between sources, on the working scale, given the quantity."""
        return self.unit * self._by_chunk(t, with_spread=True)

    def divided(self, factor: float) -> "Likelihood":
        """Return the likelihood of the quantity divided by a positive factor."""
        if self.scale == "log":
            return replace(self, origin=self.origin - math.log(factor))
        return replace(self, origin=self.origin / factor, unit=self.unit / factor, fall=self.fall * factor)

    def parts(self, t: Array) -> Array:
        """Return the logarithm of each curve at flat `t`, (point, node)."""
        with np.errstate(over="ignore"):
            found = t[:, np.newaxis] - self.centres
            found *= np.sqrt(self.precisions / 2)
            found *= found
        return np.subtract(self.log_weights, found, out=found)

    def places(self) -> Array:
        """Return points of the standard variable dense enough to see every curve, ascending."""
        steps = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0])
        logs = np.rint(np.log(self.precisions))  # 0 where the spread is small, but for rounding
        apart = np.abs(np.diff(logs, prepend=np.inf)) > 0  # one for each factor of e
        widths = 1.0 / np.sqrt(self.precisions[apart])
        around = np.concatenate([-steps[:0:-1], steps])
        return np.unique(self.centres[apart, np.newaxis] + widths[:, np.newaxis] * around)

    def without(self, t: Array) -> "Likelihood":
        """Return the likelihood without the curves that are negligible at all of some points."""
        parts = self.parts(t)
        from scipy.special import logsumexp

        share = parts - logsumexp(parts, axis=1, keepdims=True)
        kept = np.max(share, axis=0, initial=-np.inf) > NEGLIGIBLE
        rest = (self.log_weights, self.centres, self.precisions, self.spreads)
        weights, centres, precisions, spreads = (each[kept] for each in rest)
        return replace(self, log_weights=weights, centres=centres, precisions=precisions, spreads=spreads)

    def _by_chunk(self, t: Array, with_spread: bool) -> Array:
        flat = np.ravel(np.asarray(t, dtype=np.float64))
        found = np.empty_like(flat)
        for start in range(0, len(flat), CHUNK):
            parts = self.parts(flat[start : start + CHUNK])
            peak = np.maximum(parts.max(axis=1), -LARGEST)
            parts -= peak[:, np.newaxis]
            np.exp(parts, out=parts)
            total = parts.sum(axis=1)
            if with_spread:
                found[start : start + CHUNK] = parts @ self.spreads / total
            else:
                with np.errstate(divide="ignore"):
                    found[start : start + CHUNK] = np.log(total) + peak
        return found.reshape(np.shape(t))


FARTHEST = 64.0
"""Largest logarithm of odds of the prior that is used: probabilities of 1.6e-28, which all laws invert."""
BELOW_PEAK = 80.0
"""Logarithm of the density, under its peak, at which integration over values ends."""


@dataclass(frozen=True)
class IntegrationVariable(ABC):
    """A variable that rises with a quantity, along which prior times likelihood can be integrated.

    Parameters
    ----------
    prior
        The law before anything was observed.
    likelihood
        What the observed values say of the quantity.
    """

    prior: ContinuousLaw
    likelihood: Likelihood

    @abstractmethod
    def value(self, t: Array) -> Array:
        """Return the quantity at places of the variable."""

    @abstractmethod
    def place(self, x: Array) -> Array:
        """Return the variable at values of the quantity: the inverse of :meth:`value`."""

    @abstractmethod
    def log_density(self, t: Array) -> Array:
        """Return the logarithm of prior times likelihood, over the variable."""

    @abstractmethod
    def edges(self) -> Array:
        """Return edges of panels, ascending, close enough to miss no part that has any density."""


class LogOdds(IntegrationVariable):
    """The logarithm of the odds, under the prior, of being below the quantity."""

    @override
    def value(self, t: Array) -> Array:
        t = np.asarray(t, dtype=np.float64)  # from the tail that loses no digits
        tail: Array = np.asarray(expit(-np.abs(t)), dtype=np.float64)
        x = np.empty(t.shape)
        is_lower = t <= 0.0
        x[is_lower], x[~is_lower] = self.prior.ppf(tail[is_lower]), self.prior.isf(tail[~is_lower])
        return x

    @override
    def place(self, x: Array) -> Array:
        with np.errstate(divide="ignore"):
            found = np.log(self.prior.cdf(x)) - np.log(self.prior.sf(x))
        return np.asarray(np.clip(found, -FARTHEST, FARTHEST))

    @override
    def log_density(self, t: Array) -> Array:
        """Return the logarithm of the density: under the prior, that of the logistic law."""
        observed = self.likelihood.log(self.likelihood.standard(self.value(t)))
        return np.asarray(observed + log_expit(t) + log_expit(-t))

    @override
    def edges(self) -> Array:
        """Return edges of panels: evenly over the prior, and all around the likelihood's curves."""
        seen = self.place(self.likelihood.value(self.likelihood.places()))
        even = np.arange(-FARTHEST, FARTHEST + 1.0, 2.0)
        return np.unique(np.concatenate([even, seen[np.isfinite(seen)]]))


class WorkingScale(IntegrationVariable):
    """The quantity on its working scale, in the units of a likelihood."""

    @override
    def value(self, t: Array) -> Array:
        return np.clip(self.likelihood.value(t), *self.prior.support())

    @override
    def place(self, x: Array) -> Array:
        return self.likelihood.standard(x)

    @override
    def log_density(self, t: Array) -> Array:
        """Return the logarithm of the density; at a pole itself, which has no width, there is nothing."""
        found = self.likelihood.log(t) + self.likelihood.log_density(self.prior, t)
        return np.where(found < np.inf, found, -np.inf)

    @override
    def edges(self) -> Array:
        """Return edges of panels: wider and wider from the peak, and from the ends of the support."""
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
