"""Weights of moved priors from densities written out here, independent of the page and of its tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

Array = np.ndarray
PERT_SHAPES = (1 + 4 * 0.2 / 0.6, 1 + 4 * 0.4 / 0.6)
"""Of PERT(1.0, 1.2, 1.6): 1 + 4 (mode - low) / (high - low), and from the other end."""
TRIANGULAR = stats.triang(1 / 3, 1.0, 3.0)


@dataclass(frozen=True)
class Exact:
    """A law with its density after a shift along its scale, in closed form."""

    law: stats.rv_continuous
    moved: Callable[[Array, float], Array]
    scale: str
    low: float = 0.0
    high: float = 1.0

    def to(self, x: Array) -> Array:
        """Return values on the scale."""
        match self.scale:
            case "log":
                return np.log(x)
            case "logit":
                return np.log((x - self.low) / (self.high - x))
            case _:
                return np.asarray(x)

    @property
    def spread(self) -> float:
        """Half the distance between the points one standard deviation of a normal law off the middle."""
        low, high = self.to(self.law.ppf(stats.norm.cdf([-1.0, 1.0])))
        return float(high - low) / 2

    def log_weights(self, x: Array, spreads: float) -> Array:
        """Return the logarithm of the density after a shift of so many spreads, over that before."""
        return np.log(self.moved(x, spreads * self.spread)) - np.log(self.law.pdf(x))


def _in_odds(law: stats.rv_continuous, low: float, high: float) -> Callable[[Array, float], Array]:
    """Return the density of X when the odds of its place between two ends are multiplied by exp(shift)."""

    def density(x: Array, shift: float) -> Array:
        place = (x - low) / (high - low)
        factor = np.exp(-shift)
        before = place * factor / (1 - place + place * factor)
        slope = factor / (1 - place + place * factor) ** 2
        return law.pdf(low + (high - low) * before) * slope

    return density


def _between(law: stats.rv_continuous, low: float, high: float) -> Exact:
    return Exact(law, _in_odds(law, low, high), "logit", low, high)


EXACT: Mapping[str, Exact] = {
    # a lognormal times a factor is the lognormal of that median; a gamma likewise has that scale
    "p_lognormal": Exact(
        stats.lognorm(0.4, scale=3.0), lambda x, d: stats.lognorm.pdf(x, 0.4, scale=3.0 * np.exp(d)), "log"
    ),
    "p_gamma": Exact(
        stats.gamma(4.0, scale=0.5), lambda x, d: stats.gamma.pdf(x, 4.0, scale=0.5 * np.exp(d)), "log"
    ),
    "p_normal": Exact(stats.norm(10.0, 1.0), lambda x, d: stats.norm.pdf(x, 10.0 + d, 1.0), "value"),
    "p_student_t": Exact(stats.t(5.0, 20.0, 1.0), lambda x, d: stats.t.pdf(x, 5.0, 20.0 + d, 1.0), "value"),
    "p_beta": _between(stats.beta(3.0, 27.0), 0.0, 1.0),
    "p_uniform": _between(stats.uniform(2.0, 3.0), 2.0, 5.0),
    "p_pert": _between(stats.beta(*PERT_SHAPES, 1.0, 0.6), 1.0, 1.6),
    "p_triangular": _between(TRIANGULAR, 1.0, 4.0),
    "shares.other": _between(stats.beta(6.0, 6.0), 0.0, 1.0),
}


def weighted(values: Array, log_weights: Array, probability: float) -> tuple[float, float, float, float]:
    """Return the effective number of draws, the median and both ends of the equal-tailed interval."""
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    tail = (1 - probability) / 2
    ends = np.quantile(values, [0.5, tail, 1 - tail], weights=weights, method="inverted_cdf")
    return float(1 / np.sum(weights**2)), *(float(end) for end in ends)


def chance(values: Array, log_weights: Array, threshold: float) -> float:
    """Return the weighted share of draws above a threshold."""
    weights = np.exp(log_weights - log_weights.max())
    return float(np.average(values > threshold, weights=weights))
