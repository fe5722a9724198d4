r"""Net benefit: what a decision to fund brings, in the money of the two sides of the ratio.

For a threshold t that the ratio N/D must exceed, :math:`N - tD`, positive where :math:`N / D > t` with
:math:`D > 0`; for an outcome that is no ratio, the outcome less t. Its mean decides (Stinnett and Mullahy
1998, Med. Decis. Making 18:S68).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.decision.response import Response, columns_read
from sim.draws.draw import Draws
from sim.engine.experiment import moment_note
from sim.engine.inputs import SURVEY
from sim.summary.estimate import standard_error
from sim.types import Array

FUND, DO_NOT = "fund", "do not fund"


@dataclass(frozen=True)
class ThresholdDecision:
    """The decision under current information at one threshold.

    Parameters
    ----------
    threshold, mean
        Of the outcome, in its unit; mean net benefit, (randomisation).
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

    def gain_by(self, decider: Array, net: Array) -> Array:
        """Return what is gained where one estimate of the net benefit decides and another is what comes.

        Parameters
        ----------
        decider, net
            Net benefit by which it is decided, and the one that comes, of one shape.

        Returns
        -------
        ndarray
            Of the same shape.
        """
        reverses = decider < 0 if self.funds else decider > 0
        return np.where(reverses, -net if self.funds else net, 0.0)


def choices_at(response: Response, thresholds: Sequence[float]) -> tuple[ThresholdDecision, ...]:
    """Return the decision under current information at each threshold of the outcome.

    Parameters
    ----------
    response, thresholds
        The outcome, and thresholds in its unit.

    Returns
    -------
    tuple
        In the order of the thresholds.
    """
    top, bottom = response.sides(response.first)
    found = [ThresholdDecision(t, np.mean(top - t * bottom, axis=1)) for t in thresholds]
    supports = {column.name: column.support for column in columns_read(response)}
    if not response.sides_never_negative(supports):
        return tuple(found)
    paid = (each.threshold * bottom if each.funds else top for each in found)
    return tuple(
        replace(each, at_stake=stake) if each.threshold >= 0 else each
        for each, stake in zip(found, paid, strict=True)
    )


def net_benefit_note(response: Response) -> str:
    """Return why the mean net benefit does not exist or cannot be trusted; empty where it can."""
    ratio = response.ratio
    sides = (ratio.numerator.text, ratio.denominator.text) if ratio else (response.outcome,)
    return moment_note(response.experiment, "mean", *sides)


@dataclass(frozen=True)
class MeanSides:
    """Means of numerator and denominator given what has been learnt, from two independent inner samples.

    Parameters
    ----------
    numerator, denominator
        (inner sample, randomisation, learnt).
    weights
        Of what is learnt, adding to one in each randomisation, (randomisation, learnt).
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
        net = self.net(choice)
        parts = [choice.gain(net[0]), choice.gain(net[1])]
        parts += [choice.gain_by(net[0], net[1]), choice.gain_by(net[1], net[0])]
        return np.asarray(np.sum(self.weights * np.mean(parts, axis=0), axis=1))


def inner_samples(response: Response, n_draws: int) -> tuple[Draws, Draws]:
    """Return two independent inner samples, each of at most half the draws of a randomisation.

    They are of the first and second sample; the second's survey has the last rows of the first, which are not
    among the rows of the first inner sample.

    Parameters
    ----------
    response, n_draws
        The outcome, and the most draws of each randomisation.

    Returns
    -------
    tuple
        Each (randomisation, draw).
    """
    first, second = response.first, response.needed(response.experiment.second)
    n = max(1, min(n_draws, first.shape[1] // 2))
    survey = next((each.columns for each in response.experiment.inputs if each.name == SURVEY), ())
    last = {name: first.columns[name][:, -n:] for name in survey if name in first.columns}
    return first.thinned(n), second.thinned(n).replace(last, {})


def mean_sides(response: Response, learnt: Draws, weights: Array, inner: Sequence[Draws]) -> MeanSides:
    """Return the means of both sides of the ratio for each row of what is learnt, all else as drawn.

    Parameters
    ----------
    response, learnt, weights
        The outcome; columns and choices that become known, and their weights, (randomisation, learnt).
    inner
        Two samples that hold every other column and choice, (randomisation, draw).

    Returns
    -------
    MeanSides
        Of two inner samples.
    """
    means = np.stack([_means(response, learnt, sample) for sample in inner])
    return MeanSides(means[:, :, 0], means[:, :, 1], weights)


def _means(response: Response, learnt: Draws, inner: Draws) -> Array:
    """Return the means over the inner draws, (randomisation, side, learnt)."""
    shape = (learnt.shape[1], inner.shape[1])

    def means(place: int) -> list[Array]:
        known = learnt.mapped(lambda array: np.broadcast_to(array[place][:, np.newaxis], shape))
        rest = inner.mapped(lambda array: np.broadcast_to(array[place], shape))
        return [np.mean(side, axis=1) for side in response.sides(rest.replace(known.columns, known.choices))]

    return np.asarray([means(place) for place in range(inner.shape[0])], dtype=np.float64)
