r"""Variances of few periods, pooled over repositories: the moderated variances of Smyth (2004).

Five periods of one repository know their variance badly, two hardly at all; but repositories of one survey
are alike. With :math:`s_h^2` the relative variance of a period in group h, on :math:`d_h` degrees of freedom,
and :math:`x_h` the logarithm of its size (mean contributors of its periods that are not empty),

.. math::

    s_h^2 \mid \sigma_h^2 \sim \sigma_h^2 \chi^2_{d_h} / d_h, \qquad
    1 / \sigma_h^2 \sim \chi^2_{d_0} / (d_0 s_{0h}^2), \qquad \log s_{0h}^2 = a + b x_h,

so that :math:`\log s_h^2` has mean :math:`\log s_{0h}^2 + g(d_h) - g(d_0)`, with
:math:`g(d) = \psi(d/2) - \log(d/2)`, and variance :math:`\psi'(d_h/2) + \psi'(d_0/2)`. The line is fitted by
least squares, :math:`d_0` from what the residuals vary more than :math:`\psi'(d_h/2)`, and the posterior of a
variance has

.. math::

    \tilde s_h^2 = \frac{d_0 s_{0h}^2 + d_h s_h^2}{d_0 + d_h}, \qquad \tilde d_h = d_0 + d_h.

Residuals are weighed by :math:`1 / (\psi'(d_h/2) + \psi'(4.5/2))`, since the :math:`d_h` differ. Few groups
know neither b nor :math:`d_0`; both lean on what the shipped survey shows, as if ``PRIOR_GROUPS`` more had
been seen. The level a is the survey's own. No interval may know more than all groups together: degrees of
freedom are held at :math:`\sum d_h`, as in limma.

References
----------
Smyth (2004), Stat. Appl. Genet. Mol. Biol. 3:3. Sartor et al. (2006), BMC Bioinformatics 7:538 (the trend).
Phipson et al. (2016), Ann. Appl. Stat. 10:946.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.types import Array

PRIOR_FREEDOM = 4.5
"""Prior degrees of freedom of the ratios of the shipped survey, and of surveys of whole histories."""
PRIOR_SLOPE = -0.6
"""Slope of the log relative variance in log size, by the shipped survey: -0.4 to -0.8."""
PRIOR_GROUPS = 10.0
TYPICAL_FREEDOM = 4.0
"""Degrees of freedom of the groups that the prior counts as, five periods each."""
LEAST_FREEDOM = 4.0
"""Fewest prior degrees of freedom: with more than four in all, a sum of scaled t has a fourth moment."""
MOST_FREEDOM = 1e4


@dataclass(frozen=True, eq=False)
class PooledVariances:
    """Relative variances of a period, pooled over groups, and their degrees of freedom.

    Parameters
    ----------
    variances
        Moderated variance of each group, (group).
    freedom
        Degrees of freedom of each variance, (group).
    in_all
        Degrees of freedom of all groups together, before pooling.
    """

    variances: Array
    freedom: Array
    in_all: float


def pool_variances(variances: Array, freedom: Array, log_sizes: Array) -> PooledVariances:
    """Return the moderated variance of each group.

    Where no group varies nothing is pooled: the variances stay zero. A group that does not vary among others
    that do has no logarithm and takes no part in the fit.

    Parameters
    ----------
    variances
        Variance of a period, relative to the squared mean, (group).
    freedom
        Degrees of freedom; zero where a group has no variance of its own, (group).
    log_sizes
        Logarithm of the mean contributors, (group).

    Returns
    -------
    PooledVariances
        Variances and degrees of freedom, (group).

    Examples
    --------
    >>> pooled = pool_variances(np.array([0.5, 1.28]), np.array([1.0, 1.0]), np.zeros(2))
    >>> pooled.variances.round(2), pooled.freedom.round(1), pooled.in_all
    (array([2.05, 2.17]), array([6.4, 6.4]), 2.0)
    """
    fitted = (freedom > 0) & (variances > 0)
    in_all = float(freedom.sum())
    if not fitted.any():
        return PooledVariances(variances, LEAST_FREEDOM + freedom, in_all)
    prior, trend = _prior(variances[fitted], freedom[fitted], log_sizes[fitted])
    pooled = (prior * trend(log_sizes) + freedom * variances) / (prior + freedom)
    return PooledVariances(np.asarray(pooled, dtype=np.float64), prior + freedom, in_all)


def _prior(variances: Array, freedom: Array, log_sizes: Array) -> tuple[float, Callable[[Array], Array]]:
    """Return the prior degrees of freedom, and the prior variance as a function of the log size."""
    from scipy.special import polygamma  # here, as below: checks need none of it

    spread = float(polygamma(1, PRIOR_FREEDOM / 2))
    noise = polygamma(1, freedom / 2)
    weights = 1 / (noise + spread)
    prior_weight = PRIOR_GROUPS / (float(polygamma(1, TYPICAL_FREEDOM / 2)) + spread)
    logs = np.log(variances) - _log_bias(freedom)
    centre, level = (np.average(each, weights=weights) for each in (log_sizes, logs))
    x, y = log_sizes - centre, logs - level
    moment = weights @ x**2 + prior_weight
    slope = (weights @ (x * y) + prior_weight * PRIOR_SLOPE) / moment
    left = weights * (1 - weights / weights.sum() - weights * x**2 / moment)
    excess = (weights @ (y - slope * x) ** 2 - left @ noise + prior_weight * spread) / (
        left.sum() + prior_weight
    )
    prior = _freedom_of_spread(float(excess))
    bias = float(_log_bias(np.array(prior)))
    return prior, lambda size: np.exp(level + slope * (size - centre) + bias)


def _log_bias(freedom: Array) -> Array:
    r"""Return E log(:math:`\chi^2_d / d`)."""
    from scipy.special import digamma

    return np.asarray(digamma(freedom / 2) - np.log(freedom / 2), dtype=np.float64)


def _freedom_of_spread(spread: float) -> float:
    r"""Return the d with :math:`\psi'(d/2)` = `spread`, within the limits."""
    from scipy.optimize import brentq
    from scipy.special import polygamma

    def gap(freedom: float) -> float:
        return float(polygamma(1, freedom / 2)) - spread

    if gap(LEAST_FREEDOM) <= 0:
        return LEAST_FREEDOM
    return float(brentq(gap, LEAST_FREEDOM, MOST_FREEDOM)) if gap(MOST_FREEDOM) < 0 else MOST_FREEDOM
