"""Integrals over a line in panels, halved until polynomials follow the integrand in each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.polynomial import legendre
from scipy.interpolate import CubicHermiteSpline

from sim.types import Array

N_NODES = 16
N_PLACES = 48
"""Places in each panel, evenly spaced, at which the integral up to there is kept."""
CLOSE = 1e-10
"""How closely a polynomial must follow, as a share of the integral up to there from the nearer end."""
LEAST = 1e-28
"""Share of the whole integral that the nearer end counts as at least."""
MOST_ROUNDS, MOST_HALVED, MOST_PANELS = 80, 512, 4096

NODES, WEIGHTS = legendre.leggauss(N_NODES)
COEFFICIENTS = legendre.legvander(NODES, N_NODES - 1) * WEIGHTS[:, np.newaxis] * (np.arange(N_NODES) + 0.5)
"""Matrix that makes coefficients of Legendre's polynomials of values at the nodes, (node, degree)."""
PLACES = np.linspace(-1.0, 1.0, N_PLACES + 1)[1:]
AT_PLACES = COEFFICIENTS @ legendre.legvander(PLACES, N_NODES - 1).T
"""Matrix that makes values at the places of values at the nodes, (node, place)."""
UP_TO = COEFFICIENTS @ legendre.legval(PLACES, legendre.legint(np.eye(N_NODES), lbnd=-1))
BEYOND = WEIGHTS[:, np.newaxis] - UP_TO
"""Matrices that make integrals up to the places, and beyond them, of values at the nodes, (node, place)."""

Integrand = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Panels:
    """A density, known up to a factor, and a variable over a line.

    Parameters
    ----------
    starts
        Where each panel starts, side by side, (panel).
    ends
        Where each panel ends, (panel).
    log_density
        Logarithm of the density at the nodes of each panel, up to a constant, (panel, node).
    values
        The variable at the nodes of each panel, (panel, node).
    """

    starts: Array
    ends: Array
    log_density: Array
    values: Array

    @property
    def at(self) -> Array:
        """Return the nodes, (panel, node)."""
        return _nodes(self.starts, self.ends)

    @property
    def log_integral(self) -> float:
        """Return the logarithm of the integral of the density."""
        return self._peak + float(np.log(self._masses.sum()))

    @property
    def probabilities(self) -> Array:
        """Return the share of each node in the integral, (panel, node)."""
        each = self._density * self._half[:, np.newaxis] * WEIGHTS
        return np.asarray(each / each.sum())

    @cached_property
    def mean_and_sd(self) -> tuple[float, float]:
        """Return the mean and the standard deviation of the variable."""
        share = self.probabilities
        held = np.where(share > 0.0, self.values, 0.0)
        largest = float(np.max(np.abs(held))) or 1.0
        mean = float(np.sum(share * (held / largest)))
        sd = float(np.sqrt(np.sum(share * (held / largest - mean) ** 2)))
        return mean * largest, sd * largest

    def by_log_odds(self) -> tuple[CubicHermiteSpline, CubicHermiteSpline]:
        """Return the logarithm of the odds of being below a place, by place, and its inverse."""
        half, masses = self._half[:, np.newaxis], self._masses
        from_left = np.concatenate([[0.0], np.cumsum(masses)[:-1]])[:, np.newaxis]
        from_right = np.concatenate([np.cumsum(masses[:0:-1])[::-1], [0.0]])[:, np.newaxis]
        below = np.ravel(from_left + half * (self._density @ UP_TO))
        above = np.ravel(from_right + half * (self._density @ BEYOND))
        density = np.ravel(self._density @ AT_PLACES)
        at = np.ravel(self.starts[:, np.newaxis] + half * (PLACES + 1.0))
        total = masses.sum()
        held = (below > LEAST * total) & (above > LEAST * total)
        below, above, density, at = (each[held] for each in (below, above, density, at))
        log_odds = np.log(below) - np.log(above)
        rising = np.append(True, (np.diff(log_odds) > 0.0) & (np.diff(at) > 0.0))
        rising[1:] &= log_odds[1:] > np.maximum.accumulate(log_odds)[:-1]
        slopes = np.maximum(density, 0.0) * (1.0 / below + 1.0 / above)
        return _monotone(at[rising], log_odds[rising], slopes[rising])

    def halve(self, integrand: Integrand) -> "Panels | None":
        """Return the panels with those halved in which a polynomial is not close; ``None`` if all are."""
        errors = self._errors()
        worst = np.argsort(-errors, kind="stable")[:MOST_HALVED]
        worst = worst[errors[worst] > 1.0]
        if not len(worst):
            return None
        middles = (self.starts[worst] + self.ends[worst]) / 2
        starts = np.concatenate([np.delete(self.starts, worst), self.starts[worst], middles])
        ends = np.concatenate([np.delete(self.ends, worst), middles, self.ends[worst]])
        new = _panels_between(starts[-2 * len(worst) :], ends[-2 * len(worst) :], integrand)
        log_density = np.concatenate([np.delete(self.log_density, worst, axis=0), new.log_density])
        values = np.concatenate([np.delete(self.values, worst, axis=0), new.values])
        order = np.argsort(starts, kind="stable")
        return Panels(starts[order], ends[order], log_density[order], values[order])

    @property
    def _half(self) -> Array:
        return (self.ends - self.starts) / 2

    @cached_property
    def _peak(self) -> float:
        return float(self.log_density.max())

    @cached_property
    def _density(self) -> Array:
        return np.exp(self.log_density - self._peak)

    @cached_property
    def _masses(self) -> Array:
        return np.asarray(self._half * (self._density @ WEIGHTS))

    def _errors(self) -> Array:
        """Return how far the polynomials are off in each panel, over what is allowed, (panel)."""
        masses = self._masses
        nearer = np.minimum(np.cumsum(masses), np.cumsum(masses[::-1])[::-1])
        allowed = CLOSE * np.maximum(nearer, LEAST * masses.sum())
        mean, sd = self.mean_and_sd
        held = np.where(self._density > 0.0, (self.values - mean) / (sd or 1.0), 0.0)
        of_density = self._half * _last(self._density) / allowed
        of_variable = self._half * _last(self._density * held) / (CLOSE * masses.sum())
        wide = self.ends - self.starts > 1e-13 * np.maximum(np.abs(self.starts), np.abs(self.ends))
        return np.where(wide, np.maximum(of_density, of_variable), 0.0)


