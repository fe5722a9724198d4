r"""The worth of information at one threshold, and what bounds it where too few draws decide otherwise.

What is learnt is worth the mean of what it gains where it turns the decision. Where fewer than ten of the values
drawn for it do, neither that mean nor its error over randomisations can be trusted: no draw that turns the decision
means 0 ± 0 however large a rare loss is. What is learnt leaves a mean net benefit m that varies with mean
:math:`\mu` and variance :math:`\sigma^2`; whatever its law, with q the probability that it turns the decision,

.. math:: E \max(-m, 0) \le \sigma \sqrt{q (1 - q)} - \mu q
    \le \tfrac12 \left(\sqrt{\sigma^2 + \mu^2} - |\mu|\right)

for :math:`\mu > 0`, and its mirror image for :math:`\mu < 0` (Scarf 1958, in Studies in the Mathematical Theory
of Inventory and Production, ch. 12). What is lost in a draw is also at most what is paid in it, :math:`X = (tD)^+ +
(-N)^+` for a net benefit :math:`N - tD` (:math:`N^+ + (-tD)^+` for the decision not to fund), so that knowing
everything is worth at most :math:`\mu_X q + \sigma_X \sqrt{q (1 - q)}`, and knowing less no more than that.

The smaller one is told. It takes the probability at most the upper end of its 97.5 % Clopper-Pearson interval where
draws are counted plainly, :math:`\mu` two Monte Carlo errors nearer to 0, and variances and :math:`\mu_X` two above
their estimates. Such a bound can be far above the value; it holds as long as the draws show the variance, which those
of a law without one do not.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv

from sim.decision.net_benefit import Choice, MeanSides
from sim.outcomes import Array
from sim.summary.digits import rounded

TOO_FEW = "too few draws decide otherwise"
FEW = 10
LEVEL = 0.975
ERRORS = 2.0
ROUNDING = 1e-12
"""A standard deviation of so small a part of the mean is that of arithmetic."""


@dataclass(frozen=True)
class Worth:
    """The worth of information.

    Parameters
    ----------
    value
        Estimate, in the unit of the net benefit.
    error
        Its Monte Carlo error; NaN where too few draws decide otherwise.
    upper
        What it is at most where too few draws decide otherwise; else NaN.
    """

    value: float
    error: float
    upper: float

    @property
    def most(self) -> float:
        """What it is at most, whether or not few draws decide otherwise."""
        return self.value + ERRORS * self.error if np.isnan(self.upper) else self.upper


def at_most(upper: float) -> str:
    """Return a bound in words, rounded up to two digits.

    Examples
    --------
    >>> at_most(34_120.0)
    'at most 35 K'
    """
    unit = 10.0 ** (math.floor(math.log10(upper)) - 1)
    return f"at most {rounded(math.ceil(upper / unit) * unit, 2)}"


def worth_of_all(choice: Choice, top: Array, bottom: Array) -> Worth:
    """Return the worth of knowing everything.

    Parameters
    ----------
    choice
        The decision now.
    top, bottom
        Both sides of the ratio, (randomisation, draw).
    """
    paid = choice.threshold * bottom
    net = top - paid
    gain = choice.gain(net)
    n_otherwise = int(np.count_nonzero(gain))
    upper = np.nan
    if n_otherwise < FEW:
        share = float(betaincinv(n_otherwise + 1, net.size - n_otherwise, LEVEL))
        out, back = (paid, -top) if choice.funds else (top, -paid)
        at_stake = np.maximum(out, 0.0) + np.maximum(back, 0.0)
        upper = min(_bound(choice.mean, np.var(net, axis=1), share), _part(at_stake, share))
    return _worth(np.mean(gain, axis=1), upper)


def worth_of_learning(choice: Choice, sides: MeanSides, most: float) -> Worth:
    """Return the worth of what is learnt.

    Parameters
    ----------
    choice
        The decision now.
    sides
        Given what is learnt.
    most
        What knowing everything is worth at most.
    """
    net, weights = sides.net(choice), sides.weights
    otherwise = np.any(choice.gain(net) > 0, axis=0) & (weights > 0)
    upper = np.nan
    if not sides.complete and np.count_nonzero(otherwise) < FEW:
        means = np.sum(weights * net, axis=2)
        products = np.prod(net - means[..., np.newaxis], axis=0)
        upper = min(most, _bound(choice.mean, np.sum(weights * products, axis=1), 1.0))
    return _worth(sides.gain(choice), upper)


def _worth(gain: Array, upper: float) -> Worth:
    error = float(np.std(gain, ddof=1) / np.sqrt(len(gain)))
    if upper == 0.0:  # what is learnt leaves the mean where it is
        return Worth(0.0, 0.0, float("nan"))
    return Worth(float(np.mean(gain)), error if np.isnan(upper) else float("nan"), float(upper))


def _bound(means: Array, variances: Array, share: float) -> float:
    """Return the bound; 0 where nothing but rounding varies.

    Parameters
    ----------
    means, variances
        Of m, (randomisation).
    share
        The most that the probability of deciding otherwise can be.
    """
    variance = _estimate(variances, ERRORS)
    if variance <= (ROUNDING * np.max(np.abs(means))) ** 2:
        return 0.0
    mean, sd = max(0.0, _estimate(np.sign(np.mean(means)) * means, -ERRORS)), np.sqrt(variance)
    worst = 0.5 * (1.0 - mean / np.hypot(sd, mean))
    q = min(share, worst)
    return float(sd * np.sqrt(q * (1.0 - q)) - mean * q)


def _part(draws: Array, share: float) -> float:
    """Return the most that a share of draws can hold of the mean of a positive quantity."""
    mean, variance = (_estimate(moment(draws, axis=1), ERRORS) for moment in (np.mean, np.var))
    return float(mean * share + np.sqrt(variance * share * (1.0 - share)))


def _estimate(each: Array, errors: float) -> float:
    return float(np.mean(each) + errors * np.std(each, ddof=1) / np.sqrt(len(each)))
