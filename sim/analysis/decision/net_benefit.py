r"""Net benefit: what a decision to fund brings, and what information is worth to it.

Net benefit is in the money of the two sides of the ratio. For a threshold t that the ratio N/D must exceed,
it is :math:`N - tD`, positive where :math:`N / D > t` with :math:`D > 0`; for an outcome that is no ratio,
the outcome less t. Its mean decides (Stinnett and Mullahy 1998, Med. Decis. Making 18:S68).

What is learnt is worth the mean of what it gains where it turns the decision. Where fewer than ten of the
values drawn for it do, neither that mean nor its error over randomisations can be trusted: no draw that turns
the decision means 0 ± 0 however large a rare loss is. What is learnt leaves a mean net benefit m that varies
with mean :math:`\mu` and variance :math:`\sigma^2`; whatever its law, with q the probability that it turns
the decision,

.. math:: E \max(-m, 0) \le \sigma \sqrt{q (1 - q)} - \mu q
    \le \tfrac12 \left(\sqrt{\sigma^2 + \mu^2} - |\mu|\right)

for :math:`\mu > 0`, and its mirror image for :math:`\mu < 0` (Scarf 1958, in Studies in the Mathematical
Theory of Inventory and Production, ch. 12). Nor is anything worth more than knowing everything; and where
neither side of the ratio can be negative, to fund at t in error loses at most :math:`X = tD`, so that knowing
everything is worth at most :math:`\mu_X q + \sigma_X \sqrt{q (1 - q)}` (not to fund: :math:`X = N`).

The bound takes q at most the upper end of its 97.5 % Clopper-Pearson interval where draws are counted
plainly, :math:`\mu` one half-width of its 95 % interval over randomisations nearer to 0, and :math:`\sigma`
and the moments of X one above their estimates. It can be far above the value; it holds as long as the draws
show the variance, which those of a law without one do not.
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.analysis.decision.response import Response
from sim.engine.experiment import moment_note
from sim.special_functions import betaincinv, stdtrit
from sim.summary.estimate import spread, standard_error
from sim.types import Array

FUND, DO_NOT = "fund", "do not fund"
FEW, MANY = 10, 100
"""Draws that decide otherwise: fewer tell no value, and so many an error that is good for a bound."""
LEVEL = 0.975
ROUNDING = 1e-12
"""A standard deviation of so small a part of the mean is that of arithmetic."""


@dataclass(frozen=True)
class ThresholdDecision:
    """The decision under current information at one threshold.

    Parameters
    ----------
    threshold
        Threshold of the outcome, in its unit.
    mean
        Mean net benefit, (randomisation).
    at_stake
        What a wrong decision can lose at most, (randomisation, draw): of two sides that cannot be negative,
        the one that is paid or forgone. ``None`` where a side can be.
    """

    threshold: float
    mean: Array
    at_stake: Array | None = None

    @property
    def funds(self) -> bool:
        """Whether the mean net benefit over all draws is positive."""
        return bool(np.mean(self.mean) > 0)

    @property
    def words(self) -> str:
        """``fund`` or ``do not fund``; with a question mark where the Monte Carlo error could reverse it."""
        error = standard_error(self.mean)
        word = FUND if self.funds else DO_NOT
        return word if abs(np.mean(self.mean)) > 2.0 * error else f"{word}?"

    def gain(self, net: Array) -> Array:
        r"""Return what deciding by a net benefit gains over the current decision, elementwise.

        :math:`\max(b, 0)`, less b where the current decision is to fund: the loss it avoids.
        """
        return np.maximum(-net if self.funds else net, 0.0)


def net_benefit_note(response: Response) -> str:
    """Return why the mean net benefit does not exist or cannot be trusted; empty where it can."""
    ratio = response.ratio
    sides = ratio.sides if ratio else (response.outcome,)
    return moment_note(response.experiment, "mean", *sides)


@dataclass(frozen=True)
class MeanSides:
    """Means of numerator and denominator given what has been learnt, from two independent inner samples.

    Parameters
    ----------
    numerator
        Mean numerator, (inner sample, randomisation, learnt).
    denominator
        Mean denominator, (inner sample, randomisation, learnt).
    weights
        Weight of each thing learnt, adding to one in each randomisation, (randomisation, learnt).
    complete
        Whether these are all values that what is learnt can have.
    """

    numerator: Array
    denominator: Array
    weights: Array
    complete: bool = False

    def net(self, choice: ThresholdDecision) -> Array:
        """Return the mean net benefit given what is learnt, (inner sample, randomisation, learnt)."""
        return self.numerator - choice.threshold * self.denominator

    def gain(self, choice: ThresholdDecision) -> Array:
        r"""Return the expected gain of deciding by what is learnt, (randomisation).

        Estimated means :math:`\hat m` of the inner samples A and B err, so that
        :math:`E \max(\hat m, 0)` is too large, by half the variance of the error times the density of m at 0.
        With A deciding and B paying, wrong decisions make the gain too small by the same amount. The mean of
        both, over both samples in either role, is free of that bias; what is left is of fourth order in the
        error. It may come out slightly negative where there is nothing to gain.
        """
        one, other = -self.net(choice) if choice.funds else self.net(choice)
        pairs = ((one, one), (other, other), (one, other), (other, one))
        parts = [np.where(decides > 0, comes, 0.0) for decides, comes in pairs]
        return np.asarray(np.sum(self.weights * np.mean(parts, axis=0), axis=1))


@dataclass(frozen=True)
class Worth:
    """The worth of information, in the unit of the net benefit.

    Parameters
    ----------
    value
        Estimate of the worth.
    error
        Its Monte Carlo error; NaN where too few draws decide otherwise.
    upper
        What the worth is at most, where too few draws decide otherwise; else NaN.
    most
        What the worth is at most in any case.
    """

    value: float
    error: float
    upper: float
    most: float


def worth_of_all(choice: ThresholdDecision, net: Array) -> Worth:
    """Return the worth of knowing everything, with its error and upper bound.

    Parameters
    ----------
    choice
        The decision now.
    net
        Net benefit, (randomisation, draw).

    Returns
    -------
    Worth
        The worth, in the unit of the net benefit.
    """
    gain = choice.gain(net)
    n_otherwise = int(np.count_nonzero(gain))
    share = float(betaincinv(n_otherwise + 1, max(1, net.size - n_otherwise), LEVEL))
    bound = _bound(choice.mean, _end(spread(net, axis=1)), share)
    if choice.at_stake is not None:  # the most that a share of its draws can hold of their mean
        mean, sd = _end(np.mean(choice.at_stake, axis=1)), _end(spread(choice.at_stake, axis=1))
        bound = min(bound, mean * share + sd * math.sqrt(share * (1.0 - share)))
    return _worth(np.mean(gain, axis=1), n_otherwise, bound)


def worth_of_learning(choice: ThresholdDecision, sides: MeanSides, most: float) -> Worth:
    """Return the worth of what is learnt, with its error and upper bound.

    Parameters
    ----------
    choice
        The decision now.
    sides
        Means of both sides of the ratio given what is learnt.
    most
        What knowing everything is worth at most.

    Returns
    -------
    Worth
        The worth, in the unit of the net benefit.
    """
    net, weights, gain = sides.net(choice), sides.weights, sides.gain(choice)
    if sides.complete:
        return _worth(gain, MANY, most)
    n_otherwise = int(np.count_nonzero(np.any(choice.gain(net) > 0, axis=0)))
    scale = float(np.max(np.abs(net))) or 1.0  # so that squares neither overflow nor vanish
    deviations = (net - np.sum(weights * net, axis=2, keepdims=True)) / scale
    variances = np.sum(weights * np.prod(deviations, axis=0), axis=1)  # without what the inner samples err by
    sd = scale * math.sqrt(max(0.0, _end(variances)))
    return _worth(gain, n_otherwise, min(most, _bound(choice.mean, sd, 1.0)))


def _worth(gain: Array, n_otherwise: int, bound: float) -> Worth:
    if bound == 0.0:  # what is learnt leaves the mean where it is
        return Worth(0.0, 0.0, math.nan, 0.0)
    value, error = float(np.mean(gain)), float(standard_error(gain))
    if n_otherwise < FEW:
        return Worth(value, math.nan, bound, bound)
    return Worth(value, error, math.nan, bound if n_otherwise < MANY else _end(gain))


def _bound(means: Array, sd: float, share: float) -> float:
    """Return the bound from m, (randomisation), and the most that its sd and P(deciding otherwise) can be."""
    if sd <= ROUNDING * np.max(np.abs(means)):
        return 0.0
    mean = max(0.0, _end(np.sign(np.mean(means)) * means, -1.0))
    q = min(share, 0.5 * (1.0 - mean / math.hypot(sd, mean)))
    return sd * math.sqrt(q * (1.0 - q)) - mean * q


def _end(each: Array, way: float = 1.0) -> float:
    """Return the upper (1) or lower (-1) end of the 95 % interval of a mean over randomisations."""
    return float(np.mean(each) + way * stdtrit(len(each) - 1, LEVEL) * standard_error(each))