def integrate(edges: Array, integrand: Integrand, most_rounds: int = MOST_ROUNDS) -> Panels:
    """Return panels in which polynomials follow an integrand.

    Parameters
    ----------
    edges
        Edges of the first panels, ascending, close enough to see every peak.
    integrand
        Gives the logarithm of the density, and the variable, at places.
    most_rounds
        How often panels may be halved; 0 gives the first ones.

    Returns
    -------
    Panels
        Panels as fine as it takes, or as the limits on rounds and panels allow.
    """
    panels = _panels_between(edges[:-1], edges[1:], integrand)
    for _ in range(most_rounds):
        finer = panels.halve(integrand)
        if finer is None or len(finer.starts) > MOST_PANELS:
            break
        panels = finer
    return panels


def _panels_between(starts: Array, ends: Array, integrand: Integrand) -> Panels:
    """Return panels from some places to others; minus infinity where the logarithm is not a number."""
    log_density, values = integrand(_nodes(starts, ends))
    return Panels(starts, ends, np.where(np.isnan(log_density), -np.inf, log_density), values)


def _nodes(starts: Array, ends: Array) -> Array:
    half = ((ends - starts) / 2)[:, np.newaxis]
    return np.asarray(starts[:, np.newaxis] + half * (NODES + 1.0))


def _last(values: Array) -> Array:
    """Return the size of the last two coefficients of the polynomials through values, (panel)."""
    return np.asarray(np.abs(values @ COEFFICIENTS[:, -2:]).sum(axis=1))


def _monotone(x: Array, y: Array, slopes: Array) -> tuple[CubicHermiteSpline, CubicHermiteSpline]:
    """Return y of x and x of y: cubic, and rising since no slope is thrice that of the chords beside it.

    Fritsch and Carlson (1980), SIAM J. Numer. Anal. 17:238.
    """
    chords = np.diff(y) / np.diff(x)
    beside = np.stack([np.append(chords, chords[-1]), np.insert(chords, 0, chords[0])])
    least, most = beside.min(axis=0), beside.max(axis=0)
    forward = CubicHermiteSpline(x, y, np.minimum(slopes, 3 * least))
    backward = CubicHermiteSpline(y, x, 1.0 / np.maximum(slopes, most / 3))
    return forward, backward
