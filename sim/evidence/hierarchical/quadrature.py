r"""Expectations over the number of contributors: few nodes that stand for a negative binomial law."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from sim.types import Array

N_EXACT = 24
"""Up to here every number is a node of its own."""
N_BEYOND = 32
SMALLEST_DISPERSION = 1e-15
SDS, TAILS = 8.0, 35.0
"""How far the nodes reach: standard deviations, and scales of the law's exponential tail."""
HALF_LOG_2PI = 0.5 * float(np.log(2 * np.pi))


@dataclass(frozen=True, eq=False)
class Nodes:
    """Numbers of contributors above zero, and their probabilities.

    Parameters
    ----------
    numbers, weights
        (..., node); the weights of a law add up to one less the probability of zero.
    """

    numbers: Array
    weights: Array


def negative_binomial_nodes(mean: Array, dispersion: Array) -> Nodes:
    r"""Return nodes for N with mean μ and variance :math:`\mu + \varphi \mu^2`.

    The numbers 1 to 24 with their probabilities, by the recursion

    .. math:: p_0 = (1 + \varphi\mu)^{-1/\varphi}, \quad
        p_n = p_{n-1} \frac{\mu (1 + \varphi (n - 1))}{n (1 + \varphi \mu)},

    and beyond, 32 Gauss-Legendre nodes in ln n on what is within 8 standard deviations and 35 scales of the
    exponential tail, with the probability in Loader's saddle-point form, which is as good for a mean of 10⁹
    as for one of 30. The weights beyond are scaled to what the first numbers leave.

    Parameters
    ----------
    mean, dispersion
        μ > 0 and φ >= 0, (...).

    Returns
    -------
    Nodes
        Numbers of contributors and their probabilities, (..., node).

    References
    ----------
    Loader (2000), Fast and accurate computation of binomial probabilities.
    """
    phi = np.maximum(dispersion, SMALLEST_DISPERSION)[..., np.newaxis]
    mu = mean[..., np.newaxis]
    numbers = np.arange(1.0, N_EXACT + 1)
    first = np.exp(-np.log1p(phi * mu) / phi)
    steps = mu * (1 + phi * (numbers - 1)) / (numbers * (1 + phi * mu))
    exact = first * np.cumprod(steps, axis=-1)
    left = np.clip(1.0 - first - exact.sum(axis=-1, keepdims=True), 0.0, 1.0)
    beyond, widths = _beyond(mu, phi)
    log_weights = _log_probability(beyond, mu, phi) + np.log(beyond * widths)
    weights = np.exp(log_weights - log_weights.max(axis=-1, keepdims=True))
    weights *= left / weights.sum(axis=-1, keepdims=True)
    return Nodes(
        np.concatenate([np.broadcast_to(numbers, exact.shape), beyond], axis=-1),
        np.concatenate([exact, weights], axis=-1),
    )


def _beyond(mu: Array, phi: Array) -> tuple[Array, Array]:
    """Return nodes above the exact ones and their widths in ln n, (..., node) each."""
    sd = np.sqrt(mu + phi * mu**2)
    low = np.maximum(N_EXACT + 0.5, mu - SDS * sd)
    high = np.maximum(2 * low, mu + SDS * sd + TAILS * phi * mu)
    high = np.where(low > N_EXACT + 0.5, mu + SDS * sd + TAILS * phi * mu, high)
    places, widths = np.polynomial.legendre.leggauss(N_BEYOND)
    centre, half = 0.5 * np.log(high * low), 0.5 * np.log(high / low)
    return np.exp(centre + half * places), half * widths


def _log_probability(n: Array, mu: Array, phi: Array) -> Array:
    """Return log P(N = n) for n above ``N_EXACT``, not a whole number as a rule."""
    r = 1.0 / phi
    log_ratio = np.log(r / (n + r))
    both, short = _stirling_error(n + r), _stirling_error(n)
    shape = np.where(
        r < N_EXACT,
        gammaln(r + 1) - (r + 0.5) * np.log(r) + r - HALF_LOG_2PI,
        _stirling_error(np.maximum(r, 1.0)),
    )
    from_shape = r * (n + r) / (r + mu) * _deviance((mu - n) / (n + r))
    from_number = mu * (n + r) / (r + mu) * _deviance(r * (n - mu) / ((n + r) * mu))
    spread = 0.5 * (np.log1p(n * phi) - np.log(n)) - HALF_LOG_2PI
    return np.asarray(log_ratio + both - shape - short - from_shape - from_number + spread)


def _stirling_error(x: Array) -> Array:
    """Return ln Γ(x + 1) less Stirling's formula, for x >= 16 or so."""
    return np.asarray((1 - (1 / 30 - 2 / 105 / x**2 / 2) / x**2) / (12 * x))


def _deviance(d: Array) -> Array:
    return np.asarray((1 + d) * np.log1p(d) - d)
