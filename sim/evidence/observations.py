r"""Observed values of a parameter, and what they say of it.

Several sources state a value y_i of one quantity theta, each with a stated error s_i, and differ by more than
their errors. The random-effects form of meta-analysis (DerSimonian & Laird 1986, Controlled Clinical Trials
7:177) on the working scale, the logarithm or the value itself:

.. math::

    y_i \sim N(\theta, \sqrt{s_i^2 + \tau^2}), \qquad \tau \sim \text{half-normal}(\text{between})

with the parameter's stated distribution as the prior of theta. ``between = 0`` is the fixed-effect form.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.distributions.law import ContinuousLaw
from sim.special_functions import expit
from sim.types import Array

if TYPE_CHECKING:
    from sim.distributions.likelihood import ErrorScale, Likelihood

LOWEST, HIGHEST, BEYOND = -3.4, 38.0, 8.0
"""Ends of the integration over spreads, in w below; so many `between`, and likeliest spreads, are in it."""
MOST_HALVINGS = 8
AGREEMENT = 1e-10
"""Difference of the logarithm of the likelihood that halving the step may make."""
RELEVANT = 80.0
"""How far below its largest, in logarithms, a density of theta still counts."""
NODES_AT_ONCE = 512
TAIL = 1e-20
"""Probability beyond which a prior counts as having nothing."""
FARTHEST = 1e150
"""Distances that can be squared, in standard errors."""


@dataclass(frozen=True)
class Observations:
    """Observed values of one parameter.

    Parameters
    ----------
    values
        The observed values, in the parameter's unit, (source).
    sds
        Standard error of each value on the working scale, (source).
    scale
        ``log``: errors are of the logarithm; ``natural``: of the value.
    between
        Scale of the half-normal prior of the spread between sources, on the working scale; 0 for none.
    """

    values: Sequence[float]
    sds: Sequence[float]
    scale: "ErrorScale"
    between: float

    def likelihood(self, prior: ContinuousLaw) -> "Likelihood":
        """Return what the values say of the quantity.

        The step over spreads is halved until the likelihood stays where the posterior has any density, to
        1e-10.
        """
        if self.between == 0.0:
            return self._given(np.zeros(1), np.zeros(1))
        step = 0.75 / math.sqrt(2 * len(self.values) + 4 * RELEVANT)
        most = self._most_spread(prior)
        found = self._by_step(step, most)
        at = _relevant(prior, found)
        for _ in range(MOST_HALVINGS):
            before, step = found, step / 2
            found = self._by_step(step, most)
            if _agree(found, before, at):
                break
        return found.without(at)

    @property
    def fall(self) -> float:
        r"""How fast the likelihood falls far out, as :math:`e^{-cz}`; infinite where it falls faster.

        At a distance z its largest part, over the spread, is
        :math:`\max_\tau e^{-n z^2 / 2 \tau^2 - \tau^2 / 2 b^2} = e^{-\sqrt{n} z / b}`.
        """
        return math.sqrt(len(self.values)) / self.between if self.between > 0.0 else math.inf

    def is_computable(self, prior: ContinuousLaw) -> bool:
        """Tell whether squares of distances, in standard errors, stay within floating point."""
        z = self.on_working_scale()
        low, high = _ends(prior, self.scale)
        with np.errstate(over="ignore"):
            apart = max(float(z.max() - z.min()), float(low - z.min()), float(z.max() - high))
            return apart / min(self.sds) < FARTHEST

    def on_working_scale(self) -> Array:
        """Return the values on the working scale, (source)."""
        values = np.asarray(self.values, dtype=np.float64)
        return np.log(values) if self.scale == "log" else values

    def _most_spread(self, prior: ContinuousLaw) -> float:
        r"""Return the spread, over `between`, beyond which there is nothing.

        At a distance d from the values, the likelihood times the prior of the spread is largest at
        :math:`\tau^2 = b d \sqrt{n}` or below.
        """
        z, ends = self.on_working_scale(), _ends(prior, self.scale)
        farthest = float(np.max(np.abs(np.clip(ends, -1e150, 1e150)[:, np.newaxis] - z)))
        farthest = max(farthest, float(z.max() - z.min())) / self.between
        return HIGHEST + BEYOND * math.sqrt(farthest * math.sqrt(len(z)))

    def _by_step(self, step: float, most: float) -> "Likelihood":
        r"""Return the likelihood by the trapezoidal rule over w, where :math:`\log\tau = c + w - e^{-w}`."""
        least = math.log(min(self.between, *self.sds) / self.between)
        w = np.arange(LOWEST, math.log(most) - least, step)
        log_spreads = least + w - np.exp(-w)
        shares = log_spreads + np.log1p(np.exp(-w)) - np.exp(2 * log_spreads) / 2 + math.log(step)
        return self._given(self.between * np.exp(log_spreads), shares)

    def _given(self, spreads: Array, log_shares: Array) -> "Likelihood":
        """Return the likelihood summed over spreads, weighted by the exponentials of shares, (node) each."""
        from sim.distributions.likelihood import Likelihood  # here: few scenarios have observed values

        z, sds = self.on_working_scale(), np.asarray(self.sds, dtype=np.float64)
        weights = (sds.min() / sds) ** 2
        origin = float(z[0] + weights @ (z - z[0]) / weights.sum())
        unit = float(sds.min() / math.sqrt(weights.sum()))
        parts = [
            _curves((z - origin) / unit, sds / unit, spreads[start : start + NODES_AT_ONCE] / unit)
            for start in range(0, len(spreads), NODES_AT_ONCE)
        ]
        log_weights, centres, precisions = (np.concatenate(each) for each in zip(*parts, strict=True))
        log_weights = log_weights + log_shares
        height = float(log_weights.max())
        curves = (log_weights - height, centres, precisions, spreads / unit)
        return Likelihood(self.scale, origin, unit, height, *curves, self.fall)


def _ends(prior: ContinuousLaw, scale: "ErrorScale") -> Array:
    """Return the values, on the working scale, between which a prior lies."""
    ends = np.concatenate([prior.ppf(np.array([TAIL])), prior.isf(np.array([TAIL]))])
    with np.errstate(divide="ignore"):
        return np.log(ends) if scale == "log" else ends


def _agree(one: "Likelihood", other: "Likelihood", at: Array) -> bool:
    apart = one.log(at) - other.log(at) + (one.height - other.height)
    return bool(np.all(np.abs(apart) < AGREEMENT))


def _curves(z: Array, sds: Array, spreads: Array) -> tuple[Array, Array, Array]:
    """Return, given each spread, the likelihood's height as a logarithm, its centre and its precision."""
    variances = sds**2 + spreads[:, np.newaxis] ** 2
    precisions = (1.0 / variances).sum(axis=1)
    centres = (z / variances).sum(axis=1) / precisions
    residuals = ((z - centres[:, np.newaxis]) ** 2 / variances).sum(axis=1)
    return -0.5 * (np.log(variances).sum(axis=1) + residuals), centres, precisions


def _relevant(prior: ContinuousLaw, likelihood: "Likelihood") -> Array:
    """Return points of the standard variable at which the posterior has some density, (point)."""
    tails = expit(np.arange(-46.0, 1.0, 2.0))
    seen = likelihood.standard(np.concatenate([prior.ppf(tails), prior.isf(tails)]))
    seen = seen[np.isfinite(seen)]
    between = np.linspace(np.median(seen), likelihood.centres[-1], 101)
    at = np.unique(np.concatenate([seen, between, likelihood.places()]))
    density = likelihood.log(at) + likelihood.log_density(prior, at)
    density = np.where(np.isnan(density) | (density == np.inf), -np.inf, density)
    return at[density > density.max() - RELEVANT]
